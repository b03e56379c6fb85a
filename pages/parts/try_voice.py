"""Trying a voice out: a question, and the unsaved draft answering it."""

import streamlit as st

from core.answer import SAMPLE_QUESTION
from core.assistants.assistants import AssistantProfile
from core.errors import AnswerbookError
from core.schema import Answer, Voice
from pages.parts import state
from pages.parts.drafts import current_draft
from pages.parts.live_answer import LOOKING, LiveAnswer
from pages.parts.message import draw_near
from pages.parts.screen import show_error
from pages.parts.source_view import draw_citations
from pages.parts.state import VoiceTrial
from pages.parts.words import answer_markdown, plain

QUESTION_CHARACTERS = 2000


@st.fragment
def try_it(assistant: AssistantProfile) -> None:
    """Ask a question and hear the draft answer it."""
    draft = current_draft(assistant.id)
    first = assistant.suggested[0] if assistant.suggested else ""
    st.subheader("Try it", anchor=False)
    with st.form("try_voice", border=False, enter_to_submit=True):
        question = st.text_input(
            "A question",
            key=state.trial_question.key,
            max_chars=QUESTION_CHARACTERS,
            placeholder=first or SAMPLE_QUESTION,
        )
        pressed = st.form_submit_button("Ask", icon=":material/send:", key="try_ask")
    wanted = question.strip() or first
    again = state.question_again.take()
    with st.container():
        if again or (pressed and wanted):
            listen(assistant.id, again or wanted, draft)
        elif trial := state.voice_trial(assistant.id).get():
            draw_trial(assistant.id, trial, draft)
        else:
            st.caption("The answer comes from your sources, in the voice on this page, saved or not.")


def listen(assistant_id: str, question: str, draft: Voice) -> None:
    """Show the draft's answer as it comes and remember it."""
    from core import pipeline

    state.voice_trial(assistant_id).forget()
    place = st.empty()
    place.markdown(LOOKING)
    live, answer = LiveAnswer(), None
    try:
        for piece in pipeline.answer(assistant_id, question, draft=draft, retried=live.heard):
            if isinstance(piece, Answer):
                answer = piece
            else:
                place.markdown(live.take(piece))
    except AnswerbookError as error:
        with place.container():
            show_error(error)
        return
    if answer is not None:
        trial = VoiceTrial(question, answer, draft)
        state.voice_trial(assistant_id).set(trial)
        with place.container():
            draw_trial(assistant_id, trial, draft)


def ask_again(question: str) -> None:
    """Put a question to the draft as it is now: the same one, or one that was offered."""
    state.question_again.set(question)


def draw_trial(assistant_id: str, trial: VoiceTrial, draft: Voice) -> None:
    """The last answer, where it stands, and whether the voice has changed since."""
    answer = trial.answer
    if trial.question != (state.trial_question.get() or "").strip():
        st.markdown(f"**{plain(trial.question)}**")
    st.markdown(answer_markdown(answer.text, answer.kind, answer.citations))
    if answer.note:
        st.info(plain(answer.note), icon=":material/help:")
    if answer.stopped_early:
        st.warning(plain(answer.stopped_early), icon=":material/pause_circle:")
    draw_citations(assistant_id, answer.citations, "trial")
    draw_near(answer, "trial", ask_again)
    if trial.voice != draft:
        st.caption(":orange[:material/edit:] The voice has changed since this answer.")
        st.button("Ask again", key="try_again", icon=":material/refresh:", on_click=ask_again, args=(trial.question,))

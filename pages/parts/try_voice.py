"""Trying a voice out: a question, and the unsaved draft answering it."""

import streamlit as st

from core.answer import SAMPLE_QUESTION
from core.database import Assistant
from core.errors import AnswerbookError
from core.schema import Answer, Voice
from pages.parts.drafts import current_draft
from pages.parts.screen import show_error
from pages.parts.source_view import show_citation
from pages.parts.words import answer_markdown, plain

QUESTION_CHARACTERS = 2000


@st.fragment
def try_it(found: Assistant) -> None:
    """Ask a question and hear the draft answer it."""
    draft = current_draft(found.id)
    st.subheader("Try it", anchor=False)
    with st.form("try_voice", border=False, enter_to_submit=True):
        question = st.text_input(
            "A question",
            key="try_question",
            max_chars=QUESTION_CHARACTERS,
            placeholder=found.suggested[0] if found.suggested else SAMPLE_QUESTION,
        )
        asked = st.form_submit_button("Ask", icon=":material/send:", key="try_ask")
    wanted = question.strip() or (found.suggested[0] if found.suggested else "")
    again = st.session_state.pop("try_again_question", "")
    with st.container():
        if again or (asked and wanted):
            listen(found, again or wanted, draft)
        elif tried := st.session_state.get(f"tried_{found.id}"):
            draw_tried(found, tried, draft)
        else:
            st.caption("The answer comes from your sources, in the voice on this page, saved or not.")


def listen(found: Assistant, question: str, draft: Voice) -> None:
    """Show the draft's answer as it comes and remember it."""
    from core.pipeline import answer

    st.session_state.pop(f"tried_{found.id}", None)
    place = st.empty()
    place.markdown(":gray[:material/search: Looking in your sources…]")
    given, said = None, ""
    try:
        for piece in answer(found.id, question, draft=draft):
            if isinstance(piece, Answer):
                given = piece
            else:
                said += piece
                place.markdown(answer_markdown(said, word_for_word=False))
    except AnswerbookError as error:
        with place.container():
            show_error(error)
        return
    if given is not None:
        st.session_state[f"tried_{found.id}"] = (question, given, draft)
        with place.container():
            draw_tried(found, (question, given, draft), draft)


def ask_again(question: str) -> None:
    """Put the same question to the draft as it is now."""
    st.session_state.try_again_question = question


def draw_tried(found: Assistant, tried: tuple[str, Answer, Voice], draft: Voice) -> None:
    """The last answer, where it stands, and whether the voice has changed since."""
    question, given, voice = tried
    if question != (st.session_state.get("try_question") or "").strip():
        st.markdown(f"**{plain(question)}**")
    st.markdown(answer_markdown(given.text, word_for_word=given.kind == "quotes"))
    if given.stopped_early:
        st.warning(plain(given.stopped_early), icon=":material/pause_circle:")
    with st.container(horizontal=True, gap="xsmall"):
        for cited in given.citations:
            where = f", page {cited.page}" if cited.page else ""
            label = f"{cited.number} · {plain(cited.source_name)}{where}"
            if st.button(label, key=f"try_cite_{cited.number}", icon=":material/find_in_page:", wrap=True):
                st.session_state.viewer_page = None
                show_citation(found.id, cited)
    if voice != draft:
        st.caption(":orange[:material/edit:] The voice has changed since this answer.")
        st.button("Ask again", key="try_again", icon=":material/refresh:", on_click=ask_again, args=(question,))

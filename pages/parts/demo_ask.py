"""How a step of a demo asks: what is typed or offered, the answer as it comes, and as it was kept."""

from collections.abc import Iterator

import streamlit as st

from core.demo import Asked, Run, ask_in_demo, ask_plainly
from core.errors import AnswerbookError
from core.schema import Answer, Citation, Thought
from pages.parts import state
from pages.parts.live_answer import LOOKING, LiveAnswer
from pages.parts.screen import pressed, show_error
from pages.parts.source_view import VIEWER, draw_citations, draw_place
from pages.parts.words import answer_markdown, plain

QUESTION_CHARACTERS = 2000
PLAIN = "plain"  # the step that asks the model without sources


def ask_form(run: Run, step: str, first: str, hint: str = "") -> None:
    """A field with a button, filled with a ``first`` question; what is asked is answered right below."""
    # Another first question, another field: one that a person has not typed in shows it then.
    field = state.demo_field(step, f"{run.id}_{first}")
    field.begin(first)
    with st.form(f"demo_ask_{step}", border=False):
        st.text_input("Question", key=field.key, max_chars=QUESTION_CHARACTERS, placeholder=hint)
        st.form_submit_button("Ask", type="primary", key=f"ask_{step}", on_click=_remember_typed, args=(step, field))
    answer_below(run, step)


def ask_button(run: Run, step: str, question: str, label: str) -> None:
    """One question and the button that asks it."""
    st.markdown(f"“{plain(question)}”")
    st.button(label, type="primary", key=f"ask_{step}", on_click=pressed(_remember), args=(step, question))
    answer_below(run, step)


def _remember_typed(step: str, field: state.Entry[str | None]) -> None:
    _remember(step, field.get() or "")


def _remember(step: str, question: str) -> None:
    state.demo_question.set((step, question.strip()))


def answer_below(run: Run, step: str) -> None:
    """Answer what was just asked at this step, as it comes; then the page is drawn anew, from what was kept."""
    wanted, question = state.demo_question.get()
    if wanted != step:
        return
    state.demo_question.forget()
    if not question:
        st.caption("Type a question first.")
        return
    live, slot = LiveAnswer(), st.empty()
    slot.markdown(LOOKING)
    pieces: Iterator[str | Thought | Answer]
    pieces = ask_plainly(run, question) if step == PLAIN else ask_in_demo(run.assistant_id, question, live.heard)
    try:
        for piece in pieces:
            if not isinstance(piece, Answer):
                slot.markdown(live.take(piece))
    except AnswerbookError as error:
        slot.empty()
        show_error(error)
        return
    st.rerun()


def draw_asked(assistant_id: str, asked: Asked, name: str) -> None:
    """An answer as it was kept, with the places it stands on; ``name`` tells it from others on the page."""
    st.markdown(answer_markdown(asked.text, asked.kind, asked.citations))
    draw_citations(assistant_id, asked.citations, f"{name}_{asked.number}", show_citation_here)


@st.dialog("Source", on_dismiss="rerun", **VIEWER)
def show_citation_here(assistant_id: str, citation: Citation) -> None:
    """Open a citation's source at its place; when it is closed again, the steps are drawn with what has happened."""
    draw_place(assistant_id, citation)

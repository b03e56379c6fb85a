"""On every page: that a model in use ends within two months, and the one that takes its place, a click away."""

import streamlit as st

from core.errors import AnswerbookError
from core.model_connection import ModelEnd, model_ends, take_successor
from core.text import counted
from pages.parts import state
from pages.parts.screen import show_error
from pages.parts.words import plain


def draw_model_ends() -> None:
    """Say which models end, and offer what comes after them."""
    for end in model_ends():
        draw_end(end)


def draw_end(end: ModelEnd) -> None:
    """One model's end."""
    day = f"{end.day.day} {end.day:%B %Y}"
    when = f"ends on {day}, in {counted(end.days, 'day')}" if end.days > 0 else f"has ended on {day}"
    known = f" Its service names “{end.successor}” in its place." if end.successor else ""
    do = known or " Choose another one in Settings."
    if not end.ours:
        do = f"{known} Who runs this server sets another one: OPENAI_MODEL."
    st.warning(
        plain(f"Its service shuts it down; no answer can be written with it after that.{do}"),
        title=plain(f"The model “{end.model}” {when}."),
        icon=":material/event_busy:",
    )
    if end.ours and end.successor and st.button(f"Test and use {plain(end.successor)}", key=f"successor_{end.role}"):
        try:
            with st.spinner("Asking the service for one word…"):
                take_successor(end)
        except AnswerbookError as error:
            show_error(error)
            st.caption("Nothing was changed.")
        else:
            state.remember_toast("Saved. Answers are written by this model from now on.")
            st.rerun()

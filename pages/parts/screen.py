"""What every page draws the same way: the chosen assistant, errors, confirmations."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from core.assistants import assistants
from core.assistants.assistants import AssistantProfile
from core.errors import AnswerbookError, NotFound
from core.people import Deed
from pages.parts import state
from pages.parts.person import may_here
from pages.parts.words import plain

P = ParamSpec("P")


def chosen_assistant() -> AssistantProfile:
    """Return the assistant the frame's picker stands on; without one, show what to do and end the page."""
    chosen = state.chosen_assistant_id.get()
    if chosen:
        try:
            return assistants.profile(chosen)
        except NotFound:
            state.chosen_assistant_id.forget()
    if not may_here(Deed.BUILD):
        st.title("There is no assistant yet", anchor=False)
        st.write("It is here as soon as somebody has made one.")
        st.stop()
    st.title("Choose an assistant first")
    st.write("This page belongs to an assistant, and there is none chosen yet.")
    if st.button("Go to Home", type="primary", icon=":material/home:"):
        st.switch_page("home.py")
    st.stop()


def choose_assistant(assistant_id: str) -> None:
    """Let every page be about this assistant from the next run on; the frame's picker only shows it."""
    if assistant_id != state.chosen_assistant_id.get():
        state.chosen_assistant_id.set(assistant_id)
        state.choices.set(state.choices.get() + 1)


def show_error(error: AnswerbookError) -> None:
    """Show what happened as a headline and what to do beneath it."""
    st.error(plain(error.remedy) or "Try again.", title=plain(error.what), icon=":material/error:")


def in_words(draw: Callable[P, object]) -> Callable[P, None]:
    """Let a part of a page that redraws itself say in its place why it cannot; the next redraw may show it again."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except AnswerbookError as error:
            show_error(error)

    return drawn


def pressed(act: Callable[P, object]) -> Callable[P, None]:
    """Let what a widget calls say why it failed at the head of the page, which is drawn only after it."""

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except AnswerbookError as error:
            state.press_error.set(error)

    return done


def show_press_error() -> None:
    """Say once why the press before this draw did nothing."""
    if error := state.press_error.take():
        show_error(error)


def confirm(
    title: str, sentence: str, action: str, do: Callable[[], None], close: Callable[[], None] = lambda: None
) -> None:
    """Ask once before something is taken away; ``do`` runs when the owner says yes.

    ``close`` runs when the question is answered or dismissed: a page that redraws itself keeps the question in its
    state until then, as a dialog that is not drawn again disappears.
    """

    @st.dialog(plain(title), on_dismiss=close)
    def _ask() -> None:
        st.write(plain(sentence))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Keep it", key="confirm_no"):
                close()
                st.rerun()
            if st.button(action, type="primary", key="confirm_yes"):
                try:
                    do()
                except AnswerbookError as error:
                    show_error(error)
                else:
                    close()
                    st.rerun()

    _ask()

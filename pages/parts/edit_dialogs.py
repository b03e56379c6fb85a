"""What an owner does with one passage by hand: a menu on it, and a dialog for each thing that needs words."""

from collections.abc import Callable

import streamlit as st

from core.errors import AnswerbookError
from core.schema import Passage
from core.viewer import (
    CutSource,
    add_passage,
    ask_as,
    change_words,
    editable_text,
    join_with_next,
    seen,
    split_passage,
    split_places,
    switch_off,
)
from pages.parts import edit_state, state
from pages.parts.screen import confirm, pressed, show_error
from pages.parts.words import plain

EDIT, SPLIT, JOIN, ASK, ADD, OFF = (
    "Edit",
    "Split",
    "Join with next",
    "People ask this as",
    "Add a passage",
    "Switch off",
)
ADDED = "Saved. It answers in a few seconds; undo it under “Your edits”."


def draw_menu(assistant_id: str, source_id: str, passage: Passage, name: str, label: str = "Change") -> None:
    """What can be done with a passage; a choice is carried out, or its dialog opened, before the page is drawn anew."""
    actions = [EDIT, SPLIT, JOIN, ASK, ADD, OFF]
    if passage.origin == "added":
        actions = [EDIT, OFF]
    entry = edit_state.edit_chosen(f"{name}_{passage.ordinal}")
    st.menu_button(
        label,
        actions,
        type="tertiary",
        icon=":material/edit:",
        key=entry.key,
        on_click=pressed(_choose),
        args=(assistant_id, source_id, passage, entry),
    )


def _choose(assistant_id: str, source_id: str, passage: Passage, entry: state.Entry[str | None]) -> None:
    action = entry.get()
    if action == JOIN:
        join_with_next(assistant_id, source_id, seen(passage), edit_state.who())
        state.remember_toast(ADDED)
    elif action:
        edit_state.edit_request.set(edit_state.EditRequest(action, source_id, passage))


def carry_out(assistant_id: str, cut: CutSource, request: edit_state.EditRequest) -> None:
    """Open the dialog of what was chosen; it stays until it is closed."""
    passage, source_id, close = request.passage, request.source_id, edit_state.edit_request.forget
    if request.action == OFF:
        confirm(
            f"Switch passage {passage.ordinal + 1} off?",
            "No question finds it any more, and nothing quotes it. The document stays as it is; undo it under "
            "“Your edits”.",
            "Switch off",
            lambda: switch_off(assistant_id, source_id, seen(passage), edit_state.who()),
            close,
        )
        return
    draw = {EDIT: _edit, SPLIT: _split, ASK: _ask, ADD: _add}[request.action]
    draw(assistant_id, source_id, cut, passage, close)


Close = Callable[[], None]


def _finish(do: Callable[[], object], close: Close, sentence: str = ADDED) -> None:
    """Do what was asked for and close the dialog; where it cannot be done it stays, with what was typed."""
    try:
        do()
    except AnswerbookError as error:
        show_error(error)
        return
    close()
    state.remember_toast(sentence)
    st.rerun()


def _edit(assistant_id: str, source_id: str, cut: CutSource, passage: Passage, close: Close) -> None:
    @st.dialog(f"Edit passage {passage.ordinal + 1}", width="large", on_dismiss=close)
    def _draw() -> None:
        text = st.text_area("Words", value=editable_text(cut, passage), height=320, key="edit_words")
        st.caption(
            "Questions find and quote these words. The file stays as it is: a citation says that you edited it, and "
            "still opens the original."
        )
        if st.button("Save", type="primary", key="edit_save"):
            _finish(lambda: change_words(assistant_id, source_id, seen(passage), text, edit_state.who()), close)

    _draw()


def _split(assistant_id: str, source_id: str, cut: CutSource, passage: Passage, close: Close) -> None:
    places = dict(split_places(passage))

    @st.dialog(f"Split passage {passage.ordinal + 1}", on_dismiss=close)
    def _draw() -> None:
        if not places:
            st.write("This passage is a single sentence: there is no place to split it.")
            return
        place = st.radio(
            "The second passage begins with",
            list(places),
            format_func=lambda offset: plain(places[offset]),
            key="split_place",
        )
        if st.button("Split", type="primary", key="split_now"):
            _finish(lambda: split_passage(assistant_id, source_id, seen(passage), place, edit_state.who()), close)

    _draw()


def _ask(assistant_id: str, source_id: str, cut: CutSource, passage: Passage, close: Close) -> None:
    @st.dialog("People ask this as", on_dismiss=close)
    def _draw() -> None:
        words = " ".join(passage.text.split())
        st.caption(plain(words[:200] + ("…" if len(words) > 200 else "")))
        question = st.text_input("Question", key="ask_question", placeholder="As your customers put it")
        st.caption("This passage is then found by the question and by others like it. It is never shown as its words.")
        if st.button("Save", type="primary", key="ask_save"):
            _finish(lambda: ask_as(assistant_id, source_id, seen(passage), question, edit_state.who()), close)

    _draw()


def _add(assistant_id: str, source_id: str, cut: CutSource, passage: Passage, close: Close) -> None:
    @st.dialog(f"Add a passage after {passage.ordinal + 1}", width="large", on_dismiss=close)
    def _draw() -> None:
        text = st.text_area("Words", height=240, key="add_words")
        st.caption("It is found and quoted like the others; a citation says that you wrote it.")
        if st.button("Save", type="primary", key="add_save"):
            _finish(lambda: add_passage(assistant_id, source_id, seen(passage), text, edit_state.who()), close)

    _draw()

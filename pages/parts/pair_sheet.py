"""Questions and answers typed into a sheet: a new source of them, or one that is there."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from core.assistants import question_sources
from core.assistants.source_rows import SourceRow
from core.errors import AnswerbookError
from core.pairs import Pair, pairs_to_csv
from core.text import counted
from pages.parts import edit_state, state
from pages.parts.screen import confirm, show_error
from pages.parts.words import plain

NAME = "Questions and answers"
EDIT_PAIRS, EXPORT_PAIRS, TAKE_AS_PAIRS = "Edit questions and answers", "Export as a table", "These are questions"
TABLES = ("csv", "xlsx", "xls", "xlsb", "ods")
EMPTY_ROWS = 3
SHEET_HEIGHT = 360
Close = Callable[[], None]


def pair_actions(kind: str) -> list[str]:
    """Return what can be done with a source of this kind that others cannot."""
    if kind == "pairs":
        return [EDIT_PAIRS, EXPORT_PAIRS]
    return [TAKE_AS_PAIRS] if kind in TABLES else []


def draw_add_pairs(assistant_id: str) -> None:
    """The button that opens an empty sheet."""
    if st.button("Add questions and answers", icon=":material/quiz:", key="add_pairs"):
        _type_in(assistant_id)


@st.dialog("Add questions and answers", width="large")
def _type_in(assistant_id: str) -> None:
    name = st.text_input("Name", value=NAME, key="pairs_name")
    rows = _sheet([Pair("", "")] * EMPTY_ROWS, f"pairs_new_{assistant_id}")
    st.caption(
        "Each row is found by its question and by others like it, and answered with its answer as you wrote it. "
        "A table with the columns “question” and “answer” can be dropped in as a file, too."
    )
    if st.button("Save", type="primary", key="pairs_save"):
        try:
            question_sources.add_pairs(assistant_id, name, rows)
        except AnswerbookError as error:
            show_error(error)
            return
        state.remember_toast("Saved. The answers are found in a few seconds.")
        st.rerun()


def carry_out_pairs(assistant_id: str, row: SourceRow, action: str, close: Close) -> bool:
    """Open the dialog of an action with a source of pairs; False where it is another kind of action."""
    if action == EDIT_PAIRS:
        _edit(assistant_id, row, close)
    elif action == EXPORT_PAIRS:
        _export(assistant_id, row, close)
    elif action == TAKE_AS_PAIRS:
        confirm(
            f"Take {row.name} for questions and answers?",
            "Its first column is taken for the questions, its second one for the answers. Each row is then one "
            "passage, answered as it is written. The file that is here stays as an earlier version.",
            "Take it so",
            lambda: _take(assistant_id, row),
            close,
        )
    else:
        return False
    return True


def _take(assistant_id: str, row: SourceRow) -> None:
    count = question_sources.take_as_pairs(assistant_id, row.id)
    state.remember_toast(f"{counted(count, 'question')} taken. They are found in a few seconds.")


def _edit(assistant_id: str, row: SourceRow, close: Close) -> None:
    drafted = edit_state.pairs_draft(row.id)

    def forget() -> None:
        drafted.forget()
        close()

    @st.dialog("Questions and answers", width="large", on_dismiss=forget)
    def _draw() -> None:
        st.markdown(f"**{plain(row.name)}**")
        kept = drafted.get()
        if kept is None:
            try:
                kept = question_sources.kept_pairs(assistant_id, row.id)
            except AnswerbookError as error:
                show_error(error)
                return
            drafted.set(kept)
        rows = _sheet(kept.pairs, f"pairs_{row.id}_{kept.version_id}")
        if st.button("Save", type="primary", key="pairs_save"):
            try:
                question_sources.save_pairs(assistant_id, row.id, rows, kept.version_id)
            except AnswerbookError as error:
                show_error(error)
                return
            forget()
            state.remember_toast("Saved. The answers are found in a few seconds.")
            st.rerun()

    _draw()


def _export(assistant_id: str, row: SourceRow, close: Close) -> None:
    @st.dialog("Export as a table", on_dismiss=close)
    def _offer() -> None:
        st.write(f"{plain(row.name)} as a table of two columns, for a spreadsheet.")
        st.download_button(
            "Download",
            data=lambda: pairs_to_csv(question_sources.kept_pairs(assistant_id, row.id).pairs),
            file_name=f"{row.name.rsplit('/', 1)[-1].removesuffix('.csv')}.csv",
            mime="text/csv",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key=f"export_pairs_{row.id}",
        )

    _offer()


def _sheet(pairs: Sequence[Pair], key: str) -> Iterable[tuple[str, str]]:
    """Draw pairs in a sheet that can be typed into, and return its rows as they are now."""
    edited: list[dict[str, Any]] = st.data_editor(
        [pair._asdict() for pair in pairs],
        num_rows="dynamic",
        height=SHEET_HEIGHT,
        hide_index=True,
        column_config={
            "question": st.column_config.TextColumn("Question", max_chars=question_sources.MOST_QUESTION),
            "answer": st.column_config.TextColumn("Answer", max_chars=question_sources.MOST_ANSWER, width="large"),
        },
        key=key,
    )
    return [(row.get("question") or "", row.get("answer") or "") for row in edited]

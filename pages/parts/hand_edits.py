"""Hand edits of a source: those that do not fit its document any more, each to be decided, and all that were made."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import edits
from core.assistants.source_rows import SourceRow
from core.schema import EditKind, EditState, HandEdit, Passage
from core.text import counted
from core.viewer import CutSource, UnfitEdit, keep_my_words, unfit_edits
from pages.parts import cut_state, edit_state, state
from pages.parts.edit_dialogs import carry_out, draw_menu
from pages.parts.screen import pressed
from pages.parts.words import ago, plain

LISTED = 20  # edits, newest first
SHOWN_CHARACTERS = 400
KINDS = {
    EditKind.CHANGE: "Edited",
    EditKind.SPLIT: "Split",
    EditKind.JOIN: "Joined",
    EditKind.ADD: "Added",
    EditKind.OFF: "Switched off",
    EditKind.ASK: "People ask",
}


def draw_hand_edits(assistant_id: str, row: SourceRow, cut: CutSource) -> Callable[[Passage, str, str], None]:
    """Draw what is to be decided and what was done by hand; returns what draws the menu of a passage.

    That is given the passage, the name of its list and the menu's label.
    """
    if (request := edit_state.edit_request.get()) and request.source_id == row.id:
        carry_out(assistant_id, cut, request)
    if cut.unfit:
        _draw_unfit(assistant_id, row, cut)
    made = edits.history(assistant_id, row.id)
    if made:
        _draw_history(assistant_id, row, made)

    def menu(passage: Passage, name: str, label: str) -> None:
        draw_menu(assistant_id, row.id, passage, name, label)

    return menu


# --- What fits no more ------------------------------------------------------------------------------------------------


def _draw_unfit(assistant_id: str, row: SourceRow, cut: CutSource) -> None:
    listed = unfit_edits(cut)
    with st.container(border=True, key="unfit_edits"):
        st.markdown(
            f":orange[:material/warning:] **{counted(len(listed), 'edit')} of yours "
            f"{'does' if len(listed) == 1 else 'do'} not fit the document any more.** "
            "Until you decide, the document's words answer."
        )
        for unfit in listed[:LISTED]:
            _draw_decision(assistant_id, row, cut, unfit)
        if len(listed) > LISTED:
            st.caption(f"{len(listed) - LISTED:,} more come when these are decided.")


def _draw_decision(assistant_id: str, row: SourceRow, cut: CutSource, unfit: UnfitEdit) -> None:
    edit = unfit.edit
    with st.container(border=True, key=f"unfit_{edit.id}", gap="xsmall"):
        st.caption(_told(edit))
        mine, theirs = st.columns(2)
        mine.markdown(f"**{'Yours' if edit.words else 'It was about'}**")
        mine.markdown(_shown(edit.words or edit.anchor.exact))
        theirs.markdown("**The document now**")
        theirs.markdown(_shown(unfit.now) if unfit.now else "*It is not clear what stands there now.*")
        with st.container(horizontal=True):
            st.button(
                "Keep my words" if edit.kind in (EditKind.CHANGE, EditKind.ASK) else "Keep my edit",
                key=f"keep_{edit.id}",
                disabled=not unfit.now and edit.kind is not EditKind.CHANGE,
                on_click=pressed(partial(keep_my_words, assistant_id, row.id, edit.id, edit_state.who())),
            )
            st.button(
                "Take the document's",
                key=f"take_{edit.id}",
                on_click=pressed(partial(edits.end_edit, assistant_id, row.id, edit.id, edit_state.who())),
            )
            st.button(
                "Look at the place",
                key=f"look_{edit.id}",
                type="tertiary",
                disabled=not unfit.now,
                on_click=_look_at,
                args=(cut, unfit),
            )


def _look_at(cut: CutSource, unfit: UnfitEdit) -> None:
    """Turn the page to where an edit was: to its page, or to the passages with the first words that stand there now."""
    if unfit.page and cut.document.page_starts:
        state.passages_view.set("pages")
        state.page_of(cut.version_id).set(unfit.page)
    else:
        state.passages_view.set("all")
        cut_state.passage_words.set(" ".join(unfit.now.split()[:6]))


# --- What was done ----------------------------------------------------------------------------------------------------


def _draw_history(assistant_id: str, row: SourceRow, made: list[HandEdit]) -> None:
    in_force = sum(edit.state is not EditState.UNDONE for edit in made)
    label = f"Your edits ({in_force:,})" if in_force else "Your edits (all undone)"
    history = st.expander(label, icon=":material/history:", key="edit_history", on_change="rerun")
    if not history.open:
        return
    with history:
        for edit in made[:LISTED]:
            with st.container(border=True, key=f"edit_{edit.id}", gap="xxsmall"):
                st.caption(_told(edit))
                if edit.kind is EditKind.CHANGE:
                    st.markdown(f"~~{_shown(edit.anchor.exact)}~~")
                st.markdown(_shown(edit.words or edit.anchor.exact))
                undone = edit.state is EditState.UNDONE
                again = partial(edits.change_edit, assistant_id, row.id, edit.id, edit_state.who(), anchor=None)
                undo = partial(edits.end_edit, assistant_id, row.id, edit.id, edit_state.who())
                st.button(
                    "Do it again" if undone else "Undo",
                    key=f"undo_{edit.id}",
                    icon=":material/redo:" if undone else ":material/undo:",
                    type="tertiary",
                    on_click=pressed(again if undone else undo),
                )
        if len(made) > LISTED:
            st.caption(f"These are the last {LISTED} of {len(made):,}.")


def _told(edit: HandEdit) -> str:
    """Say what was done, by whom and when, and whether it was undone."""
    by = f" by {plain(edit.made_by)}" if edit.made_by else ""
    told = f"{KINDS[edit.kind]}{by}{f' {ago(edit.made_at)}' if edit.made_at else ''}"
    if edit.state is EditState.UNDONE and edit.ended_at:
        told += f" · undone{f' by {plain(edit.ended_by)}' if edit.ended_by else ''} {ago(edit.ended_at)}"
    return told + (" · does not fit any more" if edit.state is EditState.UNFIT else "")


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return plain(words[:SHOWN_CHARACTERS] + ("…" if len(words) > SHOWN_CHARACTERS else ""))

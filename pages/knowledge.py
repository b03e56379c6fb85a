"""Knowledge: drop files in, watch them being read, see what went wrong, find, re-read and delete them."""

import streamlit as st

from core.assistants import source_order, source_rows, sources
from core.assistants.source_filter import SourceFilter
from core.assistants.source_rows import SourceNumbers, SourcePage
from core.errors import AnswerbookError
from core.text import counted
from pages.parts import source_state, state
from pages.parts.pair_sheet import carry_out_pairs, draw_add_pairs
from pages.parts.screen import chosen_assistant, confirm, in_words, show_error
from pages.parts.source_filters import chosen_filter, chosen_sort, draw_filters
from pages.parts.source_order_dialogs import choose_days, choose_replaced, sort_away
from pages.parts.source_row import (
    NOT_PREFER,
    PREFER,
    download_source,
    draw_failed_alike,
    draw_source_row,
    rename_source,
)
from pages.parts.state import SourceRequest
from pages.parts.update_notice import draw_update_notice
from pages.parts.uploads import draw_uploader
from pages.parts.words import ago, file_size, plain

ROWS = 20
SAID_ONCE = 3  # so many files that failed with the same words share them
REFRESH_SECONDS = 1.0
BULK_ACTIONS = {
    "Read again": ":material/refresh:",
    "Folder and tags": ":material/folder:",
    "Delete": ":material/delete:",
}
assistant = chosen_assistant()


def summary(numbers: SourceNumbers) -> str:
    """The page's numbers in one line."""
    sources_and_passages = f"{counted(numbers.sources, 'source')} · {counted(numbers.passages, 'passage')}"
    return f"{sources_and_passages} · {file_size(numbers.size)}"


def draw_sources() -> int:
    """The numbers, the chosen rows and what can be done with several of them; returns how many are being read."""
    numbers = source_rows.source_numbers(assistant.id)
    working, held_up = numbers.working, numbers.held_up
    if not numbers.sources:
        return 0
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{summary(numbers)}**", width="content")
        if working:
            doing = (
                f"Reading {counted(working, 'file')}" if held_up < working else f"{counted(held_up, 'file')} waiting"
            )
            st.caption(f"{doing}. You can leave this page or close it.", width="content")
    only = chosen_filter(assistant.id)
    page = state.source_page.get()
    shown = source_rows.source_page(assistant.id, only, sort=chosen_sort(), page=page, size=ROWS)
    if only != SourceFilter():
        told = "No source matches." if not shown.matching else f"{counted(shown.matching, 'source')} of these."
        st.caption(told)
    draw_bulk_actions(only, shown)
    with st.container(gap="small"):
        for rows in source_rows.failed_alike(shown.rows):
            if len(rows) >= SAID_ONCE:
                draw_failed_alike(rows)
                continue
            for row in rows:
                draw_source_row(row)
    if shown.matching > ROWS:
        st.pagination(-(-shown.matching // ROWS), key=state.source_page.key)
    return working


def draw_bulk_actions(only: SourceFilter, shown: SourcePage) -> None:
    """What can be done with several sources at once: those that are ticked, or all that the filter leaves."""
    ids = tuple(row.id for row in shown.rows if state.source_chosen(row.id).get())
    everything = bool(shown.matching) and source_state.chosen_by_filter.get() == only
    if not ids and not everything:
        return
    ids = source_rows.matching_ids(assistant.id, only) if everything else ids
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**{counted(len(ids), 'source')} chosen**", width="content")
        for action, icon in BULK_ACTIONS.items():
            if st.button(action, icon=icon, key=f"bulk_{action.split()[0].lower()}"):
                state.source_request.set(SourceRequest(action, ids))
                st.rerun(scope="app")
        if everything:
            st.button("Choose none", key="choose_none", type="tertiary", on_click=choose_none, args=(shown,))
        elif len(ids) < shown.matching:
            label = f"Choose all {shown.matching:,}"
            st.button(
                label, key="choose_all", type="tertiary", on_click=source_state.chosen_by_filter.set, args=(only,)
            )


def choose_none(shown: SourcePage) -> None:
    """Take every tick away."""
    source_state.chosen_by_filter.forget()
    for row in shown.rows:
        state.source_chosen(row.id).set(False)


def watch_sources() -> None:
    """The list, drawn again every second while something is going on, and the whole page once when that ends."""
    working = draw_sources()
    if state.sources_busy.get() and not (working or source_rows.removing(assistant.id)):
        state.sources_busy.set(False)
        st.rerun(scope="app")


def carry_out(request: SourceRequest) -> None:
    """Do what was chosen in a row's menu or for several rows; a dialog stays until it is closed."""
    forget = state.source_request.forget
    if request.action in ("Look at passages", "Read again"):
        forget()
        source_state.chosen_by_filter.forget()
        if request.action == "Read again":
            sources.read_again(assistant.id, request.source_ids)
            return
        st.switch_page("passages.py", query_params={"assistant": assistant.id, "source": request.source_ids[0]})
    if request.action in (PREFER, NOT_PREFER):
        forget()
        source_order.prefer(assistant.id, request.source_ids, on=request.action == PREFER)
        return
    row = source_rows.source_row(assistant.id, request.source_ids[0])
    if row is None:
        forget()
    elif carry_out_pairs(assistant.id, row, request.action, forget):
        pass
    elif request.action == "Rename":
        rename_source(assistant.id, row, forget)
    elif request.action == "Download":
        download_source(assistant.id, row, forget)
    elif request.action == "Only between two days":
        choose_days(assistant.id, row, forget)
    elif request.action == "Replaces other sources":
        choose_replaced(assistant.id, row, forget)
    elif request.action == "Folder and tags":
        sort_away(assistant.id, request.source_ids, row, forget)
    else:
        confirm_deletion(request.source_ids)


def confirm_deletion(ids: tuple[str, ...]) -> None:
    """Say what goes and what stays before sources are deleted."""
    whose = "Its" if len(ids) == 1 else "Their"
    stays = "The file itself stays" if len(ids) == 1 else "The files themselves stay"
    confirm(
        f"Delete {counted(len(ids), 'source')}?",
        f"{whose} passages are removed and no question finds them any more. {stays} in the bin for 30 days.",
        "Delete",
        lambda: sources.delete_sources(assistant.id, ids),
        state.source_request.forget,
    )


def draw_removed() -> None:
    """Deleted sources, each with the proof that nothing of it answers any more."""
    count = source_rows.removed_count(assistant.id)
    if not count:
        return
    with st.expander(f"Deleted ({count:,})", icon=":material/delete:", key="removed", expanded=count < 4):
        for row in source_rows.removed_rows(assistant.id):
            with st.container(horizontal=True, vertical_alignment="center"):
                proof = "removing its passages…" if row.left is None else f"{counted(row.left, 'passage')} left"
                mark = ":material/hourglass_top:" if row.left is None else ":green[:material/check_circle:]"
                st.markdown(f"{plain(row.name)} · deleted {ago(row.deleted_at)} · {mark} {proof}", width="stretch")
                if st.button("Restore", key=f"restore_{row.id}", icon=":material/undo:"):
                    try:
                        sources.restore_source(assistant.id, row.id)
                    except AnswerbookError as error:
                        show_error(error)
                    else:
                        st.rerun()
        last = f"These are the last {source_rows.REMOVED_ROWS}. " if count > source_rows.REMOVED_ROWS else ""
        st.caption(f"{last}Kept for 30 days, then erased.")


st.title("Knowledge", anchor=False)
draw_update_notice(assistant.id)
has_sources = source_rows.has_sources(assistant.id)
if not has_sources:
    st.write(
        f"Everything **{plain(assistant.name)}** knows comes from the files you put in here. Drop a few in: a price "
        "list, your terms, a manual, the answers you send by e-mail again and again."
    )
draw_uploader(assistant.id)
draw_add_pairs(assistant.id)

if request := state.source_request.get():
    carry_out(request)

if has_sources:
    draw_filters(assistant.id)
busy = source_rows.reading(assistant.id) > 0 or source_rows.removing(assistant.id)
state.sources_busy.set(busy)
if has_sources or busy:
    st.fragment(in_words(watch_sources), run_every=REFRESH_SECONDS if busy else None)()
draw_removed()

"""Knowledge: drop files in, watch them being read, see what went wrong, find, re-read and delete them."""

import streamlit as st

from core.assistants import source_rows, sources
from core.assistants.source_rows import SourceRow
from core.errors import AnswerbookError
from core.jobs import ACTIVE
from core.schema import JobState
from core.text import counted
from pages.parts import state
from pages.parts.screen import chosen_assistant, confirm, show_error
from pages.parts.source_row import download_source, draw_source_row, rename_source
from pages.parts.state import SourceRequest
from pages.parts.update_notice import draw_update_notice
from pages.parts.uploads import draw_uploader
from pages.parts.words import ago, file_size, plain

ROWS = 20
REFRESH_SECONDS = 1.0
SORTS = {"Newest first": None, "Name": "name", "Size": "size", "Problems first": "problems"}
assistant = chosen_assistant()


def summary(rows: list[SourceRow]) -> str:
    """The page's numbers in one line."""
    passages = sum(row.passages for row in rows)
    size = file_size(sum(row.size for row in rows))
    return f"{counted(len(rows), 'source')} · {counted(passages, 'passage')} · {size}"


def chosen_rows(rows: list[SourceRow]) -> list[SourceRow]:
    """Apply the filter box and the sort order."""
    words = (state.source_filter.get() or "").casefold().split()
    shown = [row for row in rows if all(word in row.name.casefold() for word in words)]
    sort = SORTS.get(state.source_sort.get() or "")
    if sort == "name":
        return sorted(shown, key=lambda row: row.name.casefold())
    if sort == "size":
        return sorted(shown, key=lambda row: -row.size)
    if sort == "problems":
        return sorted(shown, key=lambda row: row.state not in (JobState.FAILED, JobState.STOPPED))
    return shown


def draw_sources() -> int:
    """The numbers, the chosen rows and what can be done with several of them; returns how many are being read."""
    rows = source_rows.source_rows(assistant.id)
    working = sum(row.state in ACTIVE for row in rows)
    if not rows:
        return 0
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{summary(rows)}**", width="content")
        if working:
            waits = sum(row.state == JobState.WAITING and bool(row.error) for row in rows)
            doing = f"Reading {counted(working, 'file')}" if waits < working else f"{counted(waits, 'file')} waiting"
            st.caption(f"{doing}. You can leave this page or close it.", width="content")
    shown = chosen_rows(rows)
    if not shown and rows:
        st.caption("No source has a name like that.")
    pages = max(1, -(-len(shown) // ROWS))
    page = min(state.source_page.get(), pages)
    visible = shown[(page - 1) * ROWS : page * ROWS]
    draw_bulk_actions([row for row in visible if state.source_chosen(row.id).get()])
    with st.container(gap="small"):
        for row in visible:
            draw_source_row(row)
    if pages > 1:
        st.pagination(pages, key=state.source_page.key)
    return working


def draw_bulk_actions(picked: list[SourceRow]) -> None:
    """What can be done with several sources at once."""
    if not picked:
        return
    ids = tuple(row.id for row in picked)
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**{counted(len(picked), 'source')} chosen**", width="content")
        if st.button("Read again", icon=":material/refresh:", key="bulk_read"):
            state.source_request.set(SourceRequest("Read again", ids))
            st.rerun(scope="app")
        if st.button("Delete", icon=":material/delete:", key="bulk_delete"):
            state.source_request.set(SourceRequest("Delete", ids))
            st.rerun(scope="app")


def watch_sources() -> None:
    """The list, drawn again every second while something is going on, and the whole page once when that ends."""
    working = draw_sources()
    if state.sources_busy.get() and not (working or removing()):
        state.sources_busy.set(False)
        st.rerun(scope="app")


def removing() -> bool:
    """Say whether a deleted source's passages are still being removed."""
    return any(row.left is None for row in source_rows.removed_rows(assistant.id))


def carry_out(request: SourceRequest) -> None:
    """Do what was chosen in a row's menu or for several rows; a dialog stays until it is closed."""
    forget = state.source_request.forget
    if request.action in ("Look at passages", "Read again"):
        forget()
        if request.action == "Read again":
            sources.read_again(assistant.id, request.source_ids)
            return
        st.switch_page("passages.py", query_params={"assistant": assistant.id, "source": request.source_ids[0]})
    row = next((row for row in rows if row.id == request.source_ids[0]), None)
    if row is None:
        forget()
    elif request.action == "Rename":
        rename_source(assistant.id, row, forget)
    elif request.action == "Download":
        download_source(assistant.id, row, forget)
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
    removed = source_rows.removed_rows(assistant.id)
    if not removed:
        return
    with st.expander(f"Deleted ({len(removed)})", icon=":material/delete:", key="removed", expanded=len(removed) < 4):
        for row in removed[:50]:
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
        st.caption("Kept for 30 days, then erased.")


st.title("Knowledge", anchor=False)
draw_update_notice(assistant.id)
rows = source_rows.source_rows(assistant.id)
if not rows:
    st.write(
        f"Everything **{plain(assistant.name)}** knows comes from the files you put in here. Drop a few in: a price "
        "list, your terms, a manual, the answers you send by e-mail again and again."
    )
draw_uploader(assistant.id)

if request := state.source_request.get():
    carry_out(request)

if rows:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Find a source", key=state.source_filter.key, icon=":material/search:", live=True)
        st.selectbox("Sort by", list(SORTS), key=state.source_sort.key, width=180)
busy = any(row.state in ACTIVE for row in rows) or removing()
state.sources_busy.set(busy)
if rows or busy:
    st.fragment(watch_sources, run_every=REFRESH_SECONDS if busy else None)()
draw_removed()

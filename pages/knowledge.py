"""Knowledge: drop files in, watch them being read, see what went wrong, find, re-read and delete them."""

import streamlit as st

from core.assistants import source_rows, sources
from core.assistants.source_rows import SourceRow
from core.assistants.sources import Added
from core.errors import AnswerbookError
from core.settings import settings
from core.text import counted
from pages.parts.screen import chosen_assistant, confirm, show_error
from pages.parts.source_row import download_source, draw_source_row, rename_source
from pages.parts.update_notice import draw_update_notice
from pages.parts.words import ago, file_size, plain

ROWS = 20
REFRESH_SECONDS = 1.0
SORTS = {"Newest first": None, "Name": "name", "Size": "size", "Problems first": "problems"}
found = chosen_assistant()


def take_uploads() -> None:
    """Hand what was dropped to the library and make room for the next files."""
    key = f"uploads_{st.session_state.upload_round}"
    dropped = st.session_state.get(key) or []
    try:
        added = sources.add_files(found.id, ((file.name, file.getvalue()) for file in dropped))
        st.session_state.upload_results = added
    except AnswerbookError as error:
        st.session_state.upload_error = error
    st.session_state.upload_round += 1


def draw_upload_results() -> None:
    """Say what became of files that were not simply new; stays until closed."""
    if error := st.session_state.get("upload_error"):
        show_error(error)
    told: list[Added] = [a for a in st.session_state.get("upload_results", ()) if a.sentence or a.outcome == "version"]
    if told:
        lines = [a.sentence or f"{a.name} replaces its earlier version as soon as it is read." for a in told]
        with st.container(border=True):
            for line in lines[:10]:
                st.markdown(f":material/info: {plain(line)}")
            if len(lines) > 10:
                st.caption(f"and {len(lines) - 10} more")
    if (told or error) and st.button("Understood", key="close_upload_results"):
        st.session_state.upload_results, st.session_state.upload_error = [], None
        st.rerun()


def summary(rows: list[SourceRow]) -> str:
    """The page's numbers in one line."""
    passages = sum(row.passages for row in rows)
    size = file_size(sum(row.size for row in rows))
    return f"{counted(len(rows), 'source')} · {counted(passages, 'passage')} · {size}"


def chosen_rows(rows: list[SourceRow]) -> list[SourceRow]:
    """Apply the filter box and the sort order."""
    words = str(st.session_state.get("source_filter") or "").casefold().split()
    shown = [row for row in rows if all(word in row.name.casefold() for word in words)]
    sort = SORTS.get(str(st.session_state.get("source_sort")))
    if sort == "name":
        return sorted(shown, key=lambda row: row.name.casefold())
    if sort == "size":
        return sorted(shown, key=lambda row: -row.size)
    if sort == "problems":
        return sorted(shown, key=lambda row: row.state not in ("failed", "stopped"))
    return shown


def draw_sources() -> None:
    """The numbers, the chosen rows and what can be done with several of them."""
    rows = source_rows.source_rows(found.id)
    working = sum(row.state in ("waiting", "running") for row in rows)
    st.session_state.sources_working = working
    if not rows:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{summary(rows)}**", width="content")
        if working:
            waits = sum(row.state == "waiting" and bool(row.error) for row in rows)
            doing = f"Reading {counted(working, 'file')}" if waits < working else f"{counted(waits, 'file')} waiting"
            st.caption(f"{doing}. You can leave this page or close it.", width="content")
    shown = chosen_rows(rows)
    if not shown and rows:
        st.caption("No source has a name like that.")
    pages = max(1, -(-len(shown) // ROWS))
    page = min(int(st.session_state.get("source_page", 1)), pages)
    visible = shown[(page - 1) * ROWS : page * ROWS]
    draw_bulk_actions([row for row in visible if st.session_state.get(f"choose_{row.id}")])
    with st.container(gap="small"):
        for row in visible:
            draw_source_row(row)
    if pages > 1:
        st.pagination(pages, key="source_page")


def draw_bulk_actions(picked: list[SourceRow]) -> None:
    """What can be done with several sources at once."""
    if not picked:
        return
    ids = [row.id for row in picked]
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**{counted(len(picked), 'source')} chosen**", width="content")
        if st.button("Read again", icon=":material/refresh:", key="bulk_read"):
            st.session_state.asked = ("Read again", ids)
            st.rerun(scope="app")
        if st.button("Delete", icon=":material/delete:", key="bulk_delete"):
            st.session_state.asked = ("Delete", ids)
            st.rerun(scope="app")


def watch_sources() -> None:
    """The list, drawn again every second while something is going on, and the whole page once when that ends."""
    draw_sources()
    if st.session_state.sources_busy and not (st.session_state.sources_working or removing()):
        st.session_state.sources_busy = False
        st.rerun(scope="app")


def removing() -> bool:
    """Say whether a deleted source's passages are still being removed."""
    return any(row.left is None for row in source_rows.removed_rows(found.id))


def forget_request() -> None:
    """The dialog is closed: nothing is asked for any more."""
    st.session_state.pop("asked", None)


def do_what_was_asked(action: str, ids: list[str]) -> None:
    """Carry out what was chosen in a row's menu or for several rows; a dialog stays until it is closed."""
    if action in ("Look at passages", "Read again"):
        forget_request()
        if action == "Read again":
            sources.read_again(found.id, ids)
            return
        st.switch_page("passages.py", query_params={"assistant": found.id, "source": ids[0]})
    row = next((row for row in rows if row.id == ids[0]), None)
    if row is None:
        forget_request()
    elif action == "Rename":
        rename_source(found.id, row, forget_request)
    elif action == "Download":
        download_source(found.id, row, forget_request)
    else:
        confirm_deletion(ids)


def confirm_deletion(ids: list[str]) -> None:
    """Say what goes and what stays before sources are deleted."""
    whose = "Its" if len(ids) == 1 else "Their"
    stays = "The file itself stays" if len(ids) == 1 else "The files themselves stay"
    confirm(
        f"Delete {counted(len(ids), 'source')}?",
        f"{whose} passages are removed and no question finds them any more. {stays} in the bin for 30 days.",
        "Delete",
        lambda: sources.delete_sources(found.id, ids),
        forget_request,
    )


def draw_removed() -> None:
    """Deleted sources, each with the proof that nothing of it answers any more."""
    removed = source_rows.removed_rows(found.id)
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
                        sources.restore_source(found.id, row.id)
                    except AnswerbookError as error:
                        show_error(error)
                    else:
                        st.rerun()
        st.caption("Kept for 30 days, then erased.")


st.session_state.setdefault("upload_round", 0)
st.title("Knowledge", anchor=False)
draw_update_notice(found.id)
rows = source_rows.source_rows(found.id)
if not rows:
    st.write(
        f"Everything **{plain(found.name)}** knows comes from the files you put in here. Drop a few in: a price list, "
        "your terms, a manual, the answers you send by e-mail again and again."
    )
whole_folder = st.session_state.get("whole_folder", False)
st.file_uploader(
    "Drop files here, or choose them" if not whole_folder else "Drop a folder here, or choose one",
    accept_multiple_files="directory" if whole_folder else True,
    key=f"uploads_{st.session_state.upload_round}",
    on_change=take_uploads,
    max_upload_size=settings().file_megabytes,
    help="PDF, Word, PowerPoint, Excel, CSV, web pages, Markdown, text, e-mail, OpenDocument, RTF, EPUB. A file with a "
    "name that is already here replaces the earlier version.",
)
st.toggle("Choose a whole folder", key="whole_folder")
draw_upload_results()

if asked := st.session_state.get("asked"):
    do_what_was_asked(*asked)

if rows:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Find a source", key="source_filter", icon=":material/search:", live=True)
        st.selectbox("Sort by", list(SORTS), key="source_sort", width=180)
busy = any(row.state in ("waiting", "running") for row in rows) or removing()
st.session_state.sources_busy = busy
if rows or busy:
    st.fragment(watch_sources, run_every=REFRESH_SECONDS if busy else None)()
draw_removed()

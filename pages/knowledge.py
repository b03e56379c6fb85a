"""Knowledge: drop files in, watch them being read, see what went wrong, find, re-read and delete them."""

import streamlit as st

from core import jobs, sources
from core.errors import AnswerbookError
from core.settings import settings
from core.sources import Added, SourceRow
from pages.parts.screen import chosen_assistant, confirm, show_error
from pages.parts.words import ago, counted, file_size, kind_icon, kind_name, plain, time_left

ROWS = 20
REFRESH_SECONDS = 1.0
SORTS = {"Newest first": None, "Name": "name", "Size": "size", "Problems first": "problems"}
ADVICE = {
    "scanned": "A scan is a picture of a page: a person can read it, a program finds no letters in it. Open it in your "
    "scanner's program or in a PDF program and choose “recognise text” (OCR), save it, and add it again.",
    "encrypted": "Open the file with its password, save a copy without one, and add that copy.",
    "unsupported": "Answerbook reads PDF, Word (docx), PowerPoint (pptx), Excel, CSV, web pages, Markdown, text, "
    "e-mail, OpenDocument, RTF and EPUB. Save the file as one of these and add it again.",
}

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


def draw_row(row: SourceRow) -> None:
    """One source: what it is, how it is, and what can be done with it."""
    with st.container(border=True, key=f"row_{row.id}", gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.checkbox(f"Choose {row.name}", key=f"choose_{row.id}", label_visibility="collapsed", width="content")
            st.markdown(f"{kind_icon(row.kind)} **{plain(row.name)}**", width="stretch")
            action = st.menu_button(
                "More",
                ["Look at passages", "Download", "Read again", "Rename", "Delete"],
                type="tertiary",
                icon=":material/more_horiz:",
                key=f"menu_{row.id}",
            )
        draw_state(row)
    if action:
        st.session_state.row_action = (action, row)
        st.rerun(scope="app")


def facts(row: SourceRow) -> str:
    """The kind, length and size of a source in a few words."""
    parts = [kind_name(row.kind)]
    if row.page_count and row.page_word:
        parts.append(counted(row.page_count, row.page_word))
    return " · ".join([*parts, file_size(row.size)])


def draw_state(row: SourceRow) -> None:
    """How far a source is, or what went wrong with it, and what to do."""
    if row.state == "ready":
        st.caption(
            f"{facts(row)} · :green[:material/check_circle: Ready] · {counted(row.passages, 'passage')} · "
            f"{ago(row.changed_at)}"
        )
        for warning in row.warnings:
            st.caption(f":orange[:material/warning:] {plain(warning)}")
        return
    st.caption(facts(row))
    if row.state in ("waiting", "running"):
        draw_progress(row)
        return
    st.error(plain(row.remedy), title=plain(row.error or "Stopped."), icon=":material/error:")
    if row.answering:
        st.caption("The earlier version is kept and still answers.")
    with st.container(horizontal=True):
        if st.button("Retry", key=f"retry_{row.id}", icon=":material/refresh:"):
            jobs.retry([row.job_id])
            st.rerun(scope="app")
        if row.code in ADVICE:
            with st.popover("What can I do?"):
                st.write(ADVICE[row.code])


def draw_progress(row: SourceRow) -> None:
    """The bar, what is being done, about how long it takes, and the stop button."""
    stage = row.stage or "Waiting for its turn"
    if row.state == "waiting":
        stage = "Waiting for its turn" if not row.error else f"{row.error} {row.remedy}"
    elif row.total > 0:
        stage = f"{row.stage} {row.done:,} of {row.total:,}"
    left = time_left(row.started_at, row.done, row.total) if row.started_at else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        share = min(1.0, row.done / row.total) if row.total > 0 and row.state == "running" else 0.0
        st.progress(share, text=plain(" · ".join(part for part in (stage, left) if part)), width="stretch")
        if st.button("Stop", key=f"stop_{row.id}", icon=":material/stop_circle:"):
            jobs.stop([row.job_id])
            st.rerun(scope="app")


def draw_sources() -> None:
    """The numbers, the chosen rows and what can be done with several of them."""
    rows = sources.source_rows(found.id)
    working = sum(row.state in ("waiting", "running") for row in rows)
    st.session_state.sources_working = working
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{summary(rows)}**", width="content")
        if working:
            st.caption(f"Reading {counted(working, 'file')}. You can leave this page or close it.", width="content")
    shown = chosen_rows(rows)
    if not shown and rows:
        st.caption("No source has a name like that.")
    pages = max(1, -(-len(shown) // ROWS))
    page = min(int(st.session_state.get("source_page", 1)), pages)
    visible = shown[(page - 1) * ROWS : page * ROWS]
    draw_bulk_actions([row for row in visible if st.session_state.get(f"choose_{row.id}")])
    with st.container(gap="small"):
        for row in visible:
            draw_row(row)
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
            sources.read_again(found.id, ids)
            st.rerun(scope="app")
        if st.button("Delete", icon=":material/delete:", key="bulk_delete"):
            st.session_state.delete_ids = ids
            st.rerun(scope="app")


@st.fragment(run_every=REFRESH_SECONDS)
def live_sources() -> None:
    """The list while files are being read; when the last one ends the whole page is drawn once more."""
    draw_sources()
    if not st.session_state.sources_working and not removing():
        st.rerun(scope="app")


@st.fragment
def still_sources() -> None:
    """The list while nothing is going on."""
    draw_sources()


def removing() -> bool:
    """Say whether a deleted source's passages are still being removed."""
    return any(row.left is None for row in sources.removed_rows(found.id))


def delete_picked(ids: list[str]) -> None:
    """Delete sources and let go of the choice."""
    sources.delete_sources(found.id, ids)
    st.session_state.delete_ids = None


def do_row_action(action: str, row: SourceRow) -> None:
    """Carry out what was chosen in a row's menu."""
    if action == "Look at passages":
        st.switch_page("passages.py", query_params={"assistant": found.id, "source": row.id})
    elif action == "Delete":
        st.session_state.delete_ids = [row.id]
    elif action == "Read again":
        sources.read_again(found.id, [row.id])
    elif action == "Rename":
        rename(row)
    else:
        download(row)


@st.dialog("Rename")
def rename(row: SourceRow) -> None:
    """Give a source another name."""
    name = st.text_input("Name", value=row.name, key=f"rename_source_{row.id}")
    if st.button("Rename", type="primary", key=f"rename_source_now_{row.id}"):
        try:
            sources.rename_source(found.id, row.id, name)
        except AnswerbookError as error:
            show_error(error)
        else:
            st.rerun()


@st.dialog("Download")
def download(row: SourceRow) -> None:
    """Hand the original bytes back."""
    st.write(f"{plain(row.name)}, {file_size(row.size)}, exactly as it was added.")
    st.download_button(
        "Download",
        data=lambda: sources.original_bytes(found.id, row.id),
        file_name=row.name.rsplit("/", 1)[-1],
        mime="application/octet-stream",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        key=f"download_{row.id}",
    )


def draw_removed() -> None:
    """Deleted sources, each with the proof that nothing of it answers any more."""
    removed = sources.removed_rows(found.id)
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
rows = sources.source_rows(found.id)
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

if error := st.session_state.pop("page_error", None):
    show_error(error)
if action := st.session_state.pop("row_action", None):
    do_row_action(*action)
if ids := st.session_state.pop("delete_ids", None):
    confirm(
        f"Delete {counted(len(ids), 'source')}?",
        "Its passages are removed and no question finds them any more. The file itself stays in the bin for 30 days."
        if len(ids) == 1
        else "Their passages are removed and no question finds them any more. The files stay in the bin for 30 days.",
        "Delete",
        lambda: delete_picked(ids),
    )

if rows:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Find a source", key="source_filter", icon=":material/search:", live=True)
        st.selectbox("Sort by", list(SORTS), key="source_sort", width=180)
    if any(row.state in ("waiting", "running") for row in rows) or removing():
        live_sources()
    else:
        still_sources()
draw_removed()

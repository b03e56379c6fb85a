"""One source on the Knowledge page: what it is, how far it is, what went wrong, and what can be done with it."""

from collections.abc import Callable, Sequence

import streamlit as st

from core import jobs
from core.assistants import documents, sources
from core.assistants.source_rows import SourceRow
from core.errors import AnswerbookError
from core.jobs import ACTIVE
from core.load import READ_SCANS
from core.operate import (
    EXTRAS,
    SCANS,
    installation,
    recognition_here,
    start_extra,
)
from core.text import counted
from pages.parts import state
from pages.parts.pair_sheet import pair_actions
from pages.parts.progress import draw_progress
from pages.parts.screen import in_words, show_error
from pages.parts.source_standing import changed, draw_standing, state_word
from pages.parts.state import SourceRequest
from pages.parts.words import KINDS_READ, file_size, kind_icon, kind_name, plain, spoken

REFRESH_SECONDS = 1.0
PREFER, NOT_PREFER = "Prefer this source", "Prefer it no more"
ADVICE = {
    "scanned": "A scan is a picture of a page: a person can read it, a program finds no letters in it. Press “Read "
    "scans” beside it; or open it in your scanner's program or in a PDF program and choose “recognise text” (OCR), "
    "save it, and add it again.",
    "encrypted": "Open the file with its password, save a copy without one, and add that copy.",
    "unsupported": f"Answerbook reads {KINDS_READ} Save the file as one of these and add it again.",
}


def draw_source_row(row: SourceRow) -> None:
    """One source: what it is, how it is, and what can be done with it."""
    with st.container(border=True, key=f"row_{row.id}", gap="xxsmall"):
        draw_name(row)
        draw_state(row)
        draw_standing(row)


def actions(row: SourceRow) -> list[str]:
    """What can be done with a source, in the order of its menu."""
    return [
        *("Look at passages", "Download", "Read again", "Rename", "Folder and tags"),
        NOT_PREFER if row.standing.preferred else PREFER,
        *("Only between two days", "Replaces other sources", "Delete"),
    ]


def draw_failed_alike(rows: Sequence[SourceRow]) -> None:
    """Several sources that failed with the same words: these once, then the names."""
    first = rows[0]
    with st.container(border=True, key=f"alike_{first.id}", gap="xxsmall"):
        title = f"{counted(len(rows), 'file')}: {plain(first.error)}"
        st.error(plain(first.remedy), title=title, icon=":material/error:")
        if first.code == "scanned":
            draw_read_scans(rows)
        with st.container(horizontal=True):
            if st.button("Retry all", key=f"retry_alike_{first.id}", icon=":material/refresh:"):
                jobs.retry([row.job_id for row in rows])
                st.rerun(scope="app")
            draw_advice(first)
        for row in rows:
            draw_name(row)


def draw_name(row: SourceRow) -> None:
    """A source's name with what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.checkbox(f"Choose {spoken(row.name)}", key=state.source_chosen(row.id).key, label_visibility="collapsed")
        st.markdown(f"{kind_icon(row.kind)} **{plain(row.name)}**", width="stretch")
        chosen = [*pair_actions(row.kind), *actions(row)]
        action = st.menu_button("More", chosen, type="tertiary", key=f"menu_{row.id}")
    if action:
        state.source_request.set(SourceRequest(action, (row.id,)))
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
        st.caption(f"{facts(row)} · {state_word(row)} · {counted(row.passages, 'passage')} · {changed(row)}")
        draw_warnings(row)
        return
    st.caption(facts(row))
    if row.state in ACTIVE:
        draw_at_work(row)
        return
    st.error(plain(row.remedy), title=plain(row.error or "Stopped."), icon=":material/error:")
    if row.answering:
        st.caption("The earlier version is kept and still answers.")
    if row.code == "scanned":
        draw_read_scans([row])
    with st.container(horizontal=True):
        if st.button("Retry", key=f"retry_{row.id}", icon=":material/refresh:"):
            jobs.retry([row.job_id])
            st.rerun(scope="app")
        draw_advice(row)


def draw_advice(row: SourceRow) -> None:
    """What helps with a file that could not be read, in more words than the error has."""
    if row.code in ADVICE:
        with st.popover("What can I do?", key=f"advice_{row.id}"):
            st.write(ADVICE[row.code])


def draw_warnings(row: SourceRow) -> None:
    """What of a source was not read, and what can be done."""
    for warning in row.warnings:
        st.caption(f":orange[:material/warning:] {plain(warning.what)}")
    remedies = list(dict.fromkeys(warning.remedy for warning in row.warnings if warning.remedy))
    if remedies:
        with st.popover("What can I do?", key=f"remedies_{row.id}", type="tertiary"):
            for remedy in remedies:
                st.write(plain(remedy))
    if READ_SCANS in remedies:
        draw_read_scans([row])


def draw_read_scans(rows: Sequence[SourceRow]) -> None:
    """Read sources whose pages are pictures: at once, or after what that needs was added, which is offered here."""
    if recognition_here():
        if st.button("Read scans", key=f"read_scans_{rows[0].id}", icon=":material/document_scanner:"):
            read_scans(rows)
        return
    running = installation(SCANS).running
    st.fragment(in_words(watch_installation), run_every=REFRESH_SECONDS if running else None)(rows[0].id)


def watch_installation(source_id: str) -> None:
    """The button that adds text recognition, and how far that is; the whole page is drawn again once it is there."""
    adding = installation(SCANS)
    if adding.running:
        st.progress(0.0, text=f"Adding text recognition, once: {plain(adding.doing)}")
        return
    if recognition_here():
        st.rerun(scope="app")  # scans that were refused are in the queue again by now
    if adding.error:
        show_error(adding.error)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Read scans", key=f"add_recognition_{source_id}", icon=":material/document_scanner:"):
            start_extra(SCANS)
            st.rerun(scope="app")
        st.caption(f"Adds text recognition, about {EXTRAS[SCANS].megabytes} MB, once.", width="content")


def read_scans(rows: Sequence[SourceRow]) -> None:
    """Read sources again, now that their pictures of pages can be read."""
    if rows[0].state == "ready":
        state.source_request.set(SourceRequest("Read again", tuple(row.id for row in rows)))
    else:
        jobs.retry([row.job_id for row in rows])
    st.rerun(scope="app")


def draw_at_work(row: SourceRow) -> None:
    """How far it is, and the stop button."""
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_progress(row)
        if st.button("Stop", key=f"stop_{row.id}", icon=":material/stop_circle:"):
            jobs.stop([row.job_id])
            st.rerun(scope="app")


def rename_source(assistant_id: str, row: SourceRow, close: Callable[[], None]) -> None:
    """Give a source another name."""

    @st.dialog("Rename", on_dismiss=close)
    def _ask() -> None:
        name = st.text_input("Name", value=row.name, key=f"rename_source_{row.id}")
        if st.button("Rename", type="primary", key=f"rename_source_now_{row.id}"):
            try:
                sources.rename_source(assistant_id, row.id, name)
            except AnswerbookError as error:
                show_error(error)
            else:
                close()
                st.rerun()

    _ask()


def download_source(assistant_id: str, row: SourceRow, close: Callable[[], None]) -> None:
    """Hand the original bytes back."""

    @st.dialog("Download", on_dismiss=close)
    def _offer() -> None:
        st.write(f"{plain(row.name)}, {file_size(row.size)}, exactly as it was added.")
        st.download_button(
            "Download",
            data=lambda: documents.original_bytes(assistant_id, row.id),
            file_name=row.name.rsplit("/", 1)[-1],
            mime="application/octet-stream",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key=f"download_{row.id}",
        )

    _offer()

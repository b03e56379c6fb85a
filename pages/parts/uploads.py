"""Files on their way from the browser into an assistant: each is taken once, for the assistant it was dropped for."""

from collections.abc import Iterable

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core.assistants import sources
from core.errors import AnswerbookError, NotFound
from core.operate import take_refusal
from core.settings import settings
from core.text import counted
from pages.parts import state
from pages.parts.screen import show_error
from pages.parts.words import KINDS_READ, plain

SHOWN = 10
# What is taken stands in the list of sources: the uploader shows only what is on its way, or failed; this in words, as
# Streamlit shows the words of the program that sends files.
HIDE_TAKEN = """<style>
[class*="st-key-uploads_"] [data-testid="stFileChips"] {
  gap: 0 !important; align-content: center; min-height: 2.5rem;
}
[class*="st-key-uploads_"] [data-testid="stFileChip"] { margin: .25rem; }
[class*="st-key-uploads_"] [data-testid="stFileChip"]:not([aria-invalid], :has([data-testid="stFileChipIconSpinner"])) {
  display: none;
}
[class*="st-key-uploads_"] [data-testid="stFileChip"] { flex-wrap: wrap; height: auto; }
[class*="st-key-uploads_"] [data-testid="stFileChip"][aria-invalid] { pointer-events: none; }
[class*="st-key-uploads_"] [data-testid="stFileChipDeleteBtn"] { pointer-events: auto; }
[class*="st-key-uploads_"] [data-testid="stFileChip"] [role="alert"] {
  all: unset; flex-basis: 100%; visibility: hidden; font-size: 0;
}
[class*="st-key-uploads_"] [data-testid="stFileChip"] [role="alert"]::after {
  content: "Not taken. Add it again."; visibility: visible; font-size: .875rem;
}
[class*="st-key-uploads_"] button[aria-label="Add files"] { width: max-content; padding: 0 .75rem; }
[class*="st-key-uploads_"] button[aria-label="Add files"]::after {
  content: "Add files"; margin-left: .35rem; white-space: nowrap;
}
</style>"""


def draw_uploader(assistant_id: str) -> None:
    """Where files are dropped for an assistant, and what became of those that were not simply new.

    The widget stays the same while the page is open: one that is thrown away takes with it what is on its way.
    """
    folder = state.whole_folder.get()
    state.uploader_owners.set(state.uploader_owners.get() | {assistant_id})
    st.html(HIDE_TAKEN)
    st.file_uploader(
        "Drop files here, or choose them" if not folder else "Drop a folder here, or choose one",
        accept_multiple_files="directory" if folder else True,
        key=state.uploads(assistant_id, folder).key,
        on_change=take_dropped,
        args=(assistant_id, folder),
        max_upload_size=settings().file_megabytes,
        help=f"{KINDS_READ} A file with a name that is already here replaces the earlier version.",
    )
    st.toggle("Choose a whole folder", key=state.whole_folder.key)
    _draw_results(assistant_id)


def take_dropped(assistant_id: str, folder: bool) -> None:
    """Keep what was dropped into this assistant's uploader and was not taken before."""
    dropped = state.uploads(assistant_id, folder).get() or ()
    present = {record.file_id: record for record in _landed()}
    _keep(assistant_id, [present[file.file_id] for file in dropped if file.file_id in present])


def take_late(on_knowledge: bool) -> None:
    """Keep files that landed after the page they were dropped on was left; draws the page anew where there were any.

    Streamlit does not say where a file was dropped. Where this window has shown the uploaders of several assistants,
    nobody can tell whose it is: then it is not kept, and that is said.
    """
    late = _landed()
    owners = state.uploader_owners.get()
    if not late or state.upload_error.get():
        return
    if len(owners) == 1:
        _keep(next(iter(owners)), late)
    elif on_knowledge:
        return  # what another uploader is still collecting
    else:
        _forget(late)
        state.upload_error.set(
            AnswerbookError(
                f"{counted(len(late), 'file')} arrived only after you had left the page, and could not be added.",
                f"Drop them again, and stay until you see them in the list: {_names(late)}.",
                code="upload_left",
            )
        )
    st.rerun(scope="app")


def note_refusal() -> None:
    """Say why the server has turned files away: of that the browser knows only a number."""
    context = get_script_run_ctx()
    if context and not state.upload_error.get() and (refusal := take_refusal(context.session_id)):
        state.upload_error.set(refusal)
        st.rerun(scope="app")


def show_upload_error() -> None:
    """Say on every page which files were not kept, until they are, or until it is understood."""
    if not (error := state.upload_error.get()):
        return
    show_error(error)
    with st.container(horizontal=True):
        if state.uploads_left.get():
            st.button("Try again", key="retry_uploads", icon=":material/refresh:", on_click=_try_again)
        st.button("Understood", key="close_upload_error", on_click=_give_up)


def _try_again() -> None:
    owner, ids = state.uploads_left.take() or ("", ())
    state.upload_error.forget()
    _keep(owner, [file for file in _landed() if file.file_id in ids])


def _give_up() -> None:
    _, ids = state.uploads_left.take() or ("", ())
    state.upload_error.forget()
    _forget([file for file in _landed() if file.file_id in ids])


def _keep(assistant_id: str, files: list[UploadedFileRec]) -> None:
    """Keep files one by one and let go of the memory of each; from the first that fails on, all can be tried again."""
    results = state.upload_results(assistant_id)
    new = 0
    for number, file in enumerate(files):
        try:
            added = sources.add_files(assistant_id, [(file.name, file.data)])
        except AnswerbookError as error:
            _note_failure(assistant_id, files[number:], error)
            break
        _forget([file])
        results.set((*results.get(), *(outcome for outcome in added if outcome.outcome != "new")))
        new += sum(outcome.outcome == "new" for outcome in added)
    if new:
        state.remember_toast(f"{counted(new, 'file')} added.")


def _note_failure(assistant_id: str, files: list[UploadedFileRec], error: AnswerbookError) -> None:
    """Remember why files could not be kept; they wait for another try, unless their assistant is gone."""
    if isinstance(error, NotFound):
        _forget(files)
        error = AnswerbookError(
            f"{_names(files)} could not be added: the assistant was deleted meanwhile.",
            "Bring the assistant back in Settings, or add the files to another one.",
            code=error.code,
        )
    else:
        state.uploads_left.set((assistant_id, tuple(file.file_id for file in files)))
    state.upload_error.set(error)


def _names(files: list[UploadedFileRec]) -> str:
    more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    return ", ".join(file.name for file in files[:SHOWN]) + more


def _draw_results(assistant_id: str) -> None:
    """Say what became of files that were not simply new, of all drops until closed."""
    results = state.upload_results(assistant_id)
    lines = [r.sentence or f"{r.name} replaces its earlier version as soon as it is read." for r in results.get()]
    if not lines:
        return
    with st.container(border=True):
        for line in lines[-SHOWN:]:
            st.markdown(f":material/info: {plain(line)}")
        if len(lines) > SHOWN:
            st.caption(f"and {len(lines) - SHOWN} before these")
        st.button("Understood", key="close_upload_results", on_click=results.forget)


def _landed() -> list[UploadedFileRec]:
    """What this window's browser has sent and nobody has taken yet, oldest first."""
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    if context is None or not isinstance(manager, MemoryUploadedFileManager):
        return []
    return list(manager.file_storage.get(context.session_id, {}).values())


def _forget(files: Iterable[UploadedFileRec]) -> None:
    """Let go of the memory of files that were taken; the uploader then counts them as deleted."""
    context = get_script_run_ctx()
    if context and isinstance(manager := context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            manager.remove_file(context.session_id, file.file_id)

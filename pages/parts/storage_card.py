"""Where things are kept, a copy to take away, and the assistants in the bin."""

import streamlit as st

from core.assistants import assistants, lifecycle
from core.assistants.assistants import BIN_DAYS
from core.errors import AnswerbookError
from core.operate import Places, places
from core.text import counted
from pages.parts.screen import show_error
from pages.parts.words import ago, file_size, plain

EVERYTHING = (
    "One file with assistants, sources with their original files, voices, conversations, people and settings, made "
    "while Answerbook runs. It can be restored on any machine. Saved keys are in it only encrypted; what opens them "
    "(ANSWERBOOK_SECRET, or secret.key in the data folder) is not. Whoever has the file can read your documents."
)


def draw_places() -> None:
    """Where the database and the passages are, how large they are, and who does the work."""
    st.subheader("Where things are kept", anchor=False)
    here = places()
    with st.container(border=True):
        with st.grid(3, min_column_width=200, gap="medium"):
            for title, value, remark in _facts(here):
                with st.container(gap=None):
                    st.caption(title)
                    st.markdown(value)
                    st.caption(remark)
        st.caption(" · ".join(f"{name} {number}" for name, number in here.versions.items()))
        with st.container(horizontal=True):
            st.link_button("Download everything", "/backup", icon=":material/download:", help=EVERYTHING)
            st.link_button("Restore from a file", "/restore", icon=":material/settings_backup_restore:")


def _facts(here: Places) -> list[tuple[str, str, str]]:
    """Three parts, each with its name, what it is and one remark."""
    size, passages = (file_size(count) if count else "" for count in (here.database_bytes, here.store_bytes))
    database = "SQLite" if here.is_file else "PostgreSQL"
    in_folder = f"in the folder “{plain(here.data_folder)}”"
    where = in_folder if here.is_file else plain(here.database)
    work = "Running" if here.worker else "Not running"
    waiting = "reads files and rebuilds" if here.worker else "files wait until the server is started again"
    return [
        ("Database", " · ".join(filter(None, (database, size))), where),
        ("Passages", " · ".join(filter(None, (here.store, passages))), in_folder if here.store == "LanceDB" else ""),
        ("Work in the background", work, waiting),
    ]


def draw_bin() -> None:
    """The assistants that were deleted and can still be brought back."""
    st.subheader("Bin", anchor=False)
    with st.container(border=True):
        cards = assistants.assistant_cards(binned=True)
        if not cards:
            st.caption(f"Empty. An assistant that is deleted stays here for {BIN_DAYS} days.")
            return
        for card in cards:
            with st.container(horizontal=True, vertical_alignment="center"):
                gone = f"deleted {ago(card.deleted_at)}" if card.deleted_at else ""
                facts = f":small[:gray[{counted(card.sources, 'source')} · {gone}]]"
                st.markdown(f"**{plain(card.name)}**  \n{facts}", width="stretch")
                if st.button("Restore", key=f"restore_assistant_{card.id}", icon=":material/undo:"):
                    try:
                        lifecycle.restore_assistant(card.id)
                    except AnswerbookError as error:
                        show_error(error)
                    else:
                        st.rerun()
        st.caption(f"Kept for {BIN_DAYS} days, then erased.")

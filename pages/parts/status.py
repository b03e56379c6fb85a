"""The small line in the sidebar: what writes the answers, and whether passages can be searched."""

import streamlit as st

from core.errors import AnswerbookError
from core.health import store_seen
from core.providers import provider
from pages.parts.words import plain

SECONDS = 5


@st.fragment(run_every=SECONDS)
def draw_status() -> None:
    """Draw the status lines; looked at anew every five seconds."""
    try:
        found = provider()
        answers = f"Answers: {plain(found.chat_model)}" if found else "Answers: quotes only"
    except AnswerbookError:
        answers = "Answers: the saved key cannot be read"
    st.caption(f":material/edit_note: {answers}")
    looked, trouble = store_seen()
    if not looked:
        st.caption(":material/hourglass_top: Search: starting")
    elif trouble is None:
        st.caption(":green[:material/check_circle:] Search: ready")
    else:
        st.caption(f":red[:material/error:] Search: {plain(trouble.what)}", help=plain(trouble.remedy))

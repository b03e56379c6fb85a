"""The small line in the sidebar: what writes the answers, and whether passages can be searched."""

import streamlit as st

from core.errors import AnswerbookError
from pages.parts.words import plain

SECONDS = 10


@st.fragment(run_every=SECONDS)
def draw_status() -> None:
    """Draw the status lines; looked at anew every ten seconds."""
    from core.health import store_trouble
    from core.providers import provider

    try:
        found = provider()
        answers = f"Answers: {plain(found.chat_model)}" if found else "Answers: quotes only"
    except AnswerbookError:
        answers = "Answers: the saved key cannot be read"
    trouble = store_trouble()
    st.caption(f":material/edit_note: {answers}")
    if trouble is None:
        st.caption(":green[:material/check_circle:] Search: ready")
    else:
        st.caption(f":red[:material/error:] Search: {plain(trouble.what)}", help=plain(trouble.remedy))

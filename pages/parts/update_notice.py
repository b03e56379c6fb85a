"""One line while an update of Answerbook is still at work on an assistant."""

import streamlit as st

from core.index import update_notice
from pages.parts.screen import in_words

REFRESH_SECONDS = 2.0


def draw_update_notice(assistant_id: str) -> None:
    """Say what an update is doing; the page is drawn once more when that is done."""
    if update_notice(assistant_id):
        st.fragment(in_words(_watch), run_every=REFRESH_SECONDS)(assistant_id)


def _watch(assistant_id: str) -> None:
    sentence = update_notice(assistant_id)
    if not sentence:
        st.rerun(scope="app")
    st.info(sentence, icon=":material/update:")

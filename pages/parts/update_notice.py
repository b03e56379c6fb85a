"""One line while an update of Answerbook, or preparing for other languages, is still at work on an assistant."""

import streamlit as st

from core.index import languages_notice, update_notice
from pages.parts.screen import in_words

REFRESH_SECONDS = 2.0


def draw_update_notice(assistant_id: str) -> None:
    """Say what is being done in the background; the page is drawn once more when that is done."""
    if _notice(assistant_id):
        st.fragment(in_words(_watch), run_every=REFRESH_SECONDS)(assistant_id)


def _watch(assistant_id: str) -> None:
    sentence = _notice(assistant_id)
    if not sentence:
        st.rerun(scope="app")
    st.info(sentence, icon=":material/update:")


def _notice(assistant_id: str) -> str:
    return update_notice(assistant_id) or languages_notice(assistant_id)

"""Where files are put in: that this server's disk does not keep them, or that this is not known yet."""

import streamlit as st

from core.operate import Fate, disk
from pages.parts.words import plain


def draw_disk_notice() -> None:
    """Say what becomes of what is put in and what to do; nothing where it is kept."""
    found = disk()
    if not found.what:
        return
    draw = st.error if found.fate is Fate.LOST else st.info
    draw(plain(found.remedy), title=plain(found.what), icon=":material/save:")

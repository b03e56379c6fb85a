"""A page of its own for the tests: draws each Markdown of a JSON file in each kind of element that the pages use."""

import json
import os
from pathlib import Path

import streamlit as st

for number, markdown in enumerate(json.loads(Path(os.environ["MARKDOWN_FILE"]).read_text(encoding="utf-8"))):
    with st.container(key=f"markdown_{number}"):
        st.markdown(markdown)
    if "ELEMENTS" in os.environ:
        with st.container(key=f"caption_{number}"):
            st.caption(markdown)
        with st.container(key=f"title_{number}"):
            st.subheader(markdown, anchor=False)
        with st.container(key=f"button_{number}"):
            st.button(markdown, key=number)
        with st.container(key=f"error_{number}"):
            st.error(markdown, title=markdown)

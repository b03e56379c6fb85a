"""The frame around every page: navigation, assistant picker, and what the answers come from."""

from pathlib import Path

import streamlit as st

from core.assistants import assistants
from core.errors import AnswerbookError
from core.operate import open_data_folder
from pages.parts import state
from pages.parts.screen import show_error
from pages.parts.status import draw_status

ICON = Path(__file__).parent / "parts" / "icon.png"
st.set_page_config(page_title="Answerbook", page_icon=str(ICON), layout="wide")

PAGES = [
    st.Page("home.py", title="Home", icon=":material/home:", default=True),
    st.Page("knowledge.py", title="Knowledge", icon=":material/library_books:"),
    st.Page("passages.py", title="Passages", icon=":material/segment:"),
    st.Page("voice.py", title="Voice", icon=":material/record_voice_over:"),
    st.Page("chat.py", title="Chat", icon=":material/forum:"),
    st.Page("settings.py", title="Settings", icon=":material/settings:"),
]

page = st.navigation(PAGES)

try:
    open_data_folder()
except AnswerbookError as error:
    st.title("Answerbook cannot open its data folder")
    show_error(error)
    st.button("Try again", type="primary")
    st.stop()

names = assistants.assistant_names()
wanted = state.chosen_assistant_id.get() or st.query_params.get("assistant")
current = wanted if wanted in names else next(iter(names), None)
state.chosen_assistant_id.set(current)


def _pick() -> None:
    state.chosen_assistant_id.set(state.assistant_picker.get())


with st.sidebar:
    if current:
        state.assistant_picker.set(current)
        st.selectbox(
            "Assistant",
            list(names),
            format_func=lambda chosen: names[chosen],
            key=state.assistant_picker.key,
            on_change=_pick,
        )
    draw_status()

if current:
    st.query_params["assistant"] = current
state.show_toast()
page.run()

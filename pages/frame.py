"""The frame around every page: navigation, assistant picker, and what the answers come from."""

from pathlib import Path

import streamlit as st

from core.assistants import assistants
from core.errors import AnswerbookError
from core.operate import open_data_folder
from pages.parts import state
from pages.parts.copies_card import DAMAGE, draw_closed
from pages.parts.menu import close_menu_after_choice
from pages.parts.model_end import draw_model_ends
from pages.parts.screen import choose_assistant, show_error, show_press_error
from pages.parts.status import draw_status
from pages.parts.uploads import show_upload_error

ICON = Path(__file__).parent / "parts" / "icon.png"
st.set_page_config(page_title="Answerbook", page_icon=str(ICON), layout="wide")

PAGES = [
    st.Page("home.py", title="Home", icon=":material/home:", default=True),
    st.Page("knowledge.py", title="Knowledge", icon=":material/library_books:"),
    st.Page("passages.py", title="Passages", icon=":material/segment:"),
    st.Page("voice.py", title="Voice", icon=":material/record_voice_over:"),
    st.Page("chat.py", title="Chat", icon=":material/forum:"),
    st.Page("publish.py", title="Publish", icon=":material/public:"),
    st.Page("settings.py", title="Settings", icon=":material/settings:"),
]

page = st.navigation(PAGES)

try:
    open_data_folder()
    names = assistants.assistant_names()
except AnswerbookError as error:
    draw_closed(error)
    st.stop()

wanted = state.chosen_assistant_id.get() or st.query_params.get("assistant")
current = wanted if wanted in names else next(iter(names), None)
if wanted and wanted != current:
    state.remember_toast("The assistant you were at is not here any more. Settings can bring it back for 30 days.")
if current:
    choose_assistant(current)
else:
    state.chosen_assistant_id.forget()


def _pick(choice: int) -> None:
    """Choose what the picker of this choice was set to, unless another choice was made since it was drawn."""
    if choice == state.choices.get():
        choose_assistant(state.assistant_picker(choice).get())


with st.sidebar:
    if current:
        choice = state.choices.get()
        st.selectbox(
            "Assistant",
            list(names),
            index=list(names).index(current),
            format_func=lambda chosen: names[chosen],
            key=state.assistant_picker(choice).key,
            on_change=_pick,
            args=(choice,),
        )
    draw_status(page.url_path)
    close_menu_after_choice(page.url_path, current)

if current:
    st.query_params["assistant"] = current
state.show_toast()
try:
    show_press_error()
    show_upload_error()
    draw_model_ends()
    page.run()
except AnswerbookError as error:
    if error.code in DAMAGE:
        draw_closed(error)
    else:
        show_error(error)
        st.button("Try again", key="draw_again", icon=":material/refresh:")

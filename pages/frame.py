"""The frame around every page: navigation, assistant picker, and what the answers come from."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.assistants import assistants
from core.errors import AnswerbookError
from core.operate import open_data_folder
from core.people import PAGES, Deed
from pages.parts import state
from pages.parts.copies_card import DAMAGE, draw_closed
from pages.parts.disk_notice import draw_disk_notice
from pages.parts.menu import close_menu_after_choice
from pages.parts.model_end import draw_model_ends
from pages.parts.person import draw_not_for_you, draw_seat, draw_signed_out, may_here, take_seat
from pages.parts.screen import choose_assistant, show_error, show_press_error
from pages.parts.status import draw_status
from pages.parts.uploads import show_upload_error

ICON = Path(__file__).parent / "parts" / "icon.png"
st.set_page_config(page_title="Answerbook", page_icon=str(ICON), layout="wide")

FILES = {
    "": ("home.py", "Home", ":material/home:"),
    "knowledge": ("knowledge.py", "Knowledge", ":material/library_books:"),
    "passages": ("passages.py", "Passages", ":material/segment:"),
    "search": ("search.py", "Search test", ":material/search_insights:"),
    "voice": ("voice.py", "Voice", ":material/record_voice_over:"),
    "chat": ("chat.py", "Chat", ":material/forum:"),
    "publish": ("publish.py", "Publish", ":material/public:"),
    "show": ("show.py", "Show it", ":material/co_present:"),
    "people": ("people.py", "People", ":material/group:"),
    "settings": ("settings.py", "Settings", ":material/settings:"),
}
FROM_A_PAGE = ("show",)  # reached from another page, and no entry in the menu


def page_of(address: str) -> StreamlitPage:
    """A page by the last part of its address; one that is not for this role has no entry in the menu."""
    file, title, icon = FILES[address]
    shown = may_here(PAGES[address]) and not (address == "" and only_asks()) and address not in FROM_A_PAGE
    return st.Page(file, title=title, icon=icon, default=address == "", visibility="visible" if shown else "hidden")


def only_asks() -> bool:
    """Whether whoever is here has nothing but the chat."""
    return may_here(Deed.ASK) and not may_here(Deed.BUILD)


trouble, seat = None, None
try:
    open_data_folder()
    seat = take_seat()
except AnswerbookError as error:
    trouble = error

signed_out = seat is not None and seat.owner and seat.person is None
page = st.navigation([page_of(address) for address in FILES], position="hidden" if signed_out else "sidebar")
if signed_out:
    draw_signed_out()
    st.stop()

try:
    if trouble:
        raise trouble
    names = assistants.assistant_names()
except AnswerbookError as error:
    if may_here(Deed.RULE) or state.person_id.get() is None:
        draw_closed(error)
    else:
        show_error(error)
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
    draw_seat()
    close_menu_after_choice(page.url_path, current)

if current:
    st.query_params["assistant"] = current
state.show_toast()
try:
    show_press_error()
    show_upload_error()
    if may_here(Deed.RULE):
        draw_model_ends()
        if page.url_path in ("", "knowledge"):
            draw_disk_notice()
    if page.url_path == "" and only_asks():
        st.switch_page("chat.py")
    if may_here(PAGES[page.url_path]):
        page.run()
    else:
        draw_not_for_you(page.title)
except AnswerbookError as error:
    if error.code in DAMAGE:
        draw_closed(error)
    else:
        show_error(error)
        st.button("Try again", key="draw_again", icon=":material/refresh:")

"""Publish: the assistant at an address of its own, for visitors who need no sign-in; how it looks and what it tells."""

import streamlit as st

from core.assistants import source_rows
from core.publish import Publication, publication, save_publication
from pages.parts import state
from pages.parts.demo_links import draw_demo_links
from pages.parts.program_keys import draw_programs
from pages.parts.publish_forms import draw_look, draw_person, draw_sources, draw_visitors, draw_website
from pages.parts.screen import chosen_assistant, confirm, pressed
from pages.parts.words import plain

PREVIEW_PIXELS = 660

assistant = chosen_assistant()
chosen = publication(assistant.id)


def address(name: str) -> str:
    """The public address as visitors type it: at the host under which this page was opened."""
    here = str(st.context.url or "")
    scheme, separator, rest = here.partition("://")
    return f"{scheme}{separator}{rest.partition('/')[0]}/a/{name}"


@pressed
def switch_on() -> None:
    """Put the assistant online."""
    save_publication(assistant.id, state="link")
    state.remember_toast("It is online. Whoever has the address can ask.")


def ask_to_switch_off() -> None:
    """Ask once before the address stops answering: it may stand on a site."""
    confirm(
        "Take it offline?",
        "Its address shows a friendly page that nothing is there, and it disappears from your websites. All that you "
        "set here is kept, and one click puts it online again.",
        "Take it offline",
        _switch_off,
    )


def _switch_off() -> None:
    save_publication(assistant.id, state="off")
    state.remember_toast("It is offline.")


def draw_off() -> None:
    """What publishing means, and the one click."""
    with st.container(border=True):
        st.markdown(":gray[:material/radio_button_unchecked:] **Offline.** Only you can ask.")
        st.write(
            "Put it online, and everyone who has its address can ask it, on a computer or a phone, without signing in. "
            "Answers come from all its sources; visitors can open only those that you choose."
        )
        st.button("Put it online", type="primary", icon=":material/public:", key="publish", on_click=switch_on)


def draw_on(shown: Publication) -> None:
    """The address, to copy and to open."""
    with st.container(border=True):
        st.markdown(":green[:material/check_circle:] **Online.** Whoever has this address can ask:")
        st.code(address(shown.name), language=None, wrap_lines=True)
        with st.container(horizontal=True):
            st.link_button("Open", address(shown.name), icon=":material/open_in_new:")
            if st.button("Take it offline", icon=":material/public_off:", key="unpublish"):
                ask_to_switch_off()


def draw_preview(shown: Publication) -> None:
    """The page as visitors see it, and as it was saved last."""
    if shown.state == "off":
        st.caption("Once it is online you see here what visitors see.")
        return
    st.caption("This is what visitors see. Try it: ask something.")
    saved = int(shown.updated_at.timestamp() * 1000) if shown.updated_at else 0
    with st.container(border=True):
        st.iframe(f"/a/{shown.name}?preview=1&saved={saved}", height=PREVIEW_PIXELS, alt="The visitors' page")


st.title("Publish", anchor=False)
st.write(f"**{plain(assistant.name)}** at an address of its own, for your customers or your team.")
if not source_rows.has_sources(assistant.id):
    st.info("It has no documents yet, so it could only say that it knows nothing.", icon=":material/info:")
    if st.button("Add documents", icon=":material/upload_file:", key="publish_documents"):
        st.switch_page("knowledge.py")

settings_side, preview_side = st.columns([5, 4], gap="medium")
with settings_side:
    if chosen.state == "off":
        draw_off()
    else:
        draw_on(chosen)
    draw_demo_links(chosen, address("").removesuffix("/a/"))
    names = ["Look", "Sources", "A person", "Your website", "Visitors", "Programs"]
    look, sources, person, website, visitors, programs = st.tabs(names)
    with look:
        draw_look(chosen)
    with sources:
        draw_sources(chosen)
    with person:
        draw_person(chosen)
    with website:
        draw_website(chosen, address(""))
    with visitors:
        draw_visitors(chosen)
    with programs:
        draw_programs(chosen, address("").removesuffix("a/"))
with preview_side:
    draw_preview(chosen)

"""Home: the assistants as cards; on the first visit, one click to an answer."""

import streamlit as st

from core.assistants import assistants, lifecycle, voices
from core.assistants.assistants import AssistantCard, AssistantProfile
from core.assistants.lifecycle import copy_assistant
from core.errors import AnswerbookError
from core.people import Deed
from core.text import counted
from pages.parts import state
from pages.parts.message import FACE, draw_question
from pages.parts.person import may_here
from pages.parts.screen import choose_assistant, confirm, show_error
from pages.parts.words import ago, name_and_page, plain

CARDS = 24


def open_sample() -> None:
    """Build the ShipIt sample (or go back to it) and stand in its chat."""
    from core.sample import sample_assistant

    choose_assistant(sample_assistant())
    state.next_page.set("chat.py")


@st.dialog("A new assistant")
def ask_for_name() -> None:
    """Ask for the one thing a new assistant needs."""
    with st.form("new_assistant", border=False):
        name = st.text_input(
            "Name", placeholder="For example: Customer help", max_chars=assistants.NAME_LENGTH, key="new_assistant_name"
        )
        if st.form_submit_button("Create", type="primary", key="create_assistant"):
            try:
                choose_assistant(lifecycle.create_assistant(name))
            except AnswerbookError as error:
                show_error(error)
            else:
                state.next_page.set("knowledge.py")
                st.rerun()
    st.link_button("Take one in from a file", "/assistant-file", icon=":material/upload:", type="tertiary")


def first_visit() -> None:
    """Say what this is, offer the two ways to begin, and show what an answer looks like."""
    st.title("Answers from your own documents, with the page they stand on")
    if not may_here(Deed.BUILD):
        st.write("There is no assistant yet. It is shown here as soon as somebody has made one.")
        return
    st.write(
        "Put your documents in. Your assistant answers questions from them, word for word or in its own voice, and "
        "every answer opens the place it came from."
    )
    with st.container(horizontal=True):
        if st.button("Try the ShipIt sample", type="primary", icon=":material/local_shipping:", key="try_sample"):
            open_sample()
            st.rerun()
        if st.button("Start with my documents", icon=":material/upload_file:", key="start_own"):
            ask_for_name()
    example_answer()


def example_answer() -> None:
    """A real question to the sample and its real answer."""
    from core.sample import EXAMPLE

    st.space("small")
    st.caption("What an answer looks like, from the sample of a fictional parcel carrier:")
    with st.container(border=True):
        draw_question(EXAMPLE.question)
        with st.chat_message("assistant", avatar=FACE):
            st.write(f"“{EXAMPLE.quote}” [1]")
            st.caption(f"[1] {name_and_page(EXAMPLE.document, EXAMPLE.page)}")


def draw_menu(card: AssistantCard) -> str | None:
    """What may be done with an assistant, by whom it may be; returns what was chosen."""
    if not may_here(Deed.BUILD):
        return None
    return st.menu_button(
        "More",
        ["Rename", "Copy", "Save as a file", *(["Delete"] if may_here(Deed.RULE) else [])],
        icon=":material/more_horiz:",
        type="tertiary",
        key=f"more_{card.id}",
    )


def draw_card(card: AssistantCard) -> None:
    """One assistant: what it holds, how it is, and the way in."""
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(plain(card.name), anchor=False)
            chosen = draw_menu(card)
        st.caption(state_line(card))
        if may_here(Deed.ASK) and st.button("Open", key=f"open_{card.id}", icon=":material/arrow_forward:"):
            choose_assistant(card.id)
            state.next_page.set("chat.py" if card.passages else "knowledge.py")
            st.rerun()
    if chosen == "Rename":
        rename(card)
    elif chosen == "Copy":
        copy(card)
    elif chosen == "Save as a file":
        save_as_file(card)
    elif chosen == "Delete":
        confirm(
            f"Delete {card.name}?",
            f"It goes to the bin with its {counted(card.sources, 'source')} and its conversations. For 30 days you can "
            "bring it back in Settings.",
            "Delete",
            lambda: lifecycle.delete_assistant(card.id),
        )


def draw_cards(names: dict[str, str]) -> dict[str, AssistantCard]:
    """The assistants as cards, last used first; where they are many, a page of them and a box to find one by name.

    Returns by their ids what was drawn.
    """
    ids = list(names)
    if len(ids) > CARDS:
        st.text_input("Find an assistant", key=state.assistant_filter.key, icon=":material/search:", live=True)
        words = (state.assistant_filter.get() or "").casefold().split()
        ids = [card_id for card_id in ids if all(word in names[card_id].casefold() for word in words)]
        if not ids:
            st.caption("No assistant has a name like that.")
    pages = max(1, -(-len(ids) // CARDS))
    begin = (min(state.assistant_page.get(), pages) - 1) * CARDS
    with st.grid(3, min_column_width=280):
        cards = {card.id: card for card in assistants.assistant_cards(ids[begin : begin + CARDS])}
        for card_id in ids[begin : begin + CARDS]:
            if card_id in cards:
                draw_card(cards[card_id])
    if pages > 1:
        st.pagination(pages, key=state.assistant_page.key)
    return cards


def state_line(card: AssistantCard) -> str:
    """The card's numbers in words, with the last problem if there is one."""
    parts = [counted(card.sources, "source"), counted(card.passages, "passage")]
    if card.working:
        parts.append(f":material/hourglass_top: reading {counted(card.working, 'file')}")
    elif card.failed:
        parts.append(f":red[:material/error: {counted(card.failed, 'file')} could not be read]")
    else:
        parts.append(":green[:material/check_circle: ready]" if card.passages else "empty")
    if card.questions_this_week:
        parts.append(f"asked {counted(card.questions_this_week, 'time')} this week")
    return " · ".join(parts) + f" · made {ago(card.created_at)}"


@st.dialog("Rename")
def rename(card: AssistantCard) -> None:
    """Give an assistant another name."""
    name = st.text_input("Name", value=card.name, max_chars=assistants.NAME_LENGTH, key=f"rename_to_{card.id}")
    if st.button("Rename", type="primary", key=f"rename_{card.id}"):
        try:
            assistants.rename_assistant(card.id, name)
        except AnswerbookError as error:
            show_error(error)
        else:
            st.rerun()


@st.dialog("Copy")
def copy(card: AssistantCard) -> None:
    """Make a copy with the same sources and voice, to try things on."""
    st.write("The copy gets the same sources and voice; conversations stay with the original.")
    name = st.text_input(
        "Name of the copy", value=f"{card.name} (copy)"[: assistants.NAME_LENGTH], key=f"copy_{card.id}"
    )
    if st.button("Copy", type="primary", key=f"copy_now_{card.id}"):
        try:
            choose_assistant(copy_assistant(card.id, name))
        except AnswerbookError as error:
            show_error(error)
        else:
            st.rerun()


@st.dialog("Save as a file")
def save_as_file(card: AssistantCard) -> None:
    """Hand an assistant on, or keep it to begin others from."""
    st.write("How it speaks, is cut and searched. Keys, people, limits and conversations never go along.")
    address = f"/backup/assistant/{card.id}"
    with st.container(horizontal=True):
        label = f"With its {counted(card.sources, 'source')}"
        if card.sources:
            st.link_button(label, address, icon=":material/download:", type="primary")
        st.link_button("Without documents", f"{address}?documents=no", icon=":material/download:")


def checklist(assistant: AssistantProfile, card: AssistantCard) -> None:
    """The four steps of the chosen assistant with their state."""
    has_voice = len(voices.voice_versions(assistant.id)) > 1
    steps = [
        ("Add documents", card.passages > 0, "knowledge.py", "Files it answers from"),
        ("Look at passages", assistant.looked_at_passages, "passages.py", "What questions will find"),
        ("Choose a voice", has_voice, "voice.py", "How it speaks"),
        ("Ask", card.questions_this_week > 0, "chat.py", "And check the answer"),
    ]
    st.subheader(f"Next steps for {plain(assistant.name)}", anchor=False)
    with st.grid(4, min_column_width=180):
        for number, (title, done, target, hint) in enumerate(steps, 1):
            with st.container(border=True):
                mark = ":green[:material/check_circle:]" if done else f":gray[{number}]"
                st.markdown(f"{mark} **{title}**")
                st.caption("Done" if done else hint)
                st.page_link(target, label="Open", icon=":material/arrow_forward:")


if target := state.next_page.take():
    st.switch_page(target)

names = assistants.names_by_use()
if not names:
    first_visit()
    st.stop()

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title("Your assistants" if may_here(Deed.BUILD) else "The assistants", anchor=False)
    if may_here(Deed.BUILD) and st.button(
        "New assistant", type="primary", icon=":material/add:", key="new_assistant_button"
    ):
        ask_for_name()

drawn = draw_cards(names)
if not may_here(Deed.BUILD):
    st.stop()
chosen = state.chosen_assistant_id.get()
chosen = chosen if chosen in names else next(iter(names))
for card in [drawn[chosen]] if chosen in drawn else assistants.assistant_cards([chosen]):
    checklist(assistants.profile(card.id), card)
if "ShipIt help" not in names.values() and st.button(
    "Try the ShipIt sample", icon=":material/local_shipping:", type="tertiary", key="try_sample"
):
    open_sample()
    st.rerun()

"""Where passages are kept: its state, a test of the connection, and moving them all to the other store and back."""

import streamlit as st

from core.errors import AnswerbookError, StoreError
from core.index import Rebuild, at_work, rebuilds, request_store
from core.operate import stores_seen, weaviate_label
from core.schema import StoreName
from core.store import examine_weaviate
from core.text import counted
from pages.parts import state
from pages.parts.screen import confirm, in_words, show_error
from pages.parts.status import SECONDS, clock
from pages.parts.words import STORES, plain


def draw_store() -> None:
    """The stores in use with their state, and what can be done about them."""
    st.subheader("Where passages are kept", anchor=False)
    owners, server = rebuilds(), weaviate_label()
    with st.container(border=True):
        if not server and all(owner.store == StoreName.LANCEDB for owner in owners):
            draw_state(StoreName.LANCEDB, owners, "")
            st.caption(
                "That is all most need. To keep them in a Weaviate server, the host sets WEAVIATE_URL "
                "(docs/hosting.md) and starts Answerbook again; a button to move them is here then."
            )
            return
        draw_states(server)
        with st.container(horizontal=True):
            if server and st.button("Test connection", key="test_store", icon=":material/network_check:"):
                state.store_test.set(tested())
            draw_moves(owners, server)
        draw_tested()


@st.fragment(run_every=SECONDS)
@in_words
def draw_states(server: str) -> None:
    """Each store in use, as it is now: drawn again by itself, like the line in the sidebar."""
    owners = rebuilds()
    for name in (StoreName.WEAVIATE, StoreName.LANCEDB):
        if name == StoreName.WEAVIATE or any(owner.store == name for owner in owners):
            draw_state(name, owners, server)


def draw_state(name: StoreName, owners: list[Rebuild], server: str) -> None:
    """One store: works or not and since when, and how many assistants answer from it."""
    count = sum(owner.store == name for owner in owners)
    label = f"**{STORES[name][0].upper()}{STORES[name][1:]}**"
    if name == StoreName.WEAVIATE:
        label += f" on {plain(server)}" if server else ", not set up any more"
    answers = f":gray[{counted(count, 'assistant')}]"
    seen = stores_seen().get(name)
    if seen is None:
        st.markdown(f":gray[:material/radio_button_unchecked:] {label} · {answers}")
    elif seen.trouble is None:
        st.markdown(f":green[:material/check_circle:] {label} works · {answers}")
    else:
        st.error(
            plain(f"{seen.trouble.remedy} It has been so since {clock(seen.since)}."),
            title=plain(seen.trouble.what),
            icon=":material/error:",
        )
        st.markdown(f"{label} · {answers}")


def tested() -> str | StoreError:
    """Run the test; returns the version of the server, or what is wrong."""
    try:
        with st.spinner("Looking at the server…"):
            return examine_weaviate()
    except StoreError as error:
        return error


def draw_tested() -> None:
    """What the last test found, until something else is clicked."""
    outcome = state.store_test.take()
    if isinstance(outcome, AnswerbookError):
        show_error(outcome)
    elif outcome:
        st.success(
            f"Weaviate {plain(outcome)} answers, takes the key, and can be written to.", icon=":material/check_circle:"
        )


def draw_moves(owners: list[Rebuild], server: str) -> None:
    """The buttons that move all assistants; none while some are on their way."""
    if at_work(owners):
        return
    away, here = (any(owner.store == name for owner in owners) for name in (StoreName.WEAVIATE, StoreName.LANCEDB))
    icon = ":material/drive_file_move:"
    if server and here and st.button("Move to Weaviate", key="move_to_weaviate", icon=icon):
        ask_move(StoreName.WEAVIATE, owners)
    if away and st.button("Move back", key="move_back", icon=":material/undo:", help="Into the data folder."):
        ask_move(StoreName.LANCEDB, owners)


def ask_move(name: StoreName, owners: list[Rebuild]) -> None:
    """Ask once, then move in the background."""

    def change() -> None:
        state.remember_toast(request_store(name))

    moved = sum(owner.store != name for owner in owners)
    there = "to Weaviate" if name == StoreName.WEAVIATE else "into the data folder"
    confirm(
        "Move all passages?",
        f"The passages of {counted(moved, 'assistant')} are copied {there} in the background and counted "
        "there. Each assistant answers from where it is until all of its passages are there. What is prepared already "
        "is copied and costs nothing; the old copy is kept for a day.",
        "Move",
        change,
    )

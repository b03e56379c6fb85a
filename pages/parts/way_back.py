"""Going back: what answered before a change is kept for a day, said with how it differs and one button."""

import streamlit as st

from core.embed import embedding_info
from core.index import WayBack, go_back, ways_back
from core.schema import IndexSettings
from pages.parts import state
from pages.parts.screen import confirm
from pages.parts.status import clock
from pages.parts.words import STORES, plain


def draw_ways_back(assistant_id: str = "") -> None:
    """One line for each assistant (or this one) whose earlier passages are still kept; nothing where none are."""
    for way in ways_back(assistant_id):
        key = f"way_back_{way.assistant_id}"
        with st.container(border=True, key=key, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/history: **{plain(way.name)}** answered from other passages before: "
                f"{differences(way.before, way.now)}. They are kept until {clock(way.until)}.",
                width="stretch",
            )
            if st.button("Go back", key=f"go_back_{way.assistant_id}", icon=":material/undo:"):
                ask_to_go_back(way)


def differences(before: IndexSettings, now: IndexSettings) -> str:
    """How an earlier index differs from the one of now, in the owner's words."""
    parts = []
    if before.cut != now.cut:
        parts.append(f"up to {before.cut.size:,} characters, {before.cut.overlap:,} of them shared")
    if before.embedding != now.embedding:
        parts.append(f"search by meaning from {plain(embedding_info(before.embedding).label)}")
    if before.store != now.store:
        parts.append(f"kept in {STORES[before.store]}")
    return "; ".join(parts) or "the same settings, built earlier"


def ask_to_go_back(way: WayBack) -> None:
    """Ask once, then bring the earlier passages up to date in the background and let them answer."""

    def change() -> None:
        state.remember_toast(go_back(way.assistant_id), ":material/undo:")

    confirm(
        "Go back to the passages of before?",
        "What was added or changed since is brought into them in the background; then they answer again. The passages "
        "of now answer until that is done, and are kept for a day themselves.",
        "Go back",
        change,
    )

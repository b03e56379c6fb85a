"""Going back: what answered before a change is kept for a day, said with how it differs and one button."""

import streamlit as st

from core.database import IndexBuild
from core.embed import embedding_info
from core.index import WayBack, go_back, ways_back
from pages.parts.screen import confirm
from pages.parts.status import clock
from pages.parts.words import STORES, plain


def draw_ways_back(assistant_id: str = "") -> None:
    """One line for each assistant (or this one) whose earlier passages are still kept; nothing where none are."""
    if told := st.session_state.pop("way_back_told", None):
        st.toast(told, icon=":material/undo:")
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


def differences(before: IndexBuild, now: IndexBuild) -> str:
    """How an earlier index differs from the one of now, in the owner's words."""
    told = []
    if (before.cut_size, before.cut_overlap) != (now.cut_size, now.cut_overlap):
        told.append(f"up to {before.cut_size:,} characters, {before.cut_overlap:,} of them shared")
    if before.embedding != now.embedding:
        told.append(f"search by meaning from {plain(embedding_info(before.embedding).label)}")
    if before.store != now.store:
        told.append(f"kept in {STORES[before.store]}")
    return "; ".join(told) or "the same settings, built earlier"


def ask_to_go_back(way: WayBack) -> None:
    """Ask once, then bring the earlier passages up to date in the background and let them answer."""

    def change() -> None:
        st.session_state.way_back_told = go_back(way.assistant_id)

    confirm(
        "Go back to the passages of before?",
        "What was added or changed since is brought into them in the background; then they answer again. The passages "
        "of now answer until that is done, and are kept for a day themselves.",
        "Go back",
        change,
    )

"""Search by meaning: what prepares passages for it, and the change to another."""

import streamlit as st

from core.embed import embedding_info, embeddings_on_offer
from core.index import Rebuild, at_work, cost_of, rebuilds, request_embedding
from core.schema import Provider
from core.text import counted
from pages.parts.rebuild_view import draw_rebuild
from pages.parts.screen import confirm
from pages.parts.words import cost_words, plain


def draw_search(current: Provider | None) -> None:
    """Which embedding prepares passages, and how far a change is."""
    st.subheader("Search by meaning", anchor=False)
    found = rebuilds()
    with st.container(border=True):
        if not found:
            st.caption("There is no assistant yet. The first one starts with the built-in search.")
            return
        offered = [info.name for info in embeddings_on_offer(current)]
        used = list(dict.fromkeys(r.embedding for r in found))
        gone = [name for name in used if name not in offered]
        choices = [*offered, *gone]
        st.session_state.setdefault("search_model", used[0])
        if st.session_state.search_model not in choices:
            st.session_state.search_model = used[0]
        chosen = st.radio(
            "Passages are found by their words and by their meaning. The meaning comes from",
            choices,
            format_func=lambda name: embedding_info(name).label,
            captions=[in_use(name, found, gone) for name in choices],
            key="search_model",
            help="In technical words: the embedding model. Another one gives every passage another vector.",
        )
        if chosen in offered and any(r.embedding != chosen for r in found) and not at_work(found):
            if st.button("Use it for all assistants", key="use_search_model"):
                ask_embedding(chosen, found)
        elif len(offered) == 1:
            st.caption("Set a search model above to have another choice.")
    if at_work(found):
        draw_rebuilds_live()
    else:
        draw_rebuilds(found)


def in_use(name: str, found: list[Rebuild], gone: list[str]) -> str:
    """Who is searched with an embedding, in words."""
    count = sum(r.embedding == name for r in found)
    if not count:
        return "Not in use"
    who = "In use" if count == len(found) else f"In use by {count} of {len(found)} assistants"
    return f"{who}, but its service is not set up any more: these cannot be searched" if name in gone else who


def ask_embedding(name: str, found: list[Rebuild]) -> None:
    """Ask once, then have all passages prepared anew."""

    def change() -> None:
        st.session_state.search_told = request_embedding(name)

    cost = cost_of(name)
    confirm(
        "Prepare all passages anew?",
        f"{counted(len(found), 'assistant')} will be searched anew. It happens in the background, and each answers as "
        f"before until it is ready. {plain(cost_words(cost.passages, cost.tokens, cost.service))} What was there "
        "before is kept for a day, so that you can go back.",
        "Prepare anew",
        change,
    )


def draw_rebuilds(found: list[Rebuild]) -> None:
    """The rebuilds that wait, run, failed or were stopped."""
    for rebuild in found:
        if rebuild.job:
            draw_rebuild(rebuild.job, rebuild.name)


@st.fragment(run_every=1.0)
def draw_rebuilds_live() -> None:
    """The rebuilds while one is at work; at the end the page is drawn once more."""
    found = rebuilds()
    draw_rebuilds(found)
    if not at_work(found):
        st.rerun(scope="app")

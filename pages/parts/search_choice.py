"""Search by meaning: what prepares passages for it and the change to another; and whether what is found is read."""

import streamlit as st

from core.assistants import assistants
from core.assistants.provider_settings import SEARCHES, search_provider
from core.embed import embedding_info, embeddings_on_offer
from core.errors import AnswerbookError
from core.index import Rebuild, at_work, cost_of, rebuilds, request_embedding
from core.schema import Provider
from core.text import counted
from pages.parts import state
from pages.parts.provider_card import draw_card
from pages.parts.rebuild_view import draw_rebuild
from pages.parts.screen import confirm, in_words, pressed
from pages.parts.words import cost_words, plain


def draw_search() -> None:
    """Which embedding prepares passages, and how far a change is."""
    st.subheader("Search by meaning", anchor=False)
    owners = rebuilds()
    current = provider_that_searches()
    with st.container(border=True):
        if not owners:
            st.caption("There is no assistant yet. The first one starts with the built-in search.")
            draw_service()
            return
        offered = [info.name for info in embeddings_on_offer(current)]
        used = list(dict.fromkeys(owner.embedding for owner in owners))
        gone = [name for name in used if name not in offered]
        choices = [*offered, *gone]
        if state.search_model.get() not in choices:
            state.search_model.set(used[0])
        chosen = st.radio(
            "Passages are found by their words and by their meaning. The meaning comes from",
            choices,
            format_func=lambda name: embedding_info(name).label,
            captions=[in_use(name, owners, gone) for name in choices],
            key=state.search_model.key,
            help="In technical words: the embedding model. Another one gives every passage another vector.",
        )
        other = chosen in offered and any(owner.embedding != chosen for owner in owners) and not at_work(owners)
        if other and st.button("Use it for all assistants", key="use_search_model"):
            ask_embedding(chosen, len(owners))
        draw_service()
        draw_reader()
    if at_work(owners):
        draw_rebuilds_live()
    else:
        draw_rebuilds(owners)


def provider_that_searches() -> Provider | None:
    """The provider whose search model is on offer; what is wrong with its key is said at its card."""
    try:
        return search_provider()
    except AnswerbookError:
        return None


def draw_service() -> None:
    """The service that search models come from, which may be another than the one that writes; folded until wanted."""
    words = "Use the search model of a service"
    with st.expander(words, expanded=False, key="search_service", on_change="rerun") as folded:
        if not folded.open:
            return
        st.caption(
            "A service's model may find more, above all in other languages and for rare words. Every passage and every "
            "question is sent to it then. The built-in search costs nothing and works without a network."
        )
        writes = provider_that_searches()
        theirs = writes.embedding_model if writes else ""
        none_set = (
            f"“{plain(theirs)}” of the service that writes is on offer." if theirs else "There is the built-in one."
        )
        draw_card(SEARCHES, f":gray[:material/radio_button_unchecked:] **Not set.** {none_set}")


def draw_reader() -> None:
    """Whether the small model inside this program looks through what was found."""
    state.reads_closely.set(assistants.reads_closely())
    st.toggle(
        "Read what was found before answering",
        key=state.reads_closely.key,
        on_change=pressed(keep_reading),
        help="A small model inside this program reads each sentence and table row that was found, puts the one that "
        "answers first, and tells when none does. It takes about a quarter of a second a question, and nothing leaves "
        "this machine. In technical words: a reranker.",
    )


def keep_reading() -> None:
    """Keep what the switch stands on."""
    assistants.set_reads_closely(state.reads_closely.get())


def in_use(name: str, owners: list[Rebuild], gone: list[str]) -> str:
    """Who is searched with an embedding, in words."""
    count = sum(owner.embedding == name for owner in owners)
    if not count:
        return "Not in use"
    who = "In use" if count == len(owners) else f"In use by {count} of {len(owners)} assistants"
    return f"{who}, but its service is not set up any more: these cannot be searched" if name in gone else who


def ask_embedding(name: str, assistants: int) -> None:
    """Ask once, then have all passages prepared anew."""

    def change() -> None:
        state.remember_toast(request_embedding(name))

    confirm(
        "Prepare all passages anew?",
        f"{counted(assistants, 'assistant')} will be searched anew. It happens in the background, and each answers as "
        f"before until it is ready.\n\n{cost_words(cost_of(name))}\n\nWhat was there "
        "before is kept for a day, so that you can go back.",
        "Prepare anew",
        change,
    )


def draw_rebuilds(owners: list[Rebuild]) -> None:
    """The rebuilds that wait, run, failed or were stopped."""
    for owner in owners:
        if owner.job:
            draw_rebuild(owner.job, owner.name)


@st.fragment(run_every=1.0)
@in_words
def draw_rebuilds_live() -> None:
    """The rebuilds while one is at work; at the end the page is drawn once more."""
    owners = rebuilds()
    draw_rebuilds(owners)
    if not at_work(owners):
        st.rerun(scope="app")

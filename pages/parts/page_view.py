"""One page of a source at a time: as it looks, with the passages marked on it, and the passages beside it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import LoadError
from core.schema import Passage
from core.text import counted
from core.viewer import (
    PICTURES,
    CutSource,
    PageLayout,
    Part,
    TextLayout,
    holding,
    on_part,
    page_layout,
    parts_of,
    text_layout,
)
from pages.parts import cut_state, edit_state, state
from pages.parts.page_map import draw_page_map
from pages.parts.passage_list import Menu, card_of, draw_passage
from pages.parts.screen import in_words
from pages.parts.words import plain


@st.fragment
@in_words
def draw_page_view(
    assistant_id: str, source_id: str, name: str, cut: CutSource, remarks: Mapping[int, str], menu: Menu
) -> None:
    """Turn the pages, jump to words, choose a passage: only this part of the screen is drawn again."""
    parts = parts_of(cut)
    words = draw_search(cut)
    turned, chosen = state.page_of(cut.version_id), cut_state.passage_chosen(cut.version_id)
    if not 1 <= turned.get() <= len(parts.each):
        turned.set(1)
    with st.container(horizontal=True, vertical_alignment="center"):
        number = st.pagination(len(parts.each), key=turned.key, max_visible_pages=5, persist_state="session")
        part = parts.each[number - 1]
        word = parts.word.capitalize()
        named = f" · {plain(part.name)}" if part.name else ""
        st.caption(f"{word} {number} of {len(parts.each):,}{named}", width="content")
    if not on_part(cut.document, cut.passages, part):
        st.caption(f"No passage stands on this {parts.word}.")
    layout = _layout(assistant_id, source_id, cut, part)
    cards = [card_of(cut.document, passage, remarks.get(passage.ordinal, "")) for passage in layout.passages]
    pressed = draw_page_map(
        layout,
        cards,
        f"{word} {number} of {name}, its passages marked",
        f"map_{cut.version_id}_{number}",
        chosen=chosen.get(),
        words=words.split(),
    )
    if pressed is not None:
        chosen.set(pressed)
    for passage in layout.passages:
        if passage.ordinal + 1 == chosen.get():
            st.markdown("**The chosen passage**")
            list_name = f"{cut.version_id}_chosen"
            draw_passage(cut.document, passage, list_name, words, remarks.get(passage.ordinal, ""), menu)
            if edit_state.edit_chosen(f"{list_name}_{passage.ordinal}").get():
                st.rerun(scope="app")  # what was chosen in its menu opens a dialog, which is not this part's


def _layout(assistant_id: str, source_id: str, cut: CutSource, part: Part) -> PageLayout | TextLayout:
    """The page as it looks; where it has no looks, or they cannot be drawn, its text as it is laid out."""
    if cut.document.kind in PICTURES and part.page:
        slot = st.container()
        try:
            with slot.skeleton(height=400):
                return page_layout(assistant_id, source_id, cut, part.page)
        except LoadError as error:
            st.caption(f":material/image_not_supported: {plain(error.what)} Its text is below.")
    return text_layout(cut.document, cut.passages, part)


def draw_search(cut: CutSource) -> str:
    """The box for words, and the way from one passage that holds them to the next; returns the words."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Find in this source",
            key=cut_state.passage_words.key,
            icon=":material/search:",
            live=True,
            persist_state="page",
            width=360,
        )
        words = words or ""
        found = holding(cut.passages, words) if words.strip() else []
        jumped = cut_state.words_jumped_to(cut.version_id)
        if words != jumped.get():
            jumped.set(words)
            if found:
                _go(cut, found, 0)
        if words.strip():
            at = _place(cut, found)
            where = f"{at + 1} of {len(found):,}" if at >= 0 else counted(len(found), "passage")
            for label, icon, by in (("Previous", "arrow_upward", -1), ("Next", "arrow_downward", 1)):
                key = f"find_{label.lower()}"
                st.button(
                    label,
                    icon=f":material/{icon}:",
                    key=key,
                    disabled=not found,
                    on_click=_step,
                    args=(cut, words, by),
                )
            st.caption(f"{where} with these words" if found else "No passage holds these words.", width="content")
    return words


def _place(cut: CutSource, found: Sequence[Passage]) -> int:
    """Which of the passages that were found is the chosen one; -1: none."""
    chosen = cut_state.passage_chosen(cut.version_id).get()
    return next((n for n, passage in enumerate(found) if passage.ordinal + 1 == chosen), -1)


def _step(cut: CutSource, words: str, by: int) -> None:
    found = holding(cut.passages, words)
    if found:
        at = _place(cut, found)
        _go(cut, found, (at + by) % len(found) if at >= 0 else 0)


def _go(cut: CutSource, found: Sequence[Passage], at: int) -> None:
    """Choose a passage and turn to its page; to be called before either is drawn."""
    cut_state.passage_chosen(cut.version_id).set(found[at].ordinal + 1)
    state.page_of(cut.version_id).set(parts_of(cut).at(found[at].start))

"""Trying another cut on one source, before it is applied to all."""

import streamlit as st

from core.assistants.index_builds import live_settings
from core.index import LARGEST, SMALLEST, cost_of, request_cut
from core.schema import CutSettings, Passage
from core.text import counted
from core.viewer import CutSource, cut_source, numbers
from pages.parts import state
from pages.parts.length_chart import draw_lengths, most_in_a_bar
from pages.parts.passage_list import draw_passages
from pages.parts.screen import confirm
from pages.parts.words import cost_words

SIZES = (SMALLEST, 300, 400, 500, 600, 800, 1000, 1200, 1400, 1600, 2000, 2400, 3000, 4000, 5000, 6000, LARGEST)
OVERLAPS = (0, 50, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000, LARGEST // 2)


def draw_trial(assistant_id: str, source_id: str, now: CutSource, sources: int) -> None:
    """The two settings, what they would change on this source, the new passages, and the button that applies them."""
    wanted = chosen_cut(assistant_id, now.cut)
    with st.spinner("Cutting this source…", show_time=False):
        trial = cut_source(assistant_id, source_id, wanted)
    draw_comparison(now.passages, trial.passages)
    same = wanted == now.cut
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Apply to all sources", type="primary", key="apply_cut", disabled=same):
            ask_apply(assistant_id, wanted, sources)
        if not same:
            st.button("Back to the cut in use", key="reset_cut", on_click=reset_trial, args=(assistant_id,))
    if same:
        st.caption("This is the cut in use. Move a slider to see what would change; nothing is changed by looking.")
        return
    st.subheader("The passages it would give", anchor=False)
    draw_passages(trial.document, trial.passages, f"trial_{source_id}")


def reset_trial(assistant_id: str) -> None:
    """Let the sliders stand on the cut in use again."""
    state.cut_trial(assistant_id, "size").forget()
    state.cut_trial(assistant_id, "overlap").forget()


def chosen_cut(assistant_id: str, now: CutSettings) -> CutSettings:
    """The two sliders, in the owner's words."""
    size_entry, overlap_entry = (state.cut_trial(assistant_id, part) for part in ("size", "overlap"))
    size_entry.begin(now.size)
    overlap_entry.begin(now.overlap)
    left, right = st.columns(2, gap="medium")
    with left:
        size = st.select_slider(
            "Length of a passage",
            sorted({*SIZES, now.size}),
            format_func=lambda count: f"{count:,} characters",
            key=size_entry.key,
            persist_state="session",
            help="In technical words: the chunk size. Passages end at paragraphs and sentences, so most are shorter.",
        )
        ends("shorter, more precise", "longer, more context")
    allowed = [count for count in sorted({*OVERLAPS, now.overlap}) if count <= size // 2]
    if overlap_entry.get() not in allowed:
        overlap_entry.set(allowed[-1])
    with right:
        overlap = st.select_slider(
            "Shared with the passage before",
            allowed,
            format_func=lambda count: f"{count:,} characters",
            key=overlap_entry.key,
            persist_state="session",
            help="In technical words: the overlap. Whole sentences are repeated, so that none loses what came before.",
        )
        ends("nothing twice", "nothing torn apart")
    return CutSettings(size, overlap)


def ends(low: str, high: str) -> None:
    """What the two ends of a slider mean."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(low, width="content")
        st.caption(high, width="content")


def draw_comparison(before: tuple[Passage, ...], after: tuple[Passage, ...]) -> None:
    """Counts and lengths side by side, on the same axes."""
    longest = max(numbers(before).longest, numbers(after).longest)
    most = max(most_in_a_bar(before, longest), most_in_a_bar(after, longest))
    for column, title, passages in zip(
        st.columns(2, border=True), ("Now", "With this cut"), (before, after), strict=True
    ):
        count = numbers(passages)
        with column:
            st.markdown(f"**{title}** · {counted(count.passages, 'passage')}")
            st.caption(f"Median {count.median:,} characters · {count.shortest:,} to {count.longest:,}")
            draw_lengths(passages, f"lengths_{title}", longest, most)


def ask_apply(assistant_id: str, wanted: CutSettings, sources: int) -> None:
    """Ask once, then have everything cut anew in the background."""

    def apply() -> None:
        state.remember_toast(request_cut(assistant_id, wanted), ":material/info:")

    cost = cost_of(live_settings(assistant_id).embedding, assistant_id)
    price = f" {cost_words(cost)}" if cost.service else ""
    confirm(
        "Apply this cut to all sources?",
        f"{counted(sources, 'source')} will be cut again in the background. Answers come from the old passages until "
        f"that is done, and citations in earlier conversations stay as they are.{price} The old passages are kept for "
        "a day, so that you can go back.",
        "Apply",
        apply,
    )

"""Trying another cut on one source, before it is applied."""

import streamlit as st

from core import jobs
from core.assistants.cut_kinds import choose_kind
from core.assistants.index_builds import live_settings
from core.index import LARGEST, SMALLEST, cost_of, request_cut
from core.schema import CUT_KINDS, CutKind, CutSettings, Passage
from core.text import counted
from core.viewer import CutChange, CutSource, cut_change, cut_source, kind_found, numbers
from pages.parts import cut_state, state
from pages.parts.cut_questions import draw_questions
from pages.parts.kind_words import KIND_HINTS, KIND_NAMES
from pages.parts.length_chart import draw_lengths, most_in_a_bar
from pages.parts.passage_list import draw_passages
from pages.parts.screen import confirm
from pages.parts.words import cost_words

SIZES = (SMALLEST, 300, 400, 500, 600, 800, 1000, 1200, 1400, 1600, 2000, 2400, 3000, 4000, 5000, 6000, LARGEST)
OVERLAPS = (0, 50, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000, LARGEST // 2)


def draw_trial(assistant_id: str, source_id: str, now: CutSource, sources: int) -> None:
    """The kind and the two settings, what they would change on this source, and the button that applies them."""
    wanted = chosen_cut(assistant_id, source_id, now)
    with st.spinner("Cutting this source…", show_time=False):
        trial = cut_source(assistant_id, source_id, wanted)
    same = wanted == now.cut
    with st.container(horizontal=True, vertical_alignment="center"):
        everywhere = (wanted.size, wanted.overlap) != (now.cut.size, now.cut.overlap)
        label = "Apply to all sources" if everywhere or same else "Apply to this source"
        if st.button(label, type="primary", key="apply_cut", disabled=same):
            if everywhere:
                ask_apply(assistant_id, source_id, now.cut, wanted, sources)
            else:
                ask_kind(assistant_id, source_id, wanted.kind)
        if not same:
            st.button("Back to the cut in use", key="reset_cut", on_click=reset_trial, args=(assistant_id, source_id))
    change = cut_change(now.passages, trial.passages)
    if not same:
        draw_change(change)
    draw_comparison(now.passages, trial.passages)
    if same:
        st.caption("This is the cut in use. Choose another kind to see what would change; nothing changes by looking.")
        return
    draw_questions(assistant_id, source_id, wanted)
    st.subheader("The passages it would give", anchor=False)
    narrow = st.toggle("Only those that are new", value=True, key=cut_state.only_new(source_id).key)
    shown = [p for p in trial.passages if p.ordinal in change.new] if narrow else trial.passages
    if not shown:
        st.caption("No passage is new: the words of all stay as they are.")
    draw_passages(trial.document, shown, f"trial_{source_id}")


def draw_change(change: CutChange) -> None:
    """What becomes of the passages of now, and how much has to be prepared."""
    st.markdown(
        f"Of the passages of now **{change.stay:,} stay**, **{change.change:,} change** and **{change.go:,} go**. "
        f"**{len(change.new):,} are new**; only these have to be prepared for search."
    )


def reset_trial(assistant_id: str, source_id: str) -> None:
    """Let kind and sliders stand on the cut in use again."""
    state.cut_trial(assistant_id, "size").forget()
    state.cut_trial(assistant_id, "overlap").forget()
    cut_state.kind_trial(source_id).forget()


def chosen_cut(assistant_id: str, source_id: str, now: CutSource) -> CutSettings:
    """What kind of document it is, in the owner's words; size and overlap for who wants them."""
    entry = cut_state.kind_trial(source_id)
    entry.begin(now.cut.kind)
    found = kind_found(now)
    kind = st.selectbox(
        "What this source is",
        CUT_KINDS,
        format_func=lambda name: KIND_NAMES[name] + (" (it looks like that)" if name == found else ""),
        key=entry.key,
        persist_state="session",
        help="Answerbook cuts each kind of document where it can be cut without losing its sense.",
    )
    st.caption(KIND_HINTS[kind])
    with st.expander("More: length and shared part, for all sources"):
        size, overlap = chosen_lengths(assistant_id, now.cut)
    return CutSettings(size, overlap, kind)


def chosen_lengths(assistant_id: str, now: CutSettings) -> tuple[int, int]:
    """The two sliders."""
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
    return size, overlap


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


def ask_kind(assistant_id: str, source_id: str, kind: CutKind) -> None:
    """Ask once, then have this source cut anew in the background."""

    def apply() -> None:
        if choose_kind(assistant_id, source_id, kind):
            jobs.tell()
            state.remember_toast("This source is cut again. Its old passages answer until that is done.")
        else:
            state.remember_toast("That is how it is already; nothing has to be done.")

    confirm(
        "Cut this source like that?",
        "It will be cut again in the background. Answers come from its old passages until that is done; only passages "
        "that are new are prepared for search. A newer version of the file will be cut like that, too. You can choose "
        "another kind at any time.",
        "Apply",
        apply,
    )


def ask_apply(assistant_id: str, source_id: str, now: CutSettings, wanted: CutSettings, sources: int) -> None:
    """Ask once, then have everything cut anew in the background."""

    def apply() -> None:
        sentence = request_cut(assistant_id, wanted)
        if wanted.kind != now.kind:
            choose_kind(assistant_id, source_id, wanted.kind)
            jobs.tell()
        state.remember_toast(sentence, ":material/info:")

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

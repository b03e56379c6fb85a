"""Passages: look at what questions will find, and try another cut before it is applied."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.assistants import assistants, source_rows
from core.assistants.cut_kinds import source_kind
from core.assistants.source_rows import SourceRow
from core.errors import AnswerbookError
from core.index import rebuild_job
from core.jobs import ACTIVE
from core.schema import JobState
from core.text import counted
from core.viewer import (
    PICTURES,
    CutSource,
    cut_source,
    holding,
    is_judged,
    kind_found,
    looks_wrong,
    numbers,
    parts_of,
    start_drawing,
)
from pages.parts import cut_state, state
from pages.parts.cut_trial import draw_trial
from pages.parts.flaw_words import remarks
from pages.parts.hand_edits import draw_hand_edits
from pages.parts.kind_words import KIND_NAMES
from pages.parts.length_chart import draw_lengths
from pages.parts.page_view import draw_page_view
from pages.parts.passage_list import draw_passages
from pages.parts.progress import draw_progress
from pages.parts.rebuild_view import draw_rebuild
from pages.parts.screen import chosen_assistant, in_words, show_error
from pages.parts.update_notice import draw_update_notice
from pages.parts.way_back import draw_ways_back
from pages.parts.words import plain
from pages.parts.wrong_list import draw_wrong

REFRESH_SECONDS = 1.0

assistant = chosen_assistant()
rows = source_rows.source_names(assistant.id)
by_id = {row.id: row for row in rows}


def to_knowledge(label: str) -> None:
    """The way to the page where sources are added and mended."""
    if st.button(label, type="primary", icon=":material/library_books:", key="to_knowledge"):
        st.switch_page("pages/knowledge.py")


def draw_empty() -> None:
    """What this page is for, before there is anything to look at."""
    st.write(
        f"Sources are cut into passages: the pieces that questions find. **{plain(assistant.name)}** has no sources "
        "yet. Add one, and see here how it was cut."
    )
    to_knowledge("Add documents")
    st.stop()


def note_choice() -> None:
    """Keep the chosen source in the address, so that a reload and a link come back to it."""
    if chosen := state.source_shown(assistant.id).get():
        st.query_params["source"] = chosen


def chosen_source() -> SourceRow | None:
    """The source picker; it stands where the address says, else where it stood, else on the first that can be read."""
    shown = state.source_shown(assistant.id)
    wanted = st.query_params.get("source")
    if wanted in by_id:
        shown.set(wanted)
    elif shown.get() not in by_id:
        shown.set(next((row.id for row in rows if row.answering), rows[0].id))
    chosen = st.selectbox(
        "Source",
        list(by_id),
        format_func=lambda source_id: by_id[source_id].name,
        key=shown.key,
        on_change=note_choice,
        persist_state="session",
    )
    return source_rows.source_row(assistant.id, chosen)


@st.fragment(run_every=REFRESH_SECONDS)
@in_words
def watch_reading(source_id: str) -> None:
    """How far the reading of a source is; when it ends the page is drawn once more."""
    row = source_rows.source_row(assistant.id, source_id)
    if row is None or row.state not in ACTIVE:
        st.rerun(scope="app")
        return
    draw_progress(row)
    st.caption("This source is being read. Its passages appear here by themselves; you can leave this page.")


def draw_without_passages(row: SourceRow) -> None:
    """A source that has no passages: it is being read, or reading it failed."""
    if row.state in ACTIVE:
        watch_reading(row.id)
    elif row.state in (JobState.FAILED, JobState.STOPPED):
        st.error(plain(row.remedy), title=plain(row.error or "Stopped."), icon=":material/error:")
        st.caption("The file itself is kept, so it can be read again.")
        to_knowledge("Open Knowledge")
    else:
        st.info("This source has no passages right now. Read it again in Knowledge.", icon=":material/info:")
        to_knowledge("Open Knowledge")
    st.stop()


@st.fragment(run_every=REFRESH_SECONDS)
@in_words
def watch_rebuild() -> None:
    """How far the cutting of all sources is; when it ends the page is drawn once more."""
    job = rebuild_job(assistant.id)
    if job is None or not job.active:
        st.rerun(scope="app")
        return
    draw_rebuild(job, "Cutting all sources again")


def how_cut(source_id: str, cut: CutSource) -> str:
    """As which kind a source is cut; where its owner or an older Answerbook chose it, what it looks like besides."""
    said = f"Cut as **{KIND_NAMES[cut.cut.kind].lower()}**."
    if source_kind(assistant.id, source_id).chosen is None or (found := kind_found(cut)) == cut.cut.kind:
        return said
    return f"{said} It looks like **{KIND_NAMES[found].lower()}**: Try another cut shows what that would change."


def draw_summary(row: SourceRow, cut: CutSource) -> DeltaGenerator:
    """The numbers of this source; returns the place for its chart, which is drawn last: it is slow the first time."""
    count = numbers(cut.passages)
    parts = [f"**{counted(count.passages, 'passage')}**", f"median {counted(count.median, 'character')}"]
    if count.tables:
        parts.append(counted(count.tables, "table"))
    words, chart = st.columns([3, 2], vertical_alignment="center", gap="medium")
    words.markdown(" · ".join(parts))
    words.markdown(f":small[{how_cut(row.id, cut)}]")
    words.caption(
        f"Cut at up to {cut.cut.size:,} characters; {cut.cut.overlap:,} may be shared with the passage before.",
        help="A passage is what a question finds. In technical words: a chunk; size and overlap are in characters.",
    )
    if row.state in ACTIVE:
        words.caption(":material/hourglass_top: The newest version is being prepared; the one before it answers.")
    elif row.state == JobState.FAILED:
        words.caption(f":red[:material/error: The newest version: {plain(row.error)}] These passages go on answering.")
    return chart


def draw_all(cut: CutSource, remarks: Mapping[int, str]) -> None:
    """Every passage, or those that hold the words in the box."""
    words = st.text_input(
        "Find in these passages",
        key=cut_state.passage_words.key,
        icon=":material/search:",
        live=True,
        persist_state="page",
    )
    shown = holding(cut.passages, words or "")
    if words:
        st.caption(f"{counted(len(shown), 'passage')} of {len(cut.passages):,} with these words")
    draw_passages(cut.document, shown, cut.version_id, words or "", remarks, menu)


st.title("Passages", anchor=False)
if not rows:
    draw_empty()
row = chosen_source()
if row is None:
    st.rerun()  # it was deleted in another window just now
draw_update_notice(assistant.id)
job = rebuild_job(assistant.id)
if job and job.active:
    watch_rebuild()
elif job:
    draw_rebuild(job, "Cutting all sources again")
draw_ways_back(assistant.id)
if not row.answering:
    draw_without_passages(row)
if row.kind in PICTURES and state.passages_view.get() in (None, "pages"):
    start_drawing()  # while the source is cut
try:
    cut = cut_source(assistant.id, row.id)
except AnswerbookError as error:
    show_error(error)
    to_knowledge("Open Knowledge")
    st.stop()
if not assistant.looked_at_passages:
    assistants.mark_passages_seen(assistant.id)

chart_place = draw_summary(row, cut)
menu = draw_hand_edits(assistant.id, row, cut)
opening = not is_judged(cut) and state.passages_view.get() != "wrong"  # a long source is judged once its page stands
judged = None if opening else looks_wrong(assistant.id, row.id, cut)
said = remarks(judged.flaws) if judged else {}
wrong = f"Looks wrong ({len(said):,})" if said else "Looks wrong"
word = parts_of(cut).word
views = {"pages": f"By {word}", "all": "All", "wrong": wrong, "trial": "Try another cut"}
if state.passages_view.get() not in views:
    state.passages_view.set(next(iter(views)))
view = st.segmented_control(
    "View",
    list(views),
    required=True,
    format_func=lambda name: views[name],
    key=state.passages_view.key,
    label_visibility="collapsed",
    persist_state="session",
)
if view == "pages":
    draw_page_view(assistant.id, row.id, row.name, cut, said, menu)
elif view == "wrong":
    draw_wrong(cut, judged or looks_wrong(assistant.id, row.id, cut), menu)
elif view == "trial":
    draw_trial(assistant.id, row.id, cut, sum(other.answering for other in rows))
else:
    draw_all(cut, said)
if view != "trial":
    with chart_place:
        draw_lengths(cut.passages, "lengths")
if judged is None:
    looks_wrong(assistant.id, row.id, cut)
    st.rerun()

"""Three real questions put to the cut of now and to another one: what each finds, before anything is changed."""

from collections.abc import Sequence

import streamlit as st

from core.assistants.index_builds import live_settings
from core.errors import AnswerbookError
from core.index import cost_of
from core.schema import CutSettings, Hit
from core.trial import TriedQuestion, real_questions, try_cut
from pages.parts import cut_state
from pages.parts.screen import in_words, show_error
from pages.parts.words import cost_words, plain

LOOK_SECONDS = 0.5
EXCERPT = 150


def draw_questions(assistant_id: str, source_id: str, cut: CutSettings) -> None:
    """A button that asks, and beneath it what the questions find now and with this cut."""
    questions = real_questions(assistant_id, source_id)
    if not questions:
        return
    wanted = cut_state.cut_asked(assistant_id)
    st.subheader("What questions find", anchor=False)
    if wanted.get() != (source_id, cut):
        cost = cost_of(live_settings(assistant_id).embedding, assistant_id)
        st.caption(
            "Three real questions are asked of both cuts; visitors notice nothing."
            + (f" For that the passages that are new are prepared. {cost_words(cost)}" if cost.service else "")
        )
        if st.button("Ask three questions", icon=":material/compare:", key="ask_of_cut"):
            wanted.set((source_id, cut))
            st.rerun()
        return
    _watch(assistant_id, source_id, cut, questions)


@st.fragment(run_every=LOOK_SECONDS)
@in_words
def _watch(assistant_id: str, source_id: str, cut: CutSettings, questions: tuple[str, ...]) -> None:
    """What was found, as soon as it is there."""
    tried = try_cut(assistant_id, source_id, cut, questions)
    if not tried.done():
        st.caption(":material/hourglass_top: Asking both cuts. A long source takes some seconds; nothing is changed.")
        return
    error = tried.exception()
    if isinstance(error, AnswerbookError):
        show_error(error)
        return
    trial = tried.result()
    for each in trial.questions:
        _draw_question(each, source_id)
    if not trial.everywhere:
        st.caption("Looked for in this source and in those that these questions find: there are very many passages.")


def _draw_question(tried: TriedQuestion, source_id: str) -> None:
    same = [_words(hit) for hit in tried.before] == [_words(hit) for hit in tried.after]
    with st.container(border=True):
        st.markdown(f"**{plain(tried.question)}**" + (" :small[:gray[finds the same]]" if same else ""))
        if same:
            _draw_hits(tried.before[:1], source_id)
            return
        for column, title, hits in zip(
            st.columns(2), ("Now", "With this cut"), (tried.before, tried.after), strict=True
        ):
            with column:
                st.caption(title)
                _draw_hits(hits, source_id)


def _draw_hits(hits: Sequence[Hit], source_id: str) -> None:
    if not hits:
        st.markdown("*Nothing*")
    for number, hit in enumerate(hits, 1):
        words = _words(hit)
        shown = words if len(words) <= EXCERPT else words[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"
        where = "" if hit.passage.source_id == source_id else f" :small[:gray[{plain(hit.source_name)}]]"
        st.markdown(f"{number}. {plain(shown)}{where}")


def _words(hit: Hit) -> str:
    return " ".join(hit.passage.text.split())

"""The test questions: all asked again with one button, at which place each was found now and before."""

import math

import streamlit as st

from core import jobs
from core.assistants import saved_questions
from core.assistants.saved_questions import QuestionRow, RunRow
from core.explain import request_run, run_job
from core.jobs import JobCard
from core.schema import JobState
from core.text import counted
from pages.parts import search_state
from pages.parts.progress import draw_progress
from pages.parts.screen import confirm, in_words, pressed
from pages.parts.words import ago, plain

SHOWN = 20
RUNS_SHOWN = 8


def draw_questions(assistant_id: str) -> None:
    """The test questions of an assistant, and how their last runs went."""
    rows = saved_questions.saved_questions(assistant_id)
    if not rows:
        st.info(
            "A test question is a question with the words that should be found for it. Search for one under “One "
            "question”, say what should have been found, and press **Save as a test question**.",
            title="There are no test questions yet",
            icon=":material/bookmark_add:",
        )
        return
    job = run_job(assistant_id)
    draw_run(assistant_id, job, len(rows))
    runs = saved_questions.runs(assistant_id)
    if runs:
        draw_numbers(runs)
    pages = max(1, math.ceil(len(rows) / SHOWN))
    turned = search_state.question_page
    if turned.get() > pages:
        turned.set(pages)
    first = (turned.get() - 1) * SHOWN
    for row in rows[first : first + SHOWN]:
        draw_question(assistant_id, row, runs[0].passages if runs else 0)
    if pages > 1:
        st.pagination(pages, key=turned.key)


def draw_run(assistant_id: str, job: JobCard | None, count: int) -> None:
    """The button, how far a run is, or why the last one ended early."""
    if job and job.active:
        st.fragment(in_words(watch_run), run_every=1.0)(assistant_id)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Run {'it' if count == 1 else f'all {count:,}'}",
            key="run_questions",
            type="primary",
            icon=":material/play_arrow:",
            on_click=pressed(request_run),
            args=(assistant_id,),
        )
        st.caption(
            "Each is searched exactly as the chat does. No model is asked, so it costs nothing.", width="stretch"
        )
    if job and job.state == JobState.FAILED:
        st.error(
            plain(f"{job.remedy} What was asked until then is kept."), title=plain(job.error), icon=":material/error:"
        )
    elif job and job.state == JobState.STOPPED:
        st.caption(":material/pause_circle: The last run was stopped. What was asked until then is kept.")


def watch_run(assistant_id: str) -> None:
    """How far a run is, and the stop button; when it ends the page is drawn once more."""
    job = run_job(assistant_id)
    if job is None or not job.active:
        st.rerun(scope="app")
        return
    with st.container(border=True, key="running_questions"), st.container(horizontal=True, vertical_alignment="center"):
        draw_progress(job)
        if st.button("Stop", key="stop_questions", icon=":material/stop_circle:"):
            jobs.stop([job.id])
            st.rerun(scope="app")
    st.caption("You can leave this page.")


def draw_numbers(runs: list[RunRow]) -> None:
    """The last run in three numbers, with the change since the one before, and the runs before it by date."""
    last, before = runs[0], next((run for run in runs[1:] if run.ended_at), None)
    with st.container(horizontal=True, gap="large"):
        for label, name, explained in (
            ("Found", "hit_rate", f"The share of questions whose words are in the first {last.passages} passages."),
            ("Near the top", "reciprocal", "1.00: always in the first passage. In technical words: MRR."),
            ("In the answer", "quoted", "The share of questions whose words the answer quotes, without a model."),
        ):
            value = getattr(last, name)
            change = value - getattr(before, name) if before else 0.0
            as_words = f"{value:.2f}" if name == "reciprocal" else f"{value:.0%}"
            delta = (f"{change:+.2f}" if name == "reciprocal" else f"{change:+.0%}") if round(change, 2) else None
            st.metric(label, as_words, delta, help=explained, width="content")
    asked = counted(last.asked, "question")
    ended = asked if last.ended_at else f"{last.asked:,} of {counted(last.questions, 'question')}"
    st.caption(f"{ended}, {ago(last.started_at)}.")
    if len(runs) > 1:
        with st.expander(f"Runs before ({len(runs) - 1:,})"):
            for run in runs[1 : 1 + RUNS_SHOWN]:
                part = "" if run.ended_at else " (stopped)"
                st.caption(
                    f"{run.started_at:%d %b %Y, %H:%M} UTC · {counted(run.asked, 'question')}{part} · found "
                    f"{run.hit_rate:.0%} · near the top {run.reciprocal:.2f} · in the answer {run.quoted:.0%}"
                )


def draw_question(assistant_id: str, row: QuestionRow, passages: int) -> None:
    """One test question: where it stands now and stood before."""
    with st.container(border=True, key=f"question_{row.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.question[:300])}**  \n{standing(row, passages)}", width="stretch")
            st.button(
                "Search",
                key=f"search_again_{row.id}",
                icon=":material/search:",
                type="tertiary",
                on_click=look_at,
                args=(assistant_id, row),
            )
            if st.button("Delete", key=f"delete_question_{row.id}", icon=":material/delete:", type="tertiary"):
                confirm(
                    "Delete this test question?",
                    f"“{row.question[:200]}”. The numbers of the runs that asked it stay.",
                    "Delete",
                    lambda: saved_questions.delete_question(assistant_id, row.id),
                )
        source = f" from {plain(row.source_name)}" if row.source_name else ""
        who = f" · {plain(row.made_by)}" if row.made_by else ""
        words = plain(" ".join(row.expected.split())[:240])
        st.caption(f"Should find “{words}”{source} · saved {ago(row.created_at)}{who}")


def standing(row: QuestionRow, passages: int) -> str:
    """Say at which place the words were found, and before, as Markdown."""
    if row.rank is None:
        return ":gray[not asked yet]"
    found = 0 < row.rank <= passages
    now = f"place {row.rank}" if row.rank else "not found"
    badge = f":green[:material/check: {now}]" if found else f":red[:material/close: {now}]"
    quoted = ", in the answer" if row.quoted else ""
    if row.before is None or row.before == row.rank:
        return f"{badge}{quoted}"
    was = f"place {row.before}" if row.before else "not found"
    better = (row.rank or math.inf) < (row.before or math.inf)
    change = ":material/trending_up: better" if better else ":material/trending_down: worse"
    return f"{badge}{quoted} :gray[{change}: was {was}]"


def look_at(assistant_id: str, row: QuestionRow) -> None:
    """Search for a test question under “One question”."""
    search_state.search_view.set("one")
    search_state.wanted(assistant_id).set(row.question)
    search_state.words(assistant_id).set(row.expected)

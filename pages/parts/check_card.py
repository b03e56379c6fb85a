"""Check passages: database and passage store compared in the background, and what came of it, for each assistant."""

import streamlit as st

from core.index import AssistantCheck, checks, request_check
from core.schema import JobState
from pages.parts import state
from pages.parts.progress import draw_progress
from pages.parts.screen import in_words
from pages.parts.words import ago, plain


def draw_check() -> None:
    """The button, and the newest check of each assistant; drawn again by itself while one is at work."""
    st.subheader("Check passages", anchor=False)
    with st.container(border=True):
        newest_checks = checks()
        st.caption(
            "Compares every passage with the database. What is missing is made again from the kept documents, what is "
            "left over is removed. Questions are answered meanwhile."
        )
        if not newest_checks:
            st.caption("There is no assistant yet.")
            return
        busy = any(map(at_work, newest_checks))
        if st.button("Check passages", key="check_passages", icon=":material/fact_check:", disabled=busy):
            request_check()
            st.rerun()
        st.fragment(in_words(draw_outcomes), run_every=1.0 if busy else None)()


def draw_outcomes() -> None:
    """One line for each assistant that was ever checked; the page is drawn once more when the last one is done."""
    newest_checks = checks()
    for check in newest_checks:
        draw_outcome(check)
    busy = any(map(at_work, newest_checks))
    if state.checking.get() and not busy:
        state.checking.set(False)
        st.rerun(scope="app")
    state.checking.set(busy)


def draw_outcome(check: AssistantCheck) -> None:
    """What became of an assistant's newest check, or how far it is."""
    job, name = check.job, plain(check.name)
    if job is None:
        return
    if job.active:
        draw_progress(job, check.name)
    elif job.state == JobState.DONE:
        when = f" :gray[{ago(job.finished_at)}]" if job.finished_at else ""
        st.markdown(
            f":green[:material/check_circle:] **{name}** · {plain(str(job.result.get('sentence', 'Done.')))}{when}"
        )
    else:
        st.error(plain(job.remedy), title=f"{name}: {plain(job.error)}", icon=":material/error:")


def at_work(check: AssistantCheck) -> bool:
    """Whether a check waits or runs."""
    return check.job is not None and check.job.active

"""Check passages: database and passage store compared in the background, and what came of it, for each assistant."""

import streamlit as st

from core import jobs
from core.index import Checked, checks, request_check
from pages.parts.words import ago, plain


def draw_check() -> None:
    """The button, and the newest check of each assistant; drawn again by itself while one is at work."""
    st.subheader("Check passages", anchor=False)
    with st.container(border=True):
        found = checks()
        st.caption(
            "Compares every passage with the database. What is missing is made again from the kept documents, what is "
            "left over is removed. Questions are answered meanwhile."
        )
        if not found:
            st.caption("There is no assistant yet.")
            return
        busy = any(at_work(checked) for checked in found)
        if st.button("Check passages", key="check_passages", icon=":material/fact_check:", disabled=busy):
            request_check()
            st.rerun()
        st.fragment(draw_outcomes, run_every=1.0 if busy else None)()


def draw_outcomes() -> None:
    """One line for each assistant that was ever checked; the page is drawn once more when the last one is done."""
    found = checks()
    for checked in found:
        draw_outcome(checked)
    if st.session_state.get("checking") and not any(map(at_work, found)):
        st.session_state.checking = False
        st.rerun(scope="app")
    st.session_state.checking = any(map(at_work, found))


def draw_outcome(checked: Checked) -> None:
    """What became of an assistant's newest check, or how far it is."""
    job, name = checked.job, plain(checked.name)
    if job is None:
        return
    if at_work(checked):
        waits = f"Waiting to try again. {job.error}" if job.error else "Waiting for its turn"
        stage = waits if job.state == "waiting" else job.stage or "Starting"
        share = min(1.0, job.done / job.total) if job.total > 0 else 0.0
        st.progress(share, text=f"{name} · {plain(stage)}")
    elif job.state == "done":
        when = f" :gray[{ago(job.finished_at)}]" if job.finished_at else ""
        st.markdown(
            f":green[:material/check_circle:] **{name}** · {plain(str(job.result.get('sentence', 'Done.')))}{when}"
        )
    else:
        st.error(plain(job.remedy), title=f"{name}: {plain(job.error)}", icon=":material/error:")


def at_work(checked: Checked) -> bool:
    """Whether a check waits or runs."""
    return checked.job is not None and checked.job.state in jobs.ACTIVE

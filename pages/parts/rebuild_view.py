"""How far the building of a new index is, the same on every page that starts one."""

import streamlit as st

from core import jobs
from core.database import Job
from core.index import give_up_rebuild
from core.jobs import ACTIVE
from pages.parts.words import plain, time_left


def draw_rebuild(job: Job, title: str) -> None:
    """One rebuild: its bar and stop button, or why it ended and how it goes on."""
    if job.state in ACTIVE:
        with st.container(border=True, key=f"rebuild_{job.id}"):
            draw_progress(job, title)
    else:
        draw_ended(job, title)


def draw_progress(job: Job, title: str) -> None:
    """The bar, about how long it takes, and the stop button."""
    waits = f"Waiting to try again. {job.error}" if job.error else "Waiting for its turn"
    stage = (
        waits if job.state == "waiting" else f"{job.done:,} of {job.total:,} sources" if job.total > 0 else "Starting"
    )
    left = time_left(job.started_at, job.done, job.total) if job.started_at else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        share = min(1.0, job.done / job.total) if job.total > 0 and job.state == "running" else 0.0
        st.progress(share, text=plain(" · ".join(part for part in (title, stage, left) if part)), width="stretch")
        if st.button("Stop", key=f"stop_rebuild_{job.id}", icon=":material/stop_circle:"):
            jobs.stop([job.id])
            st.rerun(scope="app")
    st.caption("Questions are answered from the old passages meanwhile. You can leave this page.")


def draw_ended(job: Job, title: str) -> None:
    """Why it ended, what is kept, and the button that goes on where it was."""
    if job.state == "stopped":
        st.warning("The old passages stay and answer.", title=f"{title}: stopped", icon=":material/pause_circle:")
    else:
        remedy = f"{job.remedy} The old passages stay and answer."
        st.error(plain(remedy.strip()), title=plain(job.error or f"{title}: failed"), icon=":material/error:")
    with st.container(horizontal=True):
        if st.button("Go on", key=f"retry_rebuild_{job.id}", icon=":material/refresh:"):
            jobs.retry([job.id])
            st.rerun(scope="app")
        if st.button("Leave it as it was", key=f"drop_rebuild_{job.id}"):
            give_up_rebuild(job.assistant_id)
            st.rerun(scope="app")

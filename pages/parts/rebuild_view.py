"""How far the building of a new index is, the same on every page that starts one."""

import streamlit as st

from core import jobs
from core.index import give_up_rebuild
from core.jobs import JobCard
from core.schema import JobState
from pages.parts.progress import draw_progress
from pages.parts.words import plain


def draw_rebuild(job: JobCard, title: str) -> None:
    """One rebuild: its bar and stop button, or why it ended and how it goes on."""
    if job.active:
        with st.container(border=True, key=f"rebuild_{job.id}"):
            draw_at_work(job, title)
    else:
        draw_ended(job, title)


def draw_at_work(job: JobCard, title: str) -> None:
    """How far it is, and the stop button."""
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_progress(job, title)
        if st.button("Stop", key=f"stop_rebuild_{job.id}", icon=":material/stop_circle:"):
            jobs.stop([job.id])
            st.rerun(scope="app")
    st.caption("Questions are answered from the old passages meanwhile. You can leave this page.")


def draw_ended(job: JobCard, title: str) -> None:
    """Why it ended, what is kept, and the button that goes on where it was."""
    if job.state == JobState.STOPPED:
        st.warning(
            "The old passages stay and answer.", title=plain(f"{title}: stopped"), icon=":material/pause_circle:"
        )
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

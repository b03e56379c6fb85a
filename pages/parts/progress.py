"""How far a job is, drawn the same way wherever one is shown."""

import streamlit as st

from core.assistants.source_rows import SourceRow
from core.jobs import JobCard
from core.schema import JobState
from pages.parts.words import plain, time_left


def draw_progress(work: JobCard | SourceRow, title: str = "") -> None:
    """The bar, what is being done (of ``title``) and about how long it still takes."""
    share = min(1.0, work.done / work.total) if work.total > 0 and work.state == JobState.RUNNING else 0.0
    left = time_left(work.started_at, work.done, work.total) if work.started_at else ""
    words = " · ".join(filter(None, (title, _doing(work), left)))
    st.progress(share, text=plain(words), width="stretch")


def _doing(work: JobCard | SourceRow) -> str:
    """What is being done, in words; while it waits to try again, why."""
    if work.state == JobState.WAITING:
        return f"{work.error} {work.remedy}".strip() or "Waiting for its turn"
    if work.total > 0:
        return f"{work.stage} {work.done:,} of {work.total:,}"
    return work.stage or "Starting"

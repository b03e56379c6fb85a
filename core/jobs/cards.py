"""What pages show of a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import Job
from core.schema import JobKind, JobState


@dataclass(frozen=True, slots=True)
class JobCard:
    """A job as it stood when it was looked at: how far it is, why it ended, and what it counted (``result``)."""

    id: str
    kind: JobKind
    assistant_id: str
    state: JobState
    stage: str
    done: int
    total: int
    error: str
    remedy: str
    result: Mapping[str, Any]
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (JobState.WAITING, JobState.RUNNING)


def card_of(job: Job) -> JobCard:
    """Return what pages show of a job."""
    return JobCard(
        id=job.id,
        kind=JobKind(job.kind),
        assistant_id=job.assistant_id,
        state=JobState(job.state),
        stage=job.stage,
        done=job.done,
        total=job.total,
        error=job.error,
        remedy=job.remedy,
        result=job.result,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )

"""The queue: jobs in the database, claimed once, with progress, stop and retry."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from core.database import Job, new_id, now, session
from core.errors import AnswerbookError

ACTIVE = ("waiting", "running")
RETRY_SECONDS = (5, 20, 60, 180)


def enqueue(
    kind: str,
    assistant_id: str,
    *,
    source_id: str | None = None,
    version_id: str | None = None,
    generation_id: str | None = None,
) -> str:
    """Put a job at the end of the queue and return its id."""
    with session() as db:
        job = Job(
            id=new_id(),
            kind=kind,
            assistant_id=assistant_id,
            source_id=source_id,
            version_id=version_id,
            generation_id=generation_id,
        )
        db.add(job)
        return job.id


def claim() -> Job | None:
    """Take the oldest job that may run now, so that no other thread or process gets it; None when nothing waits."""
    with session() as db:
        waiting = (
            select(Job.id)
            .where(Job.state == "waiting")
            .where(col(Job.not_before).is_(None) | (col(Job.not_before) <= now()))
            .where(~_same_source_running())
            .order_by(col(Job.created_at), col(Job.id))
            .limit(1)
        )
        taken = db.execute(
            update(Job)
            .where(col(Job.id) == waiting.scalar_subquery(), col(Job.state) == "waiting")
            .values(state="running", started_at=now(), attempts=Job.attempts + 1, error="", remedy="", code="")
            .returning(col(Job.id))
        ).scalar_one_or_none()
        return db.get(Job, taken) if taken else None


def _same_source_running() -> ColumnElement[bool]:
    """Two jobs of one source never run at the same time: the later upload must win."""
    from sqlalchemy.orm import aliased

    other = aliased(Job)
    return select(other.id).where(other.state == "running", other.source_id == Job.source_id).exists()


def progress(job_id: str, stage: str, done: int, total: int) -> bool:
    """Note how far a job is; returns True when the owner asked to stop it."""
    with session() as db:
        return bool(
            db.execute(
                update(Job)
                .where(col(Job.id) == job_id)
                .values(stage=stage, done=done, total=total)
                .returning(col(Job.stop_requested))
            ).scalar_one_or_none()
        )


def stop_requested(job_id: str) -> bool:
    """Say whether the owner asked to stop this job (or it is gone)."""
    with session() as db:
        asked = db.exec(select(Job.stop_requested).where(Job.id == job_id)).first()
        return asked is None or asked


def finish(job_id: str, result: dict[str, object] | None = None) -> None:
    """Mark a job done, with what it counted."""
    _end(job_id, state="done", result=result or {})


def fail(job_id: str, error: AnswerbookError) -> None:
    """Mark a job failed (or stopped, when the owner stopped it); the sentences stay until Retry."""
    state = "stopped" if error.code == "cancelled" else "failed"
    _end(job_id, state=state, error=error.what, remedy=error.remedy, code=error.code)


def postpone(job: Job, error: AnswerbookError) -> bool:
    """Let a job wait and try again by itself after a passing failure; False when it was tried often enough."""
    if job.attempts > len(RETRY_SECONDS):
        return False
    later = now() + timedelta(seconds=RETRY_SECONDS[job.attempts - 1])
    with session() as db:
        db.execute(
            update(Job)
            .where(col(Job.id) == job.id)
            .values(state="waiting", not_before=later, error=error.what, remedy="It is tried again by itself.")
        )
    return True


def _end(job_id: str, **values: object) -> None:
    with session() as db:
        db.execute(update(Job).where(col(Job.id) == job_id).values(finished_at=now(), stop_requested=False, **values))


def requeue_running() -> int:
    """Put back what a killed process was working on; only for the holder of the worker's lock. Returns how many."""
    with session() as db:
        stuck = db.execute(
            update(Job)
            .where(col(Job.state) == "running")
            .values(state="waiting", not_before=None, attempts=Job.attempts - 1)
            .returning(col(Job.id))
        )
        return len(stuck.all())


def stop(job_ids: Sequence[str]) -> None:
    """Stop jobs: what waits ends at once, what runs ends at its next step."""
    with session() as db:
        chosen = col(Job.id).in_(job_ids)
        db.execute(
            update(Job)
            .where(chosen, col(Job.state) == "waiting")
            .values(state="stopped", finished_at=now(), error="Stopped.", remedy="Press Retry to read it again.")
        )
        db.execute(update(Job).where(chosen, col(Job.state) == "running").values(stop_requested=True))


def retry(job_ids: Sequence[str]) -> None:
    """Put failed or stopped jobs back into the queue; a job that is not at rest is left alone."""
    with session() as db:
        db.execute(
            update(Job)
            .where(col(Job.id).in_(job_ids), col(Job.state).in_(("failed", "stopped")))
            .values(
                state="waiting",
                attempts=0,
                not_before=None,
                stop_requested=False,
                error="",
                remedy="",
                stage="",
                done=0,
            )
        )


def active_count(assistant_id: str | None = None) -> int:
    """Count the jobs that wait or run."""
    with session() as db:
        chosen = select(Job.id).where(col(Job.state).in_(ACTIVE))
        if assistant_id:
            chosen = chosen.where(Job.assistant_id == assistant_id)
        return len(db.exec(chosen).all())


def latest(assistant_id: str, kind: str) -> Job | None:
    """Return the newest job of a kind of this assistant, whatever its state."""
    with session() as db:
        chosen = select(Job).where(Job.assistant_id == assistant_id, Job.kind == kind)
        return db.exec(chosen.order_by(col(Job.created_at).desc())).first()

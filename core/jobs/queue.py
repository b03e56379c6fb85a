"""The queue: jobs in the database, claimed once by any of several processes, with progress, stop and retry.

Who runs a job holds it on lease: its process says every few seconds that it is alive, and one that has not for
``LEASE_SECONDS`` loses it to the others. Jobs go by their number. Moments are those of the one clock that all processes
share: on Postgres the server's, else this machine's. A clock that was set wrong and back again keeps nothing waiting:
a moment further ahead than anything here ever waits is no moment to wait for. At worst a job is done twice, which is
harmless, as passages have ids of their own and only the holder of the lease may switch.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select

from core.database import Job, Source, new_id, now, session
from core.errors import AnswerbookError, LeaseLost, ModelError, StoreError
from core.jobs.deaths import give_up_deadly, suspect_running
from core.jobs.news import tell
from core.schema import JobKind, JobState

ACTIVE = (JobState.WAITING, JobState.RUNNING)
RETRY_SECONDS = (5, 20, 60, 180)
# A store, or the database, that will be back: jobs wait for it as long as it takes.
STORE_AWAY = ("away", "read_only", "starting")
AWAY = (*STORE_AWAY, "database_away", "database_busy", "database_read_only", "disk_full")
# What a person has to put right first, at the store or at the model service. None of it is the file's fault.
STORE_FAULTS = (
    *("key", "right", "full", "unwritable", "weaviate_unset", "weaviate_address", "no_host", "tls", "suspended"),
    *("not_weaviate", "too_old", "key_missing", "key_needless", "key_wrong", "grpc", "refused_connection", "busy"),
)
SERVICE_FAULTS = (
    *("key", "forbidden", "region", "quota", "no_model", "not_api", "redirect", "address", "no_host", "tls"),
    *("refused", "unreachable", "timeout", "rate", "server"),
)
AWAY_SECONDS, FAULT_SECONDS = 10, 30
LONGEST_WAIT = timedelta(seconds=max(*RETRY_SECONDS, AWAY_SECONDS, FAULT_SECONDS))
LEASE_SECONDS = 30.0
PROCESS = new_id()  # who this process is, on the jobs it runs
CLAIM_LOCK = 4274_1002  # any number that no other program on the same Postgres uses


def enqueue(
    kind: JobKind,
    assistant_id: str,
    *,
    source_id: str | None = None,
    version_id: str | None = None,
    build_id: str | None = None,
) -> str:
    """Put a job at the end of the queue and return its id."""
    with session() as db:
        job = Job(
            id=new_id(),
            kind=kind,
            assistant_id=assistant_id,
            source_id=source_id,
            version_id=version_id,
            build_id=build_id,
        )
        db.add(job)
        return job.id


def claim(kinds: Collection[JobKind] = tuple(JobKind)) -> Job | None:
    """Take the oldest job of these kinds that may run now, so that no other thread or process gets it, if there is one.

    A job of a kind that is not among them, as of a newer Answerbook on the same database, waits for who knows it.
    """
    with session() as db:
        moment = _moment(db)
        if db.get_bind().dialect.name == "postgresql":
            # One claim at a time: two that run together would not see each other's job of the same source.
            db.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
        waiting = (
            select(Job.id)
            .where(Job.state == JobState.WAITING, col(Job.kind).in_(kinds))
            .where(_due(moment))
            .where(~_same_source_running())
            .where((col(Job.deaths) == 0) | ~suspect_running())
            .order_by(col(Job.number))
            .limit(1)
        )
        taken = db.execute(
            update(Job)
            .where(col(Job.id) == waiting.scalar_subquery(), col(Job.state) == JobState.WAITING)
            .values(
                state=JobState.RUNNING,
                worker=PROCESS,
                seen_at=moment,
                started_at=now(),
                attempts=Job.attempts + 1,
                error="",
                remedy="",
                code="",
            )
            .returning(col(Job.id))
        ).scalar_one_or_none()
        return db.get(Job, taken) if taken else None


def _moment(db: Session) -> datetime:
    if db.get_bind().dialect.name == "postgresql":
        return db.execute(select(func.clock_timestamp())).scalar_one()
    return now()


def _due(moment: datetime) -> ColumnElement[bool]:
    """A job may run now; one that would wait longer than any does has its moment from a clock that was wrong."""
    later = col(Job.not_before)
    return later.is_(None) | (later <= moment) | (later > moment + LONGEST_WAIT)


def _silent(moment: datetime) -> ColumnElement[bool]:
    """A process has not been heard of for a lease, or last under a clock that was wrong."""
    lease, seen = timedelta(seconds=LEASE_SECONDS), col(Job.seen_at)
    return seen.is_(None) | (seen < moment - lease) | (seen > moment + lease)


def _same_source_running() -> ColumnElement[bool]:
    """Two jobs of one source never run at the same time: the later upload must win."""
    from sqlalchemy.orm import aliased

    other = aliased(Job)
    return select(other.id).where(other.state == JobState.RUNNING, other.source_id == Job.source_id).exists()


def _mine(job_id: str) -> tuple[ColumnElement[bool], ...]:
    """A job that this process holds. One without a name on it is from before there were leases."""
    return col(Job.id) == job_id, col(Job.state) == JobState.RUNNING, col(Job.worker).in_((PROCESS, ""))


def still_mine(job_id: str) -> bool:
    """Say whether this process still holds a job: one that was frozen for long may have lost it to another."""
    with session() as db:
        return db.exec(select(Job.id).where(*_mine(job_id))).first() is not None


def hold(db: Session, job_id: str) -> None:
    """Hold a job to the end of this transaction, so that nobody takes it in between. Raises LeaseLost."""
    if db.exec(select(Job).where(*_mine(job_id)).with_for_update()).first() is None:
        raise LeaseLost


def progress(job_id: str, stage: str, done: int, total: int) -> bool:
    """Note how far a job is; returns True when the owner asked to stop it. Raises LeaseLost."""
    with session() as db:
        stopping = db.execute(
            update(Job)
            .where(*_mine(job_id))
            .values(stage=stage, done=done, total=total, seen_at=_moment(db))
            .returning(col(Job.stop_requested))
        ).scalar_one_or_none()
    if stopping is None:
        raise LeaseLost
    return bool(stopping)


def stop_requested(job_id: str) -> bool:
    """Say whether the owner asked to stop this job (or it is gone)."""
    with session() as db:
        stopping = db.exec(select(Job.stop_requested).where(Job.id == job_id)).first()
        return stopping is None or stopping


def finish(job_id: str, result: dict[str, object] | None = None) -> None:
    """Mark a job done, with what it counted."""
    _end(job_id, state=JobState.DONE, result=result or {})


def fail(job_id: str, error: AnswerbookError) -> None:
    """Mark a job failed (or stopped, when the owner stopped it); the sentences stay until Retry."""
    state = JobState.STOPPED if error.code == "cancelled" else JobState.FAILED
    _end(job_id, state=state, error=error.what, remedy=error.remedy, code=error.code)


def waits_for(error: AnswerbookError) -> bool:
    """Say whether a job waits for this without limit: what is away or has to be put right is no fault of its own."""
    if isinstance(error, ModelError):
        return error.code in SERVICE_FAULTS
    return error.code in AWAY or (isinstance(error, StoreError) and error.code in STORE_FAULTS)


def postpone(job: Job, error: AnswerbookError) -> bool:
    """Let a job wait and try again by itself after a passing failure; False when it was tried often enough.

    What ``waits_for`` names it waits for without limit, and no attempt is counted.
    """
    unlimited = waits_for(error)
    if not unlimited and job.attempts > len(RETRY_SECONDS):
        return False
    if error.code in AWAY:
        back = "once that is back" if error.code in STORE_AWAY else "once that is over"
        seconds, remedy = AWAY_SECONDS, f"It goes on by itself {back}."
    elif unlimited:
        seconds, remedy = FAULT_SECONDS, f"{error.remedy} It goes on by itself once that is put right.".strip()
    else:
        seconds, remedy = RETRY_SECONDS[job.attempts - 1], "It is tried again by itself."
    with session() as db:
        attempts = Job.attempts - 1 if unlimited else Job.attempts
        db.execute(
            update(Job)
            .where(*_mine(job.id))
            .values(
                state=JobState.WAITING,
                worker="",
                not_before=_moment(db) + timedelta(seconds=seconds),
                attempts=attempts,
                error=error.what,
                remedy=remedy,
                code=error.code,
            )
        )
    return True


def release_waiting() -> int:
    """Let jobs that wait for a store go on now: it is back, or put right. Returns how many."""
    with session() as db:
        codes = (*STORE_AWAY, *STORE_FAULTS)
        waiting = (col(Job.state) == JobState.WAITING, col(Job.code).in_(codes), col(Job.not_before).is_not(None))
        released = db.execute(update(Job).where(*waiting).values(not_before=None).returning(col(Job.id))).all()
    if released:
        tell()
    return len(released)


def _end(job_id: str, **values: object) -> None:
    with session() as db:
        ended = {"finished_at": now(), "stop_requested": False, **values}
        db.execute(update(Job).where(*_mine(job_id)).values(**ended))


def heartbeat() -> None:
    """Say that this process is alive, on all jobs it runs."""
    with session() as db:
        db.execute(
            update(Job)
            .where(col(Job.state) == JobState.RUNNING, col(Job.worker) == PROCESS)
            .values(seen_at=_moment(db))
        )


def take_back(dead: Sequence[str] = ()) -> int:
    """Put back jobs whose process is ``dead`` or has not been heard of for the length of a lease; returns how many.

    Each death and each silence is counted on the job, and one over which too many processes ended fails.
    """
    elsewhere = col(Job.worker) != PROCESS
    with session() as db:
        count = _put_back(db, elsewhere, col(Job.worker).in_(dead), deaths=Job.deaths + 1)
        count += _put_back(db, elsewhere, _silent(_moment(db)), silences=Job.silences + 1)
        give_up_deadly(db)
        return count


def give_back() -> int:
    """Put back what this process runs, as it ends in good order; returns how many."""
    with session() as db:
        return _put_back(db, col(Job.worker) == PROCESS)


def _put_back(db: Session, *which: ColumnElement[bool], **counts: object) -> int:
    stuck = db.execute(
        update(Job)
        .where(col(Job.state) == JobState.RUNNING, *which)
        .values(state=JobState.WAITING, worker="", not_before=None, attempts=Job.attempts - 1, **counts)
        .returning(col(Job.id))
    )
    return len(stuck.all())


def stop(job_ids: Sequence[str]) -> None:
    """Stop jobs: what waits ends at once, what runs ends at its next step."""
    with session() as db:
        chosen = col(Job.id).in_(job_ids)
        db.execute(
            update(Job)
            .where(chosen, col(Job.state) == JobState.WAITING)
            .values(state=JobState.STOPPED, finished_at=now(), error="Stopped.", remedy="Press Retry to read it again.")
        )
        db.execute(update(Job).where(chosen, col(Job.state) == JobState.RUNNING).values(stop_requested=True))


def retry(job_ids: Sequence[str]) -> None:
    """Put failed or stopped jobs back into the queue; a job that is not at rest is left alone."""
    with session() as db:
        db.execute(
            update(Job)
            .where(col(Job.id).in_(job_ids), col(Job.state).in_((JobState.FAILED, JobState.STOPPED)))
            .values(
                state=JobState.WAITING,
                attempts=0,
                deaths=0,
                silences=0,
                not_before=None,
                stop_requested=False,
                error="",
                remedy="",
                stage="",
                done=0,
            )
        )
    tell()


def retry_refused(code: str) -> int:
    """Retry all sources, of all assistants, whose last reading failed with this code; return how many."""
    from sqlalchemy.orm import aliased

    newer = aliased(Job)
    again = select(newer.id).where(
        newer.source_id == Job.source_id, newer.kind == JobKind.READ, col(newer.number) > col(Job.number)
    )
    refused = (Job.kind == JobKind.READ, Job.state == JobState.FAILED, Job.code == code, ~again.exists())
    with session() as db:
        here = select(Job.id).join(Source, col(Source.id) == col(Job.source_id)).where(col(Source.deleted_at).is_(None))
        ids = db.exec(here.where(*refused)).all()
    retry(ids)
    return len(ids)


def at_work() -> tuple[ColumnElement[bool], ...]:
    """Say, as conditions, which jobs wait or run; one that waits for a newer Answerbook nobody here need wait for."""
    return col(Job.state).in_(ACTIVE), (col(Job.state) == JobState.RUNNING) | col(Job.kind).in_(tuple(JobKind))


def active_count() -> int:
    """Count the jobs that run, or wait and can be done by this Answerbook."""
    with session() as db:
        return db.exec(select(func.count()).select_from(Job).where(*at_work())).one()


def reading_count(assistant_id: str) -> int:
    """Count an assistant's files that are being read or about to be; one that waits for a store or a service is not."""
    with session() as db:
        reads = (Job.assistant_id == assistant_id, Job.kind == JobKind.READ, col(Job.state).in_(ACTIVE))
        soon = (col(Job.state) == JobState.RUNNING) | col(Job.not_before).is_(None)
        return db.exec(select(func.count()).select_from(Job).where(*reads, soon)).one()


def latest(assistant_id: str, kind: JobKind) -> Job | None:
    """Return the newest job of a kind of this assistant, whatever its state."""
    with session() as db:
        chosen = select(Job).where(Job.assistant_id == assistant_id, Job.kind == kind)
        return db.exec(chosen.order_by(col(Job.number).desc())).first()

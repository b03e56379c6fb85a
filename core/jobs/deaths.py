"""A job over which process after process ends is given up, so that one file cannot stop the program for ever.

Nobody can say which of the jobs that ran at a death caused it: all of them are suspects, and suspects run one at a
time, so that after the next death it is known. A death is certain where the process left its lock file on this machine.
A process of another machine can only fall silent, as one also does that is frozen or cut off; so silences count too,
but it takes more of them. A process that ends in good order counts as neither, and what a job has done for good makes
it innocent again: a long rebuild goes on after any number of kills as long as it gets further between them.
"""

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.database import Job, now
from core.log import log
from core.schema import JobKind, JobState

MOST_DEATHS = 3
MOST_SILENCES = 10
# What stopped the program, and what the owner can rely on and do, by the kind of job.
WORK = {
    JobKind.READ: (
        "Reading this file",
        "The file is kept. Press Retry, or save it in another format, add that one and delete this one.",
    ),
    JobKind.FORGET: (
        "Removing this source's passages",
        "The source answers no more. Check the passages in Settings; that removes what is left of it.",
    ),
    JobKind.REBUILD: (
        "Preparing the passages anew",
        "The passages of before go on answering. Press Retry, or take the change back.",
    ),
    JobKind.CHECK: (
        "Checking the passages",
        "Questions are answered as before. Start the check again; if it happens again, the log says where.",
    ),
}
OTHER_WORK = ("This work", "Press Retry; if it happens again, the log says where.")


def suspect_running() -> ColumnElement[bool]:
    """The condition that a job runs now which ran before when a process ended."""
    other = aliased(Job)
    return select(other.id).where(other.state == JobState.RUNNING, other.deaths > 0).exists()


def give_up_deadly(db: Session) -> None:
    """Fail the waiting jobs over which too many processes ended, in this session."""
    deadly = or_(col(Job.deaths) >= MOST_DEATHS, col(Job.silences) >= MOST_SILENCES)
    rows = db.execute(select(Job.id, Job.kind, Job.deaths).where(col(Job.state) == JobState.WAITING, deadly)).all()
    for job_id, kind, deaths in rows:
        work, remedy = WORK.get(JobKind(kind), OTHER_WORK) if kind in tuple(JobKind) else OTHER_WORK
        died = deaths >= MOST_DEATHS
        what = f"{work} stopped the program three times." if died else f"{work} made the program fall silent ten times."
        failed = {"state": JobState.FAILED, "finished_at": now(), "error": what, "remedy": remedy}
        db.execute(update(Job).where(col(Job.id) == job_id).values(code="stopped_the_program", **failed))
        log("job.given_up", job=job_id, kind=kind, deaths=deaths)


def got_further(db: Session, job_id: str) -> None:
    """Note, with what a job has done for good, that it got further: what ended processes before is behind it."""
    counted = or_(col(Job.deaths) > 0, col(Job.silences) > 0)
    db.execute(update(Job).where(col(Job.id) == job_id, counted).values(deaths=0, silences=0))

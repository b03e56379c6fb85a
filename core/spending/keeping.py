"""What is kept of who asked and what it cost, for how long, and the proof that it went: jobs, with their counts.

A job of an assistant removes what is older than was set; its row tells how much and when. Of costs a day's sum stays,
so that months add up and limits hold; of a question or who asked it nothing was ever in them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select

from core import jobs
from core.database import AskWindow, Assistant, Job, Spent, new_id, now, session
from core.schema import JobKind, JobState
from core.spending.admission import forget_windows
from core.spending.ledger import RELEASED, SETTLED
from core.spending.limits import limits

SUMMED = "summed"  # the state of a day's sum


def queue_deletions() -> int:
    """Queue a deletion for each assistant of which something is older than is kept; returns how many.

    Of an erased assistant, which can have no job any more, it is removed at once.
    """
    with session() as db:
        first = _first_kept().isoformat()
        singly = (col(Spent.day) < first, col(Spent.state).in_((SETTLED, RELEASED)))
        due = set(db.exec(select(Spent.assistant_id).where(*singly).distinct()).all())
        here = set(db.exec(select(Assistant.id).where(col(Assistant.id).in_(due))).all())
        queued = (col(Job.kind) == JobKind.EXPIRE, col(Job.state).in_(jobs.ACTIVE))
        waiting = set(db.exec(select(Job.assistant_id).where(*queued)).all())
    for assistant_id in due - here:
        forget_details(assistant_id)
    for assistant_id in here - waiting:
        jobs.enqueue(JobKind.EXPIRE, assistant_id)
    if here - waiting:
        jobs.tell()
    return len(here - waiting)


def forget_details(assistant_id: str) -> dict[str, object]:
    """Put a day's sum in the place of each older request's cost, and remove ended counts of who asked.

    Returns what a job's proof tells: ``before`` which day, and how many "costs" and "counts" went.
    """
    first = _first_kept()
    with session() as db:
        old = delete(Spent).where(
            col(Spent.assistant_id) == assistant_id,
            col(Spent.day) < first.isoformat(),
            col(Spent.state).in_((SETTLED, RELEASED)),
        )
        gone = list(db.scalars(old.returning(Spent)).all())
        db.add_all(_sums(gone))
    return {"before": first.isoformat(), "costs": len(gone), "counts": forget_windows(assistant_id)}


def _first_kept() -> date:
    return now().date() - timedelta(days=limits().detail_days)


def _sums(rows: list[Spent]) -> Iterator[Spent]:
    groups: dict[tuple[str, str, str, str, bool], list[Spent]] = defaultdict(list)
    for row in rows:
        if row.state == SETTLED:
            groups[(row.assistant_id, row.day, row.asker, row.model, row.priced)].append(row)
    for (assistant_id, day, asker, model, priced), group in groups.items():
        yield Spent(
            id=new_id(),
            assistant_id=assistant_id,
            day=day,
            asker=asker,
            model=model,
            priced=priced,
            answers=sum(row.answers for row in group),
            prompt_tokens=sum(row.prompt_tokens for row in group),
            answer_tokens=sum(row.answer_tokens for row in group),
            micro_euros=sum(row.micro_euros for row in group),
            state=SUMMED,
            created_at=datetime.fromisoformat(day).replace(tzinfo=UTC),
        )


def note_deletion(db: Session, assistant_id: str, name: str, count: int, before: datetime) -> None:
    """Prove, in the same transaction, that ``count`` of what is called ``name`` went: all from before a moment.

    What went of it on one day (UTC) is one proof, as a job that is done.
    """
    moment = now()
    proof_id = sha256(f"{assistant_id} {name} {moment.date()}".encode()).hexdigest()[:32]
    proof = db.get(Job, proof_id) or Job(
        id=proof_id, kind=JobKind.EXPIRE, assistant_id=assistant_id, state=JobState.DONE, started_at=moment
    )
    proof.result = {"before": f"{before:%Y-%m-%d %H:%M} UTC", name: int(proof.result.get(name, 0)) + count}
    proof.finished_at = moment
    db.add(proof)


@dataclass(frozen=True, slots=True)
class Deletion:
    """What a job removed: when, of which assistant, what was from before which day or moment, how many of each."""

    at: datetime
    assistant_id: str
    before: str
    counts: Mapping[str, int]


def deletions(assistant_id: str = "", most: int = 30) -> list[Deletion]:
    """List what was deleted in its time, newest first: the proof. Of one assistant, or of all."""
    chosen = select(Job).where(col(Job.kind) == JobKind.EXPIRE, col(Job.state) == JobState.DONE)
    if assistant_id:
        chosen = chosen.where(Job.assistant_id == assistant_id)
    with session() as db:
        rows = db.exec(chosen.order_by(col(Job.finished_at).desc(), col(Job.number).desc()).limit(most)).all()
    return [
        Deletion(
            at=row.finished_at or row.created_at,
            assistant_id=row.assistant_id,
            before=str(row.result.get("before", "")),
            counts={name: count for name, count in row.result.items() if isinstance(count, int)},
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept: what, how much of it there is now, and what becomes of it."""

    what: str
    count: int
    until: str


def what_is_kept(assistant_id: str = "") -> list[Kept]:
    """Say what is kept of outsiders' questions besides conversations: of one assistant, or of all."""

    def count(table: type[Spent] | type[AskWindow], *which: ColumnElement[bool]) -> int:
        chosen = select(func.count()).select_from(table).where(*which)
        if assistant_id:
            chosen = chosen.where(col(table.assistant_id) == assistant_id)
        with session() as db:
            return db.exec(chosen).one()

    days = limits().detail_days
    return [
        Kept(
            "What each answer cost: moment, model, length, whether the owner, a visitor or a key asked. Not the "
            "question, not who.",
            count(Spent, col(Spent.state) != SUMMED),
            f"Kept singly for {days} days, then a sum for each day.",
        ),
        Kept(
            "How often a visitor, a connection or a key has asked of late, under a name that is made with a secret of "
            "the day.",
            count(AskWindow),
            "Removed within an hour after its minute, hour or day; the secret on the day after the next.",
        ),
    ]

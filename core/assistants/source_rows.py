"""What the Knowledge page shows of an assistant's sources: how each one is, and what is in the bin."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, ScalarSelect, Select, Text, case, cast, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.assistants.source_columns import (
    came_at,
    came_number,
    is_first_come,
    is_newest,
    is_newest_job,
    is_newest_shown,
    is_shown,
    newest,
)
from core.assistants.source_filter import OLD_DAYS, PROBLEMS, SourceFilter, here, matching, name_of
from core.assistants.source_folders import tags_of
from core.assistants.source_order import Standing, standing_of
from core.assistants.sources import IN_LIST
from core.database import Assistant, Indexed, Job, Source, Version, now, session
from core.jobs import ACTIVE
from core.schema import JobKind, JobState, Shortfall, as_shortfalls

State = Literal["ready", "waiting", "running", "failed", "stopped"]
REMOVED_ROWS = 50
EVERYTHING = SourceFilter()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the Knowledge page. ``answering`` is True while some version of it is in the index.

    Whether questions find that is told by its ``standing``. ``added_at`` is when its newest bytes first came.
    """

    id: str
    name: str
    kind: str
    size: int
    page_count: int | None
    page_word: str
    passages: int
    characters: int
    warnings: tuple[Shortfall, ...]
    added_at: datetime
    changed_at: datetime
    state: State
    stage: str
    done: int
    total: int
    error: str
    remedy: str
    code: str
    job_id: str
    answering: bool
    started_at: datetime | None
    folder: str = ""
    tags: tuple[str, ...] = ()
    standing: Standing = field(default_factory=Standing)

    @property
    def is_old(self) -> bool:
        """Whether it answers, and did not change for so long that it is worth a look."""
        return self.answering and not self.standing.rests and self.added_at < now() - timedelta(days=OLD_DAYS)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A part of an assistant's sources, the ``page``-th from 1; ``matching`` is how many there are in all."""

    rows: tuple[SourceRow, ...]
    matching: int
    page: int


@dataclass(frozen=True, slots=True)
class SourceName:
    """A source to choose by its name. ``answering`` is True while some version of it can be found by questions."""

    id: str
    name: str
    answering: bool


@dataclass(frozen=True, slots=True)
class SourceNumbers:
    """An assistant's sources in numbers; ``size`` in bytes.

    ``working`` are those being read or about to be; ``held_up`` those of them that wait for what is away.
    """

    sources: int
    passages: int
    size: int
    working: int
    held_up: int


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A source in the bin. ``left`` is what the store still held of it when looked at afterwards; None: not yet."""

    id: str
    name: str
    deleted_at: datetime
    left: int | None


def has_sources(assistant_id: str) -> bool:
    """Tell whether an assistant has any source, read or not."""
    with session() as db:
        return db.exec(select(Source.id).where(*here(assistant_id)).limit(1)).first() is not None


def source_page(
    assistant_id: str, only: SourceFilter = EVERYTHING, *, sort: str = "newest", page: int = 1, size: int = 20
) -> SourcePage:
    """Return the sources that a filter leaves: page ``page`` of them, from 1.

    ``sort`` is "newest", "oldest", "name", "size" or "problems". Where there are fewer pages it is the last one.
    However many sources there are, only those shown are read.
    """
    with session() as db:
        count = db.execute(matching(db, assistant_id, only, func.count())).scalar_one()
        page = min(max(page, 1), max(1, -(-count // size)))
        first = (page - 1) * size
        ids = _last_come(db, assistant_id, only, first, size) if sort == "newest" else []
        if len(ids) < min(size, count - first):
            chosen = _in_order(db, assistant_id, only, sort).offset(first).limit(size)
            ids = list(db.execute(chosen).scalars())
        rows = _rows(db, assistant_id, ids)
    return SourcePage(tuple(rows), count, page)


def matching_ids(assistant_id: str, only: SourceFilter) -> tuple[str, ...]:
    """Return the ids of all sources that a filter leaves."""
    with session() as db:
        return tuple(db.execute(matching(db, assistant_id, only, Source.id)).scalars())


def _last_come(db: Session, assistant_id: str, only: SourceFilter, first: int, size: int) -> list[str]:
    """Return the ids of a page of the sources that a filter leaves, last come first, but for those without a version.

    It goes through the versions from the newest on and stops where the page is full: 6 ms for the first page of
    10,000 sources, not 78.
    """
    left = matching(db, assistant_id, only, Source.id).order_by(None).subquery()
    # Written so that no index is of use for it: SQLite would begin with all the sources, and sort them.
    ids = select(Version.source_id).where(col(Version.source_id).concat("").in_(select(left.c.id)), is_first_come)
    return list(db.exec(ids.order_by(col(Version.number).desc()).offset(first).limit(size)).all())


def _in_order(db: Session, assistant_id: str, only: SourceFilter, sort: str) -> Select[Any]:
    """Return a statement for the ids of the sources that a filter leaves, in an order."""
    left = matching(db, assistant_id, only, Source.id).order_by(None).subquery()
    ids = select(Source.id).select_from(Source).outerjoin(newest, is_newest)
    ids = ids.where(col(Source.id).in_(select(left.c.id)))
    order: list[Any] = []
    if sort == "name":
        order = [name_of(db)]
    elif sort == "size":
        ids = ids.outerjoin(Version, is_shown)
        order = [func.coalesce(col(Version.size), 0).desc()]
    elif sort == "problems":
        told = cast(col(Version.warnings), Text) != "[]"
        ids = ids.outerjoin(Job, is_newest_job).outerjoin(Version, is_shown)
        order = [case((col(Job.state).in_(PROBLEMS), 0), (told, 1), else_=2)]
    number = func.coalesce(came_number, 0)
    order += [number.asc() if sort == "oldest" else number.desc()]
    return ids.order_by(*order, col(Source.name).desc(), col(Source.id))


def source_row(assistant_id: str, source_id: str) -> SourceRow | None:
    """Return one source of an assistant as it stands now; None where it has none of this id."""
    with session() as db:
        return next(iter(_rows(db, assistant_id, [source_id])), None)


def source_names(assistant_id: str) -> list[SourceName]:
    """List an assistant's sources by name, with no more than a list to choose from needs."""
    with session() as db:
        answers = (col(Indexed.version_id) == col(Source.version_id)) & (Indexed.build_id == _build(assistant_id))
        names = select(Source.id, Source.name, col(Indexed.version_id).is_not(None)).outerjoin(Indexed, answers)
        rows = db.execute(names.where(*here(assistant_id))).all()
    return sorted((SourceName(*row) for row in rows), key=lambda row: (row.name.casefold(), row.name))


def source_numbers(assistant_id: str) -> SourceNumbers:
    """Return an assistant's sources in numbers: three statements, however many there are."""
    with session() as db:
        answers = (col(Indexed.version_id) == col(Source.version_id)) & (Indexed.build_id == _build(assistant_id))
        sums = (
            select(func.count(), func.sum(Version.size), func.sum(col(Indexed.passages) - col(Indexed.aliases)))
            .select_from(Source)
            .outerjoin(newest, is_newest_shown)
            .outerjoin(Version, is_shown)
            .outerjoin(Indexed, answers)
        )
        sources, size, passages = db.execute(sums.where(*here(assistant_id))).one()
        reads = _reading(assistant_id)
        working = db.exec(reads).one()
        held_up = db.exec(reads.where(Job.state == JobState.WAITING, Job.error != "")).one() if working else 0
    return SourceNumbers(sources, int(passages or 0), int(size or 0), working, held_up)


def reading(assistant_id: str) -> int:
    """Count an assistant's sources that are being read or about to be, or wait for what is away."""
    with session() as db:
        return db.exec(_reading(assistant_id)).one()


def _reading(assistant_id: str) -> SelectOfScalar[int]:
    reads = select(func.count(func.distinct(Job.source_id))).join(Source, col(Source.id) == col(Job.source_id))
    return reads.where(*here(assistant_id), Job.kind == JobKind.READ, col(Job.state).in_(ACTIVE))


def source_rows(assistant_id: str) -> list[SourceRow]:
    """List all of an assistant's sources as they stand now, last added first: for a page, ask for a page of them."""
    with session() as db:
        newest_first = func.coalesce(came_number, 0).desc()
        chosen = select(Source.id).select_from(Source).outerjoin(newest, is_newest).where(*here(assistant_id))
        ids = db.exec(chosen.order_by(newest_first, col(Source.name).desc(), col(Source.id))).all()
        return [
            row
            for start in range(0, len(ids), IN_LIST)
            for row in _rows(db, assistant_id, ids[start : start + IN_LIST])
        ]


def _build(assistant_id: str) -> ScalarSelect[str]:
    return select(Assistant.build_id).where(Assistant.id == assistant_id).scalar_subquery()


def _rows(db: Session, assistant_id: str, source_ids: Sequence[str]) -> list[SourceRow]:
    """Return the rows of these sources, in their order; those that are not the assistant's are left out."""
    answers = (col(Indexed.version_id) == col(Source.version_id)) & (Indexed.build_id == _build(assistant_id))
    chosen = (
        select_columns(Source, Version, Job, col(Indexed.passages) - col(Indexed.aliases), came_at)
        .select_from(Source)
        .outerjoin(newest, is_newest)
        .outerjoin(Version, is_shown)
        .outerjoin(Job, is_newest_job)
        .outerjoin(Indexed, answers)
        .where(*here(assistant_id), col(Source.id).in_(source_ids))
    )
    found = db.execute(chosen).all()
    stand = standing_of(db, [row[0] for row in found])
    tags = tags_of(db, source_ids)
    rows = {
        source.id: _row(source, version, job, passages, came, tags.get(source.id, ()), stand[source.id])
        for source, version, job, passages, came in found
    }
    return [rows[source_id] for source_id in source_ids if source_id in rows]


def _row(
    source: Source,
    version: Version | None,
    job: Job | None,
    passages: int | None,
    came: datetime | None,
    tags: tuple[str, ...],
    standing: Standing,
) -> SourceRow:
    active = job is not None and job.state != JobState.DONE
    state: State = job.state if job is not None and active else "ready"  # type: ignore[assignment]  # JobState's words
    return SourceRow(
        id=source.id,
        name=source.name,
        kind=(version.kind if version else "") or suffix(source.name),
        size=version.size if version else 0,
        page_count=version.page_count if version else None,
        page_word=version.page_word if version else "",
        passages=passages or 0,
        characters=version.characters if version else 0,
        warnings=as_shortfalls(version.warnings) if version else (),
        added_at=came or source.created_at,
        changed_at=(job.finished_at or job.created_at) if job else source.created_at,
        state=state,
        stage=job.stage if job else "",
        done=job.done if job else 0,
        total=job.total if job else 0,
        error=job.error if job else "",
        remedy=job.remedy if job else "",
        code=job.code if job else "",
        job_id=job.id if job else "",
        answering=passages is not None,
        started_at=job.started_at if job else None,
        folder=source.folder,
        tags=tags,
        standing=standing,
    )


def failed_alike(rows: Sequence[SourceRow]) -> list[list[SourceRow]]:
    """Put rows that failed with the same words together, at the place of the first: what is the same is said once."""
    groups: dict[tuple[str, ...], list[SourceRow]] = {}
    for row in rows:
        failed = row.state == JobState.FAILED and not row.answering
        groups.setdefault((row.error, row.remedy, row.code) if failed else (row.id,), []).append(row)
    return list(groups.values())


def suffix(name: str) -> str:
    """Return a file name's ending in lower case, without the dot; empty where there is none."""
    return name.rsplit(".", 1)[1].lower() if "." in name else ""


def removed_rows(assistant_id: str) -> list[RemovedRow]:
    """List the last ``REMOVED_ROWS`` sources in the bin, newest first, each with the proof that no passage is left."""
    with session() as db:
        forgets = select(func.max(Job.number)).where(Job.source_id == Source.id, Job.kind == JobKind.FORGET)
        last = func.coalesce(forgets.correlate(Source).scalar_subquery(), 0)
        binned = select(Source).where(*_binned(assistant_id)).order_by(last.desc(), col(Source.id))
        sources = db.exec(binned.limit(REMOVED_ROWS)).all()
        chosen = (col(Job.source_id).in_([source.id for source in sources]), col(Job.kind) == JobKind.FORGET)
        forgotten = db.exec(select(Job).where(*chosen).order_by(col(Job.number))).all()
    # By the last time it was deleted: one that was restored in between was there again.
    left = {job.source_id: job.result.get("left") if job.state == JobState.DONE else None for job in forgotten}
    return [RemovedRow(s.id, s.name, s.deleted_at or s.created_at, left.get(s.id)) for s in sources]


def removed_count(assistant_id: str) -> int:
    """Count the sources in the bin."""
    with session() as db:
        return db.exec(select(func.count()).select_from(Source).where(*_binned(assistant_id))).one()


def removing(assistant_id: str) -> bool:
    """Tell whether passages of a deleted source are still to be removed."""
    with session() as db:
        waits = (col(Job.kind) == JobKind.FORGET, col(Job.state).in_(ACTIVE))
        chosen = select(Job.id).join(Source, col(Source.id) == col(Job.source_id)).where(*waits, *_binned(assistant_id))
        return db.exec(chosen.limit(1)).first() is not None


def _binned(assistant_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(Source.assistant_id) == assistant_id, col(Source.deleted_at).is_not(None)

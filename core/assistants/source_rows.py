"""What the Knowledge page shows of an assistant's sources: how each one is, and what is in the bin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import col, select

from core.database import Assistant, Indexed, Job, Source, Version, session
from core.schema import JobKind, JobState

State = Literal["ready", "waiting", "running", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the Knowledge page. ``answering`` is True while some version of it can be found by questions."""

    id: str
    name: str
    kind: str
    size: int
    page_count: int | None
    page_word: str
    passages: int
    characters: int
    warnings: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A source in the bin. ``left`` is what the store still held of it when looked at afterwards; None: not yet."""

    id: str
    name: str
    deleted_at: datetime
    left: int | None


def source_rows(assistant_id: str) -> list[SourceRow]:
    """List an assistant's sources as they stand now, last added first. Three queries, however many there are."""
    with session() as db:
        here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None))
        sources = db.exec(select(Source).where(*here)).all()
        versions = db.exec(select(Version).join(Source).where(*here).order_by(col(Version.number))).all()
        newest_jobs = db.exec(
            select(Job)
            .join(Source, col(Source.id) == col(Job.source_id))
            .where(*here, Job.kind == JobKind.READ)
            .order_by(col(Job.number))
        ).all()
        counted = dict(
            db.execute(
                select(Indexed.version_id, Indexed.passages)
                .join(Assistant, col(Assistant.build_id) == col(Indexed.build_id))
                .where(Assistant.id == assistant_id)
            ).all()
        )
    newest = {version.source_id: version for version in versions}
    # When its newest bytes first came: reading them again, by hand or after an update, changes no order.
    came = {(version.source_id, version.original_hash): version for version in reversed(versions)}
    first = {source_id: came[source_id, version.original_hash] for source_id, version in newest.items()}
    by_id = {version.id: version for version in versions}
    job_of = {job.source_id: job for job in newest_jobs}
    rows = [
        _row(
            source,
            by_id.get(source.version_id) or newest.get(source.id),
            job_of.get(source.id),
            counted,
            first[source.id].created_at if source.id in first else source.created_at,
        )
        for source in sources
    ]
    return sorted(rows, key=lambda row: first[row.id].number if row.id in first else 0, reverse=True)


def _row(
    source: Source, version: Version | None, job: Job | None, counted: dict[str, int], added_at: datetime
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
        passages=counted.get(source.version_id, 0),
        characters=version.characters if version else 0,
        warnings=tuple(version.warnings) if version else (),
        added_at=added_at,
        changed_at=(job.finished_at or job.created_at) if job else source.created_at,
        state=state,
        stage=job.stage if job else "",
        done=job.done if job else 0,
        total=job.total if job else 0,
        error=job.error if job else "",
        remedy=job.remedy if job else "",
        code=job.code if job else "",
        job_id=job.id if job else "",
        answering=bool(source.version_id) and source.version_id in counted,
        started_at=job.started_at if job else None,
    )


def suffix(name: str) -> str:
    """Return a file name's ending in lower case, without the dot; empty where there is none."""
    return name.rsplit(".", 1)[1].lower() if "." in name else ""


def removed_rows(assistant_id: str) -> list[RemovedRow]:
    """List the sources in the bin, newest first, with the proof that no passage of them is left."""
    with session() as db:
        binned = select(Source).where(Source.assistant_id == assistant_id, col(Source.deleted_at).is_not(None))
        sources = db.exec(binned).all()
        forgotten = db.exec(
            select(Job).where(Job.assistant_id == assistant_id, Job.kind == JobKind.FORGET).order_by(col(Job.number))
        ).all()
    removed = {job.source_id: job.number for job in forgotten}
    left = {job.source_id: job.result.get("left") for job in forgotten if job.state == JobState.DONE}
    rows = [RemovedRow(s.id, s.name, s.deleted_at or s.created_at, left.get(s.id)) for s in sources]
    return sorted(rows, key=lambda row: removed.get(row.id, 0), reverse=True)

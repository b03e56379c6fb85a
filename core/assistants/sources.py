"""An assistant's sources: add files, new versions, delete, restore, and what the Knowledge page shows of each."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import jobs
from core.assistants.assistants import BIN_DAYS, assistant
from core.assistants.source_names import clean_file_name, folder_of, printable_name, short_name
from core.database import (
    Assistant,
    HandEditRow,
    Job,
    Original,
    Parsed,
    Source,
    SourceTag,
    Version,
    new_id,
    now,
    session,
    writing,
)
from core.errors import AnswerbookError, DataFolderError, NotFound
from core.log import log
from core.schema import EditState, JobKind, JobState
from core.settings import settings

MEGABYTE = 1024 * 1024
# What reading found out about a version, which another one of the same text has, too.
_READ_OF_VERSION = (
    *("kind", "title", "language", "page_count", "page_word", "characters", "identity", "warnings", "read_at"),
)
IN_LIST = 500  # ids of one statement: databases limit how many there may be


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one uploaded file: new, a new version, unchanged, a duplicate under another name, or refused."""

    name: str
    outcome: Literal["new", "version", "unchanged", "duplicate", "refused"]
    sentence: str = ""


def add_files(assistant_id: str, files: Iterable[tuple[str, bytes]]) -> list[Added]:
    """Keep uploaded files and queue them for reading; each stands or falls alone.

    A name that is already there becomes a new version of that source. Raises NotFound, and DataFolderError where the
    disk is full (the files before it are kept).
    """
    assistant(assistant_id)
    return [add_file(assistant_id, clean_file_name(name), data) for name, data in files]


def add_file(assistant_id: str, name: str, data: bytes, *, part_of: str = "") -> Added:
    """Keep a file under a name that is clean, attached to the source ``part_of`` if any. Raises DataFolderError."""
    limit = settings().file_megabytes
    if len(data) > limit * MEGABYTE:
        size = len(data) / MEGABYTE
        return Added(name, "refused", f"{name} is {size:.0f} MB; the limit is {limit} MB. Split it into smaller files.")
    digest = content_hash(data)
    try:
        with writing() as db:
            added, job = _place(db, assistant_id, name, digest, data, part_of)
            if job is not None:
                db.add(job)
    except DataFolderError as error:
        raise DataFolderError(
            f"{name} could not be saved. {error.what}",
            error.remedy,
            code=error.code,
            passing=error.passing,
        ) from error
    log("source.added", assistant=assistant_id, outcome=added.outcome, bytes=len(data))
    return added


def content_hash(data: bytes) -> str:
    """Return what a file's bytes are known by: their SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _place(
    db: Session, assistant_id: str, name: str, digest: str, data: bytes, part_of: str
) -> tuple[Added, Job | None]:
    """Decide what an upload is (new, version, unchanged, duplicate) and add the rows for it."""
    one_at_a_time(db, assistant_id)  # of two new files of one name, the second is a new version of the first
    here = select(Source).where(Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None))
    # Locked, so that an update that has it read again just now comes wholly before this upload: the later one wins.
    source = db.exec(here.where(Source.name == name).with_for_update()).first()
    newest = newest_version(db, source.id) if source else None
    if source and newest and newest.original_hash == digest:
        job = _latest_job(db, newest.id)
        if job is None or job.state in (JobState.DONE, *jobs.ACTIVE):
            return Added(name, "unchanged", f"{name} is already here, unchanged."), None
    twin = db.exec(_here_with(assistant_id, digest).where(Source.name != name)).first()
    if twin and not source:
        return Added(name, "duplicate", f"{name} has the same content as {twin.name}, which is already here."), None
    if db.exec(select(Original.hash).where(Original.hash == digest)).first() is None:
        db.add(Original(hash=digest, size=len(data), body=data))
    outcome: Literal["new", "version"] = "version" if source else "new"
    if source is None:
        owner = db.get(Source, part_of) if part_of else None
        folder = owner.folder if owner else folder_of(name)
        source = Source(id=new_id(), assistant_id=assistant_id, name=name, part_of=part_of, folder=folder)
        db.add(source)
        db.flush()
    elif newest:
        _stop_reading(db, [source.id])
    return Added(name, outcome), _new_version(db, source, digest, len(data))


def _here_with(assistant_id: str, digest: str) -> SelectOfScalar[Source]:
    """The sources of an assistant whose answering version, or one that waits to be read, has these bytes."""
    reads = (col(Job.version_id) == Version.id, Job.kind == JobKind.READ, col(Job.state).in_(jobs.ACTIVE))
    answering = (col(Version.id) == Source.version_id) | select(Job.id).where(*reads).exists()
    same = (col(Version.source_id) == Source.id) & answering
    # No index is of use for the assistant so written: SQLite goes from the bytes to their few sources, and does not
    # look through all sources for each file.
    here = (col(Source.assistant_id).concat("") == assistant_id, col(Source.deleted_at).is_(None))
    return select(Source).join(Version, same).where(*here, Version.original_hash == digest)


def _new_version(db: Session, source: Source, digest: str, size: int) -> Job:
    version = Version(id=new_id(), source_id=source.id, original_hash=digest, size=size)
    db.add(version)
    db.flush()
    return Job(
        id=new_id(),
        kind=JobKind.READ,
        assistant_id=source.assistant_id,
        source_id=source.id,
        version_id=version.id,
    )


def _stop_reading(db: Session, source_ids: Sequence[str]) -> None:
    """An older upload of the same source need not be read any more."""
    older = [col(Job.source_id).in_(source_ids), col(Job.kind) == JobKind.READ]
    waiting = (*older, col(Job.state) == JobState.WAITING)
    db.execute(update(Job).where(*waiting).values(state=JobState.STOPPED, finished_at=now()))
    db.execute(update(Job).where(*older, col(Job.state) == JobState.RUNNING).values(stop_requested=True))


def _latest_job(db: Session, version_id: str) -> Job | None:
    chosen = select(Job).where(Job.version_id == version_id, Job.kind == JobKind.READ)
    return db.exec(chosen.order_by(col(Job.number).desc()).limit(1)).first()


def source(assistant_id: str, source_id: str) -> Source:
    """Return a source of this assistant, binned or not. Raises NotFound for any other."""
    with session() as db:
        row = db.get(Source, source_id)
    if row is None or row.assistant_id != assistant_id:
        raise NotFound("This source does not exist any more.", "Choose another one.", code="no_source")
    return row


def rename_source(assistant_id: str, source_id: str, name: str) -> None:
    """Give a source another name. Raises AnswerbookError when it is taken, NotFound."""
    source(assistant_id, source_id)
    cleaned = short_name(printable_name(name)) or "file without a name"
    with writing() as db:
        one_at_a_time(db, assistant_id)
        if is_taken(db, assistant_id, source_id, cleaned):
            raise AnswerbookError(f"Another source is already called {cleaned}.", "Choose another name.", code="taken")
        db.execute(update(Source).where(col(Source.id) == source_id).values(name=cleaned))


def one_at_a_time(db: Session, assistant_id: str) -> None:
    """Let nobody else on Postgres add, rename or restore sources of this assistant to the end of this transaction."""
    db.exec(select(Assistant.id).where(Assistant.id == assistant_id).with_for_update(key_share=True)).first()


def is_taken(db: Session, assistant_id: str, source_id: str, name: str) -> bool:
    """Say whether another source of an assistant, not in the bin, has this name."""
    here = (Source.assistant_id == assistant_id, Source.name == name, col(Source.deleted_at).is_(None))
    return db.exec(select(Source.id).where(*here, Source.id != source_id)).first() is not None


def _here(db: Session, assistant_id: str, source_ids: Sequence[str]) -> Sequence[Source]:
    """Those of these sources that are not in the bin, locked in one order: two owners never block each other."""
    here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None), col(Source.id).in_(source_ids))
    return db.exec(select(Source).where(*here).order_by(col(Source.id)).with_for_update()).all()


def delete_sources(assistant_id: str, source_ids: Sequence[str]) -> None:
    """Put sources and what is attached to them into the bin, all or none: they answer no more at once.

    The worker removes their passages.
    """
    count, moment = 0, now()
    with writing() as db:
        chosen = sorted({*source_ids, *_attached(db, source_ids)})
        for begin in range(0, len(chosen), IN_LIST):
            binned = _here(db, assistant_id, chosen[begin : begin + IN_LIST])
            for source in binned:
                source.deleted_at = moment
                db.add(source)
                db.add(Job(id=new_id(), kind=JobKind.FORGET, assistant_id=assistant_id, source_id=source.id))
            _stop_reading(db, [source.id for source in binned])
            count += len(binned)
    log("source.binned", assistant=assistant_id, count=count)


def _attached(db: Session, source_ids: Sequence[str]) -> list[str]:
    """Return what is attached to sources, and what is attached to that."""
    found: list[str] = []
    above = list(source_ids)
    while above:
        here = [col(Source.part_of).in_(above[begin : begin + IN_LIST]) for begin in range(0, len(above), IN_LIST)]
        above = [each for condition in here for each in db.exec(select(Source.id).where(condition)).all()]
        found.extend(above)
    return found


def restore_source(assistant_id: str, source_id: str) -> None:
    """Take a source out of the bin and read it again. Raises AnswerbookError when its name is taken by now."""
    source(assistant_id, source_id)
    with writing() as db:
        one_at_a_time(db, assistant_id)
        row = db.get_one(Source, source_id, with_for_update=True)
        if row.deleted_at is None:
            return  # restored already, as by a second press
        if is_taken(db, assistant_id, source_id, row.name):
            raise AnswerbookError(
                f"There is another source called {row.name} by now.", "Rename or delete that one first.", code="taken"
            )
        for each in (row, *_deleted_with(db, row)):
            each.deleted_at, each.version_id = None, ""
            db.add(each)
            if version := newest_version(db, each.id):
                db.add(_new_version(db, each, version.original_hash, version.size))


def _deleted_with(db: Session, source: Source) -> list[Source]:
    """Return what was attached to a source and went into the bin with it, but where the name is taken by now."""
    attached = _attached(db, [source.id])
    gone = select(Source).where(col(Source.id).in_(attached), Source.deleted_at == source.deleted_at)
    rows = db.exec(gone.order_by(col(Source.id)).with_for_update()).all() if attached else ()
    return [row for row in rows if not is_taken(db, row.assistant_id, row.id, row.name)]


def read_again(assistant_id: str, source_ids: Sequence[str]) -> None:
    """Read sources again, all or none, from the bytes that are kept: the present versions answer until that worked."""
    with writing() as db:
        for source in _here(db, assistant_id, source_ids):
            add_reading(db, source)


def add_reading(db: Session, source: Source) -> None:
    """Have the newest bytes of a source read again as a new version, in this session, unless they are being read."""
    version = newest_version(db, source.id)
    if version is None:
        return
    job = _latest_job(db, version.id)
    if job is None or job.state not in jobs.ACTIVE:
        db.add(_new_version(db, source, version.original_hash, version.size))


def add_edited(db: Session, source: Source) -> None:
    """Have the text of a source that answers indexed anew as a new version, in this session: its hand edits changed.

    Where a newer version is still being read that one will have them. Without a kept text it is read again.
    """
    newest = newest_version(db, source.id)
    job = _latest_job(db, newest.id) if newest is not None else None
    if newest is not None and newest.id != source.version_id and job is not None and job.state in jobs.ACTIVE:
        return
    answering, text = db.get(Version, source.version_id), db.get(Parsed, source.version_id)
    if answering is None or text is None:
        add_reading(db, source)
        return
    job = _new_version(db, source, answering.original_hash, answering.size)
    assert job.version_id is not None
    read = answering.model_dump(include=set(_READ_OF_VERSION))
    db.execute(update(Version).where(col(Version.id) == job.version_id).values(**read))
    root = text.same_as or text.version_id
    db.add(Parsed(version_id=job.version_id, body=b"", reader_version=text.reader_version, same_as=root))
    db.add(job)


def _copy_edits(db: Session, from_source: str, to_source: str) -> None:
    chosen = select(HandEditRow).where(HandEditRow.source_id == from_source, HandEditRow.state != EditState.UNDONE)
    for row in db.exec(chosen.order_by(col(HandEditRow.number))).all():
        db.add(HandEditRow(**row.model_dump(exclude={"id", "source_id"}), id=new_id(), source_id=to_source))


def version_anew(db: Session, source: Source, version: Version) -> Job:
    """Add a version with the bytes of this one, in this session; returns the job that puts it into the index.

    What is being read of the source is given up. The job is still to be added.
    """
    _stop_reading(db, [source.id])
    return _new_version(db, source, version.original_hash, version.size)


def copy_sources(from_assistant: str, to_assistant: str) -> None:
    """Give another assistant the same sources: the same bytes, the same parsed text, passages of its own.

    What their owner said of them comes along: folder, tags, and how they stand.
    """
    copies: dict[str, Source] = {}
    with session() as db:
        # What is attached to them comes with reading them.
        here = (Source.assistant_id == from_assistant, col(Source.deleted_at).is_(None), Source.part_of == "")
        for source in db.exec(select(Source).where(*here).order_by(added_order())).all():
            version = db.get(Version, source.version_id) or newest_version(db, source.id)
            if version is None:
                continue
            said = source.model_dump(include={"name", "folder", "preferred", "begins_at", "ends_at", "zone"})
            said["cut_kind"] = source.cut_kind or version.cut_kind
            mark = new_id() if source.order_mark else ""
            copied = copies[source.id] = Source(id=new_id(), assistant_id=to_assistant, order_mark=mark, **said)
            db.add(copied)
            db.flush()
            _copy_edits(db, source.id, copied.id)
            db.add(_new_version(db, copied, version.original_hash, version.size))
        _replace_alike(db, from_assistant, copies)
        tags = select(SourceTag).join(Source, col(Source.id) == col(SourceTag.source_id))
        for tag in db.exec(tags.where(Source.assistant_id == from_assistant)).all():
            if tag.source_id in copies:
                db.add(SourceTag(source_id=copies[tag.source_id].id, tag=tag.tag))


def _replace_alike(db: Session, assistant_id: str, copies: Mapping[str, Source]) -> None:
    """Have copies replaced by the copies of what replaces their originals; what was not copied is passed over."""
    chosen = select(Source.id, Source.replaced_by).where(Source.assistant_id == assistant_id, Source.replaced_by != "")
    above = dict(db.execute(chosen).tuples().all())
    for original, copied in copies.items():
        by = above.get(original, "")
        while by and by not in copies:
            by = above.get(by, "")
        if by:
            copied.replaced_by, copied.order_mark = copies[by].id, new_id()
            db.add(copied)


def erase_expired() -> int:
    """Remove sources binned more than 30 days ago and originals nothing refers to any more; returns the count."""
    with session() as db:
        expired = db.exec(select(Source).where(col(Source.deleted_at) < now() - timedelta(days=BIN_DAYS))).all()
        replacing = set(db.exec(select(Source.replaced_by).where(Source.replaced_by != "")).all())
        for source in expired:
            if source.id in replacing:  # by what replaced it, from now on: nothing old comes back by an erasure
                after = update(Source).where(col(Source.replaced_by) == source.id)
                db.execute(after.values(replaced_by=source.replaced_by, order_mark=new_id()))
            db.delete(source)
        db.flush()
        used = select(Version.original_hash)
        db.execute(delete(Original).where(col(Original.hash).not_in(used)))
        return len(expired)


def added_order() -> ColumnElement[int]:
    """Order sources as they were added, whatever the clock said then: by the number of each one's first version."""
    first = select(func.min(Version.number)).where(Version.source_id == Source.id)
    return first.correlate(Source).scalar_subquery()


def newest_version(db: Session, source_id: str) -> Version | None:
    """Return the last upload of a source in this session, read or not."""
    chosen = select(Version).where(Version.source_id == source_id)
    return db.exec(chosen.order_by(col(Version.number).desc()).limit(1)).first()

"""How a source is cut: the kind its owner chose, and what has to be done when that changes.

The kind belongs to a version. Another one is another version of the same bytes and the same text: it is put into the
index beside the one that answers, then takes its place, as a new upload does.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from core import jobs
from core.assistants.sources import newest_version, version_anew
from core.database import Job, Parsed, Source, Version, session, writing
from core.errors import NotFound
from core.log import log
from core.schema import CUT_KINDS, CutKind, JobKind

# What is known of a version's text, and so the same in a version with the same text.
_OF_THE_TEXT = ("kind", "title", "language", "page_count", "page_word", "characters", "identity", "warnings", "read_at")


@dataclass(frozen=True, slots=True)
class SourceKind:
    """How the version that answers is cut, and what the owner chose; None: as reading finds it."""

    used: CutKind
    chosen: CutKind | None


def source_kind(assistant_id: str, source_id: str) -> SourceKind:
    """Return how a source is cut. Raises NotFound."""
    with session() as db:
        source = _source(db, assistant_id, source_id)
        version = db.get(Version, source.version_id)
    return SourceKind(_known(version.cut_kind if version else "") or "text", _known(source.cut_kind))


def choose_kind(assistant_id: str, source_id: str, kind: CutKind) -> bool:
    """Have a source cut as another kind in the background; False where that is how it is cut already.

    The version of now answers until the new one is in the index. Raises NotFound.
    """
    with writing() as db:
        source = _source(db, assistant_id, source_id, lock=True)
        newest = newest_version(db, source.id)
        if newest is None:
            raise _gone()
        reads = select(Job.id).where(Job.version_id == newest.id, Job.kind == JobKind.READ)
        at_work = db.exec(reads.where(col(Job.state).in_(jobs.ACTIVE))).first() is not None
        wanted = source.cut_kind
        source.cut_kind = kind
        db.add(source)
        if wanted == kind and at_work:
            return False  # pressed twice
        base = newest if at_work else db.get(Version, source.version_id) or newest
        if not at_work and (_known(base.cut_kind) or "text") == kind:
            return False
        job = version_anew(db, source, base)
        _keep_text(db, base, job.version_id or "")
        db.add(job)
    log("source.cut_as", assistant=assistant_id, source=source_id, kind=kind)
    return True


def _keep_text(db: Session, base: Version, version_id: str) -> None:
    """Give a version the text that reading another one with the same bytes gave, if it was read already."""
    parsed = db.get(Parsed, base.id)
    if parsed is None:
        return
    version = db.get_one(Version, version_id)
    for name in _OF_THE_TEXT:
        setattr(version, name, getattr(base, name))
    db.add(version)
    db.add(Parsed(version_id=version_id, body=parsed.body, reader_version=parsed.reader_version))


def _source(db: Session, assistant_id: str, source_id: str, *, lock: bool = False) -> Source:
    source = db.get(Source, source_id, with_for_update=lock)
    if source is None or source.assistant_id != assistant_id or source.deleted_at is not None:
        raise _gone()
    return source


def _gone() -> NotFound:
    return NotFound("This source does not exist any more.", "Choose another one.", code="no_source")


def _known(name: str) -> CutKind | None:
    return next((kind for kind in CUT_KINDS if kind == name), None)

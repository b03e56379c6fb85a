"""What is kept of a source's versions: the bytes as they came, and the text that reading them gave."""

import zlib

from sqlalchemy import update
from sqlmodel import col

from core.assistants.sources import newest_version, source
from core.database import Original, Parsed, Source, Version, now, session
from core.document_json import document_from_json, document_to_json
from core.errors import NotFound
from core.schema import CutKind, Document

IDENTITY_CHARACTERS = 600


def original_bytes(assistant_id: str, source_id: str, version_id: str = "") -> bytes:
    """Return the bytes of a source's version as they were uploaded (its newest one by default). Raises NotFound."""
    source(assistant_id, source_id)
    with session() as db:
        version = db.get(Version, version_id) if version_id else newest_version(db, source_id)
        original = db.get(Original, version.original_hash) if version and version.source_id == source_id else None
    if original is None:
        raise NotFound("The original file is not there any more.", "Upload it again.", code="no_original")
    return original.body


def version(assistant_id: str, source_id: str, version_id: str) -> Version:
    """Return a version of this assistant's source. Raises NotFound for any other."""
    source(assistant_id, source_id)
    with session() as db:
        row = db.get(Version, version_id)
    if row is None or row.source_id != source_id:
        raise NotFound(
            "This version of the source is not kept any more.", "Open the source instead.", code="no_version"
        )
    return row


def document(version_id: str, *, oldest_reader: int = 0) -> Document | None:
    """Return a version's parsed text, or None where it was not read (yet), or only by an older reader than this."""
    with session() as db:
        parsed = db.get(Parsed, version_id)
        if parsed is not None and parsed.same_as:
            parsed = db.get(Parsed, parsed.same_as)
    if parsed is None or parsed.reader_version < oldest_reader:
        return None
    return document_from_json(zlib.decompress(parsed.body))


def settle_kind(version_id: str, detected: CutKind) -> None:
    """Say once for a version how it is cut: as its source's owner chose, else as what was detected."""
    with session() as db:
        version = db.get_one(Version, version_id)
        if not version.cut_kind:
            version.cut_kind = db.get_one(Source, version.source_id).cut_kind or detected
            db.add(version)


def keep_document(version_id: str, read: Document, reader_version: int) -> None:
    """Save what reading a version gave and by which reader, replacing what an earlier reading gave."""
    body = zlib.compress(document_to_json(read), 1)
    with session() as db:
        db.merge(Parsed(version_id=version_id, body=body, reader_version=reader_version))
        db.execute(
            update(Version)
            .where(col(Version.id) == version_id)
            .values(
                kind=read.kind,
                title=read.title[:400],
                language=read.language[:8],
                page_count=read.page_count,
                page_word=read.page_word,
                characters=len(read.text),
                identity=" ".join(read.text[: IDENTITY_CHARACTERS * 2].split())[:IDENTITY_CHARACTERS],
                warnings=[list(each) for each in read.warnings],
                read_at=now(),
            )
        )

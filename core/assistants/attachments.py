"""What is attached to a source, an e-mail as a rule, as sources of their own under it: "offer.eml/prices.xlsx"."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from core.assistants.source_names import clean_file_name
from core.assistants.sources import add_file, content_hash, delete_sources, newest_version
from core.database import Source, session
from core.log import log
from core.schema import Attachment

DEEPEST = 3  # an attachment of a mail that is attached to a mail


def keep_attachments(assistant_id: str, source_id: str, attachments: Sequence[Attachment]) -> None:
    """Add what was attached to a source as sources of their own, each queued for reading.

    What is here unchanged stays, what an earlier version of the source had and this one has not goes into the bin, and
    what the owner deleted stays deleted until it comes with other content. Raises DataFolderError (a full disk).
    """
    with session() as db:
        source = db.get_one(Source, source_id)
        if source.deleted_at is not None:
            return  # its owner was quicker: nothing is added under what is gone
        too_deep = _depth(db, source) >= DEEPEST
        before = db.scalars(select(Source).where(col(Source.part_of) == source_id)).all()
        newest = {row.id: newest_version(db, row.id) for row in before}
    by_content = {version.original_hash: here for here, version in newest.items() if version}
    kept: set[str] = set()
    for name, data in () if too_deep else named_apart(source.name, attachments):
        known = by_content.get(content_hash(data))
        if known is None:
            add_file(assistant_id, name, data, part_of=source_id)
        kept.add(known or name)
    gone = [row.id for row in before if row.deleted_at is None and not {row.id, row.name} & kept]
    if gone:
        delete_sources(assistant_id, gone)
    if kept or gone:
        log("source.attachments", assistant=assistant_id, count=len(kept))


def named_apart(owner: str, attachments: Sequence[Attachment]) -> list[tuple[str, bytes]]:
    """Return attachments under the name of what they are attached to; a name that comes twice gets a number."""
    named: dict[str, bytes] = {}
    for attachment in attachments:
        folder, _, ending = (attachment.name or "attachment").rpartition(".")
        stem, ending = (folder, f".{ending}") if folder else (ending, "")
        number = 1
        while (name := clean_file_name(f"{owner}/{stem}{f' ({number})' if number > 1 else ''}{ending}")) in named:
            if named[name] == attachment.data:
                break
            number += 1
        named[name] = attachment.data
    return list(named.items())


def _depth(db: Session, source: Source) -> int:
    depth, owner = 0, source.part_of
    while owner and depth < DEEPEST:
        above = db.get(Source, owner)
        owner = above.part_of if above else ""
        depth += 1
    return depth

"""Folders and tags that owners sort sources by: they change nothing in what questions find."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from core.assistants.source_names import clean_folder, printable_name
from core.assistants.sources import IN_LIST, one_at_a_time
from core.database import Source, SourceTag, session, writing
from core.log import log

TAG_LENGTH = 60


def folders(assistant_id: str) -> dict[str, int]:
    """Return an assistant's folders in order, each with how many sources lie in it or in the folders in it."""
    with session() as db:
        here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None), Source.folder != "")
        own = db.execute(select(Source.folder, func.count()).where(*here).group_by(Source.folder)).tuples().all()
    counts: Counter[str] = Counter()
    for folder, count in own:
        parts = folder.split("/")
        counts.update({"/".join(parts[:depth]): count for depth in range(1, len(parts) + 1)})
    return dict(sorted(counts.items(), key=lambda each: each[0].casefold().split("/")))


def tags(assistant_id: str) -> dict[str, int]:
    """Return an assistant's tags in order, each with how many sources have it."""
    with session() as db:
        here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None))
        counted = select(SourceTag.tag, func.count()).join(Source, col(Source.id) == col(SourceTag.source_id))
        found = db.execute(counted.where(*here).group_by(SourceTag.tag)).tuples().all()
    return dict(sorted(found, key=lambda each: each[0].casefold()))


def tags_of(db: Session, source_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the tags of these sources, each source's in order."""
    found: dict[str, list[str]] = {}
    for begin in range(0, len(source_ids), IN_LIST):
        chosen = select(SourceTag).where(col(SourceTag.source_id).in_(source_ids[begin : begin + IN_LIST]))
        for row in db.exec(chosen).all():
            found.setdefault(row.source_id, []).append(row.tag)
    return {key: tuple(sorted(own, key=str.casefold)) for key, own in found.items()}


def move_sources(assistant_id: str, source_ids: Sequence[str], folder: str) -> None:
    """Put sources into a folder ("Prices/2026"), or into none (""); those in the bin stay where they are."""
    cleaned = clean_folder(folder)
    with writing() as db:
        for ids in _in_parts(source_ids):
            db.execute(update(Source).where(*_chosen(assistant_id, ids)).values(folder=cleaned))
    log("source.moved", assistant=assistant_id, count=len(source_ids))


def tag_sources(
    assistant_id: str, source_ids: Sequence[str], add: Iterable[str] = (), remove: Iterable[str] = ()
) -> None:
    """Give tags to sources and take others from them; one that is there in other capitals is taken for that one."""
    known = {tag.casefold(): tag for tag in tags(assistant_id)}
    added = {known.get(tag.casefold(), tag): tag for tag in map(clean_tag, add) if tag}
    with writing() as db:
        one_at_a_time(db, assistant_id)
        for ids in _in_parts(source_ids):
            own = db.exec(select(Source.id).where(*_chosen(assistant_id, ids))).all()
            chosen = col(SourceTag.source_id).in_(own)
            # What is added is taken away first: then no source has it yet.
            db.execute(delete(SourceTag).where(chosen, col(SourceTag.tag).in_([*remove, *added])))
            db.add_all([SourceTag(source_id=source_id, tag=tag) for source_id in own for tag in added])
    log("source.tagged", assistant=assistant_id, count=len(source_ids))


def clean_tag(tag: str) -> str:
    """Return a tag as shown: on one line, and not too long."""
    return printable_name(tag)[:TAG_LENGTH].strip()


def _chosen(assistant_id: str, ids: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return col(Source.assistant_id) == assistant_id, col(Source.deleted_at).is_(None), col(Source.id).in_(ids)


def _in_parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[begin : begin + IN_LIST] for begin in range(0, len(ids), IN_LIST)]

"""Which of an assistant's sources are looked at: by words of their names, folder, tag, kind and how they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func
from sqlmodel import Session, col, select

from core.assistants.source_columns import came_at, is_newest, is_newest_job, is_shown, newest
from core.assistants.source_order import above, standings
from core.database import Job, Source, SourceTag, Version, now, session
from core.jobs import ACTIVE
from core.schema import JobState

How = Literal["", "answers", "rests", "preferred", "problems", "reading", "old"]
PROBLEMS = (JobState.FAILED, JobState.STOPPED)
OLD_DAYS = 365  # what answers and did not change for longer is worth a look


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """What sources must be, all of it; what is empty asks for nothing.

    ``words`` must all stand in the name. A ``folder`` holds what lies in the folders in it too. ``kinds`` are kinds of
    files, any of which it may be. ``how``: it "answers", "rests" (no question finds it, by its owner's word), is
    "preferred", has "problems", is "reading" or about to, or is "old": it answers, and did not change for a year.
    """

    words: str = ""
    folder: str = ""
    tag: str = ""
    kinds: tuple[str, ...] = ()
    how: How = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but words is asked for."""
        return bool(self.folder or self.tag or self.kinds or self.how)


def kinds(assistant_id: str) -> list[str]:
    """Return the kinds of the files that an assistant's sources were read from."""
    with session() as db:
        read = select(Version.kind).join(Source, col(Source.version_id) == col(Version.id)).where(*here(assistant_id))
        return sorted(db.exec(read.distinct()).all())


def replaceable(assistant_id: str, source_id: str, words: str, most: int) -> dict[str, str]:
    """Return the names, by id and in order, of up to ``most`` sources that a source may come to stand in place of.

    All these words stand in their names. What stands in place of it itself is not among them.
    """
    with session() as db:
        not_these = {source_id, *above(db, assistant_id, source_id)}
        chosen = matching(db, assistant_id, SourceFilter(words), Source.id, Source.name)
        chosen = chosen.where(col(Source.id).not_in(not_these)).order_by(name_of(db)).limit(most)
        return dict(db.execute(chosen).tuples().all())


def here(assistant_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of an assistant's sources that are not in the bin."""
    return col(Source.assistant_id) == assistant_id, col(Source.deleted_at).is_(None)


def name_of(db: Session) -> ColumnElement[str]:
    """Return a source's name as it is compared, in whatever case."""
    return (func.lower if db.get_bind().dialect.name == "postgresql" else func.casefold)(col(Source.name))


def matching(db: Session, assistant_id: str, only: SourceFilter, *columns: Any) -> Select[Any]:
    """Return a statement for these columns of the sources that a filter leaves; each of the tables is joined once."""
    is_postgres = db.get_bind().dialect.name == "postgresql"
    wanted = (only.words.lower() if is_postgres else only.words.casefold()).split()
    conditions = [*here(assistant_id), *(name_of(db).contains(word, autoescape=True) for word in wanted)]
    if only.folder:
        within = col(Source.folder).startswith(f"{only.folder}/", autoescape=True)
        conditions.append((col(Source.folder) == only.folder) | within)
    if only.tag:
        conditions.append(col(Source.id).in_(select(SourceTag.source_id).where(SourceTag.tag == only.tag)))
    if only.kinds:
        conditions.append(col(Version.kind).in_(only.kinds))
    if only.how:
        conditions += _how(db, assistant_id, only.how)
    return _joined(select(*columns).select_from(Source), only).where(*conditions)


def _joined(chosen: Any, only: SourceFilter) -> Any:
    if only.kinds or only.how == "old":
        chosen = chosen.outerjoin(newest, is_newest).outerjoin(Version, is_shown)
    if only.how in ("problems", "reading"):
        chosen = chosen.outerjoin(Job, is_newest_job)
    return chosen


def _how(db: Session, assistant_id: str, how: How) -> Sequence[ColumnElement[bool]]:
    """Return the conditions for how a source is."""
    if how == "reading":
        return [col(Job.state).in_(ACTIVE)]
    if how == "problems":
        return [col(Job.state).in_(PROBLEMS)]
    stand = standings(db, assistant_id)
    if how == "preferred":
        return [col(Source.id).in_(stand.preferred)]
    if how == "rests":
        return [col(Source.id).in_(stand.rests)]
    answers = [col(Source.version_id) != "", col(Source.id).not_in(stand.rests)]
    return [*answers, came_at < now() - timedelta(days=OLD_DAYS)] if how == "old" else answers

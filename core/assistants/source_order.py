"""What its owner says of a source's standing: preferred, for some days only, in place of others; and which answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from core.assistants.sources import IN_LIST, one_at_a_time, source
from core.database import Source, new_id, now, session, writing
from core.errors import AnswerbookError
from core.log import log

Rest = Literal["early", "over", "replaced"]
"""Why no question finds a source: its days are still to come, they are over, or another one stands in its place."""
YEARS = (1900, 2999)
ZONE_LENGTH = 64
Missing = Literal["deleted", "unread", "early", "over"]


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day on which a source answers, both whole; None: from ever, or for ever."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one source stands, for its row: why it ``rests``, if it does; that is said of ``owner`` where it is attached.

    ``replaces`` are the names of what it stands in place of, ``replaced_by`` the name of what stands in place of it.
    Where that does not, ``missing`` says why: it is "deleted", "unread", or its days are still to come or "over".
    """

    rests: Rest | None = None
    owner: str = ""
    preferred: bool = False
    days: Days = field(default_factory=Days)
    replaces: tuple[str, ...] = ()
    replaced_by: str = ""
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """How an assistant's sources stand at a moment.

    ``rests`` are those that no question finds, by id, and why; ``preferred`` those that are quoted first. ``until``:
    the next moment at which a day begins or ends for one of them; None where there is none to come.
    """

    rests: Mapping[str, Rest]
    preferred: frozenset[str]
    until: datetime | None


def prefer(assistant_id: str, source_ids: Sequence[str], on: bool) -> None:
    """Have sources quoted first where others say something else, or no longer."""
    _change(assistant_id, source_ids, preferred=on)


def set_days(assistant_id: str, source_ids: Sequence[str], days: Days, zone: str = "UTC") -> None:
    """Let sources answer on these days alone, as they begin and end in a time zone ("Europe/Berlin"; unknown: UTC).

    Raises AnswerbookError where the last day is before the first, or far from now.
    """
    for day in filter(None, (days.first, days.last)):
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise AnswerbookError(
                f"{day.year} is no year for this.", f"Choose one from {YEARS[0]} on.", code="bad_days"
            )
    if days.first and days.last and days.last < days.first:
        raise AnswerbookError(
            "The last day is before the first.", "Choose a later last day, or an earlier first.", code="bad_days"
        )
    place = _zone(zone)
    begins_at = _midnight(days.first, place) if days.first else None
    ends_at = _midnight(days.last + timedelta(days=1), place) if days.last else None
    named = zone[:ZONE_LENGTH] if days.first or days.last else ""
    _change(assistant_id, source_ids, begins_at=begins_at, ends_at=ends_at, zone=named)


def days_of(row: Source) -> Days:
    """Return the days on which a source answers, as its owner set them."""
    place = _zone(row.zone)
    first = row.begins_at.astimezone(place).date() if row.begins_at else None
    last = (row.ends_at.astimezone(place) - timedelta(seconds=1)).date() if row.ends_at else None
    return Days(first, last)


def _midnight(day: date, place: tzinfo) -> datetime:
    return datetime.combine(day, time.min, place).astimezone(UTC)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, OSError, ValueError):  # not known on this machine, or no name of a zone
        return UTC


def _change(assistant_id: str, source_ids: Sequence[str], **values: object) -> None:
    """Set columns of these sources of an assistant that are not in the bin, all or none, and mark them as changed."""
    with writing() as db:
        for begin in range(0, len(source_ids), IN_LIST):
            here = (
                col(Source.assistant_id) == assistant_id,
                col(Source.deleted_at).is_(None),
                col(Source.id).in_(source_ids[begin : begin + IN_LIST]),
            )
            db.execute(update(Source).where(*here).values(order_mark=new_id(), **values))
    log("source.order", assistant=assistant_id, count=len(source_ids), changed=",".join(values))


# --- One in place of others -------------------------------------------------------------------------------------------


def replaces(assistant_id: str, source_id: str) -> dict[str, str]:
    """Return the names of the sources that a source stands in place of, by their ids; those in the bin are left out."""
    with session() as db:
        here = (Source.assistant_id == assistant_id, Source.replaced_by == source_id, col(Source.deleted_at).is_(None))
        return dict(db.execute(select(Source.id, Source.name).where(*here).order_by(Source.name)).tuples().all())


def names(assistant_id: str, source_ids: Sequence[str]) -> dict[str, str]:
    """Return the names of these sources by their ids, as far as they are there."""
    with session() as db:
        here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None), col(Source.id).in_(source_ids))
        return dict(db.execute(select(Source.id, Source.name).where(*here)).tuples().all())


def set_replaces(assistant_id: str, source_id: str, replaced: Iterable[str]) -> None:
    """Let a source stand in place of exactly these others, which answer again once it is deleted or its days are over.

    Where one of them was replaced by a third so far, this one takes its place. Raises NotFound where the source is not
    there any more, AnswerbookError (code "circle") where one of them stands in place of it itself, directly or not.
    """
    source(assistant_id, source_id)
    wanted = set(replaced)
    with writing() as db:
        one_at_a_time(db, assistant_id)
        rows = {row.id: row for row in db.exec(select(Source).where(*_ordered(assistant_id, wanted))).all()}
        above = _above(rows, source_id)
        for other in sorted(wanted & {source_id, *above}):
            raise AnswerbookError(
                _circle(rows, source_id, other), "Take that back first, or choose another source.", code="circle"
            )
        for row in rows.values():
            if row.deleted_at is None and row.id in wanted and row.replaced_by != source_id:
                row.replaced_by, row.order_mark = source_id, new_id()
            elif row.deleted_at is None and row.replaced_by == source_id and row.id not in wanted:
                row.replaced_by, row.order_mark = "", new_id()
            db.add(row)
    log("source.replaces", assistant=assistant_id, count=len(wanted))


def _ordered(assistant_id: str, besides: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    """The sources that replace or are replaced, those in the bin too, and some besides."""
    replacing = select(Source.replaced_by).where(Source.assistant_id == assistant_id, Source.replaced_by != "")
    chosen = (col(Source.replaced_by) != "") | col(Source.id).in_(replacing) | col(Source.id).in_(list(besides))
    return col(Source.assistant_id) == assistant_id, chosen


def above(db: Session, assistant_id: str, source_id: str) -> list[str]:
    """Return the ids of what stands in place of a source, and in place of that, and so on, in this session."""
    rows = db.exec(select(Source).where(*_ordered(assistant_id, [source_id]))).all()
    return _above({row.id: row for row in rows}, source_id)


def _above(rows: Mapping[str, Source], source_id: str) -> list[str]:
    """Return what stands in place of a source, and in place of that, and so on, in this order."""
    found: list[str] = []
    while (row := rows.get(source_id)) is not None and row.replaced_by and row.replaced_by not in found:
        source_id = row.replaced_by
        found.append(source_id)
    return found


def _circle(rows: Mapping[str, Source], source_id: str, other: str) -> str:
    if source_id == other:
        return "A source cannot replace itself."
    name = rows[other].name if other in rows else "That source"
    binned = ", though it is in the bin," if other in rows and rows[other].deleted_at else ""
    return f"{name}{binned} replaces this source already: each would be kept back by the other."


# --- Which answer -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of one source, and whether it is there and read."""

    id: str
    name: str = ""
    replaced_by: str = ""
    part_of: str = ""
    preferred: bool = False
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    deleted_at: datetime | None = None
    version_id: str = ""

    @property
    def ready(self) -> bool:
        return bool(self.version_id) and self.deleted_at is None

    def outside(self, moment: datetime) -> Literal["early", "over"] | None:
        if self.begins_at and moment < self.begins_at:
            return "early"
        return "over" if self.ends_at and moment >= self.ends_at else None


_COLUMNS = [col(getattr(Source, each.name)) for each in fields(_Said)]


def standings(db: Session, assistant_id: str, moment: datetime | None = None) -> Standings:
    """Return how an assistant's sources stand at a moment (now), as the database says in this session.

    A source rests while what stands in place of it, or in place of that, is there, read and within its days. What is
    attached to a source stands as that does.
    """
    moment = moment or now()
    replacing = select(Source.replaced_by).where(Source.assistant_id == assistant_id, Source.replaced_by != "")
    said = (col(Source.order_mark) != "") | col(Source.id).in_(replacing)
    rows = _read(db, col(Source.assistant_id) == assistant_id, said)
    level = list(rows)
    while level:
        attached = _read_in(db, col(Source.part_of), level)
        level = [key for key in attached if key not in rows]
        rows |= attached
    rests = {key: why for key in rows if (why := _why(rows, key, moment)[0])}
    preferred = frozenset(key for key in rows if _is_preferred(rows, key))
    coming = [each for row in rows.values() for each in (row.begins_at, row.ends_at) if each and each > moment]
    return Standings(rests, preferred, min(coming, default=None))


def standing_of(db: Session, sources: Sequence[Source]) -> dict[str, Standing]:
    """Return how each of these sources stands now, with the names of what it has to do with."""
    ids, moment = [row.id for row in sources], now()
    rows = _read_in(db, col(Source.id), ids) if any(row.order_mark or row.part_of for row in sources) else {}
    while above := {up for row in rows.values() for up in (row.replaced_by, row.part_of) if up and up not in rows}:
        found = _read_in(db, col(Source.id), sorted(above))
        rows |= {key: found.get(key, _Said(key)) for key in above}
    below: dict[str, list[str]] = {}
    for row in sorted(_read_in(db, col(Source.replaced_by), ids).values(), key=lambda row: row.name):
        if row.deleted_at is None:
            below.setdefault(row.replaced_by, []).append(row.name)
    return {row.id: _standing(row, rows, tuple(below.get(row.id, ())), moment) for row in sources}


def _standing(source: Source, rows: Mapping[str, _Said], below: tuple[str, ...], moment: datetime) -> Standing:
    why, whose, by = _why(rows, source.id, moment)
    successor = rows.get(source.replaced_by)
    missing: Missing | None = None
    if successor and not why:
        missing = _missing(successor, moment)
    by = by or (successor.name if successor else "")
    owner = rows[whose].name if whose not in ("", source.id) else ""
    return Standing(why, owner, source.preferred, days_of(source), below, by, missing)


def _missing(successor: _Said, moment: datetime) -> Missing | None:
    if successor.deleted_at or not successor.name:
        return "deleted"
    return successor.outside(moment) if successor.ready else "unread"


def _read(db: Session, *conditions: ColumnElement[bool]) -> dict[str, _Said]:
    return {row[0]: _Said(*row) for row in db.execute(select_columns(*_COLUMNS).where(*conditions)).all()}


def _read_in(db: Session, column: Mapped[str], values: Sequence[str]) -> dict[str, _Said]:
    rows: dict[str, _Said] = {}
    for begin in range(0, len(values), IN_LIST):
        rows |= _read(db, column.in_(values[begin : begin + IN_LIST]))
    return rows


def _owners(rows: Mapping[str, _Said], source_id: str) -> list[str]:
    """Return a source, what it is attached to, and so on."""
    found: list[str] = []
    while source_id in rows and source_id not in found:
        found.append(source_id)
        source_id = rows[source_id].part_of
    return found


def _is_preferred(rows: Mapping[str, _Said], source_id: str) -> bool:
    return any(rows[each].preferred for each in _owners(rows, source_id))


def _why(rows: Mapping[str, _Said], source_id: str, moment: datetime) -> tuple[Rest | None, str, str]:
    """Return why a source rests, of which source that is said (it, or what it is attached to), and what replaces it."""
    for each in _owners(rows, source_id):
        if why := rows[each].outside(moment):
            return why, each, ""
        above, seen = rows[each].replaced_by, {each}
        while above in rows and above not in seen:
            if rows[above].ready and not rows[above].outside(moment):
                return "replaced", each, rows[above].name
            seen.add(above)
            above = rows[above].replaced_by
    return None, "", ""

"""How much may be spent and asked: for all assistants together, and of one assistant where its own was set."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlmodel import col, select

from core.database import SpendingLimit, now, session
from core.log import log

ALL = "all"
EURO = 1_000_000  # micro-euros: money is counted in whole numbers


@dataclass(frozen=True, slots=True)
class Limits:
    """Micro-euros a day and a month, counts of questions; None: no limit.

    ``unpriced_day`` and ``unpriced_month`` count written answers of models whose price is not known. ``dollar`` is what
    a dollar costs in micro-euros: one euro at first, as no rate is looked up and that was enough in most years.
    ``detail_days`` is how long each request is kept before a day's sum takes its place.
    """

    euros_day: int | None = 5 * EURO
    euros_month: int | None = 50 * EURO
    unpriced_day: int | None = 300
    unpriced_month: int | None = 3_000
    visitor_hour: int | None = 30
    address_hour: int | None = 120
    key_minute: int | None = 60
    assistant_day: int | None = 2_000
    dollar: int = EURO
    detail_days: int = 30


NAMES = frozenset(field.name for field in fields(Limits))
# What an assistant has no share of where nothing was set for it: these are of all assistants together.
_SHARED = ("euros_day", "euros_month", "unpriced_day", "unpriced_month")


def limits(assistant_id: str = ALL) -> Limits:
    """Return the limits that hold for all, or of one assistant: its own, else those of each for all.

    Of money an assistant has only what was set for it: what is shared by all is looked at beside it.
    """
    return Limits(**{**asdict(Limits()), **_shared_out(assistant_id, _rows(assistant_id))})


def both_limits(assistant_id: str) -> tuple[Limits, Limits]:
    """Return the limits of all assistants together and those of one, in one look."""
    rows = _rows(assistant_id)
    first = asdict(Limits())
    return Limits(**{**first, **rows.get(ALL, {})}), Limits(**{**first, **_shared_out(assistant_id, rows)})


def own_limits(assistant_id: str) -> dict[str, Any]:
    """Return what was set for one assistant, or for all (ALL), by name; nothing else."""
    return _rows(assistant_id).get(assistant_id, {})


def save_limits(values: dict[str, int | None], assistant_id: str = ALL) -> None:
    """Keep what was set, instead of what was set before; a name that is missing has its first value again.

    Raises ValueError for an unknown name or a negative number.
    """
    if unknown := values.keys() - NAMES:
        raise ValueError(f"unknown limits: {sorted(unknown)}")
    if any(value is not None and value < 0 for value in values.values()):
        raise ValueError("a limit is at least 0")
    with session() as db:
        db.merge(SpendingLimit(id=assistant_id, values=dict(values), updated_at=now()))
    log("limits.saved", assistant=assistant_id)


def _rows(assistant_id: str) -> dict[str, dict[str, Any]]:
    with session() as db:
        rows = db.exec(select(SpendingLimit).where(col(SpendingLimit.id).in_((ALL, assistant_id)))).all()
    # A newer Answerbook on the same database may have set what this one does not know.
    return {row.id: {name: value for name, value in row.values.items() if name in NAMES} for row in rows}


def _shared_out(assistant_id: str, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if assistant_id == ALL:
        return rows.get(ALL, {})
    for_each = {name: value for name, value in rows.get(ALL, {}).items() if name not in _SHARED}
    return {**dict.fromkeys(_SHARED), **for_each, **rows.get(assistant_id, {})}

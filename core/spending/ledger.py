"""What requests to models cost: the most is reserved before one leaves, what it did cost is written down after it.

A reservation is one statement that looks at the sums and writes its row, or writes nothing. On SQLite such a statement
is alone from its begin on; on Postgres it waits for the others behind an advisory lock. So many processes that ask at
once cannot go past a limit together.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.database import Spent, new_id, now, session
from core.errors import OVER_LIMIT, ModelError
from core.log import log
from core.spending.limits import Limits, both_limits

RESERVED, SETTLED, RELEASED = "reserved", "settled", "released"
# No answer takes so long (the most patient limit of a service is 10 minutes): whoever reserved it is dead.
LONGEST_ANSWER = timedelta(minutes=30)
SPEND_LOCK = 4274_1016  # any number that no other program on the same Postgres uses


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a model and the most it may cost, in tokens and micro-euros.

    ``asker`` is owner, visitor or key. ``is_further``: another request of the same answer counts it already.
    ``priced`` False: nobody knows its price, so answers are counted. ``free``: it runs here, and no limit holds it.
    """

    assistant_id: str
    asker: str
    model: str
    prompt_tokens: int
    answer_tokens: int
    micro_euros: int = 0
    priced: bool = True
    free: bool = False
    is_further: bool = False


def reserve(request: Request) -> str:
    """Reserve the most that a request may cost and return the reservation's id.

    Raises ModelError (code OVER_LIMIT) where a limit of the day or month, of all or of the assistant, leaves too
    little; nothing is reserved then.
    """
    today = now().date()
    of_all, of_one = both_limits(request.assistant_id)
    shared, own = _caps(request, of_all, today), _caps(request, of_one, today, request.assistant_id)
    caps = [] if request.free else [*shared, *own]
    reservation = _reserved(request, caps, today)
    if reservation is None and release_old():
        reservation = _reserved(request, caps, today)
    if reservation is None:
        period = _period_reached(caps)
        log("spending.limit_reached", assistant=request.assistant_id, period=period)
        raise ModelError(
            f"{period} limit for written answers is reached.", "The owner can raise it in Settings.", code=OVER_LIMIT
        )
    return reservation


@dataclass(frozen=True, slots=True)
class _Cap:
    """Rows may come to ``most`` together, with what is ``added``."""

    period: str
    rows: ColumnElement[bool]
    amount: ColumnElement[int]
    added: int
    most: int

    def spent(self) -> SelectOfScalar[int]:
        """Return what stands against this limit, reservations with it."""
        return select(func.coalesce(func.sum(self.amount), 0)).where(self.rows)

    def leaves_room(self) -> ColumnElement[bool]:
        """Say, as a condition, that what is added fits."""
        return self.spent().scalar_subquery() + self.added <= self.most


def _caps(request: Request, of: Limits, today: date, assistant_id: str = "") -> list[_Cap]:
    most = (of.euros_day, of.euros_month) if request.priced else (of.unpriced_day, of.unpriced_month)
    amount = Spent.__table__.c.micro_euros if request.priced else Spent.__table__.c.answers  # type: ignore[attr-defined]
    added = request.micro_euros if request.priced else int(not request.is_further)
    counted = [col(Spent.state) != RELEASED, col(Spent.priced).is_(request.priced)]
    if assistant_id:
        counted.append(col(Spent.assistant_id) == assistant_id)
    periods = (("Today's", col(Spent.day) == today.isoformat()), ("This month's", in_month(today)))
    return [
        _Cap(period, and_(days, *counted), amount, added, limit)
        for (period, days), limit in zip(periods, most, strict=True)
        if limit is not None
    ]


def in_month(today: date) -> ColumnElement[bool]:
    """Say, as a condition, that a row is of this day's month (UTC)."""
    first = today.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return and_(col(Spent.day) >= first.isoformat(), col(Spent.day) < after.isoformat())


def _reserved(request: Request, caps: list[_Cap], today: date) -> str | None:
    row_id = new_id()
    values = {
        "id": row_id,
        "assistant_id": request.assistant_id,
        "day": today.isoformat(),
        "asker": request.asker,
        "model": request.model[:200],
        "answers": int(not request.is_further),
        "prompt_tokens": request.prompt_tokens,
        "answer_tokens": request.answer_tokens,
        "micro_euros": request.micro_euros,
        "priced": request.priced,
        "state": RESERVED,
        "created_at": now(),
    }
    columns = Spent.__table__.c  # type: ignore[attr-defined]
    row = select(*(literal(value, columns[name].type) for name, value in values.items()))
    with session() as db:
        _wait_for_others(db)
        chosen = row.where(*(cap.leaves_room() for cap in caps))
        written = db.execute(insert(Spent).from_select(list(values), chosen).returning(col(Spent.id))).first()
    return row_id if written else None


def _wait_for_others(db: Session) -> None:
    """Be alone until the end of the transaction; on SQLite whoever writes is alone anyway."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(SPEND_LOCK)))


def _period_reached(caps: list[_Cap]) -> str:
    """Return which limit is reached, in words; the month's where both are, as it lasts longer."""
    reached = "This month's"
    with session() as db:
        for cap in caps:
            if db.execute(cap.spent()).scalar_one() + cap.added > cap.most:
                reached = cap.period
                if cap.period == "This month's":
                    break
    return reached


def settle(reservation: str, prompt_tokens: int, answer_tokens: int, micro_euros: int) -> None:
    """Write down what a request did cost, in tokens and micro-euros."""
    _end(reservation, SETTLED, prompt_tokens, answer_tokens, micro_euros)


def release(reservation: str) -> None:
    """Give back what was reserved: the request failed, so that it cost nothing."""
    _end(reservation, RELEASED, 0, 0, 0)


def _end(reservation: str, state: str, prompt_tokens: int, answer_tokens: int, micro_euros: int) -> None:
    costs = {"prompt_tokens": prompt_tokens, "answer_tokens": answer_tokens, "micro_euros": micro_euros}
    with session() as db:
        db.execute(update(Spent).where(col(Spent.id) == reservation).values(state=state, **costs))


def release_old(moment: datetime | None = None) -> int:
    """Give back what processes reserved that died since; returns how many reservations."""
    moment = moment or now()
    made = col(Spent.created_at)
    old = or_(made < moment - LONGEST_ANSWER, made > moment + LONGEST_ANSWER)  # the latter: by a clock that was wrong
    with session() as db:
        released = db.execute(
            update(Spent)
            .where(col(Spent.state) == RESERVED, old)
            .values(state=RELEASED, prompt_tokens=0, answer_tokens=0, micro_euros=0)
            .returning(col(Spent.id))
        ).all()
    if released:
        log("spending.released", count=len(released))
    return len(released)


@dataclass(frozen=True, slots=True)
class Cost:
    """What answers cost: how many, tokens, micro-euros, and how many of them are of models without a known price."""

    answers: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    micro_euros: int = 0
    unpriced: int = 0


def _costs() -> tuple[ColumnElement[int], ...]:
    unpriced = case((col(Spent.priced).is_(False), col(Spent.answers)), else_=0)
    summed = (col(Spent.answers), col(Spent.prompt_tokens), col(Spent.answer_tokens), col(Spent.micro_euros), unpriced)
    return tuple(func.coalesce(func.sum(column), 0) for column in summed)


def spent_today(assistant_id: str = "") -> Cost:
    """Return what stands against today (UTC), reservations with it: of one assistant, or of all."""
    return _total(col(Spent.day) == now().date().isoformat(), assistant_id)


def spent_this_month(assistant_id: str = "") -> Cost:
    """Return what stands against this month (UTC), reservations with it: of one assistant, or of all."""
    return _total(in_month(now().date()), assistant_id)


def spent_since(assistant_id: str, moment: datetime) -> Cost:
    """Return what stands against one assistant since a moment, reservations with it: whoever asked."""
    return _total(col(Spent.created_at) >= moment, assistant_id)


def _total(days: ColumnElement[bool], assistant_id: str) -> Cost:
    chosen = select(*_costs()).where(days, col(Spent.state) != RELEASED)
    if assistant_id:
        chosen = chosen.where(col(Spent.assistant_id) == assistant_id)
    with session() as db:
        return Cost(*map(int, db.execute(chosen).one()))


def by_assistant() -> dict[str, Cost]:
    """Return what this month's answers cost, by assistant, the dearest first."""
    chosen = (
        select(col(Spent.assistant_id), *_costs())
        .where(in_month(now().date()), col(Spent.state) != RELEASED)
        .group_by(col(Spent.assistant_id))
        .order_by(func.sum(col(Spent.micro_euros)).desc(), func.sum(col(Spent.answers)).desc())
    )
    with session() as db:
        return {row[0]: Cost(*map(int, row[1:])) for row in db.execute(chosen).all()}


def by_day(days: int = 30) -> list[tuple[date, Cost]]:
    """Return what the answers of the last days cost, one item a day, today last."""
    today = now().date()
    first = today - timedelta(days=days - 1)
    within = (col(Spent.day) >= first.isoformat(), col(Spent.day) <= today.isoformat())
    chosen = select(col(Spent.day), *_costs()).where(*within, col(Spent.state) != RELEASED).group_by(col(Spent.day))
    with session() as db:
        found = {row[0]: Cost(*map(int, row[1:])) for row in db.execute(chosen).all()}
    every = [first + timedelta(days=number) for number in range(days)]
    return [(day, found.get(day.isoformat(), Cost())) for day in every]

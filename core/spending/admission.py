"""Who may ask now: counts of a window of time, by visitor, address, key and assistant, shared by all processes.

A window begins on the hour, the minute or the day (UTC). Whoever is refused is not counted: one address that goes on
asking takes nothing from the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from core.database import AskWindow, now, session
from core.errors import TooManyQuestions
from core.log import log
from core.spending.limits import Limits, limits
from core.spending.salt import hashed, insert_of, network_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SENTENCES = {
    "visitor": "You have asked as many questions as one visitor may ask in an hour.",
    "address": "As many questions have come from your internet connection as may come in an hour.",
    "key": "This key has asked as many questions as it may ask in a minute.",
    "assistant": "This assistant has been asked as many questions as it may be asked in a day.",
}


@dataclass(frozen=True, slots=True)
class _Counter:
    """What is counted: ``name`` in the database, up to ``most`` until ``ends_at``."""

    kind: str
    name: str
    most: int
    ends_at: datetime


def admit(assistant_id: str, *, visitor: str = "", address: str = "", key: str = "") -> None:
    """Count a question, and refuse it where there were enough: call it once before each answer to an outsider.

    ``visitor`` is what the page calls its window, ``address`` the caller's IP address, ``key`` the id of an API key;
    what is empty is not counted. All are kept only hashed. Raises TooManyQuestions, whose ``seconds`` say when it may
    be tried again.
    """
    moment = now()
    counters = _counters(assistant_id, limits(assistant_id), moment, visitor, address, key)
    if not counters:
        return
    rows = [
        {"id": counter.name, "assistant_id": assistant_id, "count": 1, "ends_at": counter.ends_at}
        for counter in sorted(counters, key=lambda counter: counter.name)  # one order, so that no two wait for another
    ]
    with session() as db:
        added = insert_of(db, AskWindow).values(rows)
        counted = added.on_conflict_do_update(  # type: ignore[attr-defined]
            index_elements=["id"], set_={"count": col(AskWindow.count) + 1}
        ).returning(col(AskWindow.id), col(AskWindow.count))
        counts = {row[0]: row[1] for row in db.execute(counted).all()}
        full = [counter for counter in counters if counts[counter.name] > counter.most]
        if full:  # leaving the session with an error takes the counting back
            raise _refusal(full, moment, assistant_id)


def share_of_address(assistant_id: str, address: str) -> float:
    """Return how much of its limit an address has used in this hour: 0 to 1, and 0 where there is no limit."""
    of_address = replace(limits(assistant_id), assistant_day=None)
    for counter in _counters(assistant_id, of_address, now(), "", address, ""):
        with session() as db:
            count = db.exec(select(AskWindow.count).where(AskWindow.id == counter.name)).first() or 0
        return min(1.0, count / counter.most) if counter.most else 1.0
    return 0.0


def _counters(
    assistant_id: str, of: Limits, moment: datetime, visitor: str, address: str, key: str
) -> Sequence[_Counter]:
    # An address is counted over all assistants: else each of them would be another way in.
    wanted = (
        ("visitor", f"{assistant_id} {visitor}" if visitor else "", of.visitor_hour, HOUR),
        ("address", network_of(address) if address else "", of.address_hour, HOUR),
        ("key", key, of.key_minute, MINUTE),
        ("assistant", assistant_id, of.assistant_day, DAY),
    )
    counters = []
    for kind, who, most, length in wanted:
        if not who or most is None:
            continue
        begin = _begin(moment, length)
        name = assistant_id if kind == "assistant" else hashed(f"{kind} {who}", moment.date())
        counters.append(_Counter(kind, f"{kind} {begin:%Y-%m-%d %H:%M} {name}", most, begin + length))
    return counters


def _begin(moment: datetime, length: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // length * length


def _refusal(full: Sequence[_Counter], moment: datetime, assistant_id: str) -> TooManyQuestions:
    """Say the limit that lasts longest: only after it may be asked again."""
    last = max(full, key=lambda counter: counter.ends_at)
    seconds = max(1, -int(-(last.ends_at - moment).total_seconds() // 1))
    log("question.refused", assistant=assistant_id, kind=last.kind)
    return TooManyQuestions(
        _SENTENCES[last.kind], f"Try again in {_in_words(seconds)}.", code=f"too_many_{last.kind}", seconds=seconds
    )


def _in_words(seconds: int) -> str:
    for length, word in ((3600, "hour"), (60, "minute")):
        if seconds >= length:
            count = -(-seconds // length)
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "a minute"


def forget_windows(assistant_id: str = "") -> int:
    """Remove the counts of windows that have ended, of one assistant or of all; returns how many."""
    ended = delete(AskWindow).where(col(AskWindow.ends_at) <= now())
    if assistant_id:
        ended = ended.where(col(AskWindow.assistant_id) == assistant_id)
    with session() as db:
        return len(db.execute(ended.returning(col(AskWindow.id))).all())

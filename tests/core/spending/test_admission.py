"""Who asks too often is refused, in a true sentence and for how long; others, and who they are, stay untouched."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from core.database import AskWindow, DaySalt, engine, session
from core.errors import TooManyQuestions
from core.settings import settings
from core.spending import admit, forget_windows, save_limits, share_of_address
from core.spending.salt import _known, forget_salts, network_of

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 11, 30, 12, 20, 30, tzinfo=UTC)
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock that windows and salts go by; it stands still at noon at first."""

    def set_to(moment: datetime) -> None:
        for module in ("admission", "salt"):
            monkeypatch.setattr(f"core.spending.{module}.now", lambda: moment)

    set_to(NOON)
    return set_to


def refused(assistant_id: str = "a", **who: str) -> TooManyQuestions | None:
    try:
        admit(assistant_id, **who)  # type: ignore[arg-type]
    except TooManyQuestions as error:
        return error
    return None


def test_a_visitor_is_refused_after_an_hours_questions_and_admitted_in_the_next(clock: Clock) -> None:
    save_limits({"visitor_hour": 2})
    assert [refused(visitor="v") for _ in range(2)] == [None, None]
    error = refused(visitor="v")
    assert error is not None
    assert error.what == "You have asked as many questions as one visitor may ask in an hour."
    assert error.remedy == "Try again in 40 minutes."
    assert error.seconds == 39 * 60 + 30
    assert refused(visitor="another") is None
    clock(NOON + timedelta(seconds=error.seconds))
    assert refused(visitor="v") is None


@pytest.mark.parametrize(
    ("limit", "who", "code", "seconds"),
    [
        ("address_hour", {"address": "192.0.2.7"}, "too_many_address", 39 * 60 + 30),
        ("key_minute", {"key": "k"}, "too_many_key", 30),
        ("assistant_day", {}, "too_many_assistant", 11 * 3600 + 39 * 60 + 30),
    ],
)
def test_each_limit_holds(clock: Clock, limit: str, who: dict[str, str], code: str, seconds: int) -> None:
    save_limits({limit: 1})
    assert refused(**who) is None
    error = refused(**who)
    assert error is not None
    assert (error.code, error.seconds) == (code, seconds)
    clock(NOON + timedelta(seconds=seconds - 1))
    assert refused(**who) is not None
    clock(NOON + timedelta(seconds=seconds))
    assert refused(**who) is None


def test_whoever_is_refused_takes_nothing_from_the_others(clock: Clock) -> None:
    save_limits({"address_hour": 1, "assistant_day": 3})
    for _ in range(10):
        refused(address="192.0.2.7")
    assert refused(address="192.0.2.8") is None
    assert refused(address="192.0.2.9") is None
    error = refused(address="192.0.2.10")
    assert error is not None
    assert error.code == "too_many_assistant"


def test_an_address_is_counted_over_all_assistants_a_visitor_in_each(clock: Clock) -> None:
    save_limits({"address_hour": 2, "visitor_hour": 1})
    assert refused("a", visitor="v", address="192.0.2.7") is None
    assert refused("b", visitor="v", address="192.0.2.7") is None
    assert refused("c", visitor="v", address="192.0.2.7") is not None


def test_an_assistant_may_have_limits_of_its_own(clock: Clock) -> None:
    save_limits({"assistant_day": 1})
    save_limits({"assistant_day": None}, "b")
    assert [refused("b") for _ in range(3)] == [None] * 3
    refused("a")
    assert refused("a") is not None


def test_many_at_once_are_counted_each(clock: Clock) -> None:
    save_limits({"visitor_hour": 25, "address_hour": 1_000})
    with ThreadPoolExecutor(12) as pool:
        errors = list(pool.map(lambda number: refused(visitor="v", address=f"192.0.2.{number}"), range(60)))
    assert errors.count(None) == 25


def test_counts_survive_a_restart(clock: Clock) -> None:
    save_limits({"address_hour": 1})
    refused(address="192.0.2.7")
    engine().dispose()
    engine.cache_clear()
    _known.clear()
    assert refused(address="192.0.2.7") is not None


def test_an_address_is_nowhere_in_the_database_nor_can_it_be_tried_out_without_the_days_secret(clock: Clock) -> None:
    admit("a", visitor="visitor-17", address="192.0.2.7", key="key-id")
    with session() as db:
        kept = " ".join(str(row.model_dump()) for table in (AskWindow, DaySalt) for row in db.exec(select(table)).all())
        names = {row.id.split()[-1] for row in db.exec(select(AskWindow)).all()}
    assert not any(word in kept for word in ("192.0.2.7", "visitor-17", "key-id"))
    admit("a", address="192.0.2.7")
    clock(NOON + timedelta(days=1))
    admit("a", address="192.0.2.7")
    with session() as db:
        later = {row.id.split()[-1] for row in db.exec(select(AskWindow)).all()} - names
    assert len(later) == 1, "the same address has another name on the next day"


def test_what_has_ended_is_removed_and_so_are_the_secrets_of_past_days(clock: Clock) -> None:
    admit("a", address="192.0.2.7", key="k")
    assert forget_windows() == 0
    clock(NOON + timedelta(hours=1))
    assert forget_windows() == 2
    clock(NOON + timedelta(days=1))
    assert (forget_windows(), forget_salts()) == (1, 0)
    clock(NOON + timedelta(days=2))
    assert forget_salts() == 1


def test_a_secret_that_was_locked_by_a_lost_key_begins_anew(clock: Clock) -> None:
    admit("a", address="192.0.2.7")
    (settings().data / "secret.key").unlink()
    _known.clear()
    admit("a", address="192.0.2.7")


def test_one_line_is_one_address_however_it_is_written() -> None:
    assert network_of("2001:db8::1") == network_of("[2001:db8:0:0:ffff::9]") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:192.0.2.7") == network_of(" 192.0.2.7 ") == "192.0.2.7"
    assert network_of("testclient") == "testclient"


def test_how_much_an_address_has_used(clock: Clock) -> None:
    save_limits({"address_hour": 4})
    assert share_of_address("a", "192.0.2.7") == 0
    for _ in range(3):
        admit("a", address="192.0.2.7")
    assert share_of_address("a", "192.0.2.7") == 0.75
    save_limits({"address_hour": None})
    assert share_of_address("a", "192.0.2.7") == 0

"""What is reserved before a request, settled after it, given back where it failed; and what is left for the next."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from core.database import Spent, now, session
from core.errors import OVER_LIMIT, ModelError
from core.spending import (
    EURO,
    Request,
    by_assistant,
    by_day,
    release,
    release_old,
    reserve,
    save_limits,
    settle,
    spent_this_month,
    spent_today,
)
from core.spending.ledger import LONGEST_ANSWER

pytestmark = pytest.mark.usefixtures("database")
ONE = Request("a", "owner", "some-model", prompt_tokens=3000, answer_tokens=1000, micro_euros=400_000)


def rows() -> list[Spent]:
    with session() as db:
        return list(db.exec(select(Spent)).all())


def test_a_reservation_holds_money_until_it_is_settled() -> None:
    save_limits({"euros_day": EURO})
    first, _ = reserve(ONE), reserve(ONE)
    with pytest.raises(ModelError) as refused:
        reserve(ONE)
    assert refused.value.code == OVER_LIMIT
    assert refused.value.what == "Today's limit for written answers is reached."
    settle(first, 2000, 100, 150_000)
    reserve(ONE)
    assert spent_today().micro_euros == 950_000
    assert len(rows()) == 3


def test_who_reserves_at_the_same_time_does_not_go_past_the_limit_together() -> None:
    save_limits({"euros_day": EURO})
    with ThreadPoolExecutor(12) as pool:
        reserved = list(pool.map(lambda _: tried(replace(ONE, micro_euros=90_000)), range(60)))
    assert reserved.count(True) == 11
    assert spent_today().micro_euros == 990_000


def tried(request: Request) -> bool:
    try:
        reserve(request)
    except ModelError:
        return False
    return True


def test_what_is_released_is_free_again() -> None:
    save_limits({"euros_day": 400_000})
    release(reserve(ONE))
    reserve(ONE)
    assert spent_today().answers == 1


def test_exactly_the_limit_may_be_spent() -> None:
    save_limits({"euros_day": 400_000, "euros_month": 400_000})
    reserve(ONE)
    with pytest.raises(ModelError, match="This month's limit"):
        reserve(replace(ONE, micro_euros=1))


def test_an_assistants_own_limit_holds_it_alone() -> None:
    save_limits({"euros_month": 500_000}, "a")
    reserve(ONE)
    with pytest.raises(ModelError):
        reserve(ONE)
    reserve(replace(ONE, assistant_id="b"))
    assert {name: cost.micro_euros for name, cost in by_assistant().items()} == {"a": 400_000, "b": 400_000}


def test_the_month_holds_what_its_other_days_spent_and_no_other_month(monkeypatch: pytest.MonkeyPatch) -> None:
    save_limits({"euros_day": None, "euros_month": EURO})
    start = now().replace(day=3)

    def on(days: int) -> None:
        monkeypatch.setattr("core.spending.ledger.now", lambda: start + timedelta(days=days))

    for days in (-3, 0, 1):
        on(days)
        settle(reserve(ONE), 3000, 1000, 400_000)
    on(20)
    with pytest.raises(ModelError, match="This month's limit"):
        reserve(ONE)
    assert spent_this_month().micro_euros == 800_000


def test_without_a_limit_nothing_is_refused() -> None:
    save_limits({"euros_day": None, "euros_month": None})
    for _ in range(3):
        reserve(replace(ONE, micro_euros=10**12))
    assert spent_this_month().micro_euros == 3 * 10**12


def test_where_no_price_is_known_answers_are_counted() -> None:
    save_limits({"euros_day": 0, "euros_month": 0, "unpriced_day": 2})
    unknown = replace(ONE, micro_euros=0, priced=False)
    reserve(unknown)
    reserve(replace(unknown, is_further=True))
    reserve(unknown)
    with pytest.raises(ModelError, match="Today's limit"):
        reserve(unknown)
    assert spent_today().unpriced == 2


def test_what_runs_here_is_not_held_by_a_limit() -> None:
    save_limits({"euros_day": 0, "euros_month": 0, "unpriced_day": 0})
    reserve(replace(ONE, micro_euros=0, free=True))
    assert spent_today().prompt_tokens == 3000


def test_what_a_dead_process_reserved_is_given_back_by_age() -> None:
    save_limits({"euros_day": 400_000})
    dead = reserve(ONE)
    assert release_old() == 0
    assert release_old(now() + LONGEST_ANSWER + timedelta(seconds=1)) == 1
    assert [(row.id, row.state, row.micro_euros) for row in rows()] == [(dead, "released", 0)]


def test_whoever_is_refused_looks_for_the_reservations_of_the_dead_first(monkeypatch: pytest.MonkeyPatch) -> None:
    save_limits({"euros_day": None, "euros_month": 400_000})
    midday = now().replace(day=15, hour=12)
    monkeypatch.setattr("core.spending.ledger.now", lambda: midday)
    reserve(ONE)
    with pytest.raises(ModelError):
        reserve(ONE)
    monkeypatch.setattr("core.spending.ledger.now", lambda: midday + 2 * LONGEST_ANSWER)
    reserve(ONE)


def test_the_days_are_told_one_by_one_today_last() -> None:
    settle(reserve(ONE), 2000, 100, 150_000)
    days = by_day(7)
    assert len(days) == 7
    assert [cost.micro_euros for _, cost in days] == [0] * 6 + [150_000]
    assert days[-1][0] == now().date()

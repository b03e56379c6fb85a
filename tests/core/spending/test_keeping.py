"""What is kept goes in its time, by a job whose row proves it; sums stay, so that no limit gives way."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from core.assistants import lifecycle
from core.database import AskWindow, DaySalt, Spent, now, session
from core.spending import (
    Request,
    admit,
    deletions,
    forget_details,
    queue_deletions,
    release,
    reserve,
    save_limits,
    settle,
    what_is_kept,
)
from core.worker import Worker
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("database")
ONE = Request("", "visitor", "some-model", prompt_tokens=3000, answer_tokens=1000, micro_euros=4_000)


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def on(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in ("admission", "keeping", "ledger", "salt"):
        monkeypatch.setattr(f"core.spending.{module}.now", lambda: moment)


def asked_days_ago(monkeypatch: pytest.MonkeyPatch, assistant_id: str, days: int, times: int = 3) -> None:
    on(monkeypatch, now() - timedelta(days=days))
    for _ in range(times):
        settle(reserve(replace(ONE, assistant_id=assistant_id)), 2_000, 100, 2_500)
        admit(assistant_id, visitor="v", address="192.0.2.7")
    release(reserve(replace(ONE, assistant_id=assistant_id)))
    on(monkeypatch, now())


def rows() -> list[Spent]:
    with session() as db:
        return list(db.exec(select(Spent)).all())


def test_after_its_days_only_a_days_sum_is_left_and_the_job_proves_it(
    monkeypatch: pytest.MonkeyPatch, assistant_id: str
) -> None:
    asked_days_ago(monkeypatch, assistant_id, 31)
    asked_days_ago(monkeypatch, assistant_id, 30)
    assert queue_deletions() == 1
    assert queue_deletions() == 0, "it waits already"
    work_off()
    summed = [row for row in rows() if row.state == "summed"]
    assert [(row.answers, row.prompt_tokens, row.micro_euros) for row in summed] == [(3, 6_000, 7_500)]
    assert len(rows()) == 1 + 4
    [proof] = deletions(assistant_id)
    assert proof.counts["costs"] == 4
    assert proof.before == f"{now().date() - timedelta(days=30)}"
    assert queue_deletions() == 0


def test_sums_hold_the_limits_that_the_rows_before_them_held(
    monkeypatch: pytest.MonkeyPatch, assistant_id: str
) -> None:
    from core.spending import spent_this_month

    on(monkeypatch, now().replace(day=20))
    settle(reserve(replace(ONE, assistant_id=assistant_id)), 2_000, 100, 2_500)
    save_limits({"detail_days": 1})
    on(monkeypatch, now().replace(day=25))
    before = spent_this_month()
    assert forget_details(assistant_id)["costs"] == 1
    assert spent_this_month() == before
    assert forget_details(assistant_id)["costs"] == 0


def test_what_an_erased_assistant_cost_is_summed_without_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_days_ago(monkeypatch, "gone", 40)
    assert queue_deletions() == 0
    assert [row.state for row in rows()] == ["summed"]


def test_the_worker_removes_ended_counts_secrets_and_old_costs(
    monkeypatch: pytest.MonkeyPatch, assistant_id: str
) -> None:
    asked_days_ago(monkeypatch, assistant_id, 40)
    Worker()._clean()
    work_off()
    with session() as db:
        assert db.exec(select(AskWindow)).all() == []
        assert db.exec(select(DaySalt)).all() == []
    assert [row.state for row in rows()] == ["summed"]
    assert len(deletions()) == 1


def test_what_is_kept_is_told_with_its_count(monkeypatch: pytest.MonkeyPatch, assistant_id: str) -> None:
    asked_days_ago(monkeypatch, assistant_id, 0)
    costs, counts = what_is_kept(assistant_id)
    assert (costs.count, counts.count) == (4, 3)
    assert "30 days" in costs.until
    assert [kept.count for kept in what_is_kept("another")] == [0, 0]

"""An update with thousands of sources: what is left of it is counted and found in the time its rows take."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, update
from sqlmodel import select

from core.chunk import CUTTER_VERSION
from core.database import Assistant, Indexed, Job, Parsed, Source, Version, engine, session
from core.index import renew_next, update_notice
from core.jobs import ACTIVE
from core.load import READER_VERSION
from core.schema import JobState
from core.text import TERMS_VERSION
from tests.core.assistants.test_many_sources import Work, counted_work, filled

pytestmark = pytest.mark.usefixtures("database")
STEPS = 100  # of SQLite's machine between two looks


def read_by(made: str, reader: Callable[[], int]) -> None:
    """Keep a text of each version of an assistant, and note that today's code cut it."""
    with session() as db:
        versions = db.exec(select(Version.id).join(Source, Source.id == Version.source_id)).all()
        rows = [{"version_id": version, "body": b"text", "reader_version": reader()} for version in versions]
        for begin in range(0, len(rows), 500):
            db.execute(insert(Parsed), rows[begin : begin + 500])
        db.execute(update(Indexed).values(cutter_version=CUTTER_VERSION, terms_version=TERMS_VERSION))
        db.execute(update(Assistant).where(Assistant.id == made).values(looked_at_passages=True))


def left_to_read(made: str) -> set[str]:
    """The sources that an update has still to read, counted by hand; those of them whose reading waits or runs."""
    left = set()
    with session() as db:
        versions = {version.id: version for version in db.exec(select(Version)).all()}
        parsed = {row.version_id: row.reader_version for row in db.exec(select(Parsed)).all()}
        jobs = db.exec(select(Job)).all()
        for source in db.exec(select(Source).where(Source.assistant_id == made, Source.deleted_at.is_(None))).all():
            if parsed.get(source.version_id, READER_VERSION) >= READER_VERSION:
                continue
            of_source = [job for job in jobs if job.source_id == source.id]
            number = versions[source.version_id].number
            stopped = any(
                job.state == JobState.STOPPED and versions[job.version_id or ""].number > number for job in of_source
            )
            if any(job.state in ACTIVE for job in of_source) or (source.read_for < READER_VERSION and not stopped):
                left.add(source.id)
    return left


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """Count the steps that SQLite takes, in hundreds: its work, whatever the clock says."""
    steps = [0]

    def note() -> int:
        steps[0] += 1
        return 0

    def begin(connection: Any, *_: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(note, STEPS)

    def end(connection: Any, *_: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(None, STEPS)

    event.listen(engine(), "before_cursor_execute", begin)
    event.listen(engine(), "after_cursor_execute", end)
    try:
        yield steps
    finally:
        event.remove(engine(), "before_cursor_execute", begin)
        event.remove(engine(), "after_cursor_execute", end)


@pytest.mark.parametrize("seed", range(6))
def test_the_notice_counts_what_is_left_and_no_more(seed: int) -> None:
    shaker = random.Random(seed)
    made, other = filled(60, seed), filled(20, seed + 100)
    read_by(made, lambda: shaker.choice([0, READER_VERSION - 1, READER_VERSION, READER_VERSION]))
    for _ in range(4):
        count = len(left_to_read(made))
        assert f"{count} source" in update_notice(made) if count else "source" not in update_notice(made)
        with session() as db:  # the update got as far as a part of them
            for source in db.exec(select(Source).where(Source.assistant_id.in_([made, other]))).all():
                source.read_for = shaker.choice([source.read_for, READER_VERSION])


def test_where_nothing_is_older_no_source_is_looked_at() -> None:
    made = filled(300)
    read_by(made, lambda: READER_VERSION)
    with counted_work() as work:
        assert update_notice(made) == ""
    assert work == Work(statements=2, rows=0)
    assert not renew_next()


@pytest.mark.parametrize("reader", [0, READER_VERSION], ids=["all are older", "nothing is older"])
def test_ten_times_the_sources_are_ten_times_the_work(reader: int, database: str) -> None:
    if database != "sqlite":
        pytest.skip("steps are SQLite's")
    amounts: list[dict[str, int]] = []
    for count in (200, 2_000):
        with session() as db:
            for source in db.exec(select(Source)).all():
                db.delete(source)
        made = filled(count)
        read_by(made, lambda: reader)
        amount = {}
        for name, work in (("notice", lambda made=made: update_notice(made)), ("renewal", renew_next)):
            with counted_steps() as steps:
                work()
            amount[name] = steps[0]
        amounts.append(amount)
    for name in ("notice", "renewal"):
        assert amounts[1][name] <= 15 * amounts[0][name] + 10, amounts


def test_thousands_are_queued_without_a_look_at_all_that_are_left(database: str) -> None:
    if database != "sqlite":
        pytest.skip("steps are SQLite's")
    read_by(filled(1_500), lambda: 0)
    steps_of_each = []
    for _ in range(20):
        with counted_steps() as steps:
            assert renew_next()
        steps_of_each.append(steps[0])
    # Those that are queued and not read yet are passed over; a look at all that are left takes thousands.
    assert all(steps <= 20 + 10 * queued for queued, steps in enumerate(steps_of_each)), steps_of_each


def test_what_is_left_is_found_by_indexes(database: str) -> None:
    if database != "sqlite":
        pytest.skip("Postgres chooses by what it knows of the rows")
    made, statements = filled(20), []
    read_by(made, lambda: READER_VERSION)

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    event.listen(engine(), "after_cursor_execute", note)
    update_notice(made)
    renew_next()
    event.remove(engine(), "after_cursor_execute", note)
    with engine().connect() as connection:
        plans = [
            [row[-1] for row in connection.exec_driver_sql(f"explain query plan {statement}", parameters)]
            for statement, parameters in statements
            if statement.startswith(("SELECT", "UPDATE"))
        ]
    assert len(plans) == 4
    assert not [step for plan in plans for step in plan if step.startswith("SCAN") and step != "SCAN assistant"]
    assert not [step for plan in plans for step in plan if "AUTOMATIC" in step or "ix_job_state" in step]

"""What an owner does to several sources at once is done to all or to none, and pressed twice it is done once."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlmodel import func, select

from core.assistants import lifecycle, source_rows, sources
from core.database import Job, Version, session
from core.errors import AnswerbookError

pytestmark = pytest.mark.usefixtures("database")
NAMES = [f"{number}.txt" for number in range(8)]


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [(name, name.encode()) for name in NAMES])
    with session() as db:
        for job in db.exec(select(Job)).all():
            job.state = "done"
            db.add(job)
    return made


def counts() -> tuple[int, int]:
    with session() as db:
        return (
            db.exec(select(func.count()).select_from(Job)).one(),
            db.exec(select(func.count()).select_from(Version)).one(),
        )


def break_at_job(number: int) -> Callable[[], None]:
    """Have the database refuse the so manieth row of work, as where it is full or gone from there on."""
    seen: list[int] = []

    def refuse(_mapper: object, _connection: object, _job: Job) -> None:
        seen.append(1)
        if len(seen) == number:
            raise AnswerbookError("Gone.", "", code="gone")

    event.listen(Job, "before_insert", refuse)
    return lambda: event.remove(Job, "before_insert", refuse)


@pytest.mark.parametrize("act", [sources.delete_sources, sources.read_again])
def test_where_one_of_several_fails_nothing_is_changed(
    assistant_id: str, act: Callable[[str, list[str]], None]
) -> None:
    rows = source_rows.source_rows(assistant_id)
    before = counts()
    mend = break_at_job(6)
    try:
        with pytest.raises(AnswerbookError):
            act(assistant_id, [row.id for row in rows])
    finally:
        mend()
    assert counts() == before
    assert source_rows.source_rows(assistant_id) == rows
    act(assistant_id, [row.id for row in rows])
    assert counts()[0] == before[0] + len(NAMES)


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do these at the same moment; returns what went wrong."""
    wrong: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except AnswerbookError as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_two_owners_who_delete_and_read_again_at_once_do_not_block_each_other(assistant_id: str) -> None:
    ids = [row.id for row in source_rows.source_rows(assistant_id)]
    acts = [lambda: sources.read_again(assistant_id, ids), lambda: sources.read_again(assistant_id, ids[::-1])]
    assert at_once(*acts * 4) == []
    assert counts() == (2 * len(NAMES), 2 * len(NAMES))
    deletes = [
        lambda: sources.delete_sources(assistant_id, ids),
        lambda: sources.delete_sources(assistant_id, ids[::-1]),
    ]
    assert at_once(*deletes * 4) == []
    assert counts() == (3 * len(NAMES), 2 * len(NAMES))


def test_restored_twice_at_once_a_source_is_read_once(assistant_id: str) -> None:
    row = source_rows.source_rows(assistant_id)[0]
    sources.delete_sources(assistant_id, [row.id])
    before = counts()
    assert at_once(*[lambda: sources.restore_source(assistant_id, row.id)] * 6) == []
    assert counts() == (before[0] + 1, before[1] + 1)


def test_two_sources_never_get_one_name(assistant_id: str) -> None:
    rows = source_rows.source_rows(assistant_id)
    wrong = at_once(*(lambda row=row: sources.rename_source(assistant_id, row.id, "one.txt") for row in rows))  # type: ignore[misc]
    assert len(wrong) == len(NAMES) - 1
    assert [row.name for row in source_rows.source_rows(assistant_id)].count("one.txt") == 1


def test_what_is_in_the_bin_is_not_read_again(assistant_id: str) -> None:
    ids = [row.id for row in source_rows.source_rows(assistant_id)]
    sources.delete_sources(assistant_id, ids[:3])
    before = counts()
    sources.read_again(assistant_id, ids)
    assert counts()[1] == before[1] + len(NAMES) - 3

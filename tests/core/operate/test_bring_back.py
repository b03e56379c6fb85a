"""A copy comes back once and as a whole, whatever became of the database; what was in its place is kept."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from app import lifespan
from core import jobs
from core.assistants import index_builds, lifecycle, sources
from core.database import Assistant, Job, engine, fault_of, session
from core.errors import AnswerbookError, DataFolderError
from core.jobs import processes
from core.operate import bring_back, came_since, copies, health, make_daily_copy, open_data_folder, state_of_database
from core.store import store_named
from tests.core.database.damage_kit import WAYS, used_folder
from tests.core.work import work_off

MENDABLE = sorted(set(WAYS) - {"a folder for its last changes"})


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return used_folder(tmp_path_factory.mktemp("killed") / "data", tmp_path_factory.mktemp("running"))


@pytest.fixture
def folder(data_folder: Path, used: Path) -> Iterator[Path]:
    """A used data folder with a copy of the day."""
    shutil.copytree(used, data_folder)
    lifecycle.create_assistant("Help")
    make_daily_copy()
    close_database()
    return data_folder


def close_database() -> None:
    engine().dispose()
    engine.cache_clear()


def names() -> list[str]:
    with session() as db:
        return sorted(db.exec(select(Assistant.name)).all())


@pytest.mark.parametrize("way", MENDABLE)
async def test_a_ruined_database_does_not_stop_the_server_and_a_copy_mends_it(folder: Path, way: str) -> None:
    ruin, code = WAYS[way]
    ruin(folder)
    old = {path.name: path.read_bytes() for path in folder.glob("answerbook.db*") if path.is_file()}
    async with lifespan(None):
        assert health("stopped")["database"] == code
        with pytest.raises(DataFolderError):
            open_data_folder()
        (copy,) = copies()
        bring_back(copy, state_of_database())
        assert health("stopped")["database"] == "ok"
        assert names() == ["Help"]
        with engine().connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM original")).scalar() == 300
    aside = list(folder.glob("answerbook.damaged-*.db"))
    if code == "too_new":
        assert [copy.reason for copy in copies()] == ["replaced", "day"]
    elif (body := old.get("answerbook.db")) is not None:
        assert [path.read_bytes() for path in aside] == [body]
    assert not (folder / "bringing-back").exists()


def test_damage_in_the_middle_is_seen_though_the_database_opens(folder: Path) -> None:
    with (folder / "answerbook.db").open("r+b") as file:
        file.seek(4096 * 4)
        file.write(b"\xff" * 4096 * 60)
    (copy,) = copies()
    bring_back(copy, state_of_database())
    assert names() == ["Help"]
    assert len(list(folder.glob("answerbook.damaged-*.db"))) == 1


def test_a_sound_database_becomes_a_copy_first_and_can_be_returned_to(folder: Path) -> None:
    lifecycle.create_assistant("Later")
    (copy,) = copies()
    assert came_since(copy) == {"assistant": 1, "file": 0, "voice": 1, "message": 0}
    with engine().connect() as connection:  # a page that is open stays open
        assert connection.execute(text("SELECT count(*) FROM assistant")).scalar() == 2
    bring_back(copy, state_of_database())
    assert names() == ["Help"]
    (replaced,) = [copy for copy in copies() if copy.reason == "replaced"]
    bring_back(replaced, state_of_database())
    assert names() == ["Help", "Later"]
    assert fault_of(folder / "answerbook.db") == ""
    assert not list(folder.glob("answerbook.damaged-*"))


@pytest.mark.parametrize("damaged", [True, False])
def test_two_windows_bring_it_back_once(folder: Path, damaged: bool) -> None:
    if damaged:
        (folder / "answerbook.db").write_bytes(b"garbage" * 1000)
    (copy,) = copies()
    state, outcomes = state_of_database(), list[str]()
    barrier = threading.Barrier(4)

    def click() -> None:
        barrier.wait()
        try:
            bring_back(copy, state)
        except AnswerbookError as error:
            outcomes.append(error.code)
        else:
            outcomes.append("done")

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(outcomes) == ["done", "done_already", "done_already", "done_already"]
    assert names() == ["Help"]
    kept = [*folder.glob("answerbook.damaged-*.db"), *(folder / "backups").glob("answerbook-replaced-*.db")]
    assert len(kept) == 1


def test_another_process_at_work_is_not_pulled_from_under(folder: Path) -> None:
    body = b"garbage" * 1000
    (folder / "answerbook.db").write_bytes(body)
    (copy,) = copies()
    lock = processes.lock_of(folder, "another")
    with lock, pytest.raises(AnswerbookError) as refused:
        bring_back(copy, state_of_database())
    assert refused.value.code == "busy"
    assert (folder / "answerbook.db").read_bytes() == body


def test_a_locked_database_is_not_taken_for_a_damaged_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.database.copies.BUSY_TRIES", 2)
    lifecycle.create_assistant("Later")
    (copy,) = copies()
    with closing(sqlite3.connect(folder / "answerbook.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(AnswerbookError) as refused:
            bring_back(copy, state_of_database())
    assert refused.value.code in ("locked", "not_brought_back")
    assert names() == ["Help", "Later"]
    assert not list(folder.glob("answerbook.damaged-*"))


@pytest.mark.parametrize("damaged", [True, False])
def test_a_bad_copy_is_refused_and_nothing_changes(folder: Path, damaged: bool) -> None:
    if damaged:
        (folder / "answerbook.db").write_bytes(b"garbage" * 1000)
    before = (folder / "answerbook.db").read_bytes()
    (copy,) = copies()
    path = folder / "backups" / copy.name
    path.write_bytes(path.read_bytes()[:100_000])
    (bad,) = copies()
    gone, outside = replace(bad, name="answerbook-2020-01-01.db"), replace(bad, name="../secret.key")
    for chosen, code in ((bad, "bad_copy"), (copy, "no_copy"), (gone, "no_copy"), (outside, "no_copy")):
        with pytest.raises(AnswerbookError) as refused:
            bring_back(chosen, state_of_database())
        assert refused.value.code == code
    assert (folder / "answerbook.db").read_bytes() == before
    assert path.exists()


def test_passages_are_made_again_and_a_job_of_then_is_done(data_folder: Path) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("note.md", b"# Note\n\nThe depot opens at eight.\n")])
    work_off()
    sources.add_files(assistant_id, [("second.md", b"# Second\n\nIt closes at nine.\n")])
    assert jobs.claim() is not None  # at work when the copy is made, by this very process
    shutil.rmtree(data_folder / "backups")  # the worker's, of its start
    make_daily_copy()
    (copy,) = copies()
    build = index_builds.live_build(assistant_id)
    store_named(build.store).drop(index_builds.scope_of(build))
    close_database()
    (data_folder / "answerbook.db").write_bytes(b"")
    bring_back(copy, state_of_database())
    work_off()
    with session() as db:
        states = {(job.kind, job.state) for job in db.exec(select(Job)).all()}
    assert states == {("read", "done"), ("check", "done")}
    assert store_named(build.store).count(index_builds.scope_of(build)) == 2

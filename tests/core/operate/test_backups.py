"""A copy of the database for each day: made while it is written to, sound, private, and never too many."""

import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from core.assistants import lifecycle
from core.database import copy_database, engine, fault_of
from core.operate import copies, copy_trouble, make_daily_copy
from core.worker import Worker
from tests.core.work import wait_until
from tests.needs import posix

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """What Answerbook takes for the time; a copy's file bears it, too."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def copy_on(self, folder: Path, moment: str) -> None:
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        self._patch.setattr("core.operate.backups.now", lambda: now)
        before = names(folder)
        make_daily_copy()
        for name in names(folder) - before:
            os.utime(folder / "backups" / name, (now.timestamp(), now.timestamp()))


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "backups").glob("*")}


def assistants_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM assistant ORDER BY name")]


def test_the_worker_makes_a_copy_that_opens(data_folder: Path) -> None:
    lifecycle.create_assistant("Help")
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: bool(copies()))
    finally:
        worker.stop()
    (copy,) = copies()
    assert copy.reason == "day"
    assert copy.name == f"answerbook-{copy.made_at.date()}.db"
    assert assistants_in(data_folder / "backups" / copy.name) == ["Help"]
    assert copy_trouble() is None


@posix
def test_nobody_else_may_read_it(data_folder: Path) -> None:
    engine()
    before = os.umask(0o022)
    try:
        make_daily_copy()
    finally:
        os.umask(before)
    (copy,) = copies()
    assert stat.S_IMODE((data_folder / "backups" / copy.name).stat().st_mode) == 0o600
    assert stat.S_IMODE((data_folder / "backups").stat().st_mode) == 0o700


def test_seven_days_are_kept_and_a_day_is_there_once(data_folder: Path, day: Clock) -> None:
    lifecycle.create_assistant("Help")
    for number in range(1, 11):
        day.copy_on(data_folder, f"2026-11-{number:02} 09:00")
        day.copy_on(data_folder, f"2026-11-{number:02} 09:10")
    assert names(data_folder) == {f"answerbook-2026-11-{number:02}.db" for number in range(4, 11)}
    assert [copy.made_at.day for copy in copies()] == list(range(10, 3, -1))


def test_todays_copy_of_a_small_database_is_made_anew_each_hour(data_folder: Path, day: Clock) -> None:
    lifecycle.create_assistant("Morning")
    day.copy_on(data_folder, "2026-11-25 09:00")
    lifecycle.create_assistant("Noon")
    day.copy_on(data_folder, "2026-11-25 09:20")
    assert assistants_in(data_folder / "backups" / "answerbook-2026-11-25.db") == ["Morning"]
    day.copy_on(data_folder, "2026-11-25 12:00")
    assert assistants_in(data_folder / "backups" / "answerbook-2026-11-25.db") == ["Morning", "Noon"]


@pytest.mark.parametrize("wrong", ["2020-01-01 09:00", "2026-11-20 09:00", "2027-05-01 09:00", "2099-12-31 23:59"])
def test_a_wrong_clock_removes_no_copy_for_a_worse_one(data_folder: Path, day: Clock, wrong: str) -> None:
    engine()
    for number in range(11, 18):
        day.copy_on(data_folder, f"2026-11-{number} 09:00")
    before = names(data_folder)
    day.copy_on(data_folder, wrong)
    new = f"answerbook-{wrong[:10]}.db"
    assert names(data_folder) == before - {"answerbook-2026-11-11.db"} | {new}
    day.copy_on(data_folder, "2026-11-26 09:00")
    left = names(data_folder)
    assert len(left) == 7
    assert {f"answerbook-2026-11-{number}.db" for number in (13, 14, 15, 16, 17, 26)} <= left


def test_a_damaged_database_makes_no_copy_and_removes_none(data_folder: Path, day: Clock) -> None:
    lifecycle.create_assistant("Help")
    with engine().begin() as connection:
        for number in range(300):
            row = {"name": f"h{number}", "body": os.urandom(3000)}
            connection.execute(text("INSERT INTO original (hash, size, body) VALUES (:name, 9, :body)"), row)
    for number in range(11, 18):
        day.copy_on(data_folder, f"2026-11-{number} 09:00")
    engine().dispose()
    before = names(data_folder)
    with (data_folder / "answerbook.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 60))
    for number in range(18, 28):
        day.copy_on(data_folder, f"2026-11-{number} 09:00")
    assert names(data_folder) == before
    trouble = copy_trouble()
    assert trouble is not None
    assert trouble.code == "damaged"
    assert all(not fault_of(data_folder / "backups" / name, at_rest=True) for name in before)


def test_copies_that_went_bad_do_not_push_out_a_good_one(data_folder: Path, day: Clock) -> None:
    lifecycle.create_assistant("Help")
    for number in range(11, 18):
        day.copy_on(data_folder, f"2026-11-{number} 09:00")
    for number in range(12, 18):
        (data_folder / "backups" / f"answerbook-2026-11-{number}.db").write_bytes(b"bad")
    (data_folder / "backups" / "answerbook-0001.db").write_bytes(b"x")
    engine().dispose()
    (data_folder / "answerbook.db").write_bytes(b"bad, too" * 999)
    day.copy_on(data_folder, "2026-11-18 09:00")
    assert assistants_in(data_folder / "backups" / "answerbook-2026-11-11.db") == ["Help"]


def test_two_copies_of_each_other_reason_are_kept(data_folder: Path, day: Clock) -> None:
    engine()
    day.copy_on(data_folder, "2026-11-25 09:00")
    others = ["answerbook-0001.db", "answerbook-0002.db", "answerbook-0003.db"]
    others += [f"answerbook-replaced-2026-11-{number}-120000.db" for number in (20, 21, 22)]
    for age, name in enumerate(reversed(others)):
        copy_database(data_folder / "answerbook.db", data_folder / "backups" / name)
        os.utime(data_folder / "backups" / name, (1_790_000_000 - age, 1_790_000_000 - age))
    (data_folder / "backups" / "mine.db").write_bytes(b"not ours to remove")
    day.copy_on(data_folder, "2026-11-26 09:00")
    days = {"answerbook-2026-11-25.db", "answerbook-2026-11-26.db"}
    assert names(data_folder) == {*days, *others[1:3], *others[4:6], "mine.db"}


def test_a_short_disk_is_left_alone_and_said(data_folder: Path, day: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    engine()
    monkeypatch.setattr("core.operate.backups.RESERVE", 10**18)  # no disk has so much
    day.copy_on(data_folder, "2026-11-25 09:00")
    assert names(data_folder) == set()
    trouble = copy_trouble()
    assert trouble is not None
    assert trouble.code == "disk_short"
    assert "Free at least" in trouble.remedy
    monkeypatch.undo()


def test_large_copies_are_fewer(data_folder: Path, day: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    engine()
    for number in range(11, 16):
        day.copy_on(data_folder, f"2026-11-{number} 09:00")
    size = max(copy.size for copy in copies())
    monkeypatch.setattr("core.operate.backups.RESERVE", -(10**18))
    monkeypatch.setattr("core.operate.backups.shutil.disk_usage", lambda _path: disk_of(6 * size, data_folder))
    day.copy_on(data_folder, "2026-11-16 09:00")
    assert names(data_folder) == {f"answerbook-2026-11-{number}.db" for number in (14, 15, 16)}


def disk_of(room: int, folder: Path) -> SimpleNamespace:
    """A disk with room for so many bytes of copies, and nothing else on it."""
    return SimpleNamespace(free=room - sum(path.stat().st_size for path in (folder / "backups").iterdir()))


def test_a_copy_is_of_one_moment_while_others_write(data_folder: Path) -> None:
    engine()
    done = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not done.is_set():
            with engine().begin() as connection:
                for half in ("a", "b"):
                    row = {"name": f"{written}{half}", "body": os.urandom(2000)}
                    connection.execute(text("INSERT INTO original (hash, size, body) VALUES (:name, 1, :body)"), row)
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait_until(lambda: written > 100)
        for number in range(5):
            before = written
            target = data_folder / f"copy{number}.db"
            copy_database(data_folder / "answerbook.db", target)
            with closing(sqlite3.connect(f"{target.as_uri()}?immutable=1", uri=True)) as copy:
                rows = copy.execute("SELECT count(*) FROM original").fetchone()[0]
            assert rows % 2 == 0
            assert rows >= 2 * before
    finally:
        done.set()
        writer.join()


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_server_is_its_hosts_to_copy(database: str, data_folder: Path) -> None:
    engine()
    make_daily_copy()
    assert copies() == []
    assert not (data_folder / "backups").exists()

"""Whatever ails the database reaches an owner as a true sentence: really locked, full, read-only, damaged, away."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core import jobs
from core.assistants import assistants, conversations, lifecycle, source_rows, sources
from core.database import Source, Version, engine, session, words_for
from core.database.trouble import WORDS
from core.errors import AnswerbookError, DataFolderError
from core.settings import settings
from core.worker import Worker
from tests.core.work import wait_until
from tests.locked_database import locked
from tests.needs import posix


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> Path:
    """Waits a quarter of a second for a lock instead of a minute."""
    monkeypatch.setattr(sys.modules["core.database.engine"], "BUSY_SECONDS", 0.25)
    return data_folder


def refusal(act: Callable[[], object]) -> DataFolderError:
    with pytest.raises(DataFolderError) as refused:
        act()
    return refused.value


def test_an_upload_into_a_locked_database_is_told_the_truth(impatient: Path) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    with locked(impatient):
        error = refusal(lambda: sources.add_files(assistant_id, [("b.txt", b"Beta")]))
        assert [row.name for row in source_rows.source_rows(assistant_id)] == ["a.txt"]
    assert (error.code, error.passing) == ("database_busy", True)
    assert error.what == "b.txt could not be saved. Another program is using the database just now."
    assert "disk" not in str(error)
    assert sources.add_files(assistant_id, [("b.txt", b"Beta")])[0].outcome == "new"


def test_an_upload_waits_for_a_lock_that_ends(data_folder: Path) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    outcomes: list[str] = []
    upload = threading.Thread(
        target=lambda: outcomes.append(sources.add_files(assistant_id, [("a.txt", b"Alpha")])[0].outcome)
    )
    with locked(data_folder):
        upload.start()
        upload.join(1)
        assert outcomes == []
    upload.join()
    assert outcomes == ["new"]


def every_change(assistant_id: str) -> list[Callable[[], object]]:
    """What an owner, or the worker, can do that writes; a file that was deleted and one that waits are there."""
    row = source_rows.source_rows(assistant_id)[0]
    return [
        lambda: sources.delete_sources(assistant_id, [row.id]),
        lambda: sources.rename_source(assistant_id, row.id, "z.txt"),
        lambda: sources.copy_sources(assistant_id, assistant_id),
        lambda: jobs.stop([row.job_id]),
        lambda: lifecycle.create_assistant("Another"),
        lambda: lifecycle.delete_assistant(assistant_id),
        lambda: assistants.rename_assistant(assistant_id, "Other"),
        lambda: conversations.start_conversation(assistant_id),
        lambda: jobs.enqueue("check", assistant_id),
        jobs.claim,
    ]


def test_whatever_the_owner_changes_meets_a_lock_in_words(impatient: Path) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    row = source_rows.source_rows(assistant_id)[0]
    with locked(impatient):
        for change in every_change(assistant_id):
            assert refusal(change).code == "database_busy"
        assert source_rows.source_rows(assistant_id) == [row]


def test_a_job_that_meets_a_lock_waits_and_is_done_by_itself(
    impatient: Path, monkeypatch: pytest.MonkeyPatch, worker: Worker
) -> None:
    """Another program takes the lock while the file is read, for longer than a writer waits."""
    from core import worker as worker_module

    monkeypatch.setattr("core.jobs.queue.AWAY_SECONDS", 0)
    assistant_id = lifecycle.create_assistant("Help")
    reading, held = threading.Event(), threading.Event()
    read = worker_module.HANDLERS["read"]

    def read_under_a_lock(*arguments: object) -> dict[str, object]:
        reading.set()
        held.wait(60)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(worker_module, "HANDLERS", {**worker_module.HANDLERS, "read": read_under_a_lock})
    sources.add_files(assistant_id, [("a.md", b"# Prices\n\nA parcel costs 10 euros to send.")])
    assert reading.wait(60)
    with locked(impatient):
        held.set()
        threading.Event().wait(2)
        assert source_rows.source_rows(assistant_id)[0].state == "running"
    wait_until(lambda: jobs.active_count() == 0)
    row = source_rows.source_rows(assistant_id)[0]
    assert (row.state, row.error, row.answering) == ("ready", "", True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        engine().dispose()
        subprocess.run(["umount", "-l", str(folder)], check=True)


@posix
def test_a_full_disk_is_said_whatever_is_done(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import _let_go

    if os.geteuid() != 0:
        pytest.skip("Only root can mount a disk.")
    with small_disk(tmp_path / "disk", 4) as disk:
        monkeypatch.setenv("ANSWERBOOK_DATA", str(disk))
        _let_go()
        assistant_id = lifecycle.create_assistant("Help")
        sources.add_files(assistant_id, [("a.txt", b"Alpha")])
        with engine().connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        filler = disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as stream:
            while stream.write(b"x" * 4096):
                pass
        row = source_rows.source_rows(assistant_id)[0]
        for change in every_change(assistant_id):
            assert refusal(change).code == "disk_full"
        assert source_rows.source_rows(assistant_id) == [row]
        filler.unlink()
        error = refusal(lambda: sources.add_files(assistant_id, [("big.txt", os.urandom(6_000_000))]))
        assert (error.code, error.what) == ("disk_full", "big.txt could not be saved. The disk is full.")
        sources.delete_sources(assistant_id, [row.id])
        assert [removed.id for removed in source_rows.removed_rows(assistant_id)] == [row.id]
    _let_go()


def test_a_file_that_may_not_be_written_is_said(data_folder: Path) -> None:
    """A database opened read-only, as from a disk that is mounted so: root may write to any file."""
    assistant_id = lifecycle.create_assistant("Help")
    engine().dispose()

    from sqlalchemy import event

    @event.listens_for(engine(), "connect")
    def _read_only(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    error = refusal(lambda: sources.add_files(assistant_id, [("a.txt", b"Alpha")]))
    assert (error.code, error.what) == (
        "database_read_only",
        "a.txt could not be saved. The database cannot be written to.",
    )


@pytest.mark.parametrize("damage", ["garbage", "truncated", "middle"])
def test_a_damaged_database_is_said(data_folder: Path, damage: str) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [(f"{number}.txt", os.urandom(30_000)) for number in range(20)])
    with engine().connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine().dispose()
    path = data_folder / "answerbook.db"
    body = path.read_bytes()
    spoilt = {
        "garbage": b"\x07" * len(body),
        "truncated": body[: len(body) * 2 // 3],
        "middle": body[:8192] + b"\xff" * (len(body) - 8192),
    }[damage]
    path.write_bytes(spoilt)
    error = refusal(lambda: source_rows.source_rows(assistant_id) and sources.erase_expired())
    assert (error.code, error.what) == ("damaged", "The database is damaged and cannot be read.")


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_postgres_that_is_gone_or_full_is_said(database: str) -> None:
    assert database == "postgres"
    assistant_id = lifecycle.create_assistant("Help")

    def fail_with(statement: str) -> str:
        def act() -> None:
            with session() as db:
                db.execute(text(statement))

        return refusal(act).code

    raised = "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{}'; END $$"
    codes = {state: fail_with(raised.format(state)) for state in ("53100", "25006", "40P01", "55P03", "XX001", "57P01")}
    assert codes == {
        "53100": "disk_full",
        "25006": "database_read_only",
        "40P01": "database_busy",
        "55P03": "database_busy",
        "XX001": "damaged_server",
        "57P01": "database_away",
    }
    gone = "SELECT pg_terminate_backend(pg_backend_pid())"
    assert fail_with(gone) == "database_away"
    assert source_rows.source_rows(assistant_id) == []


def test_a_postgres_that_was_never_there_is_said() -> None:
    from core.database import make_engine

    with (
        pytest.raises(OperationalError) as refused,
        make_engine("postgresql+psycopg://nobody@127.0.0.1:9/none").connect(),
    ):
        pass
    assert words_for(refused.value).code == "database_away"


@pytest.mark.usefixtures("database")
def test_what_was_removed_at_the_same_moment_is_said() -> None:
    assistant_id = lifecycle.create_assistant("Help")

    def orphan() -> None:
        with session() as db:
            db.add(Version(id="v", source_id="nobody", original_hash="h", size=1))

    assert refusal(orphan).code == "changed_meanwhile"

    def nobody() -> None:
        with session() as db:
            db.get_one(Source, "nobody")

    assert refusal(nobody).code == "changed_meanwhile"
    assert assistants.assistant(assistant_id).name == "Help"


@pytest.mark.usefixtures("database")
def test_what_is_decided_by_looking_first_holds_until_it_is_written() -> None:
    """Twenty uploads of one new name at the same moment are one source."""
    assistant_id = lifecycle.create_assistant("Help")
    uploads = [
        threading.Thread(target=sources.add_files, args=(assistant_id, [("a.txt", b"%d" % number)]))
        for number in range(20)
    ]
    for upload in uploads:
        upload.start()
    for upload in uploads:
        upload.join()
    assert [row.name for row in source_rows.source_rows(assistant_id)] == ["a.txt"]


def test_every_cause_has_sentences_without_a_path() -> None:
    for code, what, remedy, _ in WORDS.values():
        assert code
        assert what.endswith(".")
        assert remedy.endswith(".")
        assert str(settings().data) not in f"{what}{remedy}"
    assert issubclass(DataFolderError, AnswerbookError)

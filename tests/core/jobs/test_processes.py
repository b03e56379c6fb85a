"""Several processes on one database: each job once, and what a dead or frozen one held is taken over."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import func, select

from core import jobs, pipeline
from core.assistants import index_builds, lifecycle, source_rows, sources
from core.database import Indexed, Job, engine, new_id, now, session
from core.errors import LeaseLost
from tests.core.index.faults_kit import assert_agreed
from tests.core.index.test_ingest import assert_consistent, pages, row
from tests.core.work import wait_until, work_off
from tests.needs import posix

pytestmark = pytest.mark.usefixtures("database")
PROJECT = Path(__file__).resolve().parents[3]
FILES = 200
WORKER = "import time; from core.worker import Worker; Worker().start(); time.sleep(300)"


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def started(data: Path | None = None) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **({"ANSWERBOOK_DATA": str(data)} if data else {})}
    return subprocess.Popen([sys.executable, "-c", WORKER], cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)


@pytest.fixture
def two() -> Iterator[list["subprocess.Popen[bytes]"]]:
    both = [started(), started()]
    yield both
    for process in both:
        process.kill()
        process.wait()


def done() -> int:
    with session() as db:
        return db.exec(select(func.count()).select_from(Job).where(Job.state == "done")).one()


def holders() -> set[str]:
    with session() as db:
        return set(db.exec(select(Job.worker).where(Job.state == "running")).all())


@pytest.mark.slow
def test_two_processes_read_two_hundred_files_once_each(
    assistant_id: str, two: list["subprocess.Popen[bytes]"]
) -> None:
    wait_until(lambda: processes_alive() == len(two))
    sources.add_files(assistant_id, [(f"file{n}.md", pages(f"word{n}", 3)) for n in range(FILES)])
    seen: set[str] = set()
    wait_until(lambda: len(seen.update(holders()) or seen) == 2)
    wait_until(lambda: done() > FILES // 3)
    two[0].kill()
    two[0].wait()
    wait_until(lambda: jobs.active_count() == 0, 60)
    assert {found.state for found in source_rows.source_rows(assistant_id)} == {"ready"}
    with session() as db:
        found = db.exec(select(Job)).all()
        indexed = db.exec(select(func.count()).select_from(Indexed)).one()
    assert (len(found), indexed) == (FILES, FILES)
    assert sum(job.attempts for job in found) == FILES
    assert_consistent(assistant_id)


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.slow
def test_two_machines_on_one_postgres_and_one_weaviate(
    database: str, weaviate_data_folder: Path, tmp_path: Path
) -> None:
    """Each with a data folder of its own: only the lease says that the one which was killed is gone."""
    assistant_id = lifecycle.create_assistant("Help")
    assert (database, index_builds.live_build(assistant_id).store) == ("postgres", "weaviate")
    machines = [started(tmp_path / "one"), started(tmp_path / "two")]
    try:
        sources.add_files(assistant_id, [(f"file{n}.md", pages(f"word{n}", 30)) for n in range(FILES // 2)])
        seen: set[str] = set()
        wait_until(lambda: len(seen.update(holders()) or seen) == 2)
        wait_until(lambda: done() > FILES // 8)
        machines[0].kill()
        wait_until(lambda: jobs.active_count() == 0, 60)
    finally:
        for machine in machines:
            machine.kill()
            machine.wait()
    assert {found.state for found in source_rows.source_rows(assistant_id)} == {"ready"}
    with session() as db:
        assert sum(job.attempts for job in db.exec(select(Job)).all()) == FILES // 2
    assert_agreed(assistant_id)


def processes_alive() -> int:
    from core.settings import settings

    return len(list((settings().data / "workers").glob("*.lock")))


def freeze_between_transactions(process: "subprocess.Popen[bytes]") -> None:
    """Stop a process that holds no lock of the database: one that does keeps everybody waiting until it goes on."""
    while True:
        process.send_signal(signal.SIGSTOP)
        if engine().dialect.name != "sqlite":
            return
        try:
            with closing(sqlite3.connect(str(engine().url.database), timeout=0.05, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            time.sleep(0.05)


@posix
@pytest.mark.slow
def test_a_frozen_process_that_comes_back_late_does_no_harm(assistant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sources.add_files(assistant_id, [("long.md", pages("parcel", 2500))])
    frozen = started()
    try:
        wait_until(lambda: row(assistant_id, "long.md").stage != "")
        freeze_between_transactions(frozen)
        monkeypatch.setattr("core.jobs.queue.LEASE_SECONDS", 1.0)
        work_off()
        assert row(assistant_id, "long.md").state == "ready"
        frozen.send_signal(signal.SIGCONT)
        time.sleep(3)
        assert row(assistant_id, "long.md").state == "ready"
        assert pipeline.search(assistant_id, "parcel rule on customs")
        assert_consistent(assistant_id)
    finally:
        frozen.kill()
        frozen.wait()


def test_a_process_on_another_machine_that_fell_silent_loses_its_job(assistant_id: str) -> None:
    made = jobs.enqueue("rebuild", assistant_id)
    assert jobs.claim() is not None
    held_by(made, new_id(), seconds_ago=jobs.LEASE_SECONDS - 10)
    assert jobs.take_back() == 0
    held_by(made, new_id(), seconds_ago=jobs.LEASE_SECONDS + 1)
    with pytest.raises(LeaseLost):
        jobs.progress(made, "Reading", 1, 2)
    jobs.finish(made)
    assert jobs.take_back() == 1
    taken = jobs.claim()
    assert taken is not None
    assert (taken.id, taken.worker, taken.attempts) == (made, jobs.PROCESS, 1)


def held_by(job_id: str, process: str, seconds_ago: float) -> None:
    from datetime import timedelta

    with session() as db:
        seen = now() - timedelta(seconds=seconds_ago)
        db.execute(update(Job).where(Job.id == job_id).values(worker=process, seen_at=seen))

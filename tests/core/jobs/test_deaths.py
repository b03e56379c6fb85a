"""A job that ends its process each time counts as tried; with really killed processes, on SQLite and on Postgres."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.database import Job, new_id, now, session
from core.schema import JobKind
from tests.core.work import work_off
from tests.needs import posix

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.usefixtures("database")
# A worker whose reading of one file ends the whole process, as a crash in a library or a lack of memory does.
DEADLY_WORKER = """
import os, signal, time
from core import jobs, worker
from core.assistants import sources

read = worker.HANDLERS["read"]

def deadly(job, sandbox, progress):
    if sources.source(job.assistant_id, job.source_id).name == "poison.md":
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)
    return read(job, sandbox, progress)

worker.HANDLERS = {**worker.HANDLERS, "read": deadly}
working = worker.Worker()
working.start()
while jobs.active_count() or working.state != "here":
    time.sleep(0.05)
working.stop()
"""


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def run_deadly() -> int:
    """Start the worker again and again, as a host does, until it has nothing left to do; returns how often it died."""
    for deaths in range(10):
        done = subprocess.run([sys.executable, "-c", DEADLY_WORKER], cwd=PROJECT, capture_output=True, timeout=120)
        if done.returncode == 0:
            return deaths
        assert done.returncode == -9, done.stderr.decode()[-2000:]
    return 10


@posix
@pytest.mark.slow
def test_a_file_that_stops_the_program_is_given_up_and_the_others_go_on(assistant_id: str) -> None:
    names = ["a.md", "poison.md", *(f"{number}.md" for number in range(6))]
    sources.add_files(assistant_id, [(name, f"# {name}\n\nA rule on parcels, from {name}.".encode()) for name in names])
    assert run_deadly() == 3
    rows = {row.name: row for row in source_rows.source_rows(assistant_id)}
    poison = rows.pop("poison.md")
    assert (poison.state, poison.code) == ("failed", "stopped_the_program")
    assert poison.error == "Reading this file stopped the program three times."
    assert "The file is kept." in poison.remedy
    assert {row.state for row in rows.values()} == {"ready"}
    jobs.retry([poison.job_id])
    work_off()
    assert source_rows.source_rows(assistant_id)[-2].state == "ready"
    sources.delete_sources(assistant_id, [poison.id])
    assert poison.id not in [row.id for row in source_rows.source_rows(assistant_id)]


def die(*job_ids: str) -> None:
    """The process that runs these jobs, on this machine, is dead."""
    process = new_id()
    with session() as db:
        db.execute(update(Job).where(Job.id.in_(job_ids), Job.state == "running").values(worker=process))
    jobs.take_back([process])


def fall_silent(job_id: str) -> None:
    with session() as db:
        seen = now() - timedelta(seconds=jobs.LEASE_SECONDS + 5)
        db.execute(update(Job).where(Job.id == job_id).values(worker=new_id(), seen_at=seen))
    jobs.take_back()


def job_of(job_id: str) -> Job:
    with session() as db:
        return db.get_one(Job, job_id)


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("read", "Reading this file stopped the program three times."),
        ("forget", "Removing this source's passages stopped the program three times."),
        ("rebuild", "Preparing the passages anew stopped the program three times."),
        ("check", "Checking the passages stopped the program three times."),
    ],
)
def test_after_three_deaths_a_job_fails_in_the_words_of_its_kind(assistant_id: str, kind: JobKind, what: str) -> None:
    made = jobs.enqueue(kind, assistant_id)
    for _ in range(jobs.MOST_DEATHS):
        assert jobs.claim() is not None
        die(made)
    job = job_of(made)
    assert (job.state, job.error, job.code) == ("failed", what, "stopped_the_program")
    assert job.remedy
    assert jobs.claim() is None
    jobs.retry([made])
    assert jobs.claim() is not None
    die(made)
    assert (job_of(made).state, job_of(made).deaths) == ("waiting", 1)


def test_an_end_in_good_order_and_a_few_silences_are_no_deaths(assistant_id: str) -> None:
    made = jobs.enqueue("rebuild", assistant_id)
    for _ in range(jobs.MOST_DEATHS + 2):
        assert jobs.claim() is not None
        jobs.give_back()
    for _ in range(jobs.MOST_SILENCES - 1):
        assert jobs.claim() is not None
        fall_silent(made)
    assert (job_of(made).state, job_of(made).deaths, job_of(made).attempts) == ("waiting", 0, 0)
    assert jobs.claim() is not None
    fall_silent(made)
    assert job_of(made).error == "Preparing the passages anew made the program fall silent ten times."


def test_a_job_that_gets_further_between_its_deaths_is_never_given_up(assistant_id: str) -> None:
    made = jobs.enqueue("rebuild", assistant_id)
    for _ in range(4 * jobs.MOST_DEATHS):
        assert jobs.claim() is not None
        with session() as db:
            jobs.got_further(db, made)
        die(made)
    assert job_of(made).state == "waiting"


def test_of_the_jobs_that_ran_at_a_death_only_the_deadly_one_is_given_up(assistant_id: str) -> None:
    """Three lanes; the last of the first three is deadly. Suspects run one at a time, beside whoever is none."""
    made = [jobs.enqueue("check", assistant_id) for _ in range(9)]
    deadly, deaths = made[2], 0
    while jobs.active_count():
        running = [job.id for job in (jobs.claim(), jobs.claim(), jobs.claim()) if job is not None]
        suspects = [job_id for job_id in running if job_of(job_id).deaths]
        assert len(suspects) <= 1
        if deadly in running:
            deaths += 1
            die(*running)
            continue
        for job_id in running:
            jobs.finish(job_id)
    with session() as db:
        states = dict(db.execute(select(Job.id, Job.state)).all())
    assert states.pop(deadly) == "failed"
    assert set(states.values()) == {"done"}
    assert deaths == jobs.MOST_DEATHS

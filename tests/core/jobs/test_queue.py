"""The queue: claimed once, stopped, retried, taken back after a kill. On SQLite and on a real Postgres."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlmodel import select

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.assistants.index_builds import settings_of
from core.database import IndexBuild, Job, new_id, session
from core.errors import AnswerbookError, LoadError, ModelError, StoreError
from core.schema import IndexSettings, JobKind, JobState

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def state_of(job_id: str) -> str:
    with session() as db:
        return db.get_one(Job, job_id).state


def test_many_threads_claim_each_job_once(assistant_id: str) -> None:
    made = {jobs.enqueue("forget", assistant_id) for _ in range(40)}
    taken: list[str] = []

    def take() -> None:
        while job := jobs.claim():
            taken.append(job.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(made)


def test_jobs_are_taken_in_the_order_they_came(assistant_id: str) -> None:
    made = [jobs.enqueue("forget", assistant_id) for _ in range(5)]
    assert [job.id for job in iter(jobs.claim, None)] == made


def test_progress_says_when_the_owner_wants_to_stop(assistant_id: str) -> None:
    made = jobs.enqueue("rebuild", assistant_id)
    jobs.claim()
    assert jobs.progress(made, "Reading page", 1, 9) is False
    jobs.stop([made])
    assert jobs.progress(made, "Reading page", 2, 9) is True
    assert jobs.stop_requested(made)


def test_a_waiting_job_stops_at_once(assistant_id: str) -> None:
    made = jobs.enqueue("rebuild", assistant_id)
    jobs.stop([made])
    assert state_of(made) == "stopped"
    assert jobs.claim() is None
    jobs.retry([made])
    assert state_of(made) == "waiting"


def test_what_a_killed_process_was_doing_is_taken_back(assistant_id: str) -> None:
    made = jobs.enqueue("rebuild", assistant_id)
    jobs.claim()
    assert jobs.claim() is None
    assert jobs.give_back() == 1
    taken = jobs.claim()
    assert taken is not None
    assert (taken.id, taken.attempts) == (made, 1)


def test_a_passing_failure_is_tried_again_only_so_often(assistant_id: str) -> None:
    jobs.enqueue("rebuild", assistant_id)
    away = StoreError("The store is away.", "Wait.", passing=True)
    for attempt in range(1, len(jobs.RETRY_SECONDS) + 2):
        with session() as db:
            job = db.get_one(Job, jobs.latest(assistant_id, "rebuild").id)  # type: ignore[union-attr]
            job.attempts, job.state = attempt, "running"
            db.add(job)
        assert jobs.postpone(job, away) is (attempt <= len(jobs.RETRY_SECONDS))
    assert jobs.claim() is None


def test_files_that_wait_for_a_store_are_not_being_read(assistant_id: str) -> None:
    made = [jobs.enqueue(kind, assistant_id) for kind in ("read", "read", "rebuild")]
    assert jobs.reading_count(assistant_id) == 2
    taken = jobs.claim()
    assert taken is not None
    assert taken.id == made[0]
    assert jobs.reading_count(assistant_id) == 2
    assert jobs.postpone(taken, StoreError("Away.", "", code="away", passing=True))
    assert jobs.reading_count(assistant_id) == 1


WAITED_FOR = [
    *(StoreError("What.", "Do this.", code=code) for code in ("key", "right", "full", "unwritable", "too_old", "tls")),
    *(StoreError("What.", "Do this.", code=code) for code in ("weaviate_unset", "weaviate_address", "suspended")),
    *(ModelError("What.", "Do this.", code=code) for code in ("key", "quota", "forbidden", "no_model", "refused")),
    *(ModelError("What.", "Do this.", code=code, passing=True) for code in ("server", "timeout", "rate")),
]
OWN_FAULTS = [
    *(StoreError("What.", "Do this.", code=code) for code in ("input", "dimension", "refused", "miscounted")),
    *(ModelError("What.", "Do this.", code=code) for code in ("too_long", "content_filter", "bad_request")),
    *(LoadError("What.", "Do this.", code=code) for code in ("key", "full", "encrypted")),
]


@pytest.mark.parametrize("error", WAITED_FOR, ids=lambda error: f"{type(error).__name__}-{error.code}")
def test_what_an_owner_has_to_put_right_is_waited_for_without_limit(assistant_id: str, error: AnswerbookError) -> None:
    made = jobs.enqueue("read", assistant_id)
    for _ in range(3 * len(jobs.RETRY_SECONDS)):
        taken = jobs.claim()
        assert taken is not None
        assert jobs.waits_for(error)
        assert jobs.postpone(taken, error)
        with session() as db:
            job = db.get_one(Job, made)
            assert (job.state, job.attempts, job.error) == ("waiting", 0, "What.")
            assert job.remedy == "Do this. It goes on by itself once that is put right."
            job.not_before = None
            db.add(job)


@pytest.mark.parametrize("error", OWN_FAULTS, ids=lambda error: f"{type(error).__name__}-{error.code}")
def test_a_fault_of_the_file_itself_is_not_waited_for(error: AnswerbookError) -> None:
    assert not jobs.waits_for(error)


def test_what_waits_for_the_store_goes_on_when_it_is_put_right(assistant_id: str) -> None:
    made = {code: jobs.enqueue("read", assistant_id) for code in ("away", "key", "right", "full")}
    for code in made:
        taken = jobs.claim()
        assert taken is not None
        jobs.postpone(taken, StoreError("What.", "Do this.", code=code))
    assert jobs.claim() is None
    assert jobs.release_waiting() == len(made)
    assert jobs.claim() is not None


def test_a_kind_that_this_answerbook_does_not_know_waits_and_is_not_counted(assistant_id: str) -> None:
    with session() as db:
        unknown = Job(id=new_id(), kind="publish", assistant_id=assistant_id)
        db.add(unknown)
    later = jobs.enqueue(JobKind.FORGET, assistant_id)
    assert jobs.active_count() == 1
    taken = jobs.claim()
    assert taken is not None
    assert taken.id == later
    jobs.finish(later)
    assert jobs.claim() is None
    assert (jobs.active_count(), state_of(unknown.id)) == (0, JobState.WAITING)


def test_states_and_kinds_come_back_as_they_went_in(assistant_id: str) -> None:
    made = jobs.enqueue(JobKind.READ, assistant_id)
    with session() as db:
        job, live = db.get_one(Job, made), db.exec(select(IndexBuild)).one()
    assert (job.kind, job.state, live.state, live.store) == ("read", "waiting", "live", "lancedb")
    assert (job.kind, job.state) == (JobKind.READ, JobState.WAITING)
    assert settings_of(live) == IndexSettings()


def test_two_jobs_of_one_source_never_run_at_the_same_time(assistant_id: str) -> None:
    sources.add_files(assistant_id, [(f"{number}.txt", b"%d" % number) for number in range(3)])
    source_ids = [row.id for row in source_rows.source_rows(assistant_id)]
    for _ in range(4):
        for source_id in source_ids:
            jobs.enqueue(JobKind.READ, assistant_id, source_id=source_id)
    doubles: list[list[str | None]] = []

    def work() -> None:
        while jobs.active_count():
            if job := jobs.claim():
                with session() as db:
                    running = db.exec(select(Job.source_id).where(Job.state == JobState.RUNNING)).all()
                if len(running) != len(set(running)):
                    doubles.append(list(running))
                jobs.finish(job.id)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert doubles == []
    with session() as db:
        assert set(db.exec(select(Job.state)).all()) == {JobState.DONE}


CLAIM = "from core import jobs; job = jobs.claim(); print(job.id if job else '')"


def test_another_process_does_not_run_a_second_job_of_a_source(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.txt", b"a")])
    source_id = source_rows.source_rows(assistant_id)[0].id
    second = jobs.enqueue(JobKind.READ, assistant_id, source_id=source_id)
    first = jobs.claim()
    assert first is not None
    assert claimed_elsewhere() == ""
    jobs.finish(first.id)
    assert claimed_elsewhere() == second


def claimed_elsewhere() -> str:
    """The id of the job that another process takes."""
    done = subprocess.run(
        [sys.executable, "-c", CLAIM], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip().rpartition("\n")[2]

"""The queue: claimed once, stopped, retried, taken back after a kill. On SQLite and on a real Postgres."""

import threading

import pytest

from core import jobs
from core.assistants import lifecycle
from core.database import Job, session
from core.errors import StoreError

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

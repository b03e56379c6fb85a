"""The worker does what it knows, and leaves the rest to whoever knows it."""

import json
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from core import jobs, model_connection
from core.assistants import lifecycle, source_rows, sources
from core.database import Job, new_id, session, words_for
from core.index import request_embedding
from core.operate import stores_seen
from core.schema import JobKind, JobState, Provider
from core.worker import HANDLERS, HERE, WAITING, Worker, worker_state
from tests.core.postgres import missing_programs, postgres_server
from tests.core.work import wait_until, work_off
from tests.e2e.server import Server, free_port
from tests.fake_provider import FakeProvider
from tests.needs import need


def test_there_is_a_handler_for_every_kind_of_job() -> None:
    assert set(HANDLERS) == set(JobKind)


@pytest.mark.usefixtures("data_folder")
def test_a_job_of_a_newer_answerbook_waits_and_holds_up_nobody() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    source_id = source_rows.source_rows(assistant_id)[0].id
    with session() as db:
        unknown = Job(id=new_id(), kind="publish", assistant_id=assistant_id, source_id=source_id)
        db.add(unknown)
    sources.add_files(assistant_id, [("zones.md", b"# Zones\n\nJapan is in zone 4.\n")])
    work_off()
    assert [row.state for row in source_rows.source_rows(assistant_id)] == ["ready", "ready"]
    with session() as db:
        assert db.get_one(Job, unknown.id).state == JobState.WAITING
    assert jobs.active_count() == 0


def health(server: Server) -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"{server.url}/api/health", timeout=20) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return dict(json.load(refused))


def added(name: str = "prices.md") -> str:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [(name, b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    return assistant_id


def states(assistant_id: str) -> list[str]:
    return [row.state for row in source_rows.source_rows(assistant_id)]


def test_a_data_folder_that_can_be_used_later_is_worked_on_then(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.worker.OPEN_SECONDS", 0.2)
    data_folder.write_bytes(b"a file, where a folder should be")
    worker = Worker()
    worker.start()
    try:
        time.sleep(1)
        assert (worker.state, worker_state()) == (WAITING, WAITING)
        data_folder.unlink()
        wait_until(lambda: worker.state == HERE)
        assistant_id = added()
        wait_until(lambda: states(assistant_id) == ["ready"])
    finally:
        worker.stop()
    assert worker_state() == "stopped"


@pytest.mark.usefixtures("data_folder")
def test_a_worker_that_never_found_its_database_can_be_stopped(data_folder: Path) -> None:
    data_folder.write_bytes(b"a file, where a folder should be")
    worker = Worker()
    worker.start()
    worker.stop()
    assert worker.state == "stopped"
    assert not [thread for thread in threading.enumerate() if thread.name == "guard"]


@pytest.mark.usefixtures("data_folder")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("ended", ["lane-0", "lane-1", "watch"])
def test_a_thread_that_ended_is_started_again(ended: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.worker.HEARTBEAT_SECONDS", 0.2)
    broken = [True]
    rest, watch = Worker._rest, Worker._watch

    def breaks(worker: Worker) -> None:
        if broken and threading.current_thread().name == ended:
            broken.clear()
            raise SystemExit
        (watch if ended == "watch" else rest)(worker)

    monkeypatch.setattr(Worker, "_watch" if ended == "watch" else "_rest", breaks)
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: not broken and worker._threads[ended].is_alive())
        assistant_id = added()
        wait_until(lambda: states(assistant_id) == ["ready"])
    finally:
        worker.stop()


class _Panic(BaseException):
    """What a library in Rust raises when it gives up: no Exception."""


@pytest.mark.usefixtures("data_folder")
def test_a_panic_of_a_library_fails_the_job_and_not_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: object) -> dict[str, object]:
        raise _Panic

    assistant_id = added()
    with monkeypatch.context() as patch:
        patch.setattr("core.worker.HANDLERS", {**HANDLERS, JobKind.READ: panics})
        work_off()
    assert states(assistant_id) == ["failed"]


@pytest.mark.usefixtures("data_folder")
def test_a_database_that_is_away_at_the_end_of_a_job_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.worker.AGAIN_SECONDS", 0.1)
    finish, away = jobs.finish, [1, 2, 3]

    def finish_later(job_id: str, result: dict[str, object]) -> None:
        if away:
            away.pop()
            raise words_for(OperationalError("UPDATE job", {}, Exception("database is locked")))
        finish(job_id, result)

    monkeypatch.setattr("core.jobs.finish", finish_later)
    assistant_id = added()
    work_off()
    assert (states(assistant_id), away) == (["ready"], [])


@pytest.mark.usefixtures("data_folder")
def test_a_database_that_was_locked_in_the_middle_of_a_job_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.queue.RETRY_SECONDS", (0, 0, 0, 0))
    locked, real = [1, 2], HANDLERS[JobKind.READ]

    def read(*arguments: object) -> dict[str, object]:
        if locked:
            locked.pop()
            raise words_for(OperationalError("INSERT INTO parsed", {}, Exception("database is locked")))
        return real(*arguments)  # type: ignore[arg-type]

    assistant_id = added()
    with monkeypatch.context() as patch:
        patch.setattr("core.worker.HANDLERS", {**HANDLERS, JobKind.READ: read})
        work_off()
    assert states(assistant_id) == ["ready"]


@pytest.mark.postgres
@pytest.mark.slow
def test_a_server_whose_database_comes_ten_seconds_later_reads_by_itself(tmp_path: Path) -> None:
    need("postgres", missing_programs())
    port = free_port()
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    server = Server(tmp_path / "data", DATABASE_URL=url, ANSWERBOOK_LOG_LEVEL="INFO").start()
    try:
        time.sleep(10)
        assert health(server)["worker"] == WAITING
        with postgres_server(port):
            wait_until(lambda: health(server)["worker"] == HERE)
            wait_until(lambda: health(server)["ok"] is True)
            server.stop()
    finally:
        server.stop()


@pytest.mark.usefixtures("data_folder")
@pytest.mark.parametrize("fault", ["401", "402", "quota", "403", "404", "500"])
def test_a_file_waits_while_the_service_that_embeds_refuses(
    fault: str, fake_provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.queue.FAULT_SECONDS", 0.2)
    monkeypatch.setattr("core.provider.errors.TRIES", 1)
    assistant_id = lifecycle.create_assistant("Help")
    provider = Provider(fake_provider.base_url, SecretStr("key"), "fake-chat", "fake-embed")
    model_connection.save_provider(provider)
    request_embedding(f"openai:fake-embed@{fake_provider.base_url}")
    work_off()
    fake_provider.script([fault] * 12)
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: bool(source_rows.source_rows(assistant_id)[0].error) or states(assistant_id) == ["failed"])
        assert states(assistant_id) == ["waiting"]
        wait_until(lambda: states(assistant_id) == ["ready"])
    finally:
        worker.stop()


@pytest.mark.usefixtures("data_folder")
def test_an_idle_worker_looks_seldom_and_begins_at_once_what_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    claims, claim = [], jobs.claim
    monkeypatch.setattr("core.jobs.claim", lambda kinds: claims.append(1) or claim(kinds))
    monkeypatch.setattr("core.worker.IDLE_POLL_SECONDS", 600.0)
    monkeypatch.setattr("core.worker.POLL_SECONDS", 600.0)
    assistant_id = lifecycle.create_assistant("Help")
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: len(claims) >= 2)
        time.sleep(2)
        before = len(claims)
        time.sleep(1)
        assert len(claims) == before
        sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
        wait_until(lambda: states(assistant_id) == ["ready"], 30)
        looked = len(claims)
        jobs.retry([])
        wait_until(lambda: len(claims) > looked, 30)
    finally:
        worker.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("lane", "watch", "guard"))]


@pytest.mark.usefixtures("data_folder")
def test_the_stores_are_left_in_peace_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr("core.worker.look_at_stores", lambda: looks.append(1))
    monkeypatch.setattr("core.worker.WATCH_SECONDS", 0.05)
    monkeypatch.setattr("core.worker.IDLE_WATCH_SECONDS", 600.0)
    stores_seen()
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: len(looks) >= 3)
        time.sleep(1)
        before = len(looks)
        time.sleep(1)
        assert len(looks) == before
        stores_seen()
        wait_until(lambda: len(looks) > before)
    finally:
        worker.stop()

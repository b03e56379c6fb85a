"""What a host must survive with Weaviate: each row of the fault table, on a real server of the test's own.

After each one, database and server agree to the id: nothing missing, nothing twice, nothing left over.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from core import jobs, pipeline
from core.assistants import index_builds, lifecycle, source_rows
from core.database import IndexBuild, session
from core.errors import StoreError
from core.index.check import check_index
from core.settings import settings
from core.store import close_stores, store_named
from core.worker import Worker
from tests.core.index.faults_kit import (
    FILES,
    QUESTION,
    add,
    assert_agreed,
    environment_of,
    filled,
    ready,
    scope,
    shards,
)
from tests.core.index.test_ingest import row
from tests.core.store.weaviate_server import READER_KEY, WeaviateServer
from tests.core.work import wait_until, work_off


def test_a_server_that_is_down_at_the_start(server: WeaviateServer) -> None:
    server.stop()
    assistant_id = lifecycle.create_assistant("Help")
    add(assistant_id, 2)
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: bool(row(assistant_id, "file0.md").error))
        assert row(assistant_id, "file0.md").state == "waiting"
        with pytest.raises(StoreError) as away:
            pipeline.search(assistant_id, QUESTION) or store_named("weaviate").count(scope(assistant_id))
        assert away.value.code == "away"
        server.start()
        wait_until(lambda: ready(assistant_id) == 2, 60)
    finally:
        worker.stop()
    assert_agreed(assistant_id)


def test_a_server_that_is_away_for_forty_seconds_in_the_middle_of_an_import(
    server: WeaviateServer, worker: Worker
) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    add(assistant_id)
    wait_until(lambda: ready(assistant_id) >= 1)
    server.stop()
    time.sleep(40)
    assert {found.state for found in source_rows.source_rows(assistant_id)} <= {
        "ready",
        "waiting",
        "running",
        "reading",
    }
    server.start()
    wait_until(lambda: ready(assistant_id) == FILES, 90)
    wait_until(lambda: jobs.active_count() == 0)
    assert_agreed(assistant_id)


def test_a_server_killed_during_an_insert(server: WeaviateServer, worker: Worker) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    add(assistant_id)
    for stage in (1, 4):
        wait_until(lambda least=stage: ready(assistant_id) >= least)
        server.kill()
        time.sleep(1)
        server.start()
    wait_until(lambda: ready(assistant_id) == FILES, 90)
    wait_until(lambda: jobs.active_count() == 0)
    assert_agreed(assistant_id)


def test_a_frozen_server_while_twenty_questions_are_asked(server: WeaviateServer) -> None:
    assistant_id = filled("parcel")
    assert pipeline.search(assistant_id, QUESTION)
    server.freeze()
    try:
        with ThreadPoolExecutor(20) as pool:
            outcomes = list(pool.map(lambda _: outcome(assistant_id), range(20)))
    finally:
        server.resume()
    assert set(outcomes) == {"away"}, "each ends while the server is still frozen"
    wait_until(lambda: outcome(assistant_id) == "found", 10)
    assert_agreed(assistant_id)


def outcome(assistant_id: str) -> str:
    """Ask a question: "found" or the code of what was said instead."""
    try:
        hits = pipeline.search(assistant_id, QUESTION)
    except StoreError as error:
        return error.code if error.what.endswith(".") and error.remedy.endswith(".") else "no sentence"
    return "found" if hits else "nothing"


def test_a_blocked_grpc_port(server: WeaviateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant_id = filled("parcel")
    with silent_port() as port:
        reopen(monkeypatch, WEAVIATE_GRPC=f"127.0.0.1:{port}")
        assert outcome(assistant_id) in ("grpc", "away")
        add(assistant_id, 1, sections=12)
        waiting = Worker()
        waiting.start()
        wait_until(lambda: bool(row(assistant_id, "file0.md").error))
        waiting.stop()
        assert row(assistant_id, "file0.md").state == "waiting"
    reopen(monkeypatch, **environment_of(server))
    work_off()
    assert ready(assistant_id) == 2
    assert_agreed(assistant_id)


class silent_port:
    """A port that takes connections and never says anything, as a firewall or a wrong service does."""

    def __enter__(self) -> int:
        import socket

        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(50)
        self._taken: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()
        return int(self._socket.getsockname()[1])

    def _take(self) -> None:
        try:
            while True:
                self._taken.append(self._socket.accept()[0])
        except OSError:
            return

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        for taken in self._taken:
            taken.close()


def reopen(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    """Start again with another environment, as a host would."""
    close_stores()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


def test_a_read_only_store(server: WeaviateServer) -> None:
    assistant_id = filled("parcel")
    shards(server, scope(assistant_id), "READONLY")
    add(assistant_id, 1, sections=12)
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: bool(row(assistant_id, "file0.md").error))
        assert row(assistant_id, "file0.md").state == "waiting"
        assert pipeline.search(assistant_id, QUESTION)
        shards(server, scope(assistant_id), "READY")
        wait_until(lambda: ready(assistant_id) == 2, 60)
    finally:
        worker.stop()
    assert_agreed(assistant_id)


def test_a_revoked_key(server: WeaviateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant_id = filled("parcel")
    server.stop()
    server.environment |= {
        "AUTHENTICATION_APIKEY_ALLOWED_KEYS": READER_KEY,
        "AUTHENTICATION_APIKEY_USERS": "other",
    }
    server.start()
    wait_until(lambda: outcome(assistant_id) == "key", 10)
    add(assistant_id, 1, sections=12)
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: "key" in row(assistant_id, "file0.md").error)
        assert row(assistant_id, "file0.md").state == "waiting"
        assert "WEAVIATE_API_KEY" in row(assistant_id, "file0.md").remedy
        assert row(assistant_id, "file0.md").remedy.endswith("It goes on by itself once that is put right.")
    finally:
        worker.stop()
    reopen(monkeypatch, WEAVIATE_API_KEY=READER_KEY)
    assert pipeline.search(assistant_id, QUESTION)
    work_off()
    assert ready(assistant_id) == 2
    assert_agreed(assistant_id)


def test_collections_removed_behind_our_back(server: WeaviateServer) -> None:
    assistant_id = filled("parcel", "letter")
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=f"{server.url}/v1/schema", headers=headers, trust_env=False) as client:
        for found in client.get("").json()["classes"]:
            assert client.delete(f"/{found['class']}").status_code == 200
    assert pipeline.search(assistant_id, QUESTION) == []
    add(assistant_id, 1, sections=12)
    work_off()
    assert ready(assistant_id) == 3
    check_index(assistant_id, lambda *_: None)
    assert pipeline.search(assistant_id, QUESTION)
    assert_agreed(assistant_id)


def test_vectors_of_another_dimension_are_refused_before_they_are_sent(server: WeaviateServer) -> None:
    assistant_id = filled("parcel")
    build = index_builds.live_build(assistant_id)
    with session() as db:
        changed = db.get_one(IndexBuild, build.id)
        changed.dimension = 128
        db.add(changed)
    add(assistant_id, 1, sections=12)
    work_off()
    assert row(assistant_id, "file0.md").state == "failed"
    assert row(assistant_id, "file0.md").error.endswith(".")
    with session() as db:
        changed = db.get_one(IndexBuild, build.id)
        changed.dimension = build.dimension
        db.add(changed)
    jobs.retry([row(assistant_id, "file0.md").job_id])
    work_off()
    assert pipeline.search(assistant_id, QUESTION)
    assert_agreed(assistant_id)

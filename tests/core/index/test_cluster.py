"""Three real servers with three copies of each passage: one dies during questions and during an import."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import jobs, pipeline
from core.assistants import lifecycle, sources
from core.errors import StoreError
from core.settings import settings
from core.store import close_stores
from core.worker import Worker
from tests.core.index.faults_kit import QUESTION, assert_agreed, ready
from tests.core.index.test_ingest import pages
from tests.core.store.weaviate_server import WeaviateServer, free_ports, missing_server
from tests.core.work import wait_until, work_off
from tests.needs import need


def three_servers(folder: Path) -> list[WeaviateServer]:
    """Servers that know each other, not started yet."""
    servers = [WeaviateServer(folder / f"node{number}") for number in (1, 2, 3)]
    gossip = consecutive_ports()
    for number, server in enumerate(servers, start=1):
        server.name = f"node{number}"
        server.gossip_port, server.data_port = gossip[number - 1]
    join = ",".join(f"{server.name}:{server.raft_port}" for server in servers)
    for server in servers:
        server.environment |= {
            "CLUSTER_IN_LOCALHOST": "true",
            "CLUSTER_JOIN": "" if server is servers[0] else f"127.0.0.1:{servers[0].gossip_port}",
            "RAFT_JOIN": join,
            "RAFT_BOOTSTRAP_EXPECT": "3",
            "REPLICATION_MINIMUM_FACTOR": "1",
        }
    return servers


def consecutive_ports() -> list[tuple[int, int]]:
    """Three free pairs: the port between servers is the one after the gossip port."""
    return [(port, port + 1) for port in free_ports(3)]


def started(folder: Path) -> list[WeaviateServer]:
    """Start them; now and then three that start at the same moment find no leader, and then it is done again."""
    for attempt in range(4):
        servers = three_servers(folder / str(attempt))
        for server in servers:
            server.start(wait=False)
        try:
            for server in servers:
                server.wait_ready(20)
        except AssertionError:
            for server in servers:
                server.kill()
        else:
            return servers
    raise AssertionError("the three servers did not find each other")


@pytest.fixture
def cluster(tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[WeaviateServer]]:
    need("weaviate", missing_server())
    servers = started(tmp_path)
    try:
        monkeypatch.setenv("WEAVIATE_URL", ",".join(server.url for server in servers))
        monkeypatch.setenv("WEAVIATE_GRPC", ",".join(server.grpc for server in servers))
        monkeypatch.setenv("WEAVIATE_API_KEY", servers[0].key)
        monkeypatch.setenv("WEAVIATE_REPLICAS", "3")
        settings.cache_clear()
        yield servers
    finally:
        close_stores()
        for server in servers:
            server.kill()


def test_one_of_three_servers_dies(cluster: list[WeaviateServer]) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("parcel.md", pages("parcel"))])
    work_off()
    assert pipeline.search(assistant_id, QUESTION)

    stop, failed, killed = threading.Event(), [], 0.0

    def ask() -> None:
        while not stop.is_set():
            began = time.monotonic()
            try:
                if not pipeline.search(assistant_id, QUESTION):
                    failed.append((began, "nothing"))
            except StoreError as error:
                failed.append((began, error.code))

    asking = threading.Thread(target=ask)
    asking.start()
    worker = Worker()
    worker.start()
    try:
        sources.add_files(assistant_id, [(f"file{n}.md", pages(f"word{n}", 40)) for n in range(12)])
        wait_until(lambda: ready(assistant_id) >= 3)
        killed = time.monotonic()
        cluster[0].kill()
        wait_until(lambda: ready(assistant_id) == 13, 120)
        wait_until(lambda: jobs.active_count() == 0)
    finally:
        stop.set()
        asking.join()
        worker.stop()
    assert [code for began, code in failed if not killed <= began <= killed + 1] == []
    assert_agreed(assistant_id)
    cluster[0].start()
    assert_agreed(assistant_id)

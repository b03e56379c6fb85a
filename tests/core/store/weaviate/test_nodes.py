"""Deadlines, failover and coming back, on real servers that are killed, frozen and started again."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import StoreError
from core.store.weaviate.address import addresses
from core.store.weaviate.nodes import Nodes
from core.store.weaviate.store import WeaviateStore
from tests.core.store.store_kit import fill, found_ids, passage, scope, vectors
from tests.core.store.weaviate_server import WeaviateServer, free_ports
from tests.core.work import wait_until

PROJECT = Path(__file__).resolve().parents[4]


@pytest.fixture
def store(weaviate_server: WeaviateServer) -> Iterator[WeaviateStore]:
    opened = store_at(weaviate_server.url, weaviate_server.grpc, weaviate_server.key)
    fill(opened, scope(), 20)
    yield opened
    opened.close()


def store_at(url: str, grpc: str, key: str) -> WeaviateStore:
    return WeaviateStore(Nodes(addresses(url, grpc), SecretStr(key)), prefix="Nodes")


def outcome(store: WeaviateStore) -> str:
    try:
        return "found" if store.search(scope(), vector=vectors(1)[0], terms=["word7"], limit=5) else "nothing"
    except StoreError as error:
        return error.code


def test_a_killed_server_ends_each_call_in_time_and_comes_back_by_itself(
    store: WeaviateStore, weaviate_server: WeaviateServer
) -> None:
    assert store.nodes.since is None
    weaviate_server.kill()
    assert [outcome(store) for _ in range(4)] == ["away"] * 4
    assert store.nodes.since is not None
    with pytest.raises(StoreError):
        store.check()
    weaviate_server.start()
    wait_until(lambda: outcome(store) == "found", 10)
    assert store.nodes.since is None
    store.check()


def test_the_first_question_after_a_freeze_is_answered(store: WeaviateStore, weaviate_server: WeaviateServer) -> None:
    for _ in range(3):
        weaviate_server.freeze()
        with ThreadPoolExecutor(20) as pool:
            outcomes = list(pool.map(lambda _: outcome(store), range(20)))
        assert set(outcomes) == {"away"}, "each ends while the server is still frozen"
        weaviate_server.resume()
        assert outcome(store) == "found"


def test_one_dead_address_of_two_is_passed_over(store: WeaviateStore, weaviate_server: WeaviateServer) -> None:
    dead, dead_grpc = free_ports(2)
    both = store_at(
        f"http://127.0.0.1:{dead},{weaviate_server.url}",
        f"127.0.0.1:{dead_grpc},{weaviate_server.grpc}",
        weaviate_server.key,
    )
    assert [outcome(both) for _ in range(3)] == ["found"] * 3
    assert both.nodes.since is None
    both.close()


def test_closing_twice_and_using_it_again_is_no_trouble(store: WeaviateStore) -> None:
    store.close()
    store.close()
    assert found_ids(store, scope(), ["word7"]) == {passage(7).id}


def test_a_process_that_never_closes_ends_quietly(weaviate_server: WeaviateServer) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[4])\n"
        "from tests.core.store.weaviate.test_nodes import store_at, scope\n"
        "print(store_at(*sys.argv[1:4]).count(scope()))"
    )
    where = (weaviate_server.url, weaviate_server.grpc, weaviate_server.key)
    command = [sys.executable, "-c", code, *where, str(PROJECT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=PROJECT)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "0", "")


def test_threads_may_meet_the_client_for_the_first_time_together(weaviate_server: WeaviateServer) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[4])\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from tests.core.store.weaviate.test_nodes import store_at, scope, fill\n"
        "store = store_at(*sys.argv[1:4])\n"
        "work = [lambda: store.count(scope()), lambda: store.check(), lambda: fill(store, scope(), 3),\n"
        "        lambda: store.delete_versions(scope(), ['x'])] * 2\n"
        "list(ThreadPoolExecutor(8).map(lambda each: each(), work))"
    )
    where = (weaviate_server.url, weaviate_server.grpc, weaviate_server.key)
    command = [sys.executable, "-c", code, *where, str(PROJECT)]
    for _ in range(3):
        assert subprocess.run(command, timeout=60, check=False, cwd=PROJECT).returncode == 0

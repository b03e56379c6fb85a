"""What core's tests run on: SQLite always, a real PostgreSQL and a real Weaviate where they can be started."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from tests.core.postgres import missing_programs, postgres_server
from tests.core.store.weaviate_server import WeaviateServer, missing_server
from tests.needs import need

if TYPE_CHECKING:
    from core.load import Sandbox
    from core.worker import Worker


@dataclass(frozen=True)
class RunningWeaviate:
    """Where a real server listens; ``key`` may do everything."""

    url: str
    grpc: str
    key: str

    def contents(self) -> dict[str, set[str]]:
        """Return the names of all collections and, of each that has them, its tenants."""
        with self._schema() as client:
            names = [known["class"] for known in client.get("").json()["classes"]]
            answers = {name: client.get(f"/{name}/tenants") for name in names}
        return {
            name: {tenant["name"] for tenant in answer.json()} if answer.is_success else set()
            for name, answer in answers.items()
        }

    def remove_collections(self, prefix: str) -> None:
        """Remove the collections of a test: the server may be a contributor's own."""
        with self._schema() as client:
            for name in self.contents():
                if name.startswith(prefix):
                    client.delete(f"/{name}")

    def remove_made_since(self, before: dict[str, set[str]]) -> None:
        """Remove what an Answerbook under test has made since, and nothing that was there before it."""
        with self._schema() as client:
            for name, tenants in self.contents().items():
                if not name.startswith("Answerbook_"):
                    continue
                if name not in before:
                    client.delete(f"/{name}")
                elif made := tenants - before[name]:
                    client.request("DELETE", f"/{name}/tenants", json=sorted(made))

    def _schema(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=f"{self.url}/v1/schema", headers=headers, trust_env=False, timeout=30)


@pytest.fixture(scope="session")
def weaviate_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWeaviate]:
    """A real Weaviate server for the whole run: the one that is named, else one started here, else skipped.

    At its end it holds what it held at the start: it may be a contributor's own.
    """
    if url := os.environ.get("ANSWERBOOK_TEST_WEAVIATE_URL", ""):
        grpc, key = (os.environ.get(f"ANSWERBOOK_TEST_WEAVIATE_{name}", "") for name in ("GRPC", "API_KEY"))
        yield from left_as_it_was(RunningWeaviate(url, grpc, key))
        return
    need("weaviate", missing_server())
    with WeaviateServer(tmp_path_factory.mktemp("weaviate")) as server:
        yield from left_as_it_was(RunningWeaviate(server.url, server.grpc, server.key))


def left_as_it_was(server: RunningWeaviate) -> Iterator[RunningWeaviate]:
    """Hand out the server and fail the run when tests left collections or tenants in it."""
    before = server.contents()
    yield server
    left = {name: tenants - before.get(name, set()) for name, tenants in server.contents().items()}
    assert not {name: made for name, made in left.items() if made or name not in before}


@pytest.fixture
def weaviate(weaviate_of_the_run: RunningWeaviate) -> Iterator[RunningWeaviate]:
    """The run's server for one test: what an Answerbook makes there in the test is removed after it."""
    before = weaviate_of_the_run.contents()
    yield weaviate_of_the_run
    weaviate_of_the_run.remove_made_since(before)


@pytest.fixture
def weaviate_server(tmp_path: Path) -> Iterator[WeaviateServer]:
    """A real server of this test alone, started: to be killed, frozen and broken."""
    need("weaviate", missing_server())
    with WeaviateServer(tmp_path / "weaviate") as server:
        yield server


@pytest.fixture
def weaviate_data_folder(data_folder: Path, weaviate: RunningWeaviate, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An Answerbook of this test alone whose passages are kept in the real server."""
    from core.settings import settings

    monkeypatch.setenv("WEAVIATE_URL", weaviate.url)
    monkeypatch.setenv("WEAVIATE_GRPC", weaviate.grpc)
    monkeypatch.setenv("WEAVIATE_API_KEY", weaviate.key)
    settings.cache_clear()
    return data_folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    need("postgres", missing_programs())
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A fresh, migrated database of each kind; the tests use it through core.database as the app does."""
    from core.database import engine
    from core.settings import settings

    if request.param == "postgres":
        import psycopg

        server = request.getfixturevalue("postgres")
        name = f"t{uuid4().hex}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        monkeypatch.setenv("DATABASE_URL", f"{server}/{name}")
    settings.cache_clear()
    engine.cache_clear()
    yield request.param
    engine().dispose()
    engine.cache_clear()
    settings.cache_clear()


@pytest.fixture
def server(
    weaviate_server: WeaviateServer, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WeaviateServer]:
    """A server of this test alone, and an Answerbook that keeps its passages there."""
    from core.settings import settings
    from core.store import close_stores
    from tests.core.index.faults_kit import environment_of

    for name, value in environment_of(weaviate_server).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield weaviate_server
    close_stores()


@pytest.fixture
def worker() -> "Iterator[Worker]":
    """The real worker, at work as long as the test runs."""
    from core.worker import Worker

    started = Worker()
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def sandbox() -> "Iterator[Sandbox]":
    """One child process that reads the files of all tests: starting it takes longer than reading."""
    from core.load import Sandbox

    with closing(Sandbox()) as opened:
        yield opened

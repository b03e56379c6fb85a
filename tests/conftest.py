"""Fixtures every test can use: a data folder of its own, a model provider of its own, and no network."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

PROJECT = Path(__file__).resolve().parents[1]
OFFLINE = PROJECT / "tests" / "offline"
if str(PROJECT) not in sys.path:
    sys.path.insert(0, str(PROJECT))

if TYPE_CHECKING:
    from tests.fake_provider import FakeProvider

# Empty rather than absent: a variable that is set, even to nothing, wins over a contributor's own .env file.
NOTHING_SET = (
    "ANSWERBOOK_HOSTS",
    "ANSWERBOOK_SECRET",
    "DATABASE_URL",
    "OPENAI_API_BASE",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "WEAVIATE_API_KEY",
    "WEAVIATE_GRPC",
    "WEAVIATE_URL",
)
# A contributor's own server, which tests may use (in collections of their own) where it is named like this.
GIVEN_SERVER = ("WEAVIATE_URL", "WEAVIATE_GRPC", "WEAVIATE_API_KEY")
OWN_SERVERS = {"weaviate_server", "cluster", "hosted", "_program"}
QUIET = {"DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1", "SCARF_NO_ANALYTICS": "true", "UNSTRUCTURED_DISABLE_NOTICE": "1"}


def pytest_configure() -> None:
    """Before anything of Answerbook is imported: nothing set from outside, and no network, here and in children."""
    for name in GIVEN_SERVER:
        os.environ.setdefault(f"ANSWERBOOK_TEST_{name}", os.environ.get(name, ""))
    os.environ.update(QUIET, **dict.fromkeys(NOTHING_SET, ""))
    for name in ("LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "http_proxy", "https_proxy", "all_proxy"):
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(OFFLINE), os.environ.get("PYTHONPATH"))))
    from tests.needs import required

    required()  # a word that is none stops the run before its first test
    from tests.offline import sitecustomize  # noqa: F401  importing it is what refuses the network


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that starts a Weaviate server of its own is a slow one."""
    for item in items:
        if OWN_SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _network_was_not_tried() -> Iterator[None]:
    """Fail a test that tried to reach another machine, even where the code under test took the refusal calmly."""
    from tests.offline.sitecustomize import attempts

    attempts.clear()
    yield
    assert not attempts, f"reached for another machine: {attempts}"


@pytest.fixture(scope="session", autouse=True)
def _never_the_real_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests that ask for no data folder away from the contributor's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERBOOK_DATA", str(tmp_path_factory.mktemp("unasked") / "data"))
        yield
    _let_go()


def _let_go() -> None:
    """Close and forget what a process keeps of a data folder: passage store, database, settings."""
    if stores := sys.modules.get("core.store"):
        stores.close_stores()
    for module, name, close in (
        ("core.database", "engine", "dispose"),
        ("core.settings", "settings", ""),
    ):
        kept = getattr(sys.modules.get(module), name, None)
        if kept is None:
            continue
        if close and kept.cache_info().currsize:
            getattr(kept(), close)()
        kept.cache_clear()


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An Answerbook of this test alone: its data folder, empty; settings and database are read anew from it."""
    folder = tmp_path / "data"
    monkeypatch.setenv("ANSWERBOOK_DATA", str(folder))
    _let_go()
    yield folder
    _let_go()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The corpora for measuring, which are not in the repository; skips where they are not on this machine."""
    folder = Path(os.environ.get("ANSWERBOOK_TEST_DATA") or PROJECT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("The shared corpora are not on this machine: set ANSWERBOOK_TEST_DATA to their folder.")
    return folder


@pytest.fixture
def fake_provider() -> Iterator["FakeProvider"]:
    """A real HTTP server that talks as an OpenAI-compatible provider, for as long as the test runs."""
    from tests.fake_provider import FakeProvider

    with FakeProvider() as provider:
        yield provider

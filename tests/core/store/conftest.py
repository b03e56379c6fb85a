import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.store import PassageStore
from tests.core.store.store_kit import MAKERS, prefix

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=sorted(MAKERS))
def kind(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param != "weaviate":
        yield request.param
        return
    server = request.getfixturevalue("weaviate")
    for name, value in (("URL", server.url), ("GRPC", server.grpc), ("KEY", server.key)):
        monkeypatch.setenv(f"STORE_KIT_{name}", value)
    yield request.param
    server.remove_collections(prefix(tmp_path))


@pytest.fixture
def open_again(kind: str, tmp_path: Path) -> Callable[[], PassageStore]:
    """Opens the test's store once more, as a restarted Answerbook would."""
    return lambda: MAKERS[kind](tmp_path)


@pytest.fixture
def store(open_again: Callable[[], PassageStore]) -> Iterator[PassageStore]:
    opened = open_again()
    yield opened
    opened.close()


@pytest.fixture
def elsewhere(kind: str, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts a real second process on the test's store."""

    def start(what: str) -> subprocess.Popen[str]:
        script = Path(__file__).parent / "store_kit.py"
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, str(script), kind, str(tmp_path), what]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ | {"PYTHONPATH": paths})

    return start

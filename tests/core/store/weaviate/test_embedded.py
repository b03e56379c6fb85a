"""The try-it mode: a server of this data folder alone, with the real program where the client keeps it."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from core.errors import StoreError
from core.settings import settings
from core.store import close_stores, store_named
from core.store.weaviate import embedded as weaviate_embedded
from tests.core.store.store_kit import fill, scope
from tests.core.store.weaviate_server import missing_server
from tests.core.work import wait_until
from tests.needs import need, posix

PROJECT = Path(__file__).resolve().parents[4]
USE = (
    "import sys, time\n"
    "from core.store import store_named\n"
    "from tests.core.store.store_kit import fill, scope\n"
    "try:\n"
    "    fill(store_named('weaviate'), scope(), 30)\n"
    "except Exception as error:\n"
    "    print(error.code, flush=True)\n"
    "    sys.exit(3)\n"
    "print('ready', flush=True)\n"
    "time.sleep(float(sys.argv[1]))"
)


@pytest.fixture(autouse=True)
def _embedded(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEAVIATE_URL", "embedded")
    settings.cache_clear()
    assert not data_folder.exists()


@pytest.fixture
def _program() -> None:
    need("weaviate", missing_server())


def other(seconds: float) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", USE, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=environment)


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def listens(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/v1/meta", trust_env=False, timeout=2).status_code == 401
    except httpx.HTTPError:
        return False


@pytest.mark.usefixtures("_program")
def test_it_starts_keeps_a_key_refuses_a_second_process_and_ends_with_the_first(data_folder: Path) -> None:
    first = other(60)
    assert first_line(first) == "ready"
    remembered = data_folder / "weaviate" / "embedded.json"
    assert stat.S_IMODE(remembered.stat().st_mode) == 0o600
    port = json.loads(remembered.read_text())["http"]
    assert listens(port)
    second = other(0)
    assert first_line(second) == "embedded_taken"
    assert second.wait(30) == 3
    first.send_signal(signal.SIGINT)
    first.wait(30)
    wait_until(lambda: not listens(port), 20)


@pytest.mark.usefixtures("_program")
def test_what_a_killed_process_left_running_is_used_again_with_all_that_is_in_it(data_folder: Path) -> None:
    killed = other(60)
    assert first_line(killed) == "ready"
    port = json.loads((data_folder / "weaviate" / "embedded.json").read_text())["http"]
    killed.kill()
    killed.wait()
    assert listens(port)
    store = store_named("weaviate")
    assert store.count(scope()) == 30
    fill(store, scope(), 40)
    assert store.count(scope()) == 40
    close_stores()
    subprocess.run(["pkill", "-f", "--", f"--port {port}"], check=False)
    wait_until(lambda: not listens(port), 20)
    again = store_named("weaviate")
    assert again.count(scope()) == 40
    close_stores()
    subprocess.run(["pkill", "-f", "--", f"--port {port}"], check=False)


@posix
def test_a_program_that_does_not_start_is_said_in_the_same_words_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "no-server"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(weaviate_embedded, "START_SECONDS", 1.0)
    monkeypatch.setattr(weaviate_embedded, "_program", lambda: program)
    for _ in range(2):
        with pytest.raises(StoreError) as told:
            store_named("weaviate")
        assert told.value.code == "embedded_failed"

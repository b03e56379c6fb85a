"""Nobody else of the machine reads the documents: whatever is written, and however open the folder was before."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.operate import keep_files_private
from core.settings import settings
from tests.needs import posix

PROJECT = Path(__file__).resolve().parents[3]
WORK = """
import json, sys
{first}
import numpy as np
from core.assistants import lifecycle
from core.database import engine
from core.database.migrate import _save_copy
from core.schema import Scope, StoredPassage
from core.settings import settings
from core.store import store_named
from core.vault import Vault
data = settings().data
lifecycle.create_assistant("Rome")
Vault(data).encrypt("a key")
_save_copy(engine(), data, "before")
passage = StoredPassage("7" * 8 + "-7777-4777-8777-" + "7" * 12, "f" * 32, "e" * 32, 0, 0, 4, None, "word", "", "word")
store_named("lancedb").add(Scope("a" * 32, 1, "test", 4), [passage], np.ones((1, 4), np.float32))
with engine().connect() as connection:
    modes = {{str(path.relative_to(data)): path.stat().st_mode & 0o777 for path in [data, *data.rglob("*")]}}
sys.stdout.write(json.dumps(modes))
"""


def modes_after(data: Path, first: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", WORK.format(first=first)],
        cwd=PROJECT,
        env={**os.environ, "ANSWERBOOK_DATA": str(data)},
        umask=0o022,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@posix
def test_nothing_the_server_writes_is_readable_by_others(tmp_path: Path) -> None:
    modes = modes_after(tmp_path / "data", "import app")
    names = " ".join(modes)
    for name in ("answerbook.db", "answerbook.db-wal", "secret.key", "backups/answerbook-before.db", "passages.lance/"):
        assert name in names, name
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


@posix
def test_without_it_others_would_read_them(tmp_path: Path) -> None:
    assert modes_after(tmp_path / "data", "")["answerbook.db"] & 0o044


@posix
def test_the_check_command_keeps_to_it_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = {**os.environ, "ANSWERBOOK_DATA": str(data)}
    command = [sys.executable, "-m", "core.check"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, umask=0o022, capture_output=True, timeout=200)
    assert done.returncode == 0, done.stderr
    written = [data, *data.rglob("*")]
    assert data / "answerbook.db" in written
    assert [path for path in written if path.stat().st_mode & 0o077] == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANSWERBOOK_DATA", str(tmp_path / "old"))
    settings.cache_clear()
    made = tmp_path / "old"
    made.mkdir()
    made.chmod(0o755)
    return made


def mode_after_start(folder: Path) -> int:
    before = os.umask(0o022)
    try:
        keep_files_private()
    finally:
        os.umask(before)
    return stat.S_IMODE(folder.stat().st_mode)


@posix
@pytest.mark.parametrize("name", ["answerbook.db", "secret.key", "passages.lance"])
def test_a_folder_of_ours_that_was_open_is_closed(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    (folder / "notes.txt").write_bytes(b"")
    assert mode_after_start(folder) == 0o700


@posix
def test_an_empty_folder_becomes_ours_and_a_strangers_is_left_alone(folder: Path) -> None:
    assert mode_after_start(folder) == 0o700
    folder.chmod(0o755)
    (folder / "holiday.jpg").write_bytes(b"")
    assert mode_after_start(folder) == 0o755


def test_a_file_in_its_place_stops_nothing_here(folder: Path) -> None:
    folder.rmdir()
    folder.write_bytes(b"a file")
    mode_after_start(folder)
    assert folder.read_bytes() == b"a file"

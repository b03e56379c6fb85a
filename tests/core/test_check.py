"""The command that makes database and store equal again: what it says and what it leaves alone."""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlmodel import select

from core.assistants import lifecycle
from core.check import main
from core.database import Assistant, Indexed, engine, session
from core.errors import StoreError
from core.index.check import check_index
from core.load import Sandbox
from core.schema import Scope, StoredPassage
from core.store import close_stores, store_named
from tests.core.index.check_kit import assert_equal, expected, filled, lose, stored
from tests.core.store.weaviate_server import WeaviateServer

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_command_says_a_line_for_each_assistant(data_folder: Path, sandbox: Sandbox) -> None:
    assistant_id = filled(sandbox)
    lifecycle.create_assistant("Empty")
    lose(assistant_id, stored(assistant_id)[:2])
    stray = StoredPassage(str(uuid4()), "f" * 32, uuid4().hex, 0, 0, 5, None, "stray", "", "stray")
    unknown = Scope(uuid4().hex, 1, "wordllama-256", 256)
    store_named("lancedb").add(unknown, [stray], np.ones((1, 256), np.float32))
    count = len(expected(assistant_id))
    looked = [
        f"Help: {count} passages: 2 are missing.",
        "Empty: 0 passages: all there.",
        "1 index of assistants that do not exist any more found.",
    ]
    assert command("--look") == (0, looked)
    done = [
        f"Help: {count} passages: 2 were missing and are back.",
        "Empty: 0 passages: all there.",
        "1 index of assistants that do not exist any more removed.",
    ]
    assert command() == (0, done)
    assert command() == (0, [f"Help: {count} passages: all there.", "Empty: 0 passages: all there."])
    assert unknown.name not in store_named("lancedb").scopes()
    assert_equal(assistant_id)


def command(*arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "core.check", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout.splitlines()


def test_indexes_of_unknown_assistants_go_only_where_this_database_keeps_its_own(
    server: WeaviateServer, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    store = store_named("weaviate")
    stray = StoredPassage(str(uuid4()), "f" * 32, uuid4().hex, 0, 0, 5, None, "stray", "", "stray")
    unknown = Scope(uuid4().hex, 1, "wordllama-256", 256)
    store.add(unknown, [stray], np.ones((1, 256), np.float32))
    assert main([]) == 0
    assert unknown.name in store_named("weaviate").scopes(), "it may be another Answerbook's"
    filled(sandbox)
    assert main([]) == 0
    assert unknown.name not in store_named("weaviate").scopes()
    assert "1 index of assistants that do not exist any more removed." in capsys.readouterr().out


def test_a_store_that_is_away_changes_nothing_and_is_said(
    server: WeaviateServer, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assistant_id = filled(sandbox)
    lose(assistant_id, stored(assistant_id)[:2])
    with session() as db:
        before = db.exec(select(Indexed).order_by(Indexed.version_id)).all()
    server.kill()
    assert main([]) == 1
    told = capsys.readouterr().out
    assert told.startswith("Help: ")
    assert server.key not in told
    with pytest.raises(StoreError) as caught:
        check_index(assistant_id)
    assert caught.value.passing
    with session() as db:
        assert db.exec(select(Indexed).order_by(Indexed.version_id)).all() == before
        assert db.exec(select(Assistant.build_id)).one()
    server.start()
    close_stores()
    assert main([]) == 0
    assert "2 were missing and are back." in capsys.readouterr().out
    assert_equal(assistant_id)


@pytest.mark.parametrize("way", ["cut", "empty", "missing", "garbage"])
def test_a_ruined_database_is_said_and_no_passage_is_removed(data_folder: Path, sandbox: Sandbox, way: str) -> None:
    count = len(expected(filled(sandbox)))
    close_stores()
    engine().dispose()
    engine.cache_clear()
    path = data_folder / "answerbook.db"
    whole = path.read_bytes()
    left = {"cut": whole[: len(whole) // 2], "empty": b"", "missing": b"", "garbage": b"x" * len(whole)}[way]
    path.write_bytes(left)
    if way == "missing":
        path.unlink()
    passages = sorted(map(str, (data_folder / "passages.lance").rglob("*")))
    code, lines = command()
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith("The database ")
    assert "A copy can take its place" in lines[0]
    assert sorted(map(str, (data_folder / "passages.lance").rglob("*"))) == passages
    path.write_bytes(whole)
    assert command() == (0, [f"Help: {count} passages: all there."])

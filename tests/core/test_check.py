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
from core.index import drop_leftovers
from core.index.check import check_index
from core.load import Sandbox
from core.schema import Scope, StoredPassage
from core.store import close_stores, store_named
from tests.core.index.check_kit import assert_equal, expected, filled, lose, stored
from tests.core.store.weaviate_server import WeaviateServer

PROJECT = Path(__file__).resolve().parents[2]
LEFT_ALONE = "1 index is not in this database and left alone: another Answerbook may keep its passages there."


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
        LEFT_ALONE,
    ]
    assert command("--look") == (0, looked)
    done = [
        f"Help: {count} passages: 2 were missing and are back.",
        "Empty: 0 passages: all there.",
        LEFT_ALONE,
    ]
    assert command() == (0, done)
    assert command() == (0, [f"Help: {count} passages: all there.", "Empty: 0 passages: all there.", LEFT_ALONE])
    assert unknown.name in store_named("lancedb").scopes()
    assert_equal(assistant_id)


def command(*arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "core.check", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout.splitlines()


def test_two_answerbooks_on_one_server_leave_each_other_alone(
    server: WeaviateServer, sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = filled(sandbox)
    held = stored(first)
    with pytest.MonkeyPatch.context() as patch:
        go_to(tmp_path / "another", patch)
        second = filled(sandbox)
        for _ in range(2):
            assert main([]) == 0
            assert LEFT_ALONE in capsys.readouterr().out
        others = stored(second)
    go_to(None, None)
    assert stored(first) == held
    assert main([]) == 0
    assert LEFT_ALONE in capsys.readouterr().out
    lifecycle.erase_assistant(first)
    assert main([]) == 0
    said = capsys.readouterr().out
    assert "1 index of erased assistants removed." in said
    assert LEFT_ALONE in said
    assert len(store_named("weaviate").scopes()) == 1
    with pytest.MonkeyPatch.context() as patch:
        go_to(tmp_path / "another", patch)
        assert stored(second) == others
        assert_equal(second)
    go_to(None, None)


def go_to(data: Path | None, patch: pytest.MonkeyPatch | None) -> None:
    """Go on as another Answerbook, with a data folder of its own; None: back to the test's."""
    from core.database import engine
    from core.settings import settings

    close_stores()
    engine().dispose()
    if data is not None and patch is not None:
        patch.setenv("ANSWERBOOK_DATA", str(data))
    engine.cache_clear()
    settings.cache_clear()


def test_an_index_of_an_erased_assistant_goes_once_its_store_is_back(server: WeaviateServer, sandbox: Sandbox) -> None:
    assistant_id = filled(sandbox)
    server.kill()
    lifecycle.erase_assistant(assistant_id)
    assert drop_leftovers(store_named) == 0
    server.start()
    close_stores()
    assert len(store_named("weaviate").scopes()) == 1
    assert drop_leftovers(store_named) == 1
    assert store_named("weaviate").scopes() == []
    assert drop_leftovers(store_named) == 0


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

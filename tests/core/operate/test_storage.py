"""Where things are kept: named without a password, and measured."""

from pathlib import Path

import pytest

from core.assistants import lifecycle
from core.database import engine
from core.operate import places
from core.operate.storage import worker_at_work
from core.settings import settings
from core.worker import Worker
from tests.core.work import wait_until


def test_a_fresh_data_folder(data_folder: Path) -> None:
    lifecycle.create_assistant("Help")
    found = places()
    assert (found.data_folder, found.database, found.is_file) == ("data", "answerbook.db", True)
    assert found.database_bytes is not None
    assert found.database_bytes > 10_000
    assert found.versions["Answerbook"]
    assert not found.worker


def test_the_worker_is_seen_at_work_and_not_disturbed(data_folder: Path) -> None:
    data_folder.mkdir(exist_ok=True)
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: worker.state == "here")
        assert worker_at_work()
    finally:
        worker.stop()
    assert not worker_at_work()


@pytest.mark.postgres
def test_a_server_is_named_without_its_password(
    postgres: str, monkeypatch: pytest.MonkeyPatch, data_folder: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{postgres}/postgres".replace("@", ":pass-4711@"))
    settings.cache_clear()
    engine.cache_clear()
    found = places()
    assert (found.database, found.is_file) == ("postgres on 127.0.0.1", False)
    assert found.database_bytes is not None
    assert "pass-4711" not in repr(found)

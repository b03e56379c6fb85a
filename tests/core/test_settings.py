"""What a host sets from outside."""

from pathlib import Path

import pytest

from core.settings import Settings


def test_a_variable_that_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANSWERBOOK_DATA", "ANSWERBOOK_WORKERS", "ANSWERBOOK_LOG_LEVEL", "WEAVIATE_REPLICAS"):
        monkeypatch.setenv(name, "")
    read = Settings(_env_file=None)  # type: ignore[call-arg]  # pydantic-settings' own, which mypy does not see
    assert (read.data, read.workers, read.log_level, read.weaviate_replicas) == (Path("data"), 2, "INFO", 1)

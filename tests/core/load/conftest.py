from collections.abc import Iterator
from pathlib import Path

import pytest

from core.load import LoadLimits, Sandbox

LIMITS = LoadLimits(seconds=60, memory_megabytes=2048, pages=5000, megabytes=100)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    box = Sandbox()
    yield box
    box.close()


@pytest.fixture
def limits() -> LoadLimits:
    return LIMITS


@pytest.fixture(scope="session")
def real_files(shared_data: Path) -> Path:
    return shared_data / "real_files"

"""Real files, each read once."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from core.load import LoadLimits, Sandbox, load
from core.sample import sample_files
from core.schema import Document

LIMITS = LoadLimits(seconds=60, memory_megabytes=2048, pages=5000, megabytes=100)


@pytest.fixture(scope="session")
def read_file() -> Iterator[Callable[[Path], Document]]:
    """Reads a file as the worker does."""
    box = Sandbox()

    @cache
    def read(path: Path) -> Document:
        return load(path.read_bytes(), path.name, limits=LIMITS, sandbox=box)

    yield read
    box.close()


@pytest.fixture
def real_document(shared_data: Path, read_file: Callable[[Path], Document]) -> Callable[[str], Document]:
    """A file of the real ones, by its name."""
    return lambda name: read_file(shared_data / "real_files" / name)


@pytest.fixture
def sample_document(read_file: Callable[[Path], Document]) -> Callable[[str], Document]:
    """A file of the ShipIt sample, by its name."""
    return lambda name: read_file(next(path for path in sample_files() if path.name == name))

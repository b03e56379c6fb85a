"""How much a file may cost, and what a reader is told about the file it reads."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """What reading one file may cost: seconds, memory of the child, pages read, size of the file in MB."""

    seconds: float
    memory_megabytes: int
    pages: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader knows besides the bytes. ``tell("Reading page", 12, 80)`` shows how far it has come."""

    name: str
    pages: int
    megabytes: int
    tell: Callable[[str, int, int], None]


def load_limits() -> LoadLimits:
    """Return the host's limits for reading one file."""
    from core.settings import settings

    host = settings()
    return LoadLimits(
        seconds=host.file_seconds,
        memory_megabytes=host.file_memory_megabytes,
        pages=host.file_pages,
        megabytes=host.file_megabytes,
    )

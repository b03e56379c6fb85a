"""How much a file may cost, and what a reader is told about the file it reads."""

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import LoadError

MOST_CHARACTERS = 20_000_000  # some 10,000 printed pages
RECOGNITION_SECONDS = 60.0  # the most for one picture of a page, beyond the file's own time; about 8 are usual
MOST_RECOGNISED = 500  # pictures of pages in one file: about an hour


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """What reading one file may cost: seconds, memory of the child, pages read, size of the file in MB."""

    seconds: float
    memory_megabytes: int
    pages: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader knows besides the bytes. ``tell("Reading page", 12, 80)`` shows how far it has come.

    ``ask_time(60.0)`` says that the next step may take so many seconds, whatever the file has taken so far.
    """

    name: str
    pages: int
    megabytes: int
    tell: Callable[[str, int, int], None]
    ask_time: Callable[[float], None] = lambda _seconds: None


def check_length(characters: int) -> None:
    """Refuse a document of more than MOST_CHARACTERS while it is read. Raises LoadError (too_large)."""
    if characters > MOST_CHARACTERS:
        raise LoadError(
            f"This file holds more text than one file may: over {MOST_CHARACTERS // 1_000_000} million characters. "
            "Nothing of it was kept.",
            "Split it into smaller files and upload those.",
            code="too_large",
        )


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

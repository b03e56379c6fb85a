"""Words in files of an assistant of which reading failed, is not done, or left something out."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from core.assistants import documents, source_rows
from core.assistants.source_rows import SourceRow
from core.errors import LoadError, NotFound
from core.jobs import ACTIVE
from core.load import Sandbox, file_words, load_limits
from core.schema import JobState
from core.text import find_words

MOST_BYTES = 60_000_000  # of all files looked into: some seconds


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that holds words which no passage has. ``why`` says why, ``reading``: it is being read now."""

    source_id: str
    name: str
    text: str
    why: str
    reading: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """Which files hold the words, and the names of those whose words cannot be told: pictures, locked files."""

    found: tuple[UnreadFile, ...]
    unknown: tuple[str, ...]


def files_holding(assistant_id: str, words: str) -> Unread:
    """Look for words in the files themselves: first those that were not wholly read, then all others."""
    rows = sorted(source_rows.source_rows(assistant_id), key=_unlikely)
    found: list[UnreadFile] = []
    unknown: list[str] = []
    with closing(Sandbox()) as sandbox:
        for row in _as_far_as_allowed(rows):
            try:
                data = documents.original_bytes(assistant_id, row.id)
                text = file_words(data, row.name, sandbox=sandbox, limits=load_limits())
            except (LoadError, NotFound):
                unknown.append(row.name)
                continue
            if not text.strip():
                unknown.append(row.name)
            elif stands := find_words(words, text):
                here = " ".join(text[stands[0].start : stands[0].end].split())
                found.append(UnreadFile(row.id, row.name, here, _why(row), row.state in ACTIVE))
                break
    return Unread(tuple(found), tuple(unknown) if not found else ())


def _unlikely(row: SourceRow) -> int:
    """Order files: what is not read at all, what is known to be read in part, all others."""
    return 0 if not row.answering or row.state != "ready" else 1 if row.warnings else 2


def _as_far_as_allowed(rows: Iterable[SourceRow]) -> Iterator[SourceRow]:
    left = MOST_BYTES
    for row in rows:
        left -= row.size
        if left >= 0:
            yield row


def _why(row: SourceRow) -> str:
    if row.state in (JobState.FAILED, JobState.STOPPED):
        return row.error or "Reading it was stopped."
    return row.warnings[0].what if row.warnings else ""

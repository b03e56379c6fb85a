"""The vectors of a version's passages and sentences, a file each in the data folder, made anew whenever one is gone.

They stand beside the passage store and not in it: only who asks in another language needs them, both stores serve them
alike, and the database can always give them again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from uuid import uuid4

import numpy as np

from core.embed import ACROSS_DIMENSION, across_vectors
from core.errors import DataFolderError
from core.schema import Passage
from core.text import segments_of

# One row for a whole passage (``whole`` 1), and one for each of its sentences, list items and table rows.
ROW = np.dtype([("ordinal", "<i4"), ("whole", "i1"), ("scale", "<f4"), ("vector", "i1", (ACROSS_DIMENSION,))])
VERSION = 1  # of what is in a file: raise it when other texts are embedded, or otherwise
BATCH = 64
IN_MEMORY = 4_000_000  # bytes: a file of more is looked at where it lies
MOST_SENTENCES = 60  # of a passage: of a table of bare numbers no more is worth comparing


@dataclass(frozen=True, slots=True)
class VectorFolder:
    """Where the files lie. ``key`` says how the text was cut: cut otherwise it has other passages, so other files."""

    folder: Path
    key: str

    def path(self, version_id: str) -> Path:
        """Return where a version's vectors lie, or would."""
        return self.folder / f"{version_id}.{VERSION}-{self.key}.rows"

    def missing(self, version_ids: Sequence[str]) -> list[str]:
        """Return those of these versions that have no vectors yet."""
        return [version for version in version_ids if not self.path(version).is_file()]

    def rows(self, version_id: str) -> np.ndarray | None:
        """Return a version's rows, many of them read from the disk as they are looked at; None where there are none.

        The file is nothing but the rows: to read what describes an array took longer than to search a small source.
        """
        path = self.path(version_id)
        try:
            size = path.stat().st_size
            if size % ROW.itemsize:
                return None
            return np.fromfile(path, ROW) if size < IN_MEMORY else np.memmap(path, ROW, mode="r")
        except (OSError, ValueError):
            return None

    def write(self, version_id: str, rows: np.ndarray) -> None:
        """Keep a version's rows; whoever reads finds the whole file or none. Raises DataFolderError."""
        path = self.path(version_id)
        unfinished = path.with_name(f"{uuid4().hex}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(rows.tobytes())
            unfinished.replace(path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise DataFolderError(
                "What is prepared for questions in other languages could not be saved.",
                "Make room on the disk; it is tried again.",
                code="disk_full",
                passing=True,
            ) from error

    def versions(self) -> dict[str, list[Path]]:
        """Return all files by the version they are of, whatever their key."""
        found = sorted(self.folder.glob("*.rows"))
        return {version: list(paths) for version, paths in groupby(found, lambda path: path.name.partition(".")[0])}


def vector_rows(passages: Sequence[Passage], go_on: Callable[[], None]) -> np.ndarray:
    """Embed passages and their sentences; ``go_on`` is called between batches and may raise. Raises ModelError."""
    texts = [(passage.ordinal, whole, text) for passage in passages for whole, text in _texts(passage)]
    rows = np.zeros(len(texts), dtype=ROW)
    for begin in range(0, len(texts), BATCH):
        go_on()
        batch = texts[begin : begin + BATCH]
        part = rows[begin : begin + BATCH]
        part["ordinal"] = [ordinal for ordinal, _, _ in batch]
        part["whole"] = [whole for _, whole, _ in batch]
        vectors = across_vectors([text for _, _, text in batch])
        part["scale"] = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127  # a text of no word has a vector of zeros
        part["vector"] = np.round(vectors / part["scale"][:, None])
    return rows


def _texts(passage: Passage) -> Iterator[tuple[int, str]]:
    """The texts of a passage that are embedded, each with 1 where it is the whole: a row has its columns' names."""
    yield 1, passage.search_text
    if passage.alias_of is not None:
        return
    for segment in segments_of(passage)[:MOST_SENTENCES]:
        words = passage.text[segment.start : segment.end]
        names = f"{passage.table_header}: " if segment.kind == "row" and passage.table_header else ""
        yield 0, names + words

"""How a source is cut into passages, now or with other settings, before anything is changed."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from statistics import median

from core import edits
from core.assistants import documents, sources
from core.assistants.index_builds import cut_of, live_build
from core.chunk import Overlay, chunk, detect_kind, overlaid
from core.errors import NotFound
from core.schema import Block, CutKind, CutSettings, Document, HandEdit, Passage
from core.text import begins_with_header, cells

CACHED_CUTS = 16
CACHED_DOCUMENTS = 4
REMEMBERED_KINDS = 256
TABLE_ROWS = 60
DELIMITED = ("csv", "tsv")
_kinds: dict[tuple[str, int], CutKind] = {}


@dataclass(frozen=True, slots=True)
class CutSource:
    """A source's document and its passages under one cut, its hand edits in them.

    ``unfit`` are those edits that find no place in this text.
    """

    version_id: str
    document: Document
    cut: CutSettings
    passages: tuple[Passage, ...]
    unfit: tuple[HandEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class PassagePart:
    """A part of a passage: text, or a simple table whose first row is its header (of empty cells: it has none)."""

    text: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Numbers:
    """A cut's numbers; lengths in characters, all 0 where there is no passage."""

    passages: int
    median: int
    shortest: int
    longest: int
    tables: int


def cut_source(assistant_id: str, source_id: str, cut: CutSettings | None = None) -> CutSource:
    """Cut the version of a source that answers: as it is cut now, or as ``cut`` would. Nothing is changed.

    Raises NotFound where the source does not exist, or no version of it was read yet.
    """
    source = sources.source(assistant_id, source_id)
    if not source.version_id:
        raise NotFound("This source was not read yet.", "Wait until Knowledge says that it is ready.", code="not_read")
    version = documents.version(assistant_id, source_id, source.version_id)
    wanted = cut or cut_of(live_build(assistant_id), version)
    document = _document(version.id, version.read_at)
    edited = tuple(edits.edits_of(source_id))
    overlay = _passages(version.id, version.read_at, wanted, document.title or source.name, edited)
    unfit = tuple(edit for edit in edited if edit.id in overlay.unfit)
    return CutSource(version.id, document, wanted, overlay.passages, unfit)


# The moment of reading is in the keys: reading a version again may give another text.
@lru_cache(maxsize=CACHED_DOCUMENTS)
def _document(version_id: str, _read_at: datetime | None) -> Document:
    document = documents.document(version_id)
    if document is None:
        raise NotFound("The text of this source is not kept any more.", "Read it again in Knowledge.", code="no_text")
    return document


@lru_cache(maxsize=CACHED_CUTS)
def _passages(
    version_id: str, read_at: datetime | None, cut: CutSettings, title: str, edited: tuple[HandEdit, ...]
) -> Overlay:
    return overlaid(_document(version_id, read_at), _unedited(version_id, read_at, cut, title), edited)


@lru_cache(maxsize=CACHED_DOCUMENTS)
def _unedited(version_id: str, read_at: datetime | None, cut: CutSettings, title: str) -> tuple[Passage, ...]:
    return tuple(chunk(_document(version_id, read_at), cut, title))


def kind_found(cut: CutSource) -> CutKind:
    """Return the kind that a source looks like, whatever it is cut as."""
    key = (cut.version_id, len(cut.document.text))
    if key not in _kinds:
        if len(_kinds) >= REMEMBERED_KINDS:
            _kinds.clear()
        _kinds[key] = detect_kind(cut.document)
    return _kinds[key]


def numbers(passages: Sequence[Passage]) -> Numbers:
    """Count passages and tables and measure lengths."""
    lengths = [len(p.text) for p in passages]
    tables = sum(p.kind == "table" for p in passages)
    if not lengths:
        return Numbers(0, 0, 0, 0, 0)
    return Numbers(len(lengths), round(median(lengths)), min(lengths), max(lengths), tables)


def length_counts(passages: Sequence[Passage], step: int) -> list[tuple[int, int]]:
    """Count passages by length: ``(lower end, count)`` for each ``step`` characters from 0 to the longest."""
    counts = Counter(len(p.text) // step for p in passages)
    return [(number * step, counts[number]) for number in range(max(counts, default=-1) + 1)]


def bar_step(longest: int, bars: int = 16) -> int:
    """Return a round width in characters with which ``longest`` fits into at most ``bars`` bars."""
    steps = (25, 50, 100, 200, 250, 500, 1000)
    return next((step for step in steps if longest / step <= bars), max(steps))


def page_name(document: Document, page: int) -> str:
    """Return the name of a page (a sheet's or a slide's), empty where it has none."""
    return document.page_names[page - 1] if page <= len(document.page_names) else ""


def page_span(document: Document, page: int) -> tuple[int, int]:
    """Return where page ``page`` (from 1) begins and ends in the document's text."""
    starts = document.page_starts
    return starts[page - 1], starts[page] if page < len(starts) else len(document.text)


def on_page(document: Document, passages: Sequence[Passage], page: int) -> list[Passage]:
    """Return the passages of which some text stands on a page."""
    return on_span(document, passages, *page_span(document, page), page)


def on_span(
    document: Document, passages: Sequence[Passage], start: int, end: int, page: int | None = None
) -> list[Passage]:
    """Return the passages of which some text stands in a span of the document's; on a ``page`` the owner's own, too."""
    return [
        p
        for p in passages
        if document.text[max(p.start, start) : min(p.end, end)].strip()
        or (p.origin == "added" and (p.page == page if page is not None else start <= p.start < end))
    ]


def holding(passages: Sequence[Passage], words: str) -> list[Passage]:
    """Return the passages that hold every one of the words, in their text or in what stands in front of it."""
    wanted = words.casefold().split()
    return [p for p in passages if all(word in f"{p.context}\n{p.text}".casefold() for word in wanted)]


def pieces_of(document: Document, passage: Passage) -> list[PassagePart]:
    """Return a passage's text in order, its simple tables as rows."""
    if passage.patches or passage.origin:
        return [PassagePart(passage.text)]
    parts: list[PassagePart] = []
    position = passage.start
    first = bisect_right(document.blocks, passage.start, key=lambda block: block.end)
    for block in islice(document.blocks, first, None):
        if block.start >= passage.end:
            break
        if block.kind != "table":
            continue
        spans = [row for row in block.rows if row[0] >= passage.start and row[1] <= passage.end]
        rows = simple_rows(document, block, spans)
        if rows:
            parts.append(PassagePart(document.text[position : spans[0][0]]))
            parts.append(PassagePart(document.text[spans[0][0] : spans[-1][1]], rows))
            position = spans[-1][1]
    parts.append(PassagePart(document.text[position : passage.end]))
    return [PassagePart(part.text.strip("\n"), part.rows) for part in parts if part.text.strip()]


def simple_rows(
    document: Document, table: Block, spans: Sequence[tuple[int, int]], most: int = TABLE_ROWS
) -> tuple[tuple[str, ...], ...]:
    """Cut these rows of a table into cells, its header (cells of nothing where it has none) in front; () if unclear."""
    lines = [document.text[start:end] for start, end in spans]
    clear = document.kind in DELIMITED or all("|" in line for line in lines)
    if not lines or len(lines) > most or not clear:
        return ()
    rows = [cells(line) for line in lines]
    width = max(len(row) for row in rows)
    if not table.header:
        rows.insert(0, [""] * width)
    elif spans[0] != table.rows[0] or not begins_with_header(document.text, table):
        rows.insert(0, cells(table.header))
    width = max(width, len(rows[0]))
    if width < 2 or not all(rows):
        return ()
    return tuple((*row, *[""] * (width - len(row))) for row in rows)

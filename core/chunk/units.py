"""The smallest pieces that are never cut: sentences, list lines, tables that fit, rows of those that do not."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.schema import Block
from core.text import sentence_spans

# Text of this many characters right before a table too long for one passage is its title and goes with its first rows.
LEAD_CHARACTERS = 300
# A last piece shorter than this share is added to the passage before it, which may grow by as much.
TAIL = 0.15
# Only the first blank of a run is tried, so that a page of blanks takes no longer than any other.
_LINE_END = re.compile(r"(?<!\s)\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest piece that is never cut: a sentence, a list line, a table that fits, a row of one that does not."""

    start: int
    end: int
    ends_paragraph: bool
    table: Block | None = None
    is_row: bool = False
    lead: str = ""  # of a row: what stands before its table beside headings, such as the years over its columns


def units_of(text: str, blocks: Sequence[Block], size: int) -> list[Unit]:
    """Cut blocks into what is never cut further, each at most ``size`` long."""
    units: list[Unit] = []
    headings = {block.start for block in blocks if block.kind == "heading"}
    for block in blocks:
        if block.kind == "table":
            rows = list(_table_units(text, block, size))
            if rows and rows[0].is_row:
                rows = _with_lead(text, units, rows, headings)
            units.extend(rows)
            continue
        spans = list(_sentences(text, block, size))
        units.extend(Unit(start, end, (start, end) == spans[-1]) for start, end in spans)
    return _with_tail(units, int(size * TAIL))


def _with_lead(text: str, units: list[Unit], rows: list[Unit], headings: set[int]) -> list[Unit]:
    """Take what stands right before a table (its title, its years) off ``units`` and make it the first of its rows."""
    first = at = len(units)
    while at and units[at - 1].table is None and rows[0].start - units[at - 1].start <= LEAD_CHARACTERS:
        at -= 1
        if at == 0 or units[at - 1].ends_paragraph:
            first = at
    before = units[first:]
    lead = " ".join(text[unit.start : unit.end] for unit in before if unit.start not in headings)
    led = [replace(unit, table=rows[0].table, is_row=True) for unit in before]
    del units[first:]
    return led + [replace(row, lead=lead) for row in rows]


def _with_tail(units: list[Unit], most: int) -> list[Unit]:
    """Let a short note under a table that ends a section go with the table's last rows."""
    last = len(units)
    while last and units[last - 1].table is None:
        last -= 1
    tail = units[last:]
    if not tail or not last or not units[last - 1].is_row or tail[-1].end - tail[0].start > most:
        return units
    return units[:last] + [replace(unit, table=units[last - 1].table, is_row=True) for unit in tail]


def _table_units(text: str, table: Block, size: int) -> Iterator[Unit]:
    start, end = trimmed(text, table.start, table.end)
    if end - start <= size:
        if end > start:
            yield Unit(start, end, True, table)
        return
    rows = table.rows or ((table.start, table.end),)
    for row_start, row_end in rows:
        for left, right in _fitting(text, *trimmed(text, row_start, row_end), size):
            yield Unit(left, right, True, table, is_row=True)


def _sentences(text: str, block: Block, size: int) -> Iterator[tuple[int, int]]:
    """Cut a paragraph into sentences, a list into lines; what is longer than a passage, between words."""
    split = _lines if block.kind == "list" else sentence_spans
    for start, end in split(text, block.start, block.end):
        yield from _fitting(text, start, end, size)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _LINE_END.finditer(text, start, end):
        yield trimmed(text, start, match.end())
        start = match.end()
    yield trimmed(text, start, end)


def _fitting(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Leave ``text[start:end]`` whole where it fits; else cut it small, between words, so that cuts can overlap."""
    if end - start > size:
        size = max(size // 8, 1)
    while end - start > size:
        cut = _last_blank(text, start + size // 2, start + size)
        if cut <= start:
            cut = _letter_end(text, start + size // 2, start + size)
        yield trimmed(text, start, cut)
        start, _ = trimmed(text, cut, end)
    if end > start:
        yield start, end


def _letter_end(text: str, start: int, end: int) -> int:
    """Return the last place up to ``end`` that is not between a letter and an accent on it; ``end`` where none is."""
    cut = end
    while cut > start and unicodedata.category(text[cut])[0] == "M":
        cut -= 1
    return cut if cut > start else end


def _last_blank(text: str, start: int, end: int) -> int:
    """Return where the last blank in ``text[start:end + 1]`` stands, or -1."""
    return max(text.rfind(blank, start, end + 1) for blank in (" ", "\n", "\t", "\u00a0", "\u3000"))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of ``text`` without the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end

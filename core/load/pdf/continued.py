"""Tables that go on over a PDF's pages without their header: their rows there keep the columns' names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from core.load.pdf.furniture import is_page_number
from core.load.pdf.line import PageLines, WordTable
from core.schema import Block

_NEAR = 6.0  # points, of a column's left or right end or its middle
_SAME = 2.0
_EDGE = 0.1  # of the height that text takes
_LOWER_PART = 0.35
_NO_LETTER = re.compile(r"[\W_]+")


def with_names(
    pages: Sequence[PageLines], blocks: Sequence[Block], furniture: Mapping[int, frozenset[int]]
) -> list[Block]:
    """Return the blocks, each first table of a page that goes on with the last one of the page before with its header.

    It does where their columns agree in number and place and nothing but ``furniture`` (line numbers by page) and the
    page's number stands between.
    """
    if not any(before.page.tables and page.page.tables for before, page in pairwise(pages)):
        return list(blocks)
    heights = [
        (line.bottom, line.top)
        for page in pages
        for index, line in enumerate(page.page.lines)
        if line.height > 0 and index not in furniture.get(page.number, ())
    ]
    low, high = min((low for low, _ in heights), default=0.0), max((high for _, high in heights), default=0.0)
    edge = (high - low) * _EDGE
    changed = {block.start: block for block in blocks if block.kind == "table"}
    before: PageLines | None = None
    carried: dict[int, bool] = {}  # by the start of a table: whether the header that it goes on with is in bold
    for page in pages:
        if before is not None and before.page.tables and page.page.tables:
            above, below = before.page.tables[-1], page.page.tables[0]
            header = changed[_start(before, above)].header
            bold = carried.get(_start(before, above), above.bold)
            lowest = min(line.bottom for line in before.page.lines[above.rows[0][0] : above.rows[-1][1] + 1])
            highest = max(line.top for line in page.page.lines[below.rows[0][0] : below.rows[-1][1] + 1])
            at_edges = lowest - low <= edge and lowest < high * _LOWER_PART and high - highest <= edge
            if (
                header
                and at_edges
                and _only_furniture(before, range(above.rows[-1][1] + 1, len(before.page.lines)), furniture)
                and _only_furniture(page, range(below.rows[0][0]), furniture)
                and _goes_on(above, below, header, _first_row(page, below), bold=bold)
            ):
                start = _start(page, below)
                changed[start], carried[start] = replace(changed[start], header=header), bold
        before = page
    return [changed.get(block.start, block) if block.kind == "table" else block for block in blocks]


def _start(page: PageLines, table: WordTable) -> int:
    return page.start + page.page.lines[table.rows[0][0]].start


def _first_row(page: PageLines, table: WordTable) -> str:
    first, last = table.rows[0]
    return page.page.text[page.page.lines[first].start : page.page.lines[last].end]


def _only_furniture(page: PageLines, lines: range, furniture: Mapping[int, frozenset[int]]) -> bool:
    text = page.page.text
    known = furniture.get(page.number, ())
    return all(
        index in known or is_page_number(text[page.page.lines[index].start : page.page.lines[index].end], page.number)
        for index in lines
    )


def _goes_on(above: WordTable, below: WordTable, header: str, first: str, *, bold: bool) -> bool:
    """Tell whether a table's columns are those of the one above and its first row is no header of its own."""
    if _letters(first) == _letters(header) or len(above.columns) != len(below.columns):
        return False
    if below.headed and (below.bold or not bold):
        # Words in a first row look like names: where nothing else tells, the columns have to agree to the point.
        near = _SAME if not below.bold else 0.0
    else:
        near = _NEAR
    return all(
        min(abs(left - other_left), abs(right - other_right), abs(left + right - other_left - other_right) / 2) < near
        for (left, right), (other_left, other_right) in zip(above.columns, below.columns, strict=True)
    )


def _letters(words: str) -> str:
    return _NO_LETTER.sub("", words)

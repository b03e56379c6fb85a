"""Which rows of a passage name the columns of a table, and what the columns of the other rows are called."""

import re
from collections.abc import Sequence

from core.schema import Block, StoredPassage
from core.text.sentences import Segment
from core.text.tables import cells, names_columns

_EMPTY_LINE = re.compile(r"\n\s*\n")


def begins_with_header(text: str, table: Block) -> bool:
    """Tell whether a table's first row is its header: not where it goes on from the page before without it."""
    return not table.header or _letters(text[slice(*table.rows[0])]) in _letters(table.header)


def header_rows(passage: StoredPassage, spans: Sequence[Segment]) -> set[int]:
    """Return the indexes in ``spans`` (the segments of ``passage.text``) of the rows that name columns.

    The first table's header row is known where the passage was stored with its header. Of the other tables, and of
    passages stored without, the first row is taken for a header where it looks like one.
    """
    headers: set[int] = set()
    first = True
    for index, span in enumerate(spans):
        if span.kind != "row" or (index and goes_on(passage, spans, index)):
            continue
        words = passage.text[span.start : span.end]
        if first and passage.table_header:
            if _letters(words) == _letters(passage.table_header):
                headers.add(index)
        elif index + 1 < len(spans) and goes_on(passage, spans, index + 1):
            following = spans[index + 1]
            if names_columns(words, passage.text[following.start : following.end]):
                headers.add(index)
        first = False
    return headers


def column_names(passage: StoredPassage, spans: Sequence[Segment], headers: set[int], index: int) -> list[str]:
    """Return what the columns of row ``spans[index]`` are called; ``[]`` for a header row and where nothing says it."""
    if index in headers:
        return []
    above = index
    while above and spans[above - 1].kind == "row":
        above -= 1
        if above in headers:
            return row_cells(passage, spans[above])
    if any(span.kind == "row" for span in spans[:above]):
        return []  # text parts this table from the one whose header was stored
    return cells(passage.table_header)


def row_cells(passage: StoredPassage, row: Segment, count: int = 0) -> list[str]:
    """Cut a row into cells; ``[]`` where ``count`` is given and not met, or where it cannot be told what a cell is.

    Commas part cells only where the row is known to be one: a sentence has commas too.
    """
    words = passage.text[row.start : row.end]
    known = "|" in words or "\t" in words or (passage.start + row.start, passage.start + row.end) in passage.rows
    return cells(words, count) if known else []


def goes_on(passage: StoredPassage, spans: Sequence[Segment], index: int) -> bool:
    """Tell whether ``spans[index]`` is a row right under another one, with no empty line between."""
    above, row = spans[index - 1], spans[index]
    return above.kind == row.kind == "row" and not _EMPTY_LINE.search(passage.text, above.end, row.start)


def _letters(words: str) -> str:
    """Return a row without blanks and without what parts its cells, as the file or the reader writes it."""
    return re.sub(r"[\W_]+", "", words)

"""How much of a table was read right: the share of its cells that stand in the right row and column."""

from collections.abc import Sequence

from core.schema import Document

Rows = list[list[str]]


def tables_of(document: Document) -> list[Rows]:
    """Return the tables of a document, cells on one line each."""
    return [
        [[" ".join(cell.split()) for cell in document.text[start:end].split(" | ")] for start, end in block.rows]
        for block in document.blocks
        if block.kind == "table"
    ]


def cells_right(document: Document, expected: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return how many filled cells of ``expected`` stand in their row and column in the best table, and of how many.

    Rows are taken in order: a row counts for the first one below the last that has most of its cells in place.
    """
    of = sum(bool(cell) for row in expected for cell in row)
    return max((_right(table, expected) for table in tables_of(document)), default=0), of


def _right(table: Rows, expected: Sequence[Sequence[str]]) -> int:
    right, below = 0, 0
    for row in expected:
        scores = [_same(row, found) for found in table[below:]]
        if scores and max(scores):
            best = scores.index(max(scores))
            right += scores[best]
            below += best + 1
    return right


def _same(expected: Sequence[str], found: Sequence[str]) -> int:
    padded = [*found, *[""] * len(expected)]
    return sum(bool(words) and words == padded[column] for column, words in enumerate(expected))

"""How much of a table was read right: the share of its cells that stand in the right row and column."""

import csv
from collections.abc import Sequence

from core.schema import Block, Document

Rows = list[list[str]]


def rows_found(document: Document) -> Rows:
    """Return the rows of all tables of a document, in order, each cell on one line."""
    return [row for block in document.blocks if block.kind == "table" for row in _rows(document, block)]


def _rows(document: Document, block: Block) -> Rows:
    lines = [document.text[start:end] for start, end in block.rows]
    if document.kind != "csv":
        return [[cell.strip() for cell in " ".join(line.split()).split("|")] for line in lines]
    width = block.header.count(" | ") + 1
    ways = ([next(csv.reader([line], delimiter=mark)) for line in lines] for mark in ",;\t|")
    return next((rows for rows in ways if len(rows[0]) == width), [[line] for line in lines])


def cells_right(expected: Sequence[Sequence[str]], found: Rows) -> tuple[int, int]:
    """Return how many filled cells stand in the right column of a row with their neighbours, and of how many.

    Rows are taken in order: each of ``expected`` by the one below the last that has most of its cells in place.
    """
    right = below = 0
    for row in expected:
        best, following = 0, below
        for number in range(below, len(found)):
            same = sum(bool(cell) and cell == other for cell, other in zip(row, found[number], strict=False))
            if same > best:
                best, following = same, number + 1
        right, below = right + best, following
    return right, sum(bool(cell) for row in expected for cell in row)

"""Cells of a ruled table on a PDF page that are merged over several rows: their text is repeated in each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from core.load.pdf.grid import Cell, Grid
from core.load.pdf.rules import Edge, covered, groups_across

_LONGEST_REPEATED = 300
_CROSSED = 0.6  # of a column's width: a rule of it
_FREE = 0.2
_AT_A_ROW = 0.25
_WRAPPED = 1.6
Row = Sequence[Cell]


def with_merged(grid: Grid, edges: Sequence[Edge]) -> Grid:
    """Return a table with the text of each cell that is merged over several rows in all of these rows.

    Rules must prove it: one above and one below the cell, and between its rows rules that leave its column out. What is
    longer than 300 characters is not repeated. ``edges`` are all level lines drawn on the page.
    """
    if not grid.ruled or all(cell for row in grid.rows for cell in row):
        return grid
    columns = list(zip(*grid.rows, strict=True))
    drawn = [edge for edge in edges if edge.seen]
    rules = groups_across(drawn, [piece for row in grid.rows for cell in row for piece in cell])
    shares = [_shares(column, rules) for column in columns]
    heights = _heights(grid.rows, [sum(share > _CROSSED for share in of) for of in shares])
    between = [
        [number for number, rule in enumerate(rules) if below < rule[0].height < above]
        for above, below in pairwise(heights)
    ]
    rows = [list(row) for row in grid.rows]
    for column, of in enumerate(shares):
        for first, last in _merged_rows(rules, of, heights, between):
            held = [rows[number][column] for number in range(first, last + 1)]
            if _is_one(held, heights[first : last + 1]):
                pieces = [piece for cell in held for piece in cell]
                if sum(len(piece.text) + 1 for piece in pieces) <= _LONGEST_REPEATED:
                    for number in range(first, last + 1):
                        rows[number][column] = pieces
    return replace(grid, rows=tuple(tuple(row) for row in rows))


def _shares(column: Sequence[Cell], rules: Sequence[Sequence[Edge]]) -> list[float]:
    """Return how much of a column's width each rule covers."""
    left = min(piece.left for cell in column for piece in cell)
    right = max(piece.right for cell in column for piece in cell)
    return [covered(rule, left, right) for rule in rules]


def _heights(rows: Sequence[Row], counts: Sequence[int]) -> list[float]:
    """Return at which height each row stands, by its cell in the column that most rules cross (``counts``)."""
    finest = sorted(range(len(counts)), key=lambda column: -counts[column])
    heights = []
    for row in rows:
        cell = next(row[column] for column in finest if row[column])
        heights.append(sum(piece.bottom + piece.top for piece in cell) / (2 * len(cell)))
    return heights


def _merged_rows(
    rules: Sequence[Sequence[Edge]], shares: Sequence[float], heights: Sequence[float], between: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int]]:
    """Yield the first and last of several rows that a column's rules hold together and other columns' rules part."""
    own = [rule[0].height for rule, share in zip(rules, shares, strict=True) if share > _CROSSED]
    first = 0
    for number in range(1, len(heights) + 1):
        inner = between[number - 1] if number < len(heights) else []
        if number < len(heights) and inner and all(shares[rule] < _FREE for rule in inner):
            continue
        closed = any(height > heights[first] for height in own) and any(height < heights[number - 1] for height in own)
        if number - first > 1 and closed and (number == len(heights) or any(shares[rule] > _CROSSED for rule in inner)):
            yield first, number - 1
        first = number


def _is_one(held: Sequence[Cell], heights: Sequence[float]) -> bool:
    """Tell whether what stands in a column over several rows is one text: its lines are not level with the rows."""
    filled = [number for number, cell in enumerate(held) if cell]
    if len(filled) < 2:
        return bool(filled)
    pieces = [piece for cell in held for piece in cell]
    size = max(piece.top - piece.bottom for piece in pieces)
    if any(above.bottom - below.bottom > size * _WRAPPED for above, below in pairwise(pieces)):
        return False
    return any(
        abs((piece.bottom + piece.top) / 2 - height) > size * _AT_A_ROW
        for cell, height in zip(held, heights, strict=True)
        for piece in cell
    )

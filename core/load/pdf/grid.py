"""Pieces of a PDF's lines to the rows and cells of a table of words, by where they stand; or to none."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from core.text import has_header, is_figure, is_number, is_sign

_MARK = re.compile(r"[•▪◦●○■□➢✓❖‣⁃·*†‡–—-]|o|\(?(\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})[.)]?|[\d.]{1,8}|\[\d+\]")
_SHORTENED = re.compile(r"(?:\S{1,8} ){0,2}[^\W\d_]{1,4}\.")
_MOST_COLUMNS = 12
_LONGEST_CELL = 500
_LONGEST_NAME = 60
_LEAST_LINES = 4


class Piece(NamedTuple):
    """A part of a line with a wide gap before and after it: its span in the page's text and its box in points.

    ``glued``: the word it ends with goes on in the cell's next line; ``loose``: there are wide gaps in it all the same.
    ``line`` is the number of the line it is from.
    """

    start: int
    end: int
    left: float
    right: float
    bottom: float
    top: float
    line: int
    text: str
    glued: bool = False
    loose: bool = False


Cell = list[Piece]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's rows, each with a list of pieces for every column; ``ruled``: lines are drawn between its rows."""

    rows: tuple[tuple[Cell, ...], ...]
    ruled: bool


def arranged(pieces: Sequence[Piece], rivers: Sequence[tuple[float, float]], edges: Sequence[float]) -> Grid | None:
    """Put pieces into columns (parted by ``rivers``, from left to right) and rows; None when that makes no table.

    ``edges`` are the heights at which lines are drawn across most of the table's width.
    """
    visual = visual_lines(pieces)
    borders = [(left + right) / 2 for left, right in rivers]
    inside = sum(_between(above, below, edges) for above, below in pairwise(visual))
    ruled = len(edges) >= 3 and inside >= max(1, len(visual) // 8)
    breaks = _ruled_breaks(visual, edges, borders) if ruled else _spaced_breaks(visual, borders)
    rows: list[tuple[Cell, ...]] = []
    for number, line in enumerate(visual):
        if number in breaks or not rows:
            rows.append(tuple([] for _ in range(len(borders) + 1)))
        for piece in sorted(line, key=lambda piece: piece.left):
            rows[-1][_column(piece, borders)].append(piece)
    grid = Grid(tuple(rows), ruled)
    return grid if _is_table(grid) else None


def in_columns(pieces: Sequence[Piece], rivers: Sequence[tuple[float, float]]) -> Grid | None:
    """Put running text that stands in columns into one row, a cell a column; None when it is no such text.

    Nearly every line of the page goes over several columns and fills them from side to side, and many go on below
    with a small letter.
    """
    parts = Counter(piece.line for piece in pieces)
    if sum(count > 1 for count in parts.values()) * 10 < len(parts) * 8:
        return None
    borders = [(left + right) / 2 for left, right in rivers]
    columns: list[Cell] = [[] for _ in range(len(borders) + 1)]
    for line in visual_lines(pieces):
        for piece in line:
            columns[_column(piece, borders)].append(piece)
    if not all(len(column) >= _LEAST_LINES for column in columns) or not _fill_columns(columns):
        return None
    follows = [after.text[:1].islower() for column in columns for after in column[1:]]
    return Grid((tuple(columns),), ruled=False) if sum(follows) * 3 >= len(follows) else None


def trimmed(grid: Grid, edges: Sequence[float]) -> tuple[list[Piece], list[Piece]]:
    """Return the pieces above and below the table proper: rows of one cell, or outside the lines drawn."""
    first, last = 0, len(grid.rows)
    if grid.ruled:
        low, high = min(edges), max(edges)
        while first < last and _middle(grid.rows[first]) > high:
            first += 1
        while last > first and _middle(grid.rows[last - 1]) < low:
            last -= 1
    while first < last and _filled(grid.rows[first]) < 2:
        first += 1
    if not grid.ruled:
        while last > first and _filled(grid.rows[last - 1]) < 2:
            last -= 1
    above = [piece for row in grid.rows[:first] for cell in row for piece in cell]
    return above, [piece for row in grid.rows[last:] for cell in row for piece in cell]


def is_headed(grid: Grid) -> bool:
    """Tell whether the first row names the columns, and lines drawn or figures below it bear it out.

    On a page nobody has said that there is a table: more is asked here than of the rows of a sheet.
    """
    words = [[_words(cell) for cell in row] for row in grid.rows]
    rows = grid.rows[1:]
    return (_could_be_names(words[0]) and has_header(words)) and (
        grid.ruled or any(sum(map(_is_figure, cells)) * 2 > len(rows) for cells in zip(*rows, strict=True))
    )


def _could_be_names(row: Sequence[str]) -> bool:
    """Tell whether every cell of a row, the first or two may be empty, is short and neither a sentence nor a number."""
    named = list(row[next((place for place, words in enumerate(row) if words), 0) :])
    return (
        len(row) - len(named) <= min(2, len(named) - 1)
        and all(named)
        and not any(len(words) > _LONGEST_NAME or _ends(words) or is_number(words) for words in named)
    )


def _ends(words: str) -> bool:
    """Tell whether words end as a sentence does, or as a part of one; "No." and "S. No." do not."""
    return words.endswith((".", ";", ",")) and _SHORTENED.fullmatch(words) is None


def _is_figure(cell: Cell) -> bool:
    return len(cell) == 1 and is_figure(cell[0].text)


def visual_lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Group pieces that stand at the same height, from the top down."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -(piece.bottom + piece.top)):
        if lines:
            first = lines[-1][0]
            overlap = min(first.top, piece.top) - max(first.bottom, piece.bottom)
            if overlap > 0.5 * min(first.top - first.bottom, piece.top - piece.bottom):
                lines[-1].append(piece)
                continue
        lines.append([piece])
    return lines


def _height(line: Sequence[Piece]) -> float:
    return max(line, key=lambda piece: piece.end - piece.start).bottom


def _between(above: Sequence[Piece], below: Sequence[Piece], edges: Sequence[float]) -> bool:
    """Tell whether a line is drawn between two lines of text; letters' boxes may reach a little over it."""
    high = max((piece.bottom + (piece.top - piece.bottom) * 0.5) for piece in above)
    low = min((piece.bottom + (piece.top - piece.bottom) * 0.5) for piece in below)
    return any(low < edge < high for edge in edges)


def _ruled_breaks(visual: Sequence[Sequence[Piece]], edges: Sequence[float], borders: Sequence[float]) -> set[int]:
    """Return the lines that begin a row: those under a line drawn, and those within where lines part only groups."""
    breaks = {number for number, (above, below) in enumerate(pairwise(visual), 1) if _between(above, below, edges)}
    for first, last in pairwise([0, *sorted(breaks), len(visual)]):
        if last - first > 1 and _holds_rows(visual[first:last], borders, len(visual)):
            most = max(_columns_filled(line, borders) for line in visual[first:last])
            breaks |= {n for n in range(first, last) if _columns_filled(visual[n], borders) * 2 >= most}
    return breaks


def _holds_rows(lines: Sequence[Sequence[Piece]], borders: Sequence[float], total: int) -> bool:
    """Tell whether lines with nothing drawn between them are rows all the same.

    Figures never go on in a cell's next line; nor do cells that are full in every line but do not fill their column.
    """
    columns: list[list[Piece]] = [[] for _ in range(len(borders) + 1)]
    for line in lines:
        for piece in line:
            columns[_column(piece, borders)].append(piece)
    figures = [
        len(pieces) * 2 > len(lines) and all(is_figure(piece.text) for piece in pieces)
        for pieces in columns
        if len(pieces) > 1
    ]
    if any(figures):
        return True
    full = all(_columns_filled(line, borders) == len(columns) for line in lines)
    return full and len(lines) >= 4 and len(lines) * 2 >= total and not _fill_columns(columns)


def _spaced_breaks(visual: Sequence[Sequence[Piece]], borders: Sequence[float]) -> set[int]:
    """Return the lines that begin a row: those after a wider step, or, where steps are even, with a first cell."""
    if len(visual) < 2:
        return set()
    steps = [_height(above) - _height(below) for above, below in pairwise(visual)]
    smallest = min(steps)
    close = [number for number, step in enumerate(steps, 1) if step <= smallest * 1.18 + 0.5]
    partial = [number for number in close if not _begins(visual[number], borders)]
    if len(close) < len(steps) and len(partial) * 5 >= len(close) * 2:
        return set(range(1, len(visual))) - set(close)
    figures = _figure_columns(visual, borders)
    return {
        number
        for number in range(1, len(visual))
        if _begins(visual[number], borders)
        or (number not in close and steps[number - 1] > smallest * 1.6)
        or any(_column(piece, borders) in figures and is_figure(piece.text) for piece in visual[number])
    }


def _figure_columns(visual: Sequence[Sequence[Piece]], borders: Sequence[float]) -> set[int]:
    """Return the columns that hold figures, which never go on in a cell's next line, but for their name."""
    columns: list[list[bool]] = [[] for _ in range(len(borders) + 1)]
    for line in visual:
        for piece in line:
            columns[_column(piece, borders)].append(is_figure(piece.text))
    return {number for number, held in enumerate(columns) if len(held) > 3 and sum(held) * 10 >= len(held) * 7}


def _begins(line: Sequence[Piece], borders: Sequence[float]) -> bool:
    columns = {_column(piece, borders) for piece in line}
    return 0 in columns and len(columns) > 1


def _column(piece: Piece, borders: Sequence[float]) -> int:
    middle = (piece.left + piece.right) / 2
    return bisect_left(borders, middle)


def _columns_filled(line: Sequence[Piece], borders: Sequence[float]) -> int:
    return len({_column(piece, borders) for piece in line})


def _filled(row: Sequence[Cell]) -> int:
    return sum(bool(cell) for cell in row)


def _middle(row: Sequence[Cell]) -> float:
    heights = [(piece.bottom + piece.top) / 2 for cell in row for piece in cell]
    return sum(heights) / len(heights)


def _words(cell: Cell) -> str:
    return " ".join(piece.text for piece in cell)


def _is_table(grid: Grid) -> bool:
    rows, columns = grid.rows, len(grid.rows[0]) if grid.rows else 0
    full = [row for row in rows if _filled(row) >= 2]
    if not 2 <= columns <= _MOST_COLUMNS or len(full) < (2 if grid.ruled else 3) or len(full) < len(rows) * 0.6:
        return False
    cells = [_words(cell) for row in rows for cell in row if cell]
    if any(is_sign(words) for words in cells) or max(map(len, cells)) > _LONGEST_CELL:
        return False
    used = [sum(bool(row[column]) for row in rows) for column in range(columns)]
    if min(used) < max(2, len(rows) * 0.3):
        return False
    first = [_words(cell) for cell in rows[0]]
    if not grid.ruled and len(full) < 4 and not (_could_be_names(first) and "." not in {words[-1:] for words in first}):
        return False
    return grid.ruled or not (_is_list(rows) or _fill_columns(_by_column(rows)))


def _by_column(rows: Sequence[Sequence[Cell]]) -> list[list[Piece]]:
    return [[piece for cell in cells for piece in cell] for cells in zip(*rows, strict=True)]


def _is_list(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell bullets or numbers with their text: the first column holds nothing else."""
    first = [_words(row[0]) for row in rows if row[0]]
    marks = sum(_MARK.fullmatch(words) is not None for words in first)
    return len(rows[0]) == 2 and marks * 2 >= len(first)


def _fill_columns(columns: Sequence[Sequence[Piece]]) -> bool:
    """Tell running text in columns: its lines fill them from side to side."""
    running = 0
    for pieces in columns:
        width = max(piece.right for piece in pieces) - min(piece.left for piece in pieces)
        wide = [piece for piece in pieces if piece.right - piece.left > width * 0.8 and len(piece.text) > 20]
        running += len(wide) * 10 >= len(pieces) * 6
    return running >= 2 or running == len(columns)

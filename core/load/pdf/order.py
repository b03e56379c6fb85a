"""Writes a PDF page's text anew with the cells of its tables after each other, and keeps where each character was."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.load.pdf.grid import Grid, Piece
from core.load.pdf.line import Line, PageText, WordTable

_BROKEN = re.compile(r"[^\W\d_]{2}-$")


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of words, made of the page's lines ``first`` to ``last``; ``headed``: its first row names the columns;
    ``bold``: it is in bold.

    ``running``: it is no table but text in columns, each of which is read whole. ``before`` and ``after`` are lines of
    text that stand beside the table, and are read before and after it.
    """

    first: int
    last: int
    grid: Grid
    headed: bool
    bold: bool = False
    running: bool = False
    before: Sequence[Piece] = ()
    after: Sequence[Piece] = ()


def in_order(page: PageText, tables: Sequence[FoundTable]) -> PageText:
    """Return the page with its tables a row a line, cells parted by " | ", each line of a cell a line of the page."""
    writer = _Writer(page)
    word_tables: list[WordTable] = []
    before = 0
    for table in tables:
        writer.lines_up_to(before, table.first)
        if table.running:
            writer.columns(table.grid.rows[0])
        else:
            writer.columns([table.before])
            rows = tuple(writer.row(row) for row in table.grid.rows)
            word_tables.append(WordTable(rows, table.headed, table.bold, _columns(table.grid)))
            writer.columns([table.after])
        before = table.last + 1
        writer.position = page.lines[table.last].end
    writer.lines_up_to(before, len(page.lines))
    writer.copy(writer.position, len(page.text))
    return replace(
        page,
        text="".join(writer.pieces),
        lines=tuple(writer.lines),
        tables=tuple(word_tables),
        order=tuple(writer.order),
    )


class _Writer:
    """Writes a page's text piece by piece and keeps where each character was."""

    def __init__(self, page: PageText) -> None:
        self.page = page
        self.pieces: list[str] = []
        self.order: list[int] = []
        self.lines: list[Line] = []
        self.position = 0

    def copy(self, start: int, end: int) -> None:
        self.pieces.append(self.page.text[start:end])
        self.order.extend(range(start, end))

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.order.extend([-1] * len(text))

    def lines_up_to(self, first: int, last: int) -> None:
        """Copy the lines before line ``last`` with all that stands between them, and up to that line's start."""
        shift = len(self.order) - self.position
        lines = self.page.lines
        end = lines[last].start if last < len(lines) else self.position
        for line in lines[first:last]:
            self.lines.append(line._replace(start=line.start + shift, end=line.end + shift))
            end = max(end, line.end)
        self.copy(self.position, end)
        self.position = end

    def columns(self, columns: Sequence[Sequence[Piece]]) -> None:
        """Write running text column by column, a line a line; words broken at a line's end are joined."""
        for column in columns:
            glued = False
            for number, piece in enumerate(column):
                if not glued and self.order and not self.pieces[-1].endswith("\n"):
                    self.add("\n")
                following = column[number + 1].text if number + 1 < len(column) else ""
                broken = _BROKEN.search(piece.text) is not None and following[:1].islower()
                glued = bool(following) and (piece.glued or broken)
                start = len(self.order)
                self.copy(piece.start, piece.end - broken)
                self.lines.append(_line(piece, start, len(self.order)))

    def row(self, cells: Sequence[Sequence[Piece]]) -> tuple[int, int]:
        """Write one row; return its first and last line."""
        if self.order and self.pieces[-1] and not self.pieces[-1].endswith("\n"):
            self.add("\n")
        first, begin = len(self.lines), len(self.order)
        for number, cell in enumerate(cells):
            if number:
                self.add(" | " if cell else " |")
            for place, piece in enumerate(cell):
                if place and not cell[place - 1].glued:
                    self.add(" ")
                # A row whose first cells are empty begins with their bars, else its cells would change their columns.
                start = len(self.order) if len(self.lines) > first else begin
                self.copy(piece.start, piece.end)
                self.lines.append(_line(piece, start, len(self.order)))
        return first, len(self.lines) - 1


def _columns(grid: Grid) -> tuple[tuple[float, float], ...]:
    columns = ([piece for cell in cells for piece in cell] for cells in zip(*grid.rows, strict=True))
    return tuple((min(piece.left for piece in held), max(piece.right for piece in held)) for held in columns)


def _line(piece: Piece, start: int, end: int) -> Line:
    return Line(start, end, piece.left, piece.bottom, piece.right, piece.top, piece.top - piece.bottom)

"""The lines and tables of one text of an RTF file: its body, a header, a note."""

from dataclasses import dataclass, field
from typing import NamedTuple

_LONGEST_REPEATED = 300


class Line(NamedTuple):
    """A paragraph, its depth where it is a heading, and whether it is an item of a list."""

    text: str
    level: int = 0
    listed: bool = False


@dataclass
class Flow:
    """One text while it is put together; ``lines`` are its paragraphs and tables (rows of cells) so far."""

    lines: list[Line | list[list[str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    beside: list[Line | list[list[str]]] = field(default_factory=list)
    merged: list[bool] = field(default_factory=list)
    next_merged: bool = False
    in_table: bool = False
    level: int = 0
    listed: bool = False

    def end_paragraph(self) -> None:
        """End a paragraph; what stood beside it follows it."""
        if self.in_table:
            self.words.append("\n")
            return
        self.end_table()
        if text := self.taken():
            self.lines.append(Line(text, self.level, self.listed))
        self.listed = False
        self.lines += self.beside
        self.beside = []

    def taken(self) -> str:
        """Return what was said since the last paragraph, and begin anew."""
        text = "".join(self.words).strip()
        self.words = []
        return text

    def end_row(self) -> None:
        """End a table's row; a cell that is merged with the one above it says the same."""
        if rest := self.taken():
            self.cells.append(rest)
        above = self.rows[-1] if self.rows else []
        for place, merged in enumerate(self.merged[: len(self.cells)]):
            if merged and not self.cells[place] and place < len(above) and len(above[place]) <= _LONGEST_REPEATED:
                self.cells[place] = above[place]
        self.rows.append(self.cells)
        self.cells = []

    def end_table(self) -> None:
        """End the rows of a table."""
        if self.cells:
            self.rows.append(self.cells)
        if self.rows:
            self.lines.append(self.rows)
        self.cells, self.rows = [], []

    def finish(self) -> "Flow":
        """End all that is still open."""
        self.in_table = False
        self.end_paragraph()
        return self

    def text(self) -> str:
        """Return all of it in lines."""
        said = (line.text if isinstance(line, Line) else "\n".join(map(" ".join, line)) for line in self.finish().lines)
        return "\n".join(said)

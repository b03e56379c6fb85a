"""Puts a document's canonical text together block by block, for the formats that have no text of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.load.limits import check_length
from core.schema import Block, BlockKind, Document, PageWord, Shortfall
from core.text import has_header

_UNWANTED = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace NUL by a blank and lone surrogates by U+FFFD; the length stays the same."""
    if text.isprintable():  # most lines are, and need no search
        return text
    return _UNWANTED.sub(lambda match: " " if match.group() == "\x00" else "\ufffd", text)


def join_cells(cells: Sequence[str]) -> str:
    """Join a row's cells by " | ", each on one line, without the empty ones at the row's end."""
    flat = [" ".join(cell.split()) for cell in cells]
    while flat and not flat[-1]:
        flat.pop()
    return " | ".join(flat)


@dataclass
class Builder:
    """Collects blocks; between two of them stands an empty line (within a list or a table one line break)."""

    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    page_starts: list[int] = field(default_factory=list)
    page_names: list[str] = field(default_factory=list)
    warnings: list[Shortfall] = field(default_factory=list)
    length: int = 0

    def page(self, name: str = "") -> None:
        """Begin the next page (slide, sheet, chapter)."""
        self._separate("\n\n")
        self.page_starts.append(self.length)
        self.page_names.append(" ".join(clean(name).split()))

    def heading(self, text: str, level: int) -> None:
        """Add a heading of depth ``level`` (from 1), on one line."""
        self._block("heading", " ".join(text.split()), level=max(1, level))

    def paragraph(self, text: str, kind: BlockKind = "paragraph") -> None:
        """Add a paragraph (or furniture); line breaks in it stay."""
        self._block(kind, text.strip())

    def item(self, text: str, depth: int = 0) -> None:
        """Add a list item; items one after the other are one list block."""
        text = clean("  " * min(depth, 6) + text.strip())
        last = self.blocks[-1] if self.blocks else None
        page = len(self.page_starts) or None
        if last is not None and last.kind == "list" and last.end == self.length and last.page == page:
            self._add("\n" + text)
            self.blocks[-1] = Block("list", last.start, self.length, page)
        else:
            self._block("list", text)

    def table(self, rows: Sequence[Sequence[str]], *, header: bool | None = None) -> None:
        """Add a table, a row a line. ``header``: whether its first row names the columns; None: judge by its look."""
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        if not filled:
            return
        with_header = has_header(filled) if header is None else header
        self._separate("\n\n")
        start, spans, first = self.length, [], ""
        for number, row in enumerate(filled):
            line = clean(join_cells(row))
            if number:
                self._add("\n")
            elif with_header:
                first = line
            spans.append((self.length, self.length + len(line)))
            self._add(line)
        page = len(self.page_starts) or None
        self.blocks.append(Block("table", start, self.length, page, 0, first, tuple(spans)))

    def document(self, kind: str, *, title: str = "", page_word: PageWord = "") -> Document:
        """Return what was collected as a Document."""
        pages = len(self.page_starts)
        return Document(
            text="".join(self.pieces),
            blocks=tuple(self.blocks),
            kind=kind,
            title=" ".join(clean(title).split())[:300],
            page_count=pages or None,
            page_word=page_word if pages else "",
            page_names=tuple(self.page_names) if any(self.page_names) else (),
            page_starts=tuple(self.page_starts),
            warnings=tuple(self.warnings),
        )

    def _block(self, kind: BlockKind, text: str, level: int = 0) -> None:
        text = clean(text)
        if not text.strip():
            return
        self._separate("\n\n")
        start = self.length
        self._add(text)
        self.blocks.append(Block(kind, start, self.length, len(self.page_starts) or None, level))

    def _separate(self, by: str) -> None:
        if self.length and not (self.pieces and self.pieces[-1] == by):
            self._add(by)

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        check_length(self.length)

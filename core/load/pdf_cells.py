"""Tables of words on a PDF page: found by the wide gaps within lines that stand above each other, and put in order.

Only lines that are wide for the letters they hold are looked at more closely: asking pdfium where a letter stands
costs about as much as reading ten.
"""

import ctypes
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from core.load.pdf_grid import Grid, Piece, arranged, could_be_names, trimmed
from core.load.pdf_line import Line, PageText, WordTable, raw_index

BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi", b"medi", b"cmbx")
_GAP = re.compile(r"\s+")
_MONEY = re.compile(r"[$€£¥] [\d(—–-]|\d\)? %")
_FIGURES = re.compile(r"[\s(][$€£¥]?\d[\d.,]*\s?[%)]*$|\s[—–]$")
_WIDE = 1.3
_GAP_HEIGHTS = 0.6
_RIVER_HEIGHTS = 0.4
_LOOSE_HEIGHTS = 1.2
_MOST_STEP = 3.5
_MOST_LINES = 400
_MOST_CELL_LINES = 14
_NEAR = 25
_MOST_OBJECTS = 6000
River = tuple[float, float]


def with_tables(textpage: Any, page: PageText, raw: str) -> PageText:
    """Return the page with its tables of words put in order: cells parted by " | ", one row a line of text."""
    if page.turned:
        return page
    seeds, barriers = _seeds(page)
    if not seeds:
        return page
    finder = _Finder(textpage, page, raw, barriers)
    tables: list[tuple[int, int, Grid]] = []
    done = -1
    for seed in seeds:
        if seed > done and (found := finder.table(seed, done)):
            tables.append(found)
            done = found[1]
    return _reordered(page, tables, finder) if tables else page


def _seeds(page: PageText) -> tuple[list[int], frozenset[int]]:
    """Return the lines with far fewer letters than their width could hold, and the rows of financial statements.

    The latter are left to what is made for them.
    """
    lines, text = page.lines, page.text
    widths = [
        (line.right - line.left) / ((line.end - line.start) * line.height) if line.height > 0 else 0.0 for line in lines
    ]
    usual = sorted(width for width in widths if width > 0)
    if len(usual) < 3:
        return [], frozenset()
    least = _WIDE * max(0.3, min(0.5, usual[len(usual) // 4]))
    wide = [index for index, width in enumerate(widths) if width > least and lines[index].end - lines[index].start > 2]
    barriers: frozenset[int] = frozenset()
    if wide and len(_MONEY.findall(text)) >= 2:
        barriers = frozenset(index for index in wide if _FIGURES.search(text, lines[index].start, lines[index].end))
        wide = [index for index in wide if index not in barriers]
    places = [-_MOST_LINES, *wide, len(lines) + _MOST_LINES]
    seeds = [
        index
        for before, index, after in zip(places, wide, places[2:], strict=False)
        if lines[index].bold or min(index - before, after - index) <= _NEAR
    ]
    return seeds, barriers


class _Finder:
    """Measures the lines of one page, each at most once."""

    def __init__(self, textpage: Any, page: PageText, raw: str, barriers: frozenset[int]) -> None:
        self.handle = textpage.raw
        self.page_object = textpage.page
        self.page = page
        self.raw = raw
        self.barriers = barriers
        self.plain = pdfium.FPDFText_CountChars(textpage) == len(raw)
        self.box = pdfium.FS_RECTF()
        self.name = ctypes.create_string_buffer(128)
        self.measured: dict[int, list[Piece]] = {}
        self.drawn: list[tuple[float, float, float]] | None = None

    def table(self, seed: int, done: int) -> tuple[int, int, Grid] | None:
        """Return the table around a line, its first and last line; None when there is none."""
        first, last, rivers = self._grown(seed, done)
        for _ in range(3):
            # Right above the rows of a financial statement stand the names of its columns.
            if last - first < 1 or not rivers or last + 1 in self.barriers:
                return None
            pieces = [piece for index in range(first, last + 1) for piece in self._parted(index, rivers)]
            if not _worth_it(pieces):
                return None
            edges = self._edges(pieces)
            grid = arranged(pieces, rivers, edges)
            if grid is None:
                return None
            above, below = trimmed(grid, edges)
            if not above and not below:
                return first, last, grid
            first = max([first, *(piece.line + 1 for piece in above)])
            last = min([last, *(piece.line - 1 for piece in below)])
        return None

    def bold(self, row: Sequence[Sequence[Piece]]) -> bool:
        """Tell whether every cell of a row begins in bold."""
        return all(self._is_bold(self._index(cell[0].start)) for cell in row if cell)

    def _grown(self, seed: int, done: int) -> tuple[int, int, list[River]]:
        """Grow a region up and down from a line for as long as its gaps go on."""
        lines = self.page.lines
        rivers = self._gaps(seed)
        counts = [1] * len(rivers)
        first = last = seed
        while rivers and last + 1 < len(lines) and last - seed < _MOST_LINES:
            if not self._near(last, last + 1, first) or not self._fits(last + 1, rivers, counts):
                break
            last += 1
        while rivers and first - 1 > done and seed - first < _MOST_LINES:
            if not self._near(first - 1, first, -1) or not self._fits(first - 1, rivers, counts):
                break
            first -= 1
        return first, last, rivers

    def _near(self, before: int, index: int, top: int) -> bool:
        """Tell whether a line follows another within a table: of much the same size, below it or beside it."""
        above, line = self.page.lines[before], self.page.lines[index]
        if before in self.barriers or index in self.barriers:
            return False
        if above.height <= 0 or line.height <= 0:
            return False
        if max(above.height, line.height) > 1.35 * min(above.height, line.height):
            return False
        step = above.bottom - line.top + line.height
        if step > -0.5 * line.height:
            return step < _MOST_STEP * line.height
        highest = self.page.lines[top].top if top >= 0 else above.top + _MOST_CELL_LINES * line.height
        return line.left > above.left and line.top <= highest + line.height * 0.3

    def _fits(self, index: int, rivers: list[River], counts: list[int]) -> bool:
        """Narrow the rivers by a line; False (and nothing changed) when it lies across one that is well borne out."""
        height = self.page.lines[index].height
        pieces = self._pieces(index)
        narrowed: list[River | None] = []
        for river, count in zip(rivers, counts, strict=True):
            rest = _rest(river, pieces)
            alive = rest[1] - rest[0] >= height * _RIVER_HEIGHTS
            if not alive and (count > 1 or len(rivers) == 1):
                return False
            narrowed.append(rest if alive else None)
        if not any(narrowed):
            return False
        beside = [
            any(p.right <= r[0] for p in pieces) and any(p.left >= r[1] for p in pieces) if r else False
            for r in narrowed
        ]
        counts[:] = [
            count + extra for count, extra, river in zip(counts, beside, narrowed, strict=True) if river is not None
        ]
        rivers[:] = [river for river in narrowed if river is not None]
        return True

    def _gaps(self, index: int) -> list[River]:
        pieces = self._pieces(index)
        if not pieces or any(abs(piece.bottom - pieces[0].bottom) > 1 for piece in pieces):
            return []
        return [(a.right, b.left) for a, b in pairwise(pieces) if b.left > a.right]

    def _parted(self, index: int, rivers: Sequence[River]) -> list[Piece]:
        """Return a line's pieces, those joined again that no river parts."""
        joined: list[Piece] = []
        for piece in self._pieces(index):
            last = joined[-1] if joined else None
            if (
                last
                and not last.glued
                and abs(last.bottom - piece.bottom) < 1
                and not any(last.right <= right and piece.left >= left for left, right in rivers)
            ):
                text = self.page.text[last.start : piece.end]
                loose = last.loose or piece.left - last.right > (piece.top - piece.bottom) * _LOOSE_HEIGHTS
                joined[-1] = last._replace(end=piece.end, right=piece.right, text=text, glued=piece.glued, loose=loose)
            else:
                joined.append(piece)
        return joined

    def _pieces(self, index: int) -> list[Piece]:
        """Cut a line where its gaps are wide, and where it goes on below after a hyphen."""
        if index in self.measured:
            return self.measured[index]
        line, text = self.page.lines[index], self.page.text
        cuts = [(gap.start(), gap.end(), False) for gap in _GAP.finditer(text, line.start, line.end)]
        if line.top - line.height > line.bottom + line.height * 0.5:
            cuts = sorted([*cuts, *((place, place, True) for place in self._folds(line))])
        pieces: list[Piece] = []
        start = line.start
        left, bottom, right, top = self._box(start)
        begun = left
        for cut, following, folded in cuts:
            if not start < cut or following >= line.end:
                continue
            right = self._box(cut - 1)[2]
            box = self._box(following)
            if folded or box[0] - right > line.height * _GAP_HEIGHTS or abs(box[1] - bottom) > line.height * 0.8:
                pieces.append(Piece(start, cut, begun, right, bottom, top, index, text[start:cut], folded))
                start, begun, bottom, top = following, box[0], box[1], box[3]
        pieces.append(
            Piece(start, line.end, begun, self._box(line.end - 1)[2], bottom, top, index, text[start : line.end])
        )
        self.measured[index] = pieces
        return pieces

    def _folds(self, line: Line) -> list[int]:
        """Return where in the text a line goes on below, its hyphen left out."""
        dropped = self.page.dropped
        places = [place - number for number, place in enumerate(dropped) if self.raw[place] == "\ufffe"]
        return [place for place in places if line.start < place < line.end]

    def _index(self, offset: int) -> int:
        place = raw_index(self.page.dropped, offset)
        return place if self.plain else pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, place)

    def _box(self, offset: int) -> tuple[float, float, float, float]:
        box = self.box
        pdfium.FPDFText_GetLooseCharBox(self.handle, self._index(offset), box)
        return box.left, box.bottom, box.right, box.top

    def _is_bold(self, index: int) -> bool:
        size = pdfium.FPDFText_GetFontInfo(self.handle, index, self.name, len(self.name), None)
        name = self.name.value.lower() if 0 < size <= len(self.name) else b""
        return any(weight in name for weight in BOLD_NAMES)

    def _edges(self, pieces: Sequence[Piece]) -> list[float]:
        """Return the heights of the lines drawn across at least half of the pieces' width, and near them."""
        if self.drawn is None:
            self.drawn = _drawn_edges(self.page_object)
        left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
        low = min(piece.bottom for piece in pieces) - 20
        high = max(piece.top for piece in pieces) + 20
        near = sorted(edge for edge in self.drawn if low < edge[0] < high and edge[2] > left and edge[1] < right)
        found: list[float] = []
        group: list[tuple[float, float, float]] = []
        for edge in [*near, (float("inf"), 0.0, 0.0)]:
            if group and edge[0] > group[0][0] + 1.5:
                if _covered(group, left, right) > (right - left) * 0.5:
                    found.append(group[0][0])
                group = []
            group.append(edge)
        return found


def _worth_it(pieces: Sequence[Piece]) -> bool:
    """Tell whether at least two lines have several pieces, and few pieces have wide gaps within."""
    lines = [piece.line for piece in pieces]
    return len(lines) - len(set(lines)) >= 2 and sum(piece.loose for piece in pieces) * 4 <= len(set(lines))


def _rest(river: River, pieces: Sequence[Piece]) -> River:
    """Return the widest part of a river that no piece lies in."""
    left, right = river
    best = (left, left)
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if piece.right <= left or piece.left >= right:
            continue
        if piece.left - left > best[1] - best[0]:
            best = (left, piece.left)
        left = piece.right
    return (left, right) if right - left >= best[1] - best[0] else best


def _drawn_edges(page: Any) -> list[tuple[float, float, float]]:
    """Return the level edges of what is drawn on a page: height, left and right of each."""
    edges: list[tuple[float, float, float]] = []
    count = pdfium.FPDFPage_CountObjects(page)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for number in range(min(count, _MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top) or right.value - left.value < 5:
            continue
        if top.value - bottom.value < 3:
            edges.append(((top.value + bottom.value) / 2, left.value, right.value))
        else:
            edges.append((top.value, left.value, right.value))
            edges.append((bottom.value, left.value, right.value))
    return edges


def _covered(edges: Sequence[tuple[float, float, float]], left: float, right: float) -> float:
    total, reached = 0.0, left
    for _, start, end in sorted(edges, key=lambda edge: edge[1]):
        start, end = max(start, reached), min(end, right)
        if end > start:
            total += end - start
            reached = end
    return total


def _reordered(page: PageText, tables: Sequence[tuple[int, int, Grid]], finder: _Finder) -> PageText:
    """Write the page's text anew, the cells of its tables after each other."""
    writer = _Writer(page)
    found: list[WordTable] = []
    before = 0
    for first, last, grid in tables:
        writer.lines_up_to(before, first)
        rows = [writer.row(row) for row in grid.rows]
        headed = could_be_names(grid.rows[0]) or finder.bold(grid.rows[0])
        found.append(WordTable(tuple(rows), headed))
        before = last + 1
        writer.position = page.lines[last].end
    writer.lines_up_to(before, len(page.lines))
    writer.copy(writer.position, len(page.text))
    return replace(
        page, text="".join(writer.pieces), lines=tuple(writer.lines), tables=tuple(found), order=tuple(writer.order)
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

    def row(self, cells: Sequence[Sequence[Piece]]) -> tuple[int, int]:
        """Write one row; return its first and last line."""
        if self.order and self.pieces[-1] and not self.pieces[-1].endswith("\n"):
            self.add("\n")
        first = len(self.lines)
        for number, cell in enumerate(cells):
            if number:
                self.add(" | " if cell else " |")
            for place, piece in enumerate(cell):
                if place and not cell[place - 1].glued:
                    self.add(" ")
                start = len(self.order)
                self.copy(piece.start, piece.end)
                self.lines.append(_line(piece, start, len(self.order)))
        return first, len(self.lines) - 1


def _line(piece: Piece, start: int, end: int) -> Line:
    return Line(start, end, piece.left, piece.bottom, piece.right, piece.top, piece.top - piece.bottom)

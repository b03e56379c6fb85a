"""Tables of words on a PDF page: found by the wide gaps within lines that stand above each other, and put in order.

Only lines that are wide for the letters they hold are looked at more closely: asking pdfium where a letter stands
costs about as much as reading ten.
"""

import ctypes
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import pypdfium2.raw as pdfium

from core.load.pdf.beside import text_beside
from core.load.pdf.direction import reads_leftward
from core.load.pdf.grid import Piece, arranged, in_columns, is_headed, trimmed
from core.load.pdf.letters import Box, Letters
from core.load.pdf.line import Line, PageText, shifts
from core.load.pdf.merged import with_merged
from core.load.pdf.order import FoundTable, in_order
from core.load.pdf.rules import Edge, drawn_edges, edges_across
from core.text import ends_in_figure, is_figure, is_year, signs_apart

_BOLD = re.compile(rb"bold|black|heavy|demi|medi|cmbx", re.I)
_LEADER = re.compile(r"\.\s?\.\s?\.\s?\.")
_BROKEN_WITHIN = re.compile(r"[^\W\d_]{2}- [^\W\d_]{2}")
_GAP = re.compile(r"\s+")
_WIDE = 1.3
_GAP_HEIGHTS = 0.6
_RIVER_HEIGHTS = 0.4
_LOOSE_HEIGHTS = 1.2
_MOST_STEP = 3.5
_MOST_LINES = 400
_MOST_CELL_LINES = 14
_NEAR = 25
_MOST_SEEDS = 80
_LONG_LINE = 40
_LEAST_COLUMN_LINES = 5
River = tuple[float, float]


def with_tables(letters: Letters, page: PageText) -> PageText:
    """Return the page with its tables of words put in order: cells parted by " | ", one row a line of text."""
    if reads_leftward(page.text):
        return page
    seeds, barriers = _seeds(page)
    finder = _Finder(letters, page, barriers)
    if found := finder.columns():
        return in_order(page, [found])
    tables: list[FoundTable] = []
    done = -1
    for seed in seeds[:_MOST_SEEDS]:
        if seed > done and (table := finder.table(seed, done)):
            tables.append(table)
            done = table.last
    return in_order(page, tables) if tables else page


def is_bold(font: bytes) -> bool:
    """Tell by a font's name whether it is bold."""
    return _BOLD.search(font) is not None


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
    if signs_apart(text) >= 2:
        barriers = frozenset(index for index in wide if ends_in_figure(text, lines[index].start, lines[index].end))
        wide = [index for index in wide if index not in barriers]
    else:
        wide = sorted({*wide, *_rows_of_figures(page)})
    places = [-_MOST_LINES, *wide, len(lines) + _MOST_LINES]
    seeds = [
        index
        for before, index, after in zip(places, wide, places[2:], strict=False)
        if lines[index].bold or min(index - before, after - index) <= _NEAR
    ]
    return seeds, barriers


def _rows_of_figures(page: PageText) -> list[int]:
    """Return the lines that end in a figure like the line above or below them, those of a table of contents not."""
    lines, text = page.lines, page.text
    ends = [line.height > 0 and _ends_in_amount(text, line) for line in lines]
    return [
        index
        for index, (above, here, below) in enumerate(zip([False, *ends], ends, [*ends[1:], False], strict=False))
        if here and (above or below)
    ]


def _ends_in_amount(text: str, line: Line) -> bool:
    words = text[line.start : line.end]
    before, _, last = words.rpartition(" ")
    return bool(before) and is_figure(last) and not is_year(last) and _LEADER.search(words) is None


class _Finder:
    """Measures the lines of one page, each at most once."""

    def __init__(self, letters: Letters, page: PageText, barriers: frozenset[int]) -> None:
        self.letters = letters
        self.page = page
        self.raw = letters.text
        self.barriers = barriers
        self.name = ctypes.create_string_buffer(128)
        self.box = pdfium.FS_RECTF()
        self.simple = letters.plain and not letters.places
        self.shifts = shifts(page.dropped)
        self.measured: dict[int, list[Piece]] = {}
        self.drawn: list[Edge] | None = None

    def table(self, seed: int, done: int) -> FoundTable | None:
        """Return the table around a line that begins after line ``done``; None when there is none."""
        first, last, rivers = self._grown(seed, done)
        if last - first < 1 or not rivers:
            return None
        completed = self._completed(first, last, rivers)
        found = self._table(first, last, completed) if len(completed) > len(rivers) else None
        if found and (found.first, found.last) == (first, last):
            return found
        table = self._table(first, last, rivers)
        whole = found and (not table or (found.first <= table.first and found.last >= table.last))
        return found if whole else table

    def _table(self, first: int, last: int, rivers: Sequence[River]) -> FoundTable | None:
        """Return the table of lines ``first`` to ``last``, or of some of them; None when they make none."""
        for _ in range(4):
            # Right above the rows of a financial statement stand the names of its columns.
            if last - first < 1 or self.barriers.intersection(range(last + 1, last + 4)):
                return None
            pieces = [piece for index in range(first, last + 1) for piece in self._parted(index, rivers)]
            if not _worth_it(pieces):
                return None
            beside = text_beside(pieces, self._drawn)
            if beside:
                apart = set(beside)
                pieces = [piece for piece in pieces if piece not in apart]
                rows = pieces[0].line, pieces[-1].line
                if not any(rows[0] <= piece.line <= rows[1] for piece in beside):
                    first, last = rows
                    continue
            inner = _within(rivers, pieces) if beside else rivers
            edges = edges_across(self._drawn(), pieces)
            grid = arranged(pieces, inner, edges) if inner else None
            if grid is None:
                return None
            above, below = trimmed(grid, edges)
            if not above and not below:
                bold = self._all_bold(grid.rows[0])
                before, after = _sides(beside, pieces)
                grid, headed = with_merged(grid, self._drawn()), bold or is_headed(grid)
                return FoundTable(first, last, grid, headed, bold, before=before, after=after)
            first = max([first, *(piece.line + 1 for piece in above)])
            last = min([last, *(piece.line - 1 for piece in below)])
        return None

    def columns(self) -> FoundTable | None:
        """Return running text in columns that pdfium gives row by row, as what was written so; None for none."""
        lines = self.page.lines
        long = [index for index, line in enumerate(lines) if line.end - line.start >= _LONG_LINE and line.height]
        if len(long) < _LEAST_COLUMN_LINES:
            return None
        # To look at a line costs time: at more than one only where a word seems to be broken within a line.
        broken = _BROKEN_WITHIN.search(self.page.text) is not None
        for quarter in (2, 1, 3) if broken else (2,):
            seed = long[len(long) * quarter // 4]
            if not any(right - left > lines[seed].height for left, right in self._gaps(seed)):
                continue
            first, last, rivers = self._grown(seed, -1)
            if last - first + 1 < _LEAST_COLUMN_LINES or not rivers:
                continue
            pieces = [piece for index in range(first, last + 1) for piece in self._parted(index, rivers)]
            if grid := in_columns(pieces, rivers):
                return FoundTable(first, last, grid, False, running=True)
        return None

    def _all_bold(self, row: Sequence[Sequence[Piece]]) -> bool:
        return all(self._is_bold(cell[0].start) for cell in row if cell)

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

    def _completed(self, first: int, last: int, rivers: list[River]) -> list[River]:
        """Add the gaps that go through a whole region and part some of its lines, though not the one it grew from.

        Where a cell is merged over several rows, most lines have nothing in its column.
        """
        lines = [self._pieces(index) for index in range(first, last + 1)]
        least = self.page.lines[first].height * _GAP_HEIGHTS
        more: list[River] = []
        reached = float("inf")
        for piece in sorted((piece for line in lines for piece in line), key=lambda piece: piece.left):
            gap = (reached, piece.left)
            if piece.left - reached >= least and not any(gap[0] < right and left < gap[1] for left, right in rivers):
                parted = sum(line[0].left < gap[0] and line[-1].right > gap[1] for line in lines)
                if parted >= 2:
                    more.append(gap)
            reached = max(piece.right, reached) if reached < float("inf") else piece.right
        return sorted([*rivers, *more])

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
        pieces = sorted(self._pieces(index), key=lambda piece: piece.left)
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
        in_order = sorted(pieces, key=lambda piece: piece.left)
        return [(a.right, b.left) for a, b in pairwise(in_order) if b.left > a.right]

    def _parted(self, index: int, rivers: Sequence[River]) -> list[Piece]:
        """Return a line's pieces, those joined again that no river parts."""
        joined: list[Piece] = []
        for piece in self._pieces(index):
            last = joined[-1] if joined else None
            if (
                last
                and not last.glued
                and abs(last.bottom - piece.bottom) < 1
                and last.left < piece.left
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
            # What goes back to the left stands beside the line, at almost its height.
            apart = abs(box[0] - right) > line.height * _GAP_HEIGHTS or abs(box[1] - bottom) > line.height * 0.8
            if folded or apart:
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

    def _box(self, offset: int) -> Box:
        place = offset + bisect_right(self.shifts, offset)
        if not self.simple:
            return self.letters.box(place)
        box = self.box
        pdfium.FPDFText_GetLooseCharBox(self.letters.handle, place, box)
        return box.left, box.bottom, box.right, box.top

    def _is_bold(self, offset: int) -> bool:
        index = self.letters.index(offset + bisect_right(self.shifts, offset))
        size = pdfium.FPDFText_GetFontInfo(self.letters.handle, index, self.name, len(self.name), None)
        return 0 < size <= len(self.name) and is_bold(self.name.value)

    def _drawn(self) -> list[Edge]:
        if self.drawn is None:
            self.drawn = drawn_edges(self.letters.page)
        return self.drawn


def _worth_it(pieces: Sequence[Piece]) -> bool:
    """Tell whether at least two lines have several pieces, and few pieces have wide gaps within."""
    lines = [piece.line for piece in pieces]
    return len(lines) - len(set(lines)) >= 2 and sum(piece.loose for piece in pieces) * 4 <= len(set(lines))


def _within(rivers: Sequence[River], pieces: Sequence[Piece]) -> list[River]:
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    return [river for river in rivers if left < river[0] and river[1] < right]


def _sides(beside: Sequence[Piece], table: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Return the text that stands left of a table, and that right of it."""
    left = bool(beside) and beside[0].left < min(piece.left for piece in table)
    return (beside, ()) if left else ((), beside)


def _rest(river: River, pieces: Sequence[Piece]) -> River:
    """Return the widest part of a river that no piece (from left to right) lies in."""
    left, right = river
    best = (left, left)
    for piece in pieces:
        if piece.right <= left or piece.left >= right:
            continue
        if piece.left - left > best[1] - best[0]:
            best = (left, piece.left)
        left = piece.right
    return (left, right) if right - left >= best[1] - best[0] else best

"""Running text that stands beside a table on a PDF page, at the same height: told from the table's last column."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from core.load.pdf.grid import Piece, visual_lines
from core.load.pdf.rules import Edge, edges_across

_SENTENCE_END = re.compile(r"[.!?:;。！？…][\"'”’)\]]*$")
_LEAST_LINES = 4
_LEAST_ROWS = 3
_LONG = 20
_GUTTER_HEIGHTS = 0.6
_SAME_HEIGHTS = 0.2
Line = Sequence[Piece]


def text_beside(pieces: Sequence[Piece], drawn: Callable[[], Sequence[Edge]]) -> list[Piece]:
    """Return the pieces that are running text left or right of a table made of the others; ``[]`` where none are.

    ``drawn`` tells all level lines drawn on the page. A gutter parts the text from the table. Its lines are long,
    evenly spaced, go on below with a small letter, and have nothing to do with the rows: rules are drawn under these
    only, or they stand at other heights, or begin in the midst of its sentences.
    """
    if sum(len(piece.text) > _LONG for piece in pieces) < _LEAST_LINES:
        return []
    for place, on_the_left in _gutters(pieces):
        text = [piece for piece in pieces if (piece.right <= place) == on_the_left]
        rest = [piece for piece in pieces if (piece.right <= place) != on_the_left]
        lines = visual_lines(text)
        if _runs_on(lines) and _is_apart(lines, visual_lines(rest), drawn()):
            return [piece for line in lines for piece in sorted(line, key=lambda piece: piece.left)]
    return []


def _gutters(pieces: Sequence[Piece]) -> list[tuple[float, bool]]:
    """Return where the last and the first column may begin and end: a place, and whether the text is left of it."""
    least = sorted(piece.top - piece.bottom for piece in pieces)[len(pieces) // 2] * _GUTTER_HEIGHTS
    places: list[float] = []
    reached = float("inf")
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if piece.left - reached >= least:
            places.append((reached + piece.left) / 2)
        reached = max(piece.right, reached) if reached < float("inf") else piece.right
    # One gap alone parts the two columns of a table, or two columns of text.
    return [(places[-1], False), (places[0], True)] if len(places) > 1 else []


def _runs_on(lines: Sequence[Line]) -> bool:
    """Tell running text: lines at even steps that mostly fill their column and often begin with a small letter."""
    if len(lines) < _LEAST_LINES:
        return False
    left = min(piece.left for line in lines for piece in line)
    right = max(piece.right for line in lines for piece in line)
    wide = sum(
        max(piece.right for piece in line) - min(piece.left for piece in line) > (right - left) * 0.8
        and sum(len(piece.text) for piece in line) > _LONG
        for line in lines
    )
    follows = sum(_first(line)[:1].islower() for line in lines[1:])
    steps = _steps(lines)
    usual = sorted(steps)[len(steps) // 2]
    even = sum(abs(step - usual) <= usual * 0.1 for step in steps)
    return wide * 10 >= len(lines) * 6 and follows * 3 >= len(lines) - 1 and even * 4 >= len(steps) * 3


def _is_apart(text: Sequence[Line], rows: Sequence[Line], edges: Sequence[Edge]) -> bool:
    """Tell whether lines of running text have nothing to do with the rows beside them."""
    high, low = _height(text[0]), _height(text[-1])
    if any(low < height < high for height in edges_across(edges, [piece for line in text for piece in line])):
        return False
    beside = [row for row in rows if low - 2 <= _height(row) <= high + 2]
    if len(beside) < _LEAST_ROWS or sum(len(row) > 1 for row in beside) * 2 < len(beside):
        return False
    top, bottom = _height(beside[0]), _height(beside[-1])
    between = [height for height in edges_across(edges, [p for row in rows for p in row]) if bottom < height < top]
    if len(between) >= 2:
        return True
    shared = sum(bottom - 2 <= _height(line) <= top + 2 for line in text)
    if len(beside) * 2 < shared:
        return False  # a row for each few lines: these are its cell
    near = _SAME_HEIGHTS * (text[0][0].top - text[0][0].bottom)
    heights = [_height(row) for row in beside]
    level = [n for n, line in enumerate(text) if any(abs(_height(line) - height) <= near for height in heights)]
    if len(level) * 10 < len(beside) * 6:
        return True
    steps = _steps(beside)
    usual = sorted(steps)[len(steps) // 2]
    amidst = sum(_first(text[n])[:1].islower() and not _SENTENCE_END.search(text[n - 1][-1].text) for n in level if n)
    return amidst * 2 >= len(level) and sum(abs(step - usual) <= usual * 0.15 for step in steps) * 3 >= len(steps) * 2


def _steps(lines: Sequence[Line]) -> list[float]:
    return [_height(above) - _height(below) for above, below in pairwise(lines)]


def _height(line: Line) -> float:
    return max(line, key=lambda piece: piece.end - piece.start).bottom


def _first(line: Line) -> str:
    return min(line, key=lambda piece: piece.left).text

"""What is read of a PDF page: its text, its lines, its tables of words, and the way back to pdfium's characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """A line of a page: its span in the page's text and its box in points (all 0 when it is not set horizontally).

    Where a hyphen was left out, the line goes on below: ``top`` and ``height`` are of its first row on the page,
    ``bottom`` and ``right`` of its last. ``bold`` is only looked up for lines that could be a heading. In a table of
    words each line of a cell is a line of its own.
    """

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float
    height: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table of words: the first and last line of each of its rows, and whether the first row names the columns.

    ``bold``: that row is in bold. ``columns`` are the left and the right end of each column in points.
    """

    rows: tuple[tuple[int, int], ...]
    headed: bool
    bold: bool = False
    columns: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text and lines, and how they differ from pdfium's text.

    ``dropped`` are places left out. Where the letters are read in another order than pdfium's, ``places`` gives the
    place of each in its text, -1 for those put in; else it is empty. Where tables of words were put in order, ``order``
    gives for each character its place before that, -1 for the bars and blanks put in; else it is empty.
    """

    text: str
    lines: tuple[Line, ...]
    dropped: tuple[int, ...]
    places: tuple[int, ...] = ()
    tables: tuple[WordTable, ...] = ()
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page as read: its number from 1, where its text begins in the document's, and the text with its lines."""

    number: int
    start: int
    page: PageText


def shifts(dropped: Sequence[int]) -> list[int]:
    """Return from which place of the text on one more letter was left out before it: ``text[offset]`` stands at
    ``offset + bisect_right(shifts, offset)`` of what was read."""
    return [place - number for number, place in enumerate(dropped)]

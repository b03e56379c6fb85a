"""Lines found in a picture to the text of a page: in the order they are read in, rows joined, broken words whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.load.builder import clean
from core.load.pdf.line import Line, PageText
from core.load.scans.recognise import RecognisedLine, RecognisedWord
from core.schema import WordBox

_DEEPEST = 6
_LEAST_LINES = 4  # of a column
_LEAST_WIDTH = 8  # of a column, in heights of its lines
_FULL = 0.6  # of a column's width: what a line of prose fills, and a cell of a table does not
_CROSSING = 0.15
_BODY = 1.3  # letters up to this much higher or lower are those of the text: boxes are not that exact
_LEAST_LETTERS = 0.5  # for each height that a line is wide; Latin has about 1.8, Chinese 1
_LEAST_SURE = 0.5  # below it stand patterns that are no letters
_BROKEN = re.compile(r"[^\W\d_]{2}[-‐]$")
PAPER = 842.0  # points: the longer side of A4, as which a picture's longer side is taken


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """A recognised page: its text and lines, where its words are (offsets in its text, boxes in points from the lower
    left corner), and how sure the letters are, 0 to 1 (1 where there are none)."""

    text: PageText
    words: tuple[WordBox, ...]
    confidence: float


def recognised_page(lines: Sequence[RecognisedLine], height: float, points: float) -> RecognisedPage:
    """Put a page's lines in order. ``height``: of the picture in pixels; ``points``: a pixel's size in points."""
    readable = [line for line in lines if line.confidence >= _LEAST_SURE]
    level = [line for line in readable if line.level]
    rows = [*_in_order(level, 0), *([line] for line in readable if not line.level)]
    writer = _Writer(height, points, _usual_height(level))
    for number, row in enumerate(rows):
        writer.row(row, rows[number + 1] if number + 1 < len(rows) else ())
    text = PageText("".join(writer.pieces).removesuffix("\n"), tuple(writer.lines), ())
    return RecognisedPage(text, tuple(writer.words), confidence_of(lines))


def confidence_of(lines: Sequence[RecognisedLine]) -> float:
    """Return how sure a page's letters are, 0 to 1; 1 where there are none.

    Lines with room for many letters in which few were told are in a script that is not known: what was told is noise.
    """
    letters = sum(_letters(line) for line in lines)
    room = sum((line.box[2] - line.box[0]) / max(1.0, line.box[3] - line.box[1]) for line in lines if line.level)
    told = min(1.0, letters / max(1.0, room * _LEAST_LETTERS))
    return told * sum(line.confidence * _letters(line) for line in lines) / letters if letters else 1.0


def _letters(line: RecognisedLine) -> int:
    return sum(len(word.text) for word in line.words)


def _usual_height(lines: Sequence[RecognisedLine]) -> float:
    """Return the height that half of the letters' boxes do not exceed."""
    heights = sorted((line.box[3] - line.box[1], _letters(line)) for line in lines)
    half = sum(count for _, count in heights) / 2
    for height, count in heights:
        half -= count
        if half <= 0:
            return height
    return 0.0


def _in_order(lines: list[RecognisedLine], depth: int) -> list[list[RecognisedLine]]:
    """Return rows of lines that stand beside each other: column by column where there are columns of prose."""
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is None:
        return _rows(lines)
    crossing = [line for line in lines if _crosses(line, gutter)]
    ordered: list[list[RecognisedLine]] = []
    above = float("-inf")
    # What goes over both columns parts what stands above it from what stands below.
    for row in [*_rows(crossing), []]:
        below = min((_middle(line) for line in row), default=float("inf"))
        between = [line for line in lines if above <= _middle(line) < below and not _crosses(line, gutter)]
        for column in ([each for each in between if _across(each) < gutter],
                       [each for each in between if _across(each) >= gutter]):  # fmt: skip
            ordered.extend(_in_order(column, depth + 1))
        ordered.extend([row] if row else [])
        above = below
    return ordered


def _crosses(line: RecognisedLine, place: float) -> bool:
    return line.box[0] < place < line.box[2]


def _middle(line: RecognisedLine) -> float:
    return (line.box[1] + line.box[3]) / 2


def _across(line: RecognisedLine) -> float:
    return (line.box[0] + line.box[2]) / 2


def _rows(lines: Sequence[RecognisedLine]) -> list[list[RecognisedLine]]:
    """Return the lines from top to bottom, those at the same height together from left to right."""
    rows: list[list[RecognisedLine]] = []
    for line in sorted(lines, key=_middle):
        if rows and _beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _beside(row: Sequence[RecognisedLine], line: RecognisedLine) -> bool:
    """Tell whether a line stands at a row's height and over none of its lines."""
    first = row[0].box
    overlap = min(first[3], line.box[3]) - max(first[1], line.box[1])
    if overlap <= 0.5 * min(first[3] - first[1], line.box[3] - line.box[1]):
        return False
    slack = 0.3 * (line.box[3] - line.box[1])
    return all(line.box[0] >= each.box[2] - slack or line.box[2] <= each.box[0] + slack for each in row)


def _gutter(lines: Sequence[RecognisedLine]) -> float | None:
    """Return where the page parts into two columns of prose, None where it does not: a table does not."""
    height = _usual_height(lines)
    if len(lines) < 2 * _LEAST_LINES or not height:
        return None
    most = max(1, int(len(lines) * _CROSSING))
    # A gutter begins where some line ends: those that fewest lines go over are tried.
    best: tuple[int, float, float] | None = None
    for end in sorted({line.box[2] for line in lines}):
        right = min((line.box[0] for line in lines if line.box[0] >= end), default=None)
        if right is None or right - end < 0.5 * height:
            continue
        place = (end + right) / 2
        crossing = sum(_crosses(line, place) for line in lines)
        if crossing > most or (best is not None and (crossing, end - right) >= best[:2]):
            continue
        left_side = [line for line in lines if line.box[2] <= place]
        right_side = [line for line in lines if line.box[0] >= place]
        if _is_prose(left_side, height) and _is_prose(right_side, height) and _side_by_side(left_side, right_side):
            best = (crossing, end - right, place)
    return best[2] if best else None


def _is_prose(side: Sequence[RecognisedLine], height: float) -> bool:
    """Tell whether most lines are long, and most about as long as the longest: cells of a table are not."""
    if len(side) < _LEAST_LINES:
        return False
    widths = sorted(line.box[2] - line.box[0] for line in side)
    usual = widths[int(len(widths) * 0.8)]
    return widths[len(widths) // 2] >= max(_LEAST_WIDTH * height, _FULL * usual)


def _side_by_side(left: Sequence[RecognisedLine], right: Sequence[RecognisedLine]) -> bool:
    tops = [min(line.box[1] for line in side) for side in (left, right)]
    bottoms = [max(line.box[3] for line in side) for side in (left, right)]
    shared = min(bottoms) - max(tops)
    return shared >= 0.5 * min(bottom - top for bottom, top in zip(bottoms, tops, strict=True))


class _Writer:
    """Writes a page's text row by row, and keeps where each word and each row is."""

    def __init__(self, height: float, points: float, body: float) -> None:
        self.height = height
        self.points = points
        self.body = body
        self.pieces: list[str] = []
        self.lines: list[Line] = []
        self.words: list[WordBox] = []
        self.length = 0
        self.taken = 0  # words of the coming row that stand already in the one above

    def row(self, row: Sequence[RecognisedLine], following: Sequence[RecognisedLine]) -> None:
        """Write one row; where its last word is broken, the rest of it comes along from the ``following`` row."""
        words = [(word, line.confidence) for line in row for word in line.words][self.taken :]
        self.taken = 0
        if not words:
            return
        start = self.length
        for number, (word, sure) in enumerate(words):
            if number:
                self._add(" ")
            rest = following[0].words[0] if number == len(words) - 1 and following else None
            if rest is not None and _BROKEN.search(word.text) and rest.text[:1].islower():
                self._word(word, word.text[:-1], sure)
                self._word(rest, rest.text, following[0].confidence)
                self.taken = 1
            else:
                self._word(word, word.text, sure)
        self.lines.append(self._line(row, start))
        self._add("\n")

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def _word(self, word: RecognisedWord, text: str, sure: float) -> None:
        start = self.length
        self._add(clean(text))
        left, top, right, bottom = word.box
        places = (left, self.height - bottom, right, self.height - top)
        left, bottom, right, top = (round(place * self.points, 1) for place in places)
        self.words.append(WordBox(start, self.length, left, bottom, right, top, round(sure, 2)))

    def _line(self, row: Sequence[RecognisedLine], start: int) -> Line:
        if not row[0].level:
            return Line(start, self.length, 0, 0, 0, 0, 0)
        longest = max(row, key=_letters).box
        height = longest[3] - longest[1]
        if self.body / _BODY < height < self.body * _BODY:
            height = self.body
        middle = self.height - (longest[1] + longest[3]) / 2
        size = round(2 * height * self.points) / 2
        bottom = middle * self.points - size / 2
        left, right = min(line.box[0] for line in row), max(line.box[2] for line in row)
        return Line(start, self.length, left * self.points, bottom, right * self.points, bottom + size, size)

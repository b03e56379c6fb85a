"""The text of one PDF page, and the way back from a place in it to pdfium's characters.

Extraction and highlighting both use ``page_text``, so an offset always means the same character.
"""

import ctypes
import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from core.load.builder import clean
from core.load.pdf.cells import is_bold, with_tables
from core.load.pdf.direction import in_reading_order
from core.load.pdf.forms import NOTHING, Added
from core.load.pdf.letters import Box, Letters, doubled, raw_text
from core.load.pdf.line import Line, PageText, shifts
from core.load.pdf.shifted import mended
from core.load.pdf.weave import woven

# Word's and PowerPoint's symbol fonts put their bullets into the private area.
_SAME_LENGTH = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 160, 8232, 8233, 65279), " ") | {
    0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF076: "❖", 0xF0E0: "→", 0xF02D: "-", 0xFFFF: " ",
}  # fmt: skip
_RARE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xa0\xad\u2028\u2029\ud800-\udfff\uf02d\uf076\uf0a7\uf0b7\uf0d8\uf0e0\uf0fc\ufeff\ufffe\uffff]"
)
_DROPPED = re.compile("\xad|(?<=[^\\W\\d_]{2})\ufffe(?=[^\\W\\d_])")
_SOLID = re.compile(r"\S+")
_HEIGHT_OF_A_ROW = 0.5
_LONGEST_HEADING = 120
_SENTENCE_ENDS = frozenset(".,;")


def page_text(textpage: Any, added: Added = NOTHING, raw: str | None = None) -> PageText:
    """Read a page's text and lines, with what was laid over it (see forms.py); ``raw`` is its text where it is known.

    Left out are carriage returns and the hyphens of words broken at a line's end; replaced one for one are control
    characters, symbol-font bullets, and the line breaks inside one row (pdfium breaks at every superscript). Arabic
    words whose letters pdfium gives from left to right are turned round. The cells of tables of words stand after each
    other, parted by " | ", a row a line.
    """
    letters = Letters(textpage, mended(raw_text(textpage) if raw is None else raw))
    if added.marks:
        letters = woven(letters, added)
    letters = in_reading_order(letters)
    return with_tables(letters, _Reader(letters).read())


def character_indices(textpage: Any, page: PageText, start: int, end: int) -> list[int]:
    """Return pdfium's character index of every character of ``page.text[start:end]`` that stands on the page."""
    twice = doubled(textpage, raw_text(textpage))
    left_out = shifts(page.dropped)
    indices = []
    for offset in range(max(0, start), min(end, len(page.text))):
        place = page.order[offset] if page.order else offset
        if place < 0:
            continue
        at = place + bisect_right(left_out, place)
        at = page.places[at] if page.places else at
        if at < 0:
            continue
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, at + bisect_left(twice, at))
        if index >= 0:
            indices.append(index)
    return indices


class _Reader:
    """Walks over the raw text line by line; one box in C for a line's first and one for its last character."""

    def __init__(self, letters: Letters) -> None:
        self.letters = letters
        self.raw = letters.text
        self.simple = letters.plain and not letters.places
        self.handle = letters.handle
        self.box = pdfium.FS_RECTF()
        self.name = ctypes.create_string_buffer(128)
        self.pieces: list[str] = []
        self.lines: list[Line] = []
        self.dropped: list[int] = []

    def read(self) -> PageText:
        raw_start = start = 0
        for raw_line in self.raw.split("\n"):
            body = raw_line
            if body.endswith("\r"):
                self.dropped.append(raw_start + len(body) - 1)
                body = body[:-1]
            text = self._cleaned(body, raw_start) if _RARE.search(body) else body
            self._line(text, body, start, raw_start)
            start += len(text) + 1
            raw_start += len(raw_line) + 1
        return PageText("".join(self.pieces)[:-1], tuple(self.lines), tuple(sorted(self.dropped)), self.letters.places)

    def _cleaned(self, body: str, raw_start: int) -> str:
        places = [match.start() for match in _DROPPED.finditer(body) if _joins(body, match.start())]
        self.dropped.extend(raw_start + place for place in places)
        left_out = set(places)
        rest = "".join(character for place, character in enumerate(body) if place not in left_out)
        return clean(rest.translate(_SAME_LENGTH).replace("\ufffe", "-"))

    def _line(self, text: str, body: str, start: int, raw_start: int) -> None:
        length = len(text)
        lead, tail = length - len(text.lstrip()), len(text.rstrip())
        if lead >= tail:
            self.pieces.append(text + "\n")
            return
        first, last = raw_start + len(body) - len(body.lstrip()), raw_start + len(body.rstrip()) - 1
        line = self._measured(start + lead, start + tail, first, last, text[:tail])
        # A line that ends below where it begins, or whose height could not be measured, may be several rows.
        sinks = not line.height or line.top - line.height - line.bottom > 0.8 * line.height
        several = sinks and len(text) == len(body) and "\ufffe" not in body
        if cuts := self._breaks(body, raw_start) if several else []:
            for cut, end in pairwise([0, *cuts, length + 1]):
                self._line(text[cut : end - 1], body[cut : end - 1], start + cut, raw_start + cut)
            return
        if self.lines and _same_row(self.lines[-1], line):
            self.pieces[-1] = self.pieces[-1][:-1] + " "
            self.lines[-1] = _joined(self.lines[-1], line)
        else:
            self.lines.append(line)
        self.pieces.append(text + "\n")

    def _breaks(self, body: str, raw_start: int) -> list[int]:
        """Return where the rows begin that pdfium took for one line: below the word before and not right of it.

        It does so where a row begins with a single letter or digit.
        """
        cuts: list[int] = []
        bottom = right = height = 0.0
        for word in _SOLID.finditer(body):
            left, low, _, top = self._box_of(raw_start + word.start())
            _, end_low, end_right, end_top = self._box_of(raw_start + word.end() - 1)
            if abs(low - end_low) > 0.5 * max(top - low, end_top - end_low):
                return []  # a word that is not set horizontally
            step = max(height, top - low)
            if height and bottom - low > 0.8 * step and left < right - step:
                cuts.append(word.start())
            bottom, right, height = end_low, end_right, max(top - low, end_top - end_low)
        return cuts

    def _measured(self, start: int, end: int, first: int, last: int, body: str) -> Line:
        left, bottom, right, top = self._box_of(first)
        end_left, end_bottom, end_right, end_top = self._box_of(last)
        height = top - bottom
        if "\ufffe" not in self.raw[first:last]:
            if abs(end_bottom - bottom) > height + end_top - end_bottom or height <= 0:
                return Line(start, end, 0, 0, 0, 0, 0)
            left, right = min(left, end_left), max(right, end_right)
        else:
            right = end_right
        could_head = last - first < _LONGEST_HEADING and body[-1:] not in _SENTENCE_ENDS
        bold = could_head and self._is_bold(first) and self._is_bold(last)
        return Line(start, end, left, end_bottom, right, top, height, bold)

    def _box_of(self, place: int) -> Box:
        if not self.simple:
            return self.letters.box(place)
        box = self.box
        pdfium.FPDFText_GetLooseCharBox(self.handle, place, box)
        return box.left, box.bottom, box.right, box.top

    def _is_bold(self, place: int) -> bool:
        index = place if self.simple else self.letters.index(place)
        size = pdfium.FPDFText_GetFontInfo(self.handle, index, self.name, len(self.name), None)
        return 0 < size <= len(self.name) and is_bold(self.name.value)


def _joins(body: str, place: int) -> bool:
    """Tell whether the mark at ``place`` only broke a word: a soft hyphen, or a hyphen with no capital beside it.

    Of "d-dimensional" the hyphen is kept: a single letter before it is a word of its own.
    """
    return body[place] == "\xad" or not (body[place - 1].isupper() or body[place + 1].isupper())


def _same_row(before: Line, line: Line) -> bool:
    """Tell whether ``line`` goes on to the right of ``before`` at the same height."""
    height = min(before.height, line.height)
    overlap = min(before.bottom + before.height, line.top) - max(before.bottom, line.top - line.height)
    return height > 0 and overlap > height * _HEIGHT_OF_A_ROW and line.left >= before.right - height * 0.3


def _joined(before: Line, line: Line) -> Line:
    larger = max(before, line, key=lambda part: part.end - part.start)
    bold = before.bold and line.bold
    return Line(before.start, line.end, before.left, larger.bottom, line.right, before.top, larger.height, bold)

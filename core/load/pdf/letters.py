"""The letters of a PDF page as pdfium gives them, where each stands, and the order in which they are read."""

import ctypes
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import pypdfium2.raw as pdfium

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
Box = tuple[float, float, float, float]
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


def raw_text(textpage: Any) -> str:
    """Return pdfium's text of the page. Its own index counts the characters that have text, not all characters."""
    count = pdfium.FPDFText_CountChars(textpage)
    first, last = 0, count - 1
    while first <= last and pdfium.FPDFText_GetTextIndexFromCharIndex(textpage, first) < 0:
        first += 1
    while last > first and pdfium.FPDFText_GetTextIndexFromCharIndex(textpage, last) < 0:
        last -= 1
    if first > last:
        return ""
    size = pdfium.FPDFText_GetTextIndexFromCharIndex(textpage, last) + 1
    buffer = (ctypes.c_ushort * (size * 2 + 2))()
    written = pdfium.FPDFText_GetText(textpage, first, last - first + 1, buffer)
    return memoryview(buffer)[: max(0, written - 1)].tobytes().decode("utf-16-le", errors="surrogatepass")


def doubled(textpage: Any, raw: str) -> list[int]:
    """Return the places in pdfium's text of the letters that pdfium counts twice: those written as two halves."""
    if _ASTRAL.search(raw) is None:
        return []
    places = [place for place, letter in enumerate(raw) if letter > "\uffff"]
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, places[0])
    return places if 0xD800 <= pdfium.FPDFText_GetUnicode(textpage, index) <= 0xDFFF else []


class Letters:
    """Letters in the order in which they are read, and the box of each on the page.

    ``places`` gives for each its place in pdfium's text, -1 for one put in; empty: the order is pdfium's own. ``boxes``
    says where those stand that were put in but do stand somewhere.
    """

    def __init__(self, textpage: Any, text: str) -> None:
        self.text = text
        self.places: tuple[int, ...] = ()
        self.boxes: Mapping[int, Box] = {}
        self.handle = textpage.raw
        self.page = textpage.page
        self.doubled = doubled(textpage, text)
        self.plain = not self.doubled and pdfium.FPDFText_CountChars(textpage) == len(text)
        self._box = pdfium.FS_RECTF()

    def reordered(self, text: str, places: Sequence[int], boxes: Mapping[int, Box] | None = None) -> "Letters":
        """Return the letters in another order: ``places`` are those in this one, -1 for letters put in."""
        other = copy(self)
        other.text = text
        before, known = self.places, self.boxes
        other.places = tuple(before[place] if before and place >= 0 else place for place in places)
        kept = {new: known[place] for new, place in enumerate(places) if place in known} if known else {}
        other.boxes = {**kept, **(boxes or {})}
        return other

    def index(self, place: int) -> int:
        """Return pdfium's index of the letter, or of the next one before it that pdfium has; -1 for none."""
        if self.places:
            while place >= 0 and self.places[place] < 0:
                place -= 1
            if place < 0:
                return -1
            place = self.places[place]
        if self.plain:
            return place
        place += bisect_left(self.doubled, place)
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, place))

    def box(self, place: int) -> Box:
        """Return left, bottom, right and top of a letter in points."""
        if place in self.boxes:
            return self.boxes[place]
        index = self.index(place)
        if index < 0:
            return NOWHERE
        box = self._box
        pdfium.FPDFText_GetLooseCharBox(self.handle, index, box)
        return box.left, box.bottom, box.right, box.top

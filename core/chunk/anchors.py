"""A place in a text kept by its words, found again in the same text and in another version of it."""

import re
from collections.abc import Iterator

from core.schema import TextQuote

CONTEXT = 64  # characters kept of what stands before a place, and behind it
# A quote shorter than this says little alone: as much as a half of what stood around it must still stand there.
TELLING = 60
# Occurrences of a quote that are looked at; what stands in a text more often than that is no place in it.
MOST = 50
# A neighbourhood is known again by so many of its characters, and the words between are at most so many times longer.
KNOWN = 24
LONGER = 4
_WORD = re.compile(r"\S+")
Span = tuple[int, int]


def anchor_of(text: str, start: int, end: int) -> TextQuote:
    """Return the anchor of ``text[start:end]``."""
    return TextQuote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start)


class Places:
    """Finds anchors in one text. Blanks and line ends may differ, as between two readings of one PDF."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bare = ""
        self._offsets: list[Span] = []  # of each word: where it begins in the bare text, and in the text

    def find(self, anchor: TextQuote) -> Span | None:
        """Return where an anchor's words stand; None where they do not, or nothing tells which of several it is."""
        end = anchor.start + len(anchor.exact)
        if anchor.exact and anchor_of(self._text, anchor.start, end) == anchor:
            return anchor.start, end
        exact, before, behind = (" ".join(part.split()) for part in (anchor.exact, anchor.prefix, anchor.suffix))
        if not exact:
            return None
        found = list(self._occurrences(exact))
        if not found or len(found) > MOST:
            return None
        rated = sorted(((self._around(place, len(exact), before, behind), place) for place in found), reverse=True)
        best, place = rated[0]
        if len(rated) > 1 and rated[1][0] == best:
            return None
        telling = len(exact) >= TELLING and len(rated) == 1
        if not telling and best < (len(before) + len(behind)) / 2:
            return None
        return self._span(place, place + len(exact))

    def between(self, anchor: TextQuote) -> Span | None:
        """Return what stands now between the words that stood before and behind an anchor's; None where it is unclear.

        Of a place at the beginning or end of the text one of the two is enough.
        """
        before, behind = (" ".join(part.split()) for part in (anchor.prefix[-KNOWN:], anchor.suffix[:KNOWN]))
        self._read()
        first = self._only(before) if before else 0
        if first is None:
            return None
        begin = first + len(before)
        stop = self._bare.find(behind, begin) if behind else len(self._bare)
        most = LONGER * (len(anchor.exact) + CONTEXT)
        if stop < 0 or stop - begin > most:
            return None
        span = self._span(begin, stop)
        return span if self._text[span[0] : span[1]].strip() else None

    def _only(self, words: str) -> int | None:
        """Return the one place where words stand, in the bare text; None where there is none, or another one."""
        place = self._bare.find(words)
        return place if place >= 0 and self._bare.find(words, place + 1) < 0 else None

    def _occurrences(self, words: str) -> Iterator[int]:
        self._read()
        place = self._bare.find(words)
        for _ in range(MOST + 1):
            if place < 0:
                return
            yield place
            place = self._bare.find(words, place + 1)

    def _around(self, place: int, length: int, before: str, behind: str) -> int:
        """Count the characters that stand around a place as they did around the anchor."""
        left = self._bare[max(0, place - len(before) - 1) : place].rstrip()
        right = self._bare[place + length : place + length + len(behind) + 1].lstrip()
        return _shared(left[::-1], before[::-1]) + _shared(right, behind)

    def _read(self) -> None:
        """Write the text with one blank between its words, and note where each of them stands."""
        if self._bare:
            return
        words, at = [], 0
        for match in _WORD.finditer(self._text):
            words.append(match[0])
            self._offsets.append((at, match.start()))
            at += len(match[0]) + 1
        self._bare = " ".join(words)

    def _span(self, start: int, end: int) -> Span:
        """Return a span of the bare text as one of the text, without blanks at its ends."""
        words = self._bare[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
        return (self._offset(start), self._offset(end - 1) + 1) if end > start else (self._offset(start),) * 2

    def _offset(self, place: int) -> int:
        low, high = 0, len(self._offsets)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._offsets[middle][0] <= place else (low, middle)
        if not low:
            return 0
        bare, own = self._offsets[low - 1]
        return own + place - bare


def _shared(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )

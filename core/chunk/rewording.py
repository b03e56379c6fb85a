"""A passage and what its owner made of its words in; out the smallest part, whole sentences or rows, that changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.schema import Passage, document_place
from core.text import sentence_spans

_WORD = re.compile(r"\S+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rewording:
    """``words`` instead of ``document.text[first:last]``."""

    first: int
    last: int
    words: str


def rewording(passage: Passage, text: str) -> Rewording | None:
    """Say what changed from a passage's text to ``text``; None where that is blanks at most.

    Words that the owner had changed before and that stand in or at the changed part belong to it again.
    """
    old, new = ([match.span() for match in _WORD.finditer(each)] for each in (passage.text, text))
    words = [passage.text[slice(*span)] for span in old], [text[slice(*span)] for span in new]
    if words[0] == words[1] or not old:
        return None
    same = _same(*words)
    same_end = _same(words[0][same:][::-1], words[1][same:][::-1])
    begin = old[same][0] if same < len(old) else old[-1][0]
    end = old[len(old) - same_end - 1][1] if len(old) - same_end > same else begin
    begin, end = _widened(passage, begin, end)
    before = sum(span[1] <= begin for span in old)
    behind = sum(span[0] >= end for span in old)
    start = new[before][0] if before < len(new) else len(text)
    stop = new[len(new) - behind - 1][1] if behind < len(new) else 0
    first, last, _ = document_place(passage, begin, end)
    return Rewording(first, last, text[start:stop].strip() if stop > start else "")


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words with which both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _widened(passage: Passage, begin: int, end: int) -> Span:
    """Widen a span of a passage's text to the whole sentences, rows and earlier changes that it touches."""
    parts = _parts(passage)
    touched = [part for part in parts if part[0] < max(end, begin + 1) and begin < part[1]]
    if touched:
        begin, end = min(begin, touched[0][0]), max(end, touched[-1][1])
    for patch in passage.patches:
        first, last = patch.start - passage.start, patch.end - passage.start
        if first < last and first < end and begin < last:
            begin, end = min(begin, first), max(end, last)
    return begin, end


def _parts(passage: Passage) -> list[Span]:
    """Return the rows of a passage, and between them the sentences of each line, in order."""
    rows = sorted((start - passage.start, end - passage.start) for start, end in passage.rows)
    bounds = [(0, 0), *rows, (len(passage.text),) * 2]
    between = [(left[1], right[0]) for left, right in pairwise(bounds) if left[1] < right[0]]
    paragraphs = re.compile(r"(?:[^\n]|\n(?![ \t]*\n))+")
    sentences = [
        span
        for start, end in between
        for part in paragraphs.finditer(passage.text, start, end)
        for span in sentence_spans(passage.text, *part.span())
    ]
    return sorted([*rows, *sentences])

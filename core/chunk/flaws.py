"""What looks wrong with a source's passages, in kinds: by rules that hold for any source."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import accumulate, chain, islice
from typing import Literal

from core.chunk.units import trimmed
from core.schema import Block, Document, Passage
from core.text import sentence_spans

FlawKind = Literal["short", "sentence", "table", "repeated", "letterless", "same", "uncited"]
FLAW_KINDS: tuple[FlawKind, ...] = ("short", "sentence", "table", "repeated", "letterless", "same", "uncited")
# Fewer letters and digits of a passage's own than this, its headings not counted, answer hardly anything by themselves.
SHORT_CHARACTERS = 40
# A sign of Chinese, Japanese or Korean says about as much as so many letters.
WIDE_SIGN, WIDE_FROM = 3, 0x2E80
# Of what is no blank, fewer letters than this share and no more words of two letters than these: figures or rubbish.
LETTER_SHARE, LETTER_WORDS = 0.1, 2
# Lines on so many pages, or passages so often in the same words, are repeated.
REPEATED = 3
# A passage of which such lines make up this share says what others say, too.
REPEATED_SHARE = 0.5
LINE_CHARACTERS = 12
PRINT_BYTES = 8
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that looks wrong with a passage; ``of`` names what it is about, such as the other source."""

    kind: FlawKind
    of: str = ""


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is asked of a document again and again: its blocks but for furniture, and where their sentences lie."""

    document: Document
    blocks: Sequence[Block]
    starts: Sequence[int]
    sentences: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def at(self, offset: int) -> int:
        """The number of the block in which a character stands, or of the last one before it; -1 where none is."""
        return bisect_right(self.starts, offset) - 1

    def parts_sentence(self, number: int, offset: int) -> bool:
        """Tell whether an offset lies inside a sentence of a paragraph, or inside a line of a list."""
        if number not in self.sentences:
            block, text = self.blocks[number], self.document.text
            split = sentence_spans if block.kind == "paragraph" else _lines
            self.sentences[number] = list(split(text, block.start, block.end))
        spans = self.sentences[number]
        place = bisect_left(spans, offset, key=lambda span: span[1])
        return place < len(spans) and spans[place][0] < offset < spans[place][1]


def flaws_of(document: Document, passages: Sequence[Passage]) -> dict[int, tuple[Flaw, ...]]:
    """Return by ordinal what looks wrong with a document's passages by themselves; those without anything are left out.

    Whether they are the "same" as others, or "uncited", is told by ``same_as`` and ``uncited``.
    """
    blocks = [block for block in document.blocks if block.kind != "furniture" and block.end > block.start]
    layout = _Layout(document, blocks, [block.start for block in blocks])
    repeated = _repeated(document, passages)
    judges: dict[FlawKind, Callable[[Passage], bool]] = {
        "short": _is_short,
        "sentence": lambda each: _cuts_sentence(layout, each),
        "table": lambda each: _cuts_table(layout, each),
        "repeated": lambda each: each.ordinal in repeated,
        "letterless": lambda each: not _has_letters(each.text),
    }
    found = {p.ordinal: tuple(Flaw(kind) for kind, judge in judges.items() if judge(p)) for p in passages}
    return {ordinal: flaws for ordinal, flaws in found.items() if flaws}


def same_as(passages: Sequence[Passage], elsewhere: Mapping[str, bytes]) -> dict[int, Flaw]:
    """Return by ordinal the passages that another source has in the same words, and which.

    ``elsewhere`` holds by the source's name the prints of its passages, one after the other.
    """
    own = {print_of(passage.text): passage.ordinal for passage in passages}
    found: dict[int, Flaw] = {}
    for name, prints in elsewhere.items():
        theirs = {prints[begin : begin + PRINT_BYTES] for begin in range(0, len(prints), PRINT_BYTES)}
        for mark in own.keys() & theirs:
            found.setdefault(own[mark], Flaw("same", name))
    return found


def uncited(passages: Sequence[Passage], cited: Collection[tuple[int, int]]) -> dict[int, Flaw]:
    """Return by ordinal the passages of which no cited span holds anything; spans are offsets in the text."""
    spans = sorted(cited)
    reach = list(accumulate((end for _, end in spans), max))  # the furthest end so far
    found: dict[int, Flaw] = {}
    for passage in passages:
        before = bisect_left(spans, (passage.end, 0))
        if not before or reach[before - 1] <= passage.start:
            found[passage.ordinal] = Flaw("uncited")
    return found


def print_of(text: str) -> bytes:
    """Return what a passage's words are known by among other sources': blanks and capitals make no difference."""
    return blake2b(" ".join(text.casefold().split()).encode(), digest_size=PRINT_BYTES).digest()


def _is_short(passage: Passage) -> bool:
    text = passage.text
    for start, end in sorted(passage.heading_spans, reverse=True):
        text = text[: start - passage.start] + text[end - passage.start :]
    said = 0
    for sign in text:
        said += (WIDE_SIGN if ord(sign) >= WIDE_FROM else 1) if sign.isalnum() else 0
        if said >= SHORT_CHARACTERS:
            return False
    return True


def _has_letters(text: str) -> bool:
    if sum(1 for _ in islice(_WORD.finditer(text), LETTER_WORDS + 1)) > LETTER_WORDS:
        return True
    signs = [sign for sign in text if not sign.isspace()]
    return sum(sign.isalpha() for sign in signs) >= len(signs) * LETTER_SHARE


def _cuts_sentence(layout: _Layout, passage: Passage) -> bool:
    return _inside_sentence(layout, passage.end) or _inside_sentence(layout, passage.start)


def _inside_sentence(layout: _Layout, offset: int) -> bool:
    """Tell whether a cut at ``offset`` parts a sentence, also one that a new page had torn into two paragraphs."""
    text, number = layout.document.text, layout.at(offset - 1)
    if number < 0:
        return False
    block = layout.blocks[number]
    if block.kind not in ("paragraph", "list"):
        return False
    start, end = trimmed(text, block.start, block.end)
    if start < offset < end:
        return layout.parts_sentence(number, offset)
    if block.kind == "list" or number + 1 >= len(layout.blocks) or offset > layout.blocks[number + 1].start:
        return False
    following = layout.blocks[number + 1]
    begins = text[following.start : following.end].lstrip()[:1]
    return following.kind == "paragraph" and begins.islower() and text[start:end].rstrip()[-1:].isalpha()


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        line = text.find("\n", start, end)
        yield trimmed(text, start, line if line >= 0 else end)
        start = line + 1 if line >= 0 else end


def _cuts_table(layout: _Layout, passage: Passage) -> bool:
    """Tell whether a row of a table is cut in two."""
    for number in range(max(layout.at(passage.start), 0), len(layout.blocks)):
        table = layout.blocks[number]
        if table.start >= passage.end:
            return False
        if table.kind != "table" or table.end <= passage.start:
            continue
        if any(start < edge < end for edge in (passage.start, passage.end) for start, end in table.rows):
            return True
    return False


def _repeated(document: Document, passages: Sequence[Passage]) -> set[int]:
    """Return the ordinals of passages that say the same as others, or of which most lines stand on many pages."""
    prints = [print_of(passage.text) for passage in passages]
    often = Counter(prints)
    found = {p.ordinal for p, mark in zip(passages, prints, strict=True) if often[mark] >= REPEATED}
    lines = [_long_lines(passage) for passage in passages]
    pages: dict[str, set[int]] = {}
    for line, offset in chain.from_iterable(lines):
        pages.setdefault(line, set()).add(bisect_right(document.page_starts, offset) or -offset)
    for passage, its_lines in zip(passages, lines, strict=True):
        same = sum(len(line) for line, _ in its_lines if len(pages[line]) >= REPEATED)
        if same and same >= REPEATED_SHARE * len(" ".join(passage.text.split())):
            found.add(passage.ordinal)
    return found


def _long_lines(passage: Passage) -> list[tuple[str, int]]:
    """The lines of a passage that are long enough to say something, with their offsets in the document."""
    lines, offset = [], passage.start
    for line in passage.text.split("\n"):
        words = " ".join(line.casefold().split())
        if len(words) >= LINE_CHARACTERS:
            lines.append((words, offset))
        offset += len(line) + 1
    return lines

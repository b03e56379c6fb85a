"""Whether all that stands on a PDF's pages was read, and can be found: counted from pdfium's own text of each page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.load.completeness import missing_words
from core.load.pdf.forms import Mark
from core.load.pdf.line import PageText
from core.schema import Document, Shortfall

_NO_LETTER = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]+|\d{6,}")
_MOST_LETTERS = 0.02
_FEW_LETTERS = 12
_FEW_WORDS = 3
_PARTS = {"field": "form fields", "list": "form fields", "typed": "notes typed on the pages", "note": "notes"}


class Held(NamedTuple):
    """What a page holds: pdfium's text of it, and what is laid over it."""

    text: str
    marks: tuple[Mark, ...]


def unread(document: Document, pages: Sequence[PageText], held: Sequence[Held]) -> Iterator[Shortfall]:
    """Yield what of the pages' own words is missing in the document, and what of them is in no passage."""
    if any(_lacks(page.text, own) for page, own in zip(pages, held, strict=True)):
        missing = missing_words(document, _own_words(held))
        if missing:
            yield missing
    lost, total = _unsearched(document)
    if lost > max(_FEW_WORDS, total * _MOST_LETTERS):
        yield Shortfall(
            f"{lost:,} words of this PDF are taken for running heads of its pages and are not searched.",
            "Save it as a Word document and add that, if answers from it are missing.",
        )


def _lacks(text: str, own: Held) -> bool:
    """Tell whether a page's text lacks letters that the page holds, in whatever order they stand."""
    if not own.marks and own.text.split() == text.split():
        return False
    wanted = [_NO_LETTER.sub("", own.text), *(_NO_LETTER.sub("", mark.text) for mark in own.marks)]
    read = _NO_LETTER.sub("", text)
    if wanted == [read]:
        return False
    missing = Counter(wanted[0]) - Counter(read)
    if sum(missing.values()) > max(_FEW_LETTERS, len(read) * _MOST_LETTERS):
        return True
    return any(words not in read for words in wanted[1:])


def _own_words(held: Sequence[Held]) -> Iterator[tuple[str, str]]:
    for own in held:
        yield "", own.text
        for mark in own.marks:
            if mark.kind in _PARTS and mark.text:
                yield _PARTS[mark.kind], mark.text


def _unsearched(document: Document) -> tuple[int, int]:
    """Count the words that stand only in running heads, or in no block at all, and about how many words there are."""
    text, position = document.text, 0
    searched: list[str] = []
    others: set[str] = set()
    for block in document.blocks:
        others.add(text[position : block.start].strip())
        position = block.end
        words = text[block.start : block.end]
        if block.kind == "furniture":
            others.add(words)
        else:
            searched.append(words)
    others.add(text[position:].strip())
    found = "\n".join(searched).casefold()
    lost = {word for words in others if words for word in _WORD.findall(words.casefold()) if word not in found}
    return len(lost), len(text) // 6

"""Whether the words that a file itself holds were read: counted apart from the reader, so that none goes silently."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from unicodedata import normalize

from core.schema import Document, Shortfall

# Scripts without blanks between words are counted sign by sign.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff"
_SIGN = re.compile(f"[{_SIGNS}]")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_SIGN = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+")
_MOST_MISSING = 0.02
_FEW = 3
_MOST_LOOKED_THROUGH = 2_000_000_000  # characters: some seconds


def missing_words(document: Document, own: Iterable[tuple[str, str]]) -> Shortfall | None:
    """Say how much of a file's words were not read, where it is more than two in a hundred.

    ``own`` are the file's own texts with the part that each stands in, as an owner calls it ("charts", "comments";
    "" for the body). What the document holds once counts once.
    """
    texts = [(part, "\n".join(text for _, text in run)) for part, run in groupby(own, key=itemgetter(0))]
    lacking = _lacking(document.text, [text for _, text in texts])
    if lacking.total() <= _FEW:
        return None
    found = _words(document.text)
    # Words that a line's end or a change of font cut apart are read all the same.
    squeezed = "".join(found)
    if _missing(lacking, squeezed) <= _FEW:
        return None
    read = Counter(found)
    held: dict[str, Counter[str]] = {}
    for part, text in texts:
        held.setdefault(part, Counter()).update(_words(text))
    left_out: Counter[str] = Counter()
    for part, words in held.items():
        if unread := words - read:
            left_out[part] = _missing(unread, squeezed)
        read -= words
    total = sum(words.total() for words in held.values())
    missing = sum(left_out.values())
    if missing <= max(_FEW, total * _MOST_MISSING):
        return None
    return Shortfall(_sentence(left_out, missing, total), _REMEDY_OF_PDF if document.kind == "pdf" else _REMEDY)


def _lacking(text: str, own: Iterable[str]) -> Counter[str]:
    """Return the words of ``own`` that ``text`` lacks. What stands in both between blanks is not looked at closer."""
    read = Counter(text.split())
    held: Counter[str] = Counter()
    for each in own:
        held.update(each.split())
    if not (unread := held - read):
        return unread
    return Counter(_words(" ".join(unread.elements()))) - Counter(_words(" ".join((read - held).elements())))


def _missing(lacking: Counter[str], squeezed: str) -> int:
    """Count the words that are not in ``squeezed`` either; where looking for all would take long, by a part of them."""
    step = 1 + len(lacking) * len(squeezed) // _MOST_LOOKED_THROUGH
    looked_for = list(lacking.items())[::step]
    of = sum(count for _, count in looked_for)
    missing = sum(count for word, count in looked_for if word not in squeezed)
    return round(missing * lacking.total() / of)


_REMEDY = (
    "Save it as PDF in a program that shows all of it and add that, or put what is missing into a text and add it."
)
_REMEDY_OF_PDF = "Export it again from the program it was made with, or put what is missing into a text and add it too."


def _sentence(left_out: Counter[str], missing: int, total: int) -> str:
    share = max(1, round(100 * missing / total))
    much = "None of its words were read" if missing == total else f"About {share} % of its words were not read"
    parts = [part for part, count in left_out.most_common(4) if part and count]
    return f"{much}: {', '.join(parts)}." if parts and not left_out[""] else f"{much}."


def _words(text: str) -> list[str]:
    text = text if text.isascii() else normalize("NFKC", text)
    words = _WORD_OR_SIGN if _SIGN.search(text) else _WORD
    return words.findall(text.casefold())

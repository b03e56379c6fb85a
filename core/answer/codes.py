"""Article numbers and other codes: which rows are of another article than the one that is asked for."""

import re
from collections.abc import Sequence

from core.answer.table_question import words_of
from core.schema import Hit, Question

_LETTERS = re.compile(r"[^\W\d_]++")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
# "Q4" and "FY24" are also said in words: "the last quarter of 2024".
_PERIODS = frozenset({"q", "h", "fy", "cy", "kw"})


def codes_of(text: str) -> frozenset[str]:
    """Return the codes in a text, each written one way: "AX-4420-F" and "ax4420f" are the same."""
    return frozenset(filter(_family, words_of(text)))


def is_unknown(question: Question, hits: Sequence[Hit]) -> bool:
    """Tell whether a question asks for a code that is nowhere in what was found, while others like it are there.

    "AX-4420-F" is no AX-4420-C: what is said of the one is no answer about the other. Short ones ("BX-30", but also
    "covid-19") are no ``exact_things``: that they are codes is only told by others like them in the documents.
    """
    asked = codes_of(question.meant)
    if not asked:
        return False
    known = frozenset[str]().union(*(codes_of(f"{hit.source_name} {hit.passage.text}") for hit in hits))
    return asked.isdisjoint(known) and not frozenset(map(_family, asked)).isdisjoint(map(_family, known))


def is_of_another(question: Question, row: str) -> bool:
    """Tell whether a row begins with a code like one that is asked for, and does not hold this one."""
    asked = codes_of(question.meant)
    own = words_of(row)[:1] if asked else []
    return bool(own) and _family(own[0]) in map(_family, asked) and asked.isdisjoint(codes_of(row))


def _family(word: str) -> str:
    """Return what the codes of one kind have in common: "ax aa0000a" for AX-4420-F; "" of what is no code."""
    letters = _LETTERS.match(word)
    if not letters or not _DIGIT.search(word) or letters[0] in _PERIODS:
        return ""
    return f"{letters[0]} {_LETTER.sub('a', _DIGIT.sub('0', word))}"

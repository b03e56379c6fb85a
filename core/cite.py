"""A model's answer in, safe text and checked citations out: each marker stands for the span that bears it out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.prompt import Given
from core.schema import Citation, StoredPassage
from core.sentences import Piece, pieces
from core.terms import content_terms, search_terms

# Shares of a sentence's words (rare in it or not, stop words left out) that its span must hold.
SUPPORTED = 0.5
SUPPORTED_WITH_NUMBERS = 0.3
ATTACHED = 0.6
ATTACHED_WORDS = 3

_MARKER = re.compile(r"[\[【]\s*\^?(\d{1,3}(?:\s*[,;，、]\s*\^?\d{1,3})*)(?:†[^\]】\n]{0,40})?\s*[\]】]")
_RUN = re.compile(rf"(?:\s*{_MARKER.pattern})+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Support:
    """The span of a passage that bears a sentence out best, how much of the sentence it holds, and whether that does."""

    start: int
    end: int
    share: float
    supported: bool


def check_citations(
    text: str, passages: Sequence[Given], question: str = "", languages: Sequence[str] = ()
) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer with its markers put right, numbered 1, 2, … as they appear, and one citation for each number.

    ``[n]`` names ``passages[n - 1]``; numbers that name none are dropped. Each sentence with a marker gets the span of
    the passage that bears it out best; ``supported`` is False where that is too little, or where a number of the
    sentence stands neither in the passage nor in the question. An answer without any marker gets them where a sentence
    is plainly borne out.
    """
    text = _ONE_WAY(text, len(passages))
    if not _MARKER.search(text):
        text = _attached(text, passages, question, languages)
    known: dict[tuple[int, int, int], int] = {}
    citations: list[Citation] = []

    def number_of(named: int, sentence: str) -> int:
        given = passages[named - 1]
        found = best_support(sentence, given, question, languages)
        key = next((key for key in known if key[0] == named and key[1] < found.end and found.start < key[2]), None)
        if key is None:
            key = (named, found.start, found.end)
            known[key] = len(citations) + 1
            citations.append(_citation(given, len(citations) + 1, found))
        elif found.supported and not citations[known[key] - 1].supported:
            citations[known[key] - 1] = _citation(given, known[key], found)
        return known[key]

    written: list[str] = []
    position = 0
    for match, sentence in _cited_sentences(text):
        numbers = dict.fromkeys(number_of(int(number), sentence) for number in re.findall(r"\d+", match.group()))
        written += [text[position : match.start()], *(f"[{number}]" for number in numbers)]
        position = match.end()
    return "".join([*written, text[position:]]), tuple(citations)

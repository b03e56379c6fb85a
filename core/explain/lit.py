"""Which words of a passage a question's words matched: to be lit, and to say which of them are missing."""

import re
from collections.abc import Collection, Sequence

from core.schema import Question
from core.text import search_terms

Span = tuple[int, int]

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def lit_spans(question: Question, text: str) -> list[Span]:
    """Return the spans of a text that count as words of the question: the same word, its forms and its other names."""
    wanted = {term for terms in question.words.values() for term in terms}
    known: dict[str, bool] = {}
    spans: list[Span] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if _UNSPACED.search(token):
            spans += _pairs(token, match.start(), wanted)
            continue
        if token not in known:
            known[token] = not wanted.isdisjoint(search_terms(token, question.languages))
        if known[token]:
            spans.append(match.span())
    return spans


def _pairs(run: str, start: int, wanted: Collection[str]) -> list[Span]:
    """Light the pairs of signs by which writing without blanks is searched, neighbouring ones as one."""
    spans: list[Span] = []
    for place in range(len(run)):
        if any(run.startswith(term, place) for term in wanted if len(term) == 2):
            begin = start + place
            if spans and spans[-1][1] >= begin:
                spans[-1] = (spans[-1][0], begin + 2)
            else:
                spans.append((begin, begin + 2))
    return spans


def words_held(question: Question, terms: str, named: Collection[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which words of the question a passage holds by its stored terms, and which it lacks.

    ``named`` are the words that its source's name stands for: these count as held.
    """
    padded = f" {terms} "
    held: Sequence[str] = [
        word for word, own in question.words.items() if word in named or any(f" {term} " in padded for term in own)
    ]
    return tuple(held), tuple(word for word in question.words if word not in held)

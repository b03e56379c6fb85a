"""A question nothing fits in, what it looked for and the questions near it that are answered out: no model needed."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from core.errors import ModelError
from core.log import log_failure
from core.reader import similarities
from core.schema import Hit, Question
from core.text import search_terms, segments_of

MOST = 3
LOOKED_FOR = 6
_CHARACTERS = 110
_WORDS = (1, 14)
_TRIED = 3  # candidates that are searched for, to see whether they are really answered
# Cosine similarity to the question from which a candidate without a word in common is near it.
_SIMILAR = 0.55
_MARKS = re.compile(r"^[\s#>*_•–—-]{1,20}|[*_`#]")
_NUMBERING = re.compile(r"^(?:§\s?)?\d{1,3}(?:\.\d{1,3}){0,4}[.)]?\s")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


def looked_for(question: Question) -> tuple[str, ...]:
    """Return the words that were looked for, as they were typed: nothing was found under what they were taken for."""
    meant_for = {meant: typed for typed, meant in question.corrected.items()}
    for said, meant in question.own_words.items():
        meant_for |= dict.fromkeys((match[0].casefold() for match in _WORD.finditer(meant)), said)
    typed = {match[0].casefold(): match[0] for match in reversed(list(_WORD.finditer(question.alone[:4_000])))}
    words = dict.fromkeys(meant_for.get(word, word) for word in question.words)
    return tuple(typed.get(word, word) for word in words)[:LOOKED_FOR]


def near_questions(
    question: Question,
    hits: Sequence[Hit],
    *,
    answered: Callable[[str], bool],
    suggested: Sequence[str] = (),
    asked: Sequence[str] = (),
    embeddings: Embeddings | None = None,
) -> tuple[str, ...]:
    """Return up to three questions near one that nothing fits: the owner's own, and questions and headings of the hits.

    Each has a telling word in common with it or is similar in meaning, and is ``answered``. ``asked`` is left out: what
    was asked before.
    """
    bags = _candidates(question, hits, suggested, asked)
    if not bags:
        return ()
    # What a word was taken for is a guess, and a wrong one where nothing fits: it calls nothing near.
    guessed = frozenset(question.corrected.values())
    telling = {
        word: frozenset(terms)
        for word, terms in question.words.items()
        if len(word) > 2 and _LETTER.search(word) and word not in guessed
    }
    having = {word: sum(not terms.isdisjoint(bag) for bag in bags.values()) for word, terms in telling.items()}
    meaning = _meaning(question.meant, list(bags), embeddings)
    scored = []
    for place, (text, bag) in enumerate(bags.items()):
        shared = sum(1 / having[word] for word, terms in telling.items() if not terms.isdisjoint(bag))
        if shared or meaning[place] >= _SIMILAR:
            scored.append((shared + float(meaning[place]), -place, text))
    likely = [text for *_, text in sorted(scored, reverse=True)[:_TRIED]]
    near: list[str] = []
    for text in likely:
        if len(near) < MOST and answered(text):
            near.append(text)
    return tuple(near)


def _candidates(
    question: Question, hits: Sequence[Hit], suggested: Sequence[str], asked: Sequence[str]
) -> Mapping[str, frozenset[str]]:
    """Return what may be suggested, each with its search terms; nothing that says the same twice, or was asked."""
    languages = question.languages
    known = {frozenset(search_terms(text, languages)) for text in (question.text, question.alone, *asked)}
    bags: dict[str, frozenset[str]] = {}
    for text in (*suggested, *_standing_in(hits)):
        terms = frozenset(search_terms(text, languages))
        if terms and terms not in known:
            known.add(terms)
            bags[text] = terms
    return bags


def _standing_in(hits: Sequence[Hit]) -> Iterator[str]:
    """Give the questions that stand in the hits, then the headings."""
    headings: list[str] = []
    for passage in (hit.passage for hit in hits):
        for segment in segments_of(passage):
            words = passage.text[segment.start : segment.end]
            if segment.kind == "question":
                yield from _presentable(words)
            elif segment.kind == "heading" and not words.rstrip().endswith((":", "：")):
                headings.append(words)
    for heading in headings:
        yield from _presentable(heading)


def _presentable(words: str) -> Iterator[str]:
    """Give a question or heading without marks and numbering, where it is one that can stand alone."""
    text = " ".join(_MARKS.sub("", words[: 2 * _CHARACTERS]).split())
    text = _NUMBERING.sub("", text).strip()
    if len(text) <= _CHARACTERS and _WORDS[0] <= len(text.split()) <= _WORDS[1] and len(_LETTER.findall(text)) >= 4:
        yield text


def _meaning(question: str, texts: Sequence[str], embeddings: Embeddings | None) -> np.ndarray:
    """Return the similarity of the question and each text; zeros where no embedding model works."""
    try:
        return similarities(question, texts, embeddings)
    except ModelError as error:
        log_failure("near.embedding_failed", error)
        return np.zeros(len(texts))

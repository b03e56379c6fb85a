"""A question searched as the chat does, and why each passage came where it did: the search test.

Nothing here ranks: it puts into words what the retriever kept of its own search (core/retrieve/trace.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp

import numpy as np

from core.explain.lit import Span, lit_spans, words_held
from core.pipeline import Traced, traced
from core.retrieve import Look, fit_score, none_answers
from core.schema import Answer, Citation, Hit, SearchSettings, StoredPassage, Sureness

QUESTION_CHARACTERS = 2_000  # as many as the chat's field takes
_OF_WORDS = ("words", "coverage", "phrase")
_SURE = 2.0  # log-odds from which the reader is said to be sure


class Reason(StrEnum):
    """Why a passage that was looked at is not among the hits."""

    LIMIT = "limit"  # others came first, and no more than so many are used
    NOT_READ = "not_read"  # by words and meaning too far down for the reader to look at
    READER = "reader"  # the reader found nothing in it that answers; without that it would be among the hits
    SOURCE = "source"  # another source was meant; without that it would be among the hits
    SPREAD = "spread"  # the question asks about several sources, and each had its turn


class Read(StrEnum):
    """What the reader found in a passage."""

    ANSWERS = "answers"
    MAY = "may"
    NOTHING = "nothing"
    UNREAD = "unread"  # it did not look at it


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage at its place among all that were looked at, from 1, and what brought it there.

    ``shares`` are what its score is the sum of: "words", "meaning", "source", "named" (a code, number or date of the
    question stands in it) and "reader"; empty where it was found by meaning across languages. ``lit`` are spans of the
    passage's text, ``sentence`` the span of what the answer would quote of it; ``held`` and ``lacking`` are the
    question's words. ``numbers`` are the raw values by name. ``reason`` is None for a hit; ``before`` names the source
    that was meant instead.
    """

    place: int
    passage: StoredPassage
    source_name: str
    score: float
    shares: Mapping[str, float]
    numbers: Mapping[str, float]
    read: Read
    held: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    lit: tuple[Span, ...] = ()
    sentence: Span | None = None
    reason: Reason | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class SearchTest:
    """What a question found and why. ``hits`` are the chat's, in its order; ``cut_off`` all others that were looked at.

    ``order`` are all passages that were compared, best first; ``read`` counts those the reader looked through.
    ``words`` are those that were searched, ``understood`` what mistyped ones were taken for, ``meant`` the names of the
    sources meant most, ``fit`` how well the hits fit (0.5 is where an answer begins). ``by_model``: a model writes the
    chat's answers. ``own_words`` says what the owner's words of the question stand for.
    """

    question: str
    answer: Answer
    hits: tuple[Placed, ...]
    cut_off: tuple[Placed, ...]
    read: int
    words: tuple[str, ...]
    understood: Mapping[str, str]
    meant: tuple[str, ...]
    fit: float
    settings: SearchSettings
    dense_weight: float
    by_model: bool
    order: tuple[StoredPassage, ...] = ()
    own_words: Mapping[str, str] = field(default_factory=dict)


def search_test(assistant_id: str, question: str) -> SearchTest:
    """Search for a question exactly as the chat does and say why each passage came where it did.

    Raises NotFound, StoreError, ModelError.
    """
    typed = question.strip()[:QUESTION_CHARACTERS]
    found = traced(assistant_id, typed)
    trace, answer = found.trace, found.answer
    look = trace.looks[0] if trace.looks else None
    if look is None:
        return SearchTest(typed, answer, (), (), 0, (), {}, (), 0.0, found.search, found.dense_weight, found.by_model)
    maker = _Maker(found, look)
    order = maker.order()
    hits = [maker.placed(number, hit) for number, hit in enumerate(trace.hits, 1)]
    rest = enumerate(order[len(trace.hits) :], len(trace.hits) + 1)
    asked = look.question
    return SearchTest(
        question=typed,
        answer=answer,
        hits=tuple(hits),
        cut_off=tuple(maker.placed(number, hit) for number, hit in rest),
        read=sum(hit.reading is not None for hit in trace.read),
        words=tuple(asked.words),
        understood=asked.corrected,
        meant=tuple(sorted({maker.names[source] for source in look.meant.best if source in maker.names})),
        fit=fit_score(asked, trace.hits),
        settings=found.search,
        dense_weight=found.dense_weight,
        by_model=found.by_model,
        order=tuple(hit.passage for hit in order),
        own_words=asked.own_words,
    )


class _Maker:
    """Puts together what one search kept of each passage."""

    def __init__(self, found: Traced, look: Look) -> None:
        self.trace, self.look, self.answer = found.trace, look, found.answer
        self.limit = len(found.trace.hits)
        self.index = {item.passage.id: place for place, item in enumerate(look.pool)}
        self.scores = np.asarray(sum(look.parts.values()))
        self.read = {hit.passage.id: hit for hit in found.trace.read}
        self.names, self.sureness = found.names, found.search.sureness

    def order(self) -> list[Hit]:
        """Return all passages that were looked at: the hits, then what was read, then the others by their score."""
        seen: dict[str, Hit] = {hit.passage.id: hit for hit in self.trace.hits}
        for hit in self.trace.read:
            seen.setdefault(hit.passage.id, hit)
        for place in np.argsort(-self.scores, kind="stable"):
            item = self.look.pool[place]
            if item.passage.id not in seen:
                name = self.names.get(item.passage.source_id, "")
                score, share = float(self.scores[place]), float(self.look.coverage[place])
                seen[item.passage.id] = Hit(item.passage, name, score, item.similarity, item.lexical, share)
        return list(seen.values())

    def placed(self, place: int, hit: Hit) -> Placed:
        """Say what brought a passage to its place."""
        passage, asked = hit.passage, self.look.question
        named = [word for word, sources in self.look.meant.named.items() if passage.source_id in sources]
        held, lacking = words_held(asked, passage.terms, named)
        shares = self._shares(hit)
        reason = self._reason(hit, shares) if place > self.limit else None
        return Placed(
            place=place,
            passage=passage,
            source_name=hit.source_name,
            score=hit.score,
            shares=shares,
            numbers=_numbers(hit),
            read=_read_as(hit, self.sureness),
            held=held,
            lacking=lacking,
            lit=tuple(lit_spans(asked, passage.text)),
            sentence=_quoted_of(passage, self.answer.citations),
            reason=reason,
            before=self._meant_instead(passage) if reason == Reason.SOURCE else "",
        )

    def _shares(self, hit: Hit) -> dict[str, float]:
        at = self.index.get(hit.passage.id)
        if at is None or hit.language:
            return {}
        parts = {name: float(values[at]) for name, values in self.look.parts.items()}
        shares = {"words": sum(parts[name] for name in _OF_WORDS), "meaning": parts["meaning"]}
        shares |= {"source": parts["source"] + parts["preferred"], "named": parts["named"]}
        read = self.read.get(hit.passage.id)
        return shares | {"reader": max(0.0, read.score - float(self.scores[at])) if read else 0.0}

    def _reason(self, hit: Hit, shares: Mapping[str, float]) -> Reason:
        """Say what kept a passage out: what it would have come in without, else that others came first."""
        if not shares:
            return Reason.LIMIT
        if self.read and hit.passage.id not in self.read:
            return Reason.NOT_READ
        if shares["source"] < self._of_hits("source") and self._would_be_in(hit, "source"):
            return Reason.SOURCE
        if self.read and _read_as(hit, self.sureness) == Read.NOTHING and self._would_be_in(hit, "reader"):
            return Reason.READER
        return Reason.SPREAD if not self.read and self._would_be_in(hit, "") else Reason.LIMIT

    def _of_hits(self, part: str) -> float:
        return max((self._shares(hit).get(part, 0.0) for hit in self.trace.hits), default=0.0)

    def _would_be_in(self, hit: Hit, without: str) -> bool:
        """Tell whether a passage would be among the hits if one part did not count, for it and for them."""
        own = self._score_without(hit, without)
        return any(own > self._score_without(other, without) for other in self.trace.hits)

    def _score_without(self, hit: Hit, part: str) -> float:
        shares = self._shares(hit)
        return sum(share for name, share in shares.items() if name != part)

    def _meant_instead(self, passage: StoredPassage) -> str:
        others = [source for source in self.look.meant.best if source != passage.source_id]
        return next((self.names[source] for source in others if source in self.names), "")


def _numbers(hit: Hit) -> dict[str, float]:
    known: dict[str, float | None] = {
        "score": hit.score,
        "coverage": hit.coverage,
        "bm25": hit.lexical,
        "cosine": hit.similarity,
        "reader": None if hit.reading is None else 1 / (1 + exp(-max(-60.0, min(60.0, hit.reading)))),
    }
    return {name: value for name, value in known.items() if value is not None}


def _read_as(hit: Hit, sureness: Sureness) -> Read:
    if hit.reading is None:
        return Read.UNREAD
    least = none_answers(sureness)
    if hit.reading < least:
        return Read.NOTHING
    return Read.ANSWERS if hit.reading >= max(_SURE, least) else Read.MAY


def _quoted_of(passage: StoredPassage, citations: Sequence[Citation]) -> Span | None:
    """Return the span of a passage's text that the answer quotes; None where it quotes nothing of it."""
    for citation in citations:
        same = citation.version_id == passage.version_id
        if same and citation.passage_start == passage.start and citation.passage_end == passage.end:
            return citation.start - passage.start, citation.end - passage.start
    return None

"""Question and passages in, the sentences that answer out, word for word: quote mode, which needs no key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings

from core.reader import Candidate, read
from core.schema import Answer, Citation, Hit, Question, StoredPassage, Voice
from core.text import Segment

QUOTE_CHARACTERS = 450
QUOTE_COUNT = 3

# A further quote is worth its place when it is at least about a fifth as likely as the best.
_NEAR_BEST = 1.8
_ENOUGH = 0.7

_LEANS_BACK = re.compile(
    r"(?:[-*•]\s+)?(?:it|its|this|these|that|those|they|their|he|his|she|her|such|both|also|however|"
    r"er|sie|es|dies\w*|ese|esto|este|esta|ello|il|elle|ils|ce|cette)\b|[它这他她]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A chosen span, ``hits[hit].passage.text[start:end]``, how it is shown, and its score (log-odds; higher fits)."""

    hit: int
    start: int
    end: int
    display: str
    score: float


def quoted_answer(
    question: Question, hits: Sequence[Hit], *, voice: Voice, embeddings: Embeddings | None = None
) -> Answer:
    """Answer with quotes, each a paragraph “…” [n] and a citation of its exact span; unknown where none is found.

    The words are the source's own, not escaped for any reader.
    """
    chosen = quotes(question, hits, embeddings=embeddings)
    if not chosen:
        return Answer(voice.unknown, "unknown", hits=tuple(hits), question=question.text)
    text = "\n\n".join(f"“{' '.join(quote.display.split())}” [{number}]" for number, quote in enumerate(chosen, 1))
    citations = tuple(
        span_citation(hits[quote.hit], number, quote.start, quote.end) for number, quote in enumerate(chosen, 1)
    )
    return Answer(text, "quotes", citations, tuple(hits), question.text)


def span_citation(hit: Hit, number: int, start: int, end: int, *, supported: bool = True) -> Citation:
    """Make the citation of ``hit.passage.text[start:end]``, with offsets in the version's canonical text."""
    passage = hit.passage
    return Citation(
        number=number,
        source_id=passage.source_id,
        version_id=passage.version_id,
        source_name=hit.source_name,
        page=passage.page_at(passage.start + start),
        start=passage.start + start,
        end=passage.start + end,
        quote=passage.text[start:end],
        passage_start=passage.start,
        passage_end=passage.end,
        supported=supported,
        language=hit.language,
        asked_in=hit.asked_in,
    )


def quotes(
    question: Question,
    hits: Sequence[Hit],
    *,
    embeddings: Embeddings | None = None,
    characters: int = QUOTE_CHARACTERS,
    most: int = QUOTE_COUNT,
) -> list[Quote]:
    """Choose the one to ``most`` spans of ``hits`` that answer ``question``, together ``characters`` long at most.

    The best span always comes, whatever its length, and comes first. ``embeddings`` adds closeness in meaning to the
    words in common. Whether anything fits at all was decided before.
    """
    reading = read(question, hits, embeddings=embeddings)
    pool, split, fit, shares = reading.pool, reading.split, reading.fit, reading.share
    if not pool:
        return []
    enough = _ENOUGH * shares[int(np.argmax(fit))]
    chosen: list[Quote] = []
    length = 0
    for position in np.argsort(-fit, kind="stable"):
        candidate, score = pool[position], float(fit[position])
        if len(chosen) == most or (chosen and score < max(chosen[0].score - _NEAR_BEST, reading.least)):
            break
        apart = bool(chosen) and (candidate.kind == "row" or candidate.hit != chosen[0].hit)
        if apart and not reading.by_model and shares[position] < enough:
            continue
        quote = _quote(hits[candidate.hit].passage, split[candidate.hit], candidate, score, characters)
        room = not chosen or length + len(quote.display) <= characters
        if room and not any(_overlap(hits, quote, other) for other in chosen):
            chosen.append(quote)
            length += len(quote.display)
    return _neighbours_joined(hits, chosen)


def _quote(
    passage: StoredPassage, spans: Sequence[Segment], candidate: Candidate, score: float, characters: int
) -> Quote:
    start, end = _widened(passage.text, spans, candidate.index, characters)
    display = candidate.shown if candidate.kind == "row" else _on_one_line(passage.text[start:end])
    return Quote(candidate.hit, start, end, display, score)


def _widened(text: str, spans: Sequence[Segment], index: int, characters: int) -> tuple[int, int]:
    """Bring the question that a sentence answers, or the sentence that its opening "This" points to, if there is room.

    A list item brings nothing: the line that opens the list is its context, not its words.
    """
    segment = spans[index]
    if index == 0 or segment.kind == "row":
        return segment.start, segment.end
    before = spans[index - 1]
    leans = before.block == segment.block and _LEANS_BACK.match(text[segment.start : segment.end])
    if (before.kind == "question" or leans) and segment.end - before.start <= characters:
        return before.start, segment.end
    return segment.start, segment.end


def _on_one_line(words: str) -> str:
    """Show a span on one line: blanks collapsed, marks of Markdown in front dropped."""
    return " ".join(re.sub(r"^\s*(?:[-*+•]|#{1,6})\s+", "", words).split())


def _overlap(hits: Sequence[Hit], one: Quote, other: Quote) -> bool:
    first, second = hits[one.hit].passage, hits[other.hit].passage
    if " ".join(one.display.split()) == " ".join(other.display.split()):
        return True
    return first.version_id == second.version_id and (
        first.start + one.start < second.start + other.end and second.start + other.start < first.start + one.end
    )


def _neighbours_joined(hits: Sequence[Hit], chosen: Sequence[Quote]) -> list[Quote]:
    """Order quotes best first; a sentence right beside a better one of its paragraph becomes one quote with it."""
    joined: list[Quote] = []
    for quote in chosen:
        beside = next((n for n, better in enumerate(joined) if _beside(hits, better, quote)), None)
        if beside is None:
            joined.append(quote)
            continue
        better = joined[beside]
        first, second = sorted((better, quote), key=lambda each: each.start)
        display = f"{first.display} {second.display}"
        joined[beside] = Quote(better.hit, first.start, second.end, display, better.score)
    return joined


def _beside(hits: Sequence[Hit], one: Quote, other: Quote) -> bool:
    """Tell whether only blanks lie between two quotes of one passage."""
    first, second = sorted((one, other), key=lambda each: each.start)
    return one.hit == other.hit and not hits[one.hit].passage.text[first.end : second.start].strip(" ")

"""Question and passages in, the sentences that answer out, word for word: quote mode, which needs no key."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from langchain_core.embeddings import Embeddings

from core.answer.codes import is_of_another, is_unknown
from core.answer.column_names import column_names, header_rows, row_cells
from core.answer.quote_score import candidates, scores
from core.answer.table_quotes import shown_rows
from core.answer.table_reading import TableAnswer, table_answers
from core.schema import Answer, Citation, Hit, Question, StoredPassage, Voice
from core.text import Segment, segments

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
    """A chosen span, ``hits[hit].passage.text[start:end]``, how it is shown, and its score (log-odds; higher fits).

    ``spans`` are the words of ``display`` that answer, where they are known: the cell of a table.
    """

    hit: int
    start: int
    end: int
    display: str
    score: float
    row: bool = False
    spans: tuple[tuple[int, int], ...] = ()


def quoted_answer(
    question: Question,
    hits: Sequence[Hit],
    *,
    voice: Voice,
    embeddings: Embeddings | None = None,
    look: Callable[[str], Sequence[Hit]] | None = None,
) -> Answer:
    """Answer with quotes, each a paragraph “…” [n] and a citation of its exact span; unknown where none is found.

    The words are the source's own, not escaped for any reader. ``look`` searches by text, for the second of two tables.
    """
    tables = table_answers(question, hits, look)
    found = [row.hit for answer in tables for row in (answer, *answer.over)]
    hits = [*hits, *dict.fromkeys(hit for hit in found if hit not in hits)]
    chosen = quotes(question, hits, embeddings=embeddings, tables=tables)
    if not chosen:
        return Answer(voice.unknown, "unknown", hits=tuple(hits), question=question.text)
    text = "\n\n".join(f"“{' '.join(quote.display.split())}” [{number}]" for number, quote in enumerate(chosen, 1))
    citations = tuple(
        replace(
            span_citation(hits[quote.hit], number, quote.start, quote.end),
            spans=tuple((start + 1, end + 1) for start, end in quote.spans),
        )
        for number, quote in enumerate(chosen, 1)
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
    )


def quotes(
    question: Question,
    hits: Sequence[Hit],
    *,
    embeddings: Embeddings | None = None,
    characters: int = QUOTE_CHARACTERS,
    most: int = QUOTE_COUNT,
    tables: Sequence[TableAnswer] = (),
) -> list[Quote]:
    """Choose the one to ``most`` spans of ``hits`` that answer ``question``, together ``characters`` long at most.

    The best span always comes, whatever its length; those of one passage come in reading order. ``embeddings`` adds
    closeness in meaning to the words in common. Whether anything fits at all was decided before. What the ``tables``
    answer comes first, all of it, and at most one sentence with it. Of an article that is not there nothing is quoted.
    """
    rows = [
        Quote(hits.index(row.hit), row.start, row.end, row.display, math.inf, row=True, spans=row.spans)
        for row in shown_rows(tables)
    ]
    if not rows and is_unknown(question, hits):
        return []
    if not rows:
        return _in_reading_order(hits, _best(question, hits, embeddings, characters, most))
    sentences = [quote for quote in _best(question, hits, embeddings, characters, most) if not quote.row]
    return [*rows, *sentences[:1]]


def _best(
    question: Question, hits: Sequence[Hit], embeddings: Embeddings | None, characters: int, most: int
) -> list[Quote]:
    """Choose the spans that fit best, the best first."""
    split = [segments(hit.passage.text, hit.passage.row_spans) for hit in hits]
    pool = candidates(hits, split, question.languages)
    pool = [each for each in pool if each.kind != "row" or not is_of_another(question, each.words)]
    if not pool:
        return []
    fit, shares = scores(question, hits, pool, embeddings)
    enough = _ENOUGH * shares[int(np.argmax(fit))]
    chosen: list[Quote] = []
    length = 0
    for position in np.argsort(-fit, kind="stable"):
        candidate, score = pool[position], float(fit[position])
        if len(chosen) == most or (chosen and score < chosen[0].score - _NEAR_BEST):
            break
        apart = bool(chosen) and (candidate.kind == "row" or candidate.hit != chosen[0].hit)
        if apart and shares[position] < enough:
            continue
        passage, spans = hits[candidate.hit].passage, split[candidate.hit]
        start, end = _widened(passage.text, spans, candidate.index, characters)
        row = _row_with_names(passage, spans, candidate.index) if candidate.kind == "row" else ""
        quote = Quote(
            candidate.hit, start, end, row or _on_one_line(passage.text[start:end]), score, candidate.kind == "row"
        )
        room = not chosen or length + len(quote.display) <= characters
        if room and not any(_overlap(hits, quote, other) for other in chosen):
            chosen.append(quote)
            length += len(quote.display)
    return chosen


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


def _row_with_names(passage: StoredPassage, spans: Sequence[Segment], index: int) -> str:
    """Show a table's row with the names of its columns; "" where they are not known or do not fit its cells."""
    names = column_names(passage, spans, header_rows(passage, spans), index)
    values = row_cells(passage, spans[index], len(names)) if names else []
    pairs = zip(names, values, strict=False)
    return " · ".join(f"{name}: {value}" if name else value for name, value in pairs if value)


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


def _in_reading_order(hits: Sequence[Hit], chosen: Sequence[Quote]) -> list[Quote]:
    """Order quotes by the best of their document and by place within it; neighbours on one paragraph become one."""
    documents = list(dict.fromkeys(hits[quote.hit].passage.version_id for quote in chosen))
    ordered: list[Quote] = []
    for quote in sorted(
        chosen,
        key=lambda quote: (
            documents.index(hits[quote.hit].passage.version_id),
            hits[quote.hit].passage.start + quote.start,
        ),
    ):
        last = ordered[-1] if ordered else None
        text = hits[quote.hit].passage.text
        gap = text[last.end : quote.start] if last and last.hit == quote.hit else "-"
        if last and not gap.strip(" "):
            score = max(last.score, quote.score)
            ordered[-1] = replace(last, end=quote.end, display=f"{last.display} {quote.display}", score=score)
        else:
            ordered.append(quote)
    return ordered

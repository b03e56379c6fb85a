"""Question and passages in, the sentences that answer out, word for word: quote mode, which needs no key."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from langchain_core.embeddings import Embeddings

from core.answer.codes import is_of_another, is_unknown
from core.answer.table_quotes import shown_rows
from core.answer.table_reading import TableAnswer, extreme_around
from core.reader import Reading, on_one_line, read
from core.schema import Answer, Citation, Hit, Question, Voice, document_place
from core.text import Segment, amounts

QUOTE_CHARACTERS = 450
QUOTE_COUNT = 3
MOST_QUOTED_FROM = 12  # candidates, at least: the search had the likeliest of them read already

# A further quote is worth its place when it is at least a twelfth as likely as the best. Of 556 questions about
# documents never trained on, one of the quotes is right in .76, with 2.1 of them; at a sixth (1.8) in .74, with 1.7.
NEAR_BEST = 2.5
# Log-odds of a row, and what it is ahead of another by, where the reader and not the rule chooses.
_SURE = 3.0
SURE_WITHOUT_AMOUNT = 1.5  # amounts the rule reads better
_SURE_OF_A_SENTENCE, _NO_ANSWER = 4.5, -1.0  # log-odds of a sentence, and of the row that goes for it
_ENOUGH = 0.7
_SET_OFF = 0.5  # of a sentence at most: where most of it is bold nothing stands out

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
    tables: Sequence[TableAnswer] = (),
    reader: bool = True,
) -> Answer:
    """Answer with quotes, each a paragraph “…” [n] and a citation of its exact span; unknown where none is found.

    The words are the source's own, not escaped for any reader. What the ``tables`` answer comes first.
    """
    found = [row.hit for answer in tables for row in (answer, *answer.over)]
    hits = [*hits, *dict.fromkeys(hit for hit in found if hit not in hits)]
    chosen = quotes(question, hits, embeddings=embeddings, tables=tables, reader=reader)
    if not chosen:
        return Answer(voice.unknown, "unknown", hits=tuple(hits), question=question.text)
    return answer_of(question, hits, chosen)


def answer_of(question: Question, hits: Sequence[Hit], chosen: Sequence[Quote]) -> Answer:
    """Make the answer of quotes."""
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
    first, last, edited = document_place(passage, start, end)
    return Citation(
        number=number,
        source_id=passage.source_id,
        version_id=passage.version_id,
        source_name=hit.source_name,
        page=passage.page_at(passage.start + start),
        start=first,
        end=last,
        quote=passage.text[start:end],
        passage_start=passage.start,
        passage_end=passage.end,
        supported=supported,
        language=hit.language,
        asked_in=hit.asked_in,
        edited="" if not edited else "added" if passage.origin == "added" else "changed",
    )


def quotes(
    question: Question,
    hits: Sequence[Hit],
    *,
    embeddings: Embeddings | None = None,
    characters: int = QUOTE_CHARACTERS,
    most: int = QUOTE_COUNT,
    tables: Sequence[TableAnswer] = (),
    reader: bool = True,
) -> list[Quote]:
    """Choose the one to ``most`` spans of ``hits`` that answer ``question``, together ``characters`` long at most.

    The best span comes first, and always, whatever its length. ``embeddings`` adds closeness in meaning to the words in
    common. Whether anything fits at all was decided before. What the ``tables`` answer comes before all, all of it, and
    at most one sentence with it. Of an article that is not there nothing is quoted.
    """
    rows = row_quotes(hits, tables)
    if not rows and is_unknown(question, hits):
        return []
    reading = read(question, hits, embeddings=embeddings, with_model=reader, most=MOST_QUOTED_FROM)
    if len(rows) == 1 and not tables[0].over and _is_overruled(question, rows[0], reading):
        rows = []
    rows = rows or row_quotes(hits, _at_the_end(question, hits, reading))
    found = _best(question, hits, reading, characters, most)
    if not rows:
        return _neighbours_joined(hits, found)
    return [*rows, *[quote for quote in found if not quote.row][:1]]


def row_quotes(hits: Sequence[Hit], tables: Sequence[TableAnswer]) -> list[Quote]:
    """Return the rows of tables as quotes."""
    return [
        Quote(hits.index(row.hit), row.start, row.end, row.display, math.inf, row=True, spans=row.spans)
        for row in shown_rows(tables)
    ]


def _is_overruled(question: Question, quote: Quote, reading: Reading) -> bool:
    """Tell whether the reader is sure of a row of another table than the one that words and numbers lead to.

    Or of a sentence, where it does not take that row for an answer at all: "how long does the battery take to charge"
    names the row "Battery · Warranty: 2 years".
    """
    if not reading.by_model or not len(reading.pool):
        return False
    best = int(np.argmax(reading.fit))
    own = [
        place
        for place, candidate in enumerate(reading.pool)
        if candidate.hit == quote.hit and reading.split[candidate.hit][candidate.index].start == quote.start
    ]
    enough = _SURE if amounts(question.understood) else SURE_WITHOUT_AMOUNT
    row = reading.pool[best].kind == "row"
    sure = reading.fit[best] >= (enough if row else _SURE_OF_A_SENTENCE)
    if not (sure and own and best not in own):
        return False
    return bool(reading.fit[own[0]] < (reading.fit[best] - _SURE if row else _NO_ANSWER))


def _at_the_end(question: Question, hits: Sequence[Hit], reading: Reading) -> list[TableAnswer]:
    """Return the cheapest, latest … row of the table whose row the reader puts first, where that is asked."""
    best = reading.pool[int(np.argmax(reading.fit))] if reading.by_model and len(reading.pool) else None
    if best is None or best.kind != "row":
        return []
    return extreme_around(question, hits, best.hit, reading.split[best.hit][best.index].start)


def _best(question: Question, hits: Sequence[Hit], reading: Reading, characters: int, most: int) -> list[Quote]:
    """Choose the spans that fit best, the best first."""
    chosen: list[Quote] = []
    length, enough = 0, 0.0
    for position in np.argsort(-reading.fit, kind="stable"):
        candidate, score, share = reading.pool[position], float(reading.fit[position]), reading.share[position]
        if candidate.kind == "row" and is_of_another(question, candidate.words):
            continue
        if len(chosen) == most or (chosen and score < max(chosen[0].score - NEAR_BEST, reading.least)):
            break
        apart = bool(chosen) and (candidate.kind == "row" or candidate.hit != chosen[0].hit)
        if apart and not reading.by_model and share < enough:
            continue
        quote = quote_of(hits, reading, int(position), characters)
        room = not chosen or length + len(quote.display) <= characters
        if room and not any(_overlap(hits, quote, other) for other in chosen):
            enough = enough or _ENOUGH * share
            chosen.append(quote)
            length += len(quote.display)
    return chosen


def quote_of(hits: Sequence[Hit], reading: Reading, position: int, characters: int) -> Quote:
    """Make the quote of a candidate; the words that answer are set off where they are a small part of it."""
    candidate = reading.pool[position]
    text = hits[candidate.hit].passage.text
    whole = hits[candidate.hit].passage.origin == "pair"  # asked and answered as written
    start, end = (0, len(text)) if whole else _widened(text, reading.split[candidate.hit], candidate.index, characters)
    row = candidate.kind == "row" and not whole
    display = candidate.shown if row else on_one_line(text[start:end])
    begin, stop = reading.spans[position]
    at = display.rfind(candidate.shown)
    set_off = at >= 0 and 0 < stop - begin <= _SET_OFF * len(candidate.shown)
    spans = ((at + begin, at + stop),) if set_off else ()
    return Quote(candidate.hit, start, end, display, float(reading.fit[position]), row, spans)


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


def _overlap(hits: Sequence[Hit], one: Quote, other: Quote) -> bool:
    first, second = hits[one.hit].passage, hits[other.hit].passage
    if " ".join(one.display.split()) == " ".join(other.display.split()):
        return True
    if first.version_id != second.version_id:
        return False
    left, right = document_place(first, one.start, one.end), document_place(second, other.start, other.end)
    return left[0] < right[1] and right[0] < left[1]


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
        shift = len(first.display) + 1 if better is second else 0
        spans = tuple((left + shift, right + shift) for left, right in better.spans)
        joined[beside] = replace(better, start=first.start, end=second.end, display=display, spans=spans)
    return joined


def _beside(hits: Sequence[Hit], one: Quote, other: Quote) -> bool:
    """Tell whether only blanks lie between two quotes of one passage."""
    first, second = sorted((one, other), key=lambda each: each.start)
    return one.hit == other.hit and not hits[one.hit].passage.text[first.end : second.start].strip(" ")

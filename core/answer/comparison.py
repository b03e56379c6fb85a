"""A question about the difference of two things in, the sentences or rows that tell of each out.

No sentence answers it alone as a rule: "DDP" is defined in one place and "DDU" in another. So each thing is read for by
itself, and the answer is both; or, of a table with a column for each, the rows.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from langchain_core.embeddings import Embeddings

from core.answer.quote import QUOTE_CHARACTERS, QUOTE_COUNT, Quote, quote_of
from core.reader import Candidate, Reading, read
from core.schema import Hit, Question
from core.text import asked_in, read_question, search_terms

MOST_READ = 24  # of each thing: fewer candidates name it than answer a question
_LONGEST = 300
_ARTICLES = r"(?:(?:the|an?|your|our|der|die|das|dem|den|einem?r?|el|la|los|las|une?|le|les|il|lo|een|het|de|um|uma) )?"
_THING = rf"{_ARTICLES}([^\s,;:?!()][^,;:?!()]{{0,60}}?)"
_END = r"(?=\s*(?:[,;:?!()]|\.(?:\s|$)|$))"
_ASKED = tuple(
    re.compile(pattern.format(thing=_THING, end=_END), re.IGNORECASE)
    for pattern in (
        r"\bdifferences? between {thing} and {thing}{end}",
        r"\bdifferences? (?:in |of )?{thing} (?:vs\.?|versus|and|or|to|from) {thing}{end}",
        r"^(?:(?:whats?|what is|what's) )?{thing} (?:vs\.?|versus) {thing}{end}",
        r"\bhow (?:is|are) {thing} different (?:from|to|than) {thing}{end}",
        r"\bhow do(?:es)? {thing} differ from {thing}{end}",
        r"\bhow do {thing} and {thing} differ{end}",
        r"\bbetween {thing} and {thing}{end}.{{0,200}}\bdifferences?\b",
        r"\bunterschiede? (?:zwischen |von )?{thing} (?:und|zu|zum|zur|oder|vs\.?) {thing}{end}",
        r"\bdiferencias? (?:hay )?entre {thing} [ye] {thing}{end}",
        r"\bdifférences? entre {thing} et {thing}{end}",
        r"\bdifferenz[ae] (?:tra|fra) {thing} e {thing}{end}",
        r"\bverschil(?:len)? tussen {thing} en {thing}{end}",
        r"\bdiferenças? entre {thing} e {thing}{end}",
    )
)

_AT_THE_END = re.compile(  # of "basic vs plus whats the difference"
    r"(?<= )(?:what(?:['’]?s| is| are) the differences?|was ist der unterschied|cuál es la diferencia|"
    r"quelle est la différence)[ ?.!]*$",
    re.IGNORECASE,
)


def compared(question: str) -> tuple[str, str] | None:
    """Return the two things whose difference is asked for; None where a question asks something else."""
    line = _AT_THE_END.sub("", " ".join(question.split())[:_LONGEST])
    match = next(filter(None, (pattern.search(line) for pattern in _ASKED)), None)
    return (match[1], match[2]) if match else None


def quotes_of_both(
    question: Question,
    things: tuple[str, str],
    hits: Sequence[Hit],
    look: Callable[[str], Sequence[Hit]],
    *,
    embeddings: Embeddings | None,
    reader: bool,
) -> tuple[list[Hit], list[Quote]]:
    """Return what tells of both things, and the hits that the quotes count in; no quotes where one is not found.

    Raises StoreError, ModelError.
    """
    terms = [frozenset(search_terms(thing, question.languages)) for thing in things]
    if not all(terms) or terms[0] == terms[1]:
        return list(hits), []
    found = [*hits, *(hit for thing in things for hit in look(thing)[:QUOTE_COUNT])]
    hits = list({hit.passage.id: hit for hit in reversed(found)}.values())[::-1]
    readings = [
        read(_about(thing, question), hits, embeddings=embeddings, with_model=reader, most=MOST_READ)
        for thing in things
    ]
    said = [_best(reading, own, other) for reading, own, other in zip(readings, terms, terms[::-1], strict=True)]
    said = _alike(readings[0].pool, said, terms)
    defined = all(
        place is not None and own <= frozenset(reading.pool[place].terms[: len(own) + 1])
        for place, reading, own in zip(said, readings, terms, strict=True)
    )
    rows = [] if defined else _rows_of_both(readings, terms)
    best = rows or said
    chosen = [
        quote_of(hits, reading, place, QUOTE_CHARACTERS)
        for reading, place in zip([readings[0]] * len(rows) or readings, best, strict=True)
        if place is not None
    ]
    if rows:  # the reader looked for one of the two; the row tells of both
        chosen = [replace(quote, spans=()) for quote in chosen]
    once = list({(quote.hit, quote.start): quote for quote in chosen}.values())
    return hits, once if len(chosen) == len(best) else []


def _about(thing: str, question: Question) -> Question:
    """Ask for one of the things alone, in words that the reader knows."""
    text = f"what is {thing}" if asked_in(question.alone) in ("en", "") else thing
    return read_question(text, question.languages, vocabulary=question.read_as)


def _rows_of_both(readings: Sequence[Reading], terms: Sequence[frozenset[str]]) -> list[int]:
    """Return the first rows of the table whose header names both things, in the order they stand in."""
    for place, candidate in enumerate(readings[0].pool):
        if candidate.kind == "row" and all(own <= candidate.above for own in terms):
            same = [
                other
                for other, each in enumerate(readings[0].pool)
                if each.kind == "row" and each.hit == candidate.hit and each.above == candidate.above
            ]
            return same[same.index(place) :][:QUOTE_COUNT]
    return []


def _best(reading: Reading, own: frozenset[str], other: frozenset[str]) -> int | None:
    """Return the likeliest candidate that names the one thing: that begins with it, does not speak of the other.

    What begins with it may speak of the other: "Standard: Basic and the gears".
    """
    pool = reading.pool
    places = [int(place) for place in np.argsort(-reading.fit, kind="stable")]
    naming = [place for place in places if own <= _named_by(pool[place])]

    def order(place: int) -> tuple[bool, bool, bool]:
        begins, nearly = (own <= frozenset(pool[place].terms[: len(own) + more]) for more in (0, 1))
        return not begins, not nearly, bool(other - own <= frozenset(pool[place].terms))

    return min(naming, key=order, default=None)


def _alike(pool: Sequence[Candidate], said: list[int | None], terms: Sequence[frozenset[str]]) -> list[int | None]:
    """Where a row tells of the one thing, take the row of the same table for the other, if one begins with it."""
    for this, other in ((0, 1), (1, 0)):
        place = said[other]
        if place is None or pool[place].kind != "row" or (mine := said[this]) is None or pool[mine].kind == "row":
            continue
        for number, each in enumerate(pool):
            begins = terms[this] <= frozenset(each.terms[: len(terms[this]) + 1])
            if begins and each.kind == "row" and each.above == pool[place].above and number != place:
                said[this] = number
                break
    return said


def _named_by(candidate: Candidate) -> frozenset[str]:
    return candidate.above.union(candidate.terms)

"""A question about a thing that a table gives a key for, asked again with that key: "Express to the UK (Zone 4)"."""

from collections.abc import Callable, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from core.answer.quote import (
    MOST_QUOTED_FROM,
    QUOTE_CHARACTERS,
    QUOTE_COUNT,
    SURE_WITHOUT_AMOUNT,
    Quote,
    quote_of,
    row_quotes,
)
from core.answer.table_reading import keys_given, table_answers, words_of_keys
from core.reader import read
from core.retrieve import none_answers
from core.schema import Hit, Question, Sureness
from core.text import amounts, countries_in, for_others, read_question, search_terms, with_countries_as

AHEAD = 0.5  # log-odds that the row found by its key is likelier to answer than what was found without
_SURE = 3.0  # log-odds of what names the country itself: nothing has to be looked up


def quotes_by_key(
    question: Question,
    hits: Sequence[Hit],
    look: Callable[[str], Sequence[Hit]],
    *,
    embeddings: Embeddings | None,
    sureness: Sureness = "measured",
) -> tuple[list[Hit], list[Quote]]:
    """Return the row that a key leads to and the row that gives the key, with the hits that the quotes count in.

    No quotes where no table gives one key, or none of its rows is likelier to answer than what was found without it. A
    row that says itself that it is for the country stands alone.
    Raises StoreError, ModelError.
    """
    countries = countries_in(question.understood)
    if not countries or _is_answered(question, hits, countries, embeddings):
        return [], []
    names = " ".join(filter(countries_in, question.understood.split())) or question.understood
    keys = keys_given(countries, hits) or {
        key: row for word in words_of_keys(hits) for key, row in keys_given(countries, look(f"{word} {names}")).items()
    }
    if len(keys) != 1:
        return [], []
    (key, row), *_ = keys.items()
    asked = read_question(with_countries_as(key, question.understood), question.languages, vocabulary=question.read_as)
    found = list({hit.passage.id: hit for hit in (*look(asked.text), *hits, row.hit)}.values())
    before, after = (read(each, found, embeddings=embeddings) for each in (question, asked))
    if not after.by_model:
        return [], []
    giving, rows = row_quotes(found, [row]), row_quotes(found, table_answers(asked, found))
    place = int(np.argmax(after.fit))
    candidate, fit = after.pool[place], float(after.fit[place])
    by_key = frozenset(search_terms(key, question.languages)) <= candidate.above.union(candidate.terms)
    likelier = by_key and fit >= max(before.fit.max() + AHEAD, none_answers(sureness))
    quote = quote_of(found, after, place, QUOTE_CHARACTERS)
    # Amounts choose among the steps of a table by rule; else the reader is asked first.
    same = any((each.hit, each.start) == (quote.hit, quote.start) for each in rows)
    if rows and (same or not likelier or fit < SURE_WITHOUT_AMOUNT or amounts(question.understood)):
        return found, [*rows, *_unless_said(giving, rows[0], countries)][:QUOTE_COUNT]
    return (found, [quote, *_unless_said(giving, quote, countries)]) if likelier else ([], [])


def _unless_said(giving: list[Quote], quote: Quote, countries: frozenset[str]) -> list[Quote]:
    """Return the row that gives the key, but where what answers says by itself that it is for these countries."""
    said = not countries.isdisjoint(countries_in(quote.display)) or for_others(quote.display, countries) == "these"
    return [] if said else giving


def _is_answered(
    question: Question, hits: Sequence[Hit], countries: frozenset[str], embeddings: Embeddings | None
) -> bool:
    """Tell whether what is likeliest to answer surely does, and names one of the countries."""
    reading = read(question, hits, embeddings=embeddings, most=MOST_QUOTED_FROM)
    if not reading.by_model or not len(reading.pool):
        return False
    best = int(np.argmax(reading.fit))
    return bool(reading.fit[best] >= _SURE) and not countries.isdisjoint(countries_in(reading.pool[best].shown))

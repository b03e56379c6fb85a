"""Question and passages in, a score for each sentence and row of them: how likely it is to hold the answer."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from langchain_core.embeddings import Embeddings

from core.embed import text_vectors
from core.reader.candidates import Candidate
from core.schema import Hit, Question
from core.text import cells, content_terms

# How much each sign counts, as log-odds: fitted on half of the questions of NQ and XQuAD (en, de, es), then rounded.
# What concerns tables, and segments without a word of the question, is set by hand on the sample.
WEIGHTS: Mapping[str, float] = {
    "own": 2.2,  # share of the question's words in the candidate itself
    "own of best": 1.0,  # that, in proportion to the best candidate's
    "above": 2.2,  # what the heading or question over it adds, less the farther it is
    "before": 1.9,  # what the sentence before it adds
    "context": 3.3,  # what the document's name and headings add
    "pairs": 0.45,  # share of the question's neighbouring words that are neighbours in it
    "meaning": 2.3,  # cosine similarity
    "cues": 1.0,  # a number where "how much" is asked, and the like
    "row named": 1.5,  # all of a row's first cell is in the question
    "stranger": -1.0,  # nothing of the question in it or around it
    "first": 0.4,  # it opens its passage
    "new": 0.4,  # words that the question does not have
    "cut off": -1.3,  # it ends where its passage does, in the middle
    "rank": -0.6,  # the place of its passage among those found
    "passage": 3.2,  # how well its passage covers the question
}
ROWS_KEPT = 2_000  # names of rows
LAST_RANK = 5  # from where on its place tells no more of a passage
_MONTHS = r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mai|Okt|Dez|ene|abr|ago|dic"
# (question asks for, sentence shows, weight): a number, a moment, a name, a place, a reason.
_CUES: tuple[tuple[re.Pattern[str], re.Pattern[str], float], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(shows), weight)
    for asks, shows, weight in (
        (
            r"\b(when|what (year|date|day|time)|which year|wann|cuándo|quand)\b|什么时候|何时|哪一年",
            r"\d|\b(when|if|once|until|before|after|soon|wenn|sobald|bevor|nachdem|cuando|quand|lorsque)\b|[时後后]",
            0.8,
        ),
        (
            # "When do I have to …" asks for a condition, "when did they …" for a date.
            r"\b(when(?! (do|must|can|may|should|need|have|am|are)\b)|what (year|date)|which year|wann|cuándo|quand)\b|"
            r"什么时候|何时|哪一年",
            rf"\b(1\d{{3}}|20\d{{2}})\b|\b({_MONTHS})[a-zé]*\b|[年月日]",
            0.9,
        ),
        (
            r"\bhow (much|many|long|old|far|often|tall|big|large|fast|high|deep|soon|heavy|wide)\b|\bwhat (percentage|"
            r"number|amount|rate|share|is the (cost|price|fee|rate|limit|threshold|number|population)|"
            r"does .{1,80} cost)\b|\bwie ?(viele?|lange|oft|hoch|groß|weit)\b|\bcuánt[oa]s?\b|\bcombien\b|多少|几",
            r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|half|free|"
            r"daily|weekly|once|twice|zwei|drei|vier|fünf|dos|tres|cuatro|cinco)\b|[一二三四五六七八九十百千万]",
            1.0,
        ),
        (r"\b(who|whose|whom|wer|wen|wem|quiéne?s?|qui)\b|谁", r"(?<=[\w,;:)] )[A-Z][\w’'-]+", 0.8),
        (
            r"\b(where|(what|which) (country|city|state|place|town)|wo|woher|dónde|où)\b|哪里|哪儿",
            r"\b(in|at|on|from|near|to|of|aus|bei|en|à|au)\s+(the\s+)?[A-Z]|在",
            0.35,
        ),
        (
            r"\b(why|how come|warum|wieso|weshalb|por qué|pourquoi)\b|为什么",
            r"\b([Bb]ecause|due to|so that|in order to|reason|therefore|caused?|owing|weil|damit|porque|parce)\b|因",
            0.35,
        ),
    )
)


def scores(
    question: Question, hits: Sequence[Hit], candidates: Sequence[Candidate], embeddings: Embeddings | None
) -> tuple[np.ndarray, np.ndarray]:
    """Score each candidate: words shared, itself and around it, meaning, cues, its passage. Two float arrays.

    The first holds the scores, the second the share of the question's words that the candidate has around it.
    """
    found, shares = signs(question, hits, candidates, embeddings)
    return found @ np.array([*WEIGHTS.values()]), shares


def signs(
    question: Question, hits: Sequence[Hit], candidates: Sequence[Candidate], embeddings: Embeddings | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the signs of each candidate, (candidates, signs) in the order of WEIGHTS, and its share of the words."""
    wanted = question.words
    query_terms = frozenset(term for terms in wanted.values() for term in terms)
    query_pairs = set(pairwise(terms[0] for terms in wanted.values()))
    weight = _word_weights(wanted, candidates)

    @cache  # of the few words that a question has, most candidates hold the same
    def share(terms: frozenset[str]) -> float:
        return sum(weight[word] for word, stems in wanted.items() if not terms.isdisjoint(stems))

    best = max(share(candidate.bag & query_terms) for candidate in candidates) or 1.0
    meaning = similarities(question.meant, [candidate.words for candidate in candidates], embeddings)
    cues = [(shows, points) for asks, shows, points in _CUES if asks.search(question.alone)]
    found, shares = np.zeros((len(candidates), len(WEIGHTS))), np.zeros(len(candidates))
    for position, candidate in enumerate(candidates):
        terms = candidate.bag & query_terms
        above = terms | (candidate.above & query_terms)
        before = above | (candidate.before & query_terms)
        # Rows of one table share all that stands around them: only their own words tell them apart.
        shares[position] = share(terms if candidate.kind == "row" else before)
        found[position] = (
            share(terms),
            share(terms) / best,
            (share(above) - share(terms)) / (1 + 0.3 * candidate.below),
            share(before) - share(above),
            share(before | (candidate.context & query_terms)) - share(before),
            len(query_pairs.intersection(pairwise(candidate.terms))) / max(1, len(query_pairs)),
            meaning[position],
            sum(points if shows.search(candidate.words) else -points for shows, points in cues),
            candidate.kind == "row" and _row_is_named(candidate.words, query_terms, tuple(question.languages)),
            shares[position] == 0,
            candidate.index == 0,
            min(len(candidate.bag) - len(terms), 8) / 8,
            candidate.cut_off,
            min(candidate.hit, LAST_RANK),
            hits[candidate.hit].coverage,
        )
    return found, shares


def _row_is_named(row: str, query_terms: frozenset[str], languages: tuple[str, ...]) -> bool:
    """Tell whether the question names a row: all of its first cell, or of what stands before its first number."""
    words = _name_of_row(row, languages)
    return bool(words) and all(not query_terms.isdisjoint(stems) for stems in words)


@lru_cache(maxsize=ROWS_KEPT)
def _name_of_row(row: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the words of what a row is called, each as the terms it may stand as."""
    parts = cells(row)
    name = next(filter(None, parts), "") if parts else re.split(r"\s\S*\d", row, maxsplit=1)[0]
    return tuple(content_terms(name, languages).values())


def _word_weights(wanted: Mapping[str, Sequence[str]], candidates: Sequence[Candidate]) -> dict[str, float]:
    """Weigh the question's words by how rare they are among the candidates (BM25's idf), summing to 1."""
    count = len(candidates)
    bags = [candidate.bag for candidate in candidates]
    having = {word: sum(not bag.isdisjoint(stems) for bag in bags) for word, stems in wanted.items()}
    rarity = {word: math.log(1 + (count - number + 0.5) / (number + 0.5)) for word, number in having.items()}
    total = sum(rarity.values()) or 1.0
    return {word: value / total for word, value in rarity.items()}


def similarities(question: str, texts: Sequence[str], embeddings: Embeddings | None) -> np.ndarray:
    """Return the cosine similarity of the question and each text, or zeros without a model. Raises ModelError."""
    if embeddings is None:
        return np.zeros(len(texts))
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    vectors = text_vectors(embeddings, list(places))
    query_vector = np.asarray(embeddings.embed_query(question), dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(query_vector)
    near = np.nan_to_num(vectors @ query_vector / np.where(lengths > 0, lengths, 1.0))
    return np.asarray(near[[places[text] for text in texts]])

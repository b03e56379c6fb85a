"""Candidates in, scores and an order out: words and meaning, coverage, neighbouring words, the source that is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from langchain_core.embeddings import Embeddings

from core.errors import ModelError
from core.log import log_failure
from core.reader import read
from core.retrieve.meant_sources import MeantSources, SourceInfo
from core.schema import ExactThing, Hit, Question, StoreHit
from core.text import holds

# What is added for the share of the question's words, and of its neighbouring words, that a passage holds; together
# they raise the first place from .898 to .912 (XQuAD articles, English) and from .834 to .850 (German).
COVERAGE_WEIGHT = 0.3
PHRASE_WEIGHT = 0.2
# What is added for the source being the one that is meant. 20 quarterly reports: right documents in the first 5 from
# .62 to .98, numbers of the reference answers found there from .15 to .30.
SOURCE_WEIGHT = 1.0
# A source score of this much or more counts in full; below, in proportion.
SOURCE_CERTAIN = 0.25
# Where one source's best passage leads all others' by this much, the passages themselves say which source is meant.
OPEN_LEAD = 0.4
# Where several sources are asked about, each further passage of one of them counts this much less.
SPREAD = 0.15
MOST_MEANT_SOURCES = 12
# What is added for how likely the reader finds the answer in a passage, 0 to 1.
READER_WEIGHT = 0.7
# Log-odds of a passage in which there is nothing to read: headings alone.
NOTHING_READ = -20.0
# What is added for holding a code or number that is named, which leaves all other scores behind; and a date.
NAMED_WEIGHT = 3.0
DATE_WEIGHT = 0.5
# What is added for the source being one that its owner prefers: see PREFERRED_LEAD in core/reader/reading.py.
PREFERRED_WEIGHT = 0.2
JUST_BEFORE = 0.001


def scaled(values: Sequence[float | None]) -> np.ndarray:
    """Scale scores to 0 to 1 over the pool; what a part of the search did not find gets 0 from it.

    Better than ranks (RRF): on NQ .957 of the gold passages in the first 5 against .949, at the same dense weight.
    """
    known = [value for value in values if value is not None]
    if not known:
        return np.zeros(len(values))
    low, high = min(known), max(known)
    if high <= low:
        return np.array([0.0 if value is None else 1.0 for value in values])
    return np.array([0.0 if value is None else (value - low) / (high - low) for value in values])


def word_coverage(
    words: Mapping[str, Sequence[str]], pool: Sequence[StoreHit], meant_sources: MeantSources
) -> np.ndarray:
    """Return for each candidate the share of the question's words found in it or in its source's name."""
    texts = [f" {item.passage.terms} " for item in pool]
    rows = []
    for word, terms in words.items():
        padded = [f" {term} " for term in terms]
        named = meant_sources.named.get(word, frozenset())
        has = [any(term in text for term in padded) for text in texts]
        rows.append([held or item.passage.source_id in named for held, item in zip(has, pool, strict=True)])
    return _weighed(rows, len(pool))


def phrase_coverage(terms: Sequence[str], pool: Sequence[StoreHit]) -> np.ndarray:
    """Return for each candidate the share of the question's neighbouring words that are neighbours in it too."""
    texts = [f" {item.passage.terms} " for item in pool]
    pairs = [f" {left} {right} " for left, right in pairwise(terms)]
    return _weighed([[pair in text for text in texts] for pair in pairs], len(pool))


def _weighed(rows: Sequence[Sequence[bool]], candidates: int) -> np.ndarray:
    """Return for each column the share of the rows that hold, 0 to 1, rows that rarely hold counting more."""
    if not rows:
        return np.zeros(candidates)
    holds = np.array(rows, dtype=float)
    held = holds.sum(axis=1)
    # The root: a word that no candidate holds ("aunt", a slip of the pen) must not outweigh all that they do hold.
    weights = np.sqrt(np.log(1 + (candidates - held + 0.5) / (held + 0.5)))
    return np.asarray(weights @ holds / weights.sum())


def source_scores(pool: Sequence[StoreHit], meant_sources: MeantSources) -> np.ndarray:
    """Return how much each candidate's source is meant, 0 to 1, the one meant most getting most."""
    most = max(meant_sources.scores.values(), default=0.0)
    if not most:
        return np.zeros(len(pool))
    scale = min(1.0, most / SOURCE_CERTAIN) / most
    return np.array([scale * meant_sources.scores.get(item.passage.source_id, 0.0) for item in pool])


def preferred(pool: Sequence[StoreHit], sources: Mapping[str, SourceInfo]) -> np.ndarray:
    """Return 1 for each candidate whose source its owner prefers, 0 for the others."""
    return np.array([float(sources[item.passage.source_id].preferred) for item in pool])


def held_things(
    things: Sequence[ExactThing], pool: Sequence[StoreHit], sources: Mapping[str, SourceInfo]
) -> np.ndarray:
    """Return which candidate (second index) holds which exact thing (first), in its text or its source's name.

    The terms say it in no time, where the passage was stored with them; where none has them, the texts are read.
    """
    rows = []
    for thing in things:
        padded = [f" {term} " for term in thing.terms]
        row = [any(term in f" {item.passage.terms} " for term in padded) for item in pool]
        if not any(row) or thing.kind == "code":
            texts = [f"{sources[item.passage.source_id].name}\n{_text(item)}" for item in pool]
            row = [holds(thing, text) for text in texts]
        rows.append(row)
    return np.array(rows, dtype=float).reshape(len(rows), len(pool))


def _text(item: StoreHit) -> str:
    return f"{item.passage.context}\n{item.passage.text}"


def with_nearest(chosen: list[int], pool: Sequence[StoreHit], most: int) -> list[int]:
    """Give the last ``most`` of the chosen places to the nearest in meaning of all that are not before them."""
    kept = chosen[: max(0, len(chosen) - most)]
    others = [index for index in range(len(pool)) if index not in kept]
    similarity = [-1.0 if item.similarity is None else item.similarity for item in pool]
    others.sort(key=lambda index: -similarity[index])
    return [*kept, *others[: len(chosen) - len(kept)]]


def with_each_thing(chosen: list[int], held: np.ndarray, scores: np.ndarray) -> list[int]:
    """Let the best candidate that holds a thing stand among the chosen where none of them does, in the last places."""
    kept = list(chosen)
    for row in held:
        if row.any() and kept and not row[kept].any():
            spare = [index for index in kept if not held[:, index].any()] or kept[1:]
            if spare:
                kept.remove(spare[-1])
                kept.append(int(np.argmax(np.where(row > 0, scores, -np.inf))))
    return kept


def openness(pool: Sequence[StoreHit], scores: np.ndarray) -> float:
    """Return how open the passages leave which source is meant: 0 where one source's best leads all others' clearly."""
    best: dict[str, float] = {}
    for item, score in zip(pool, scores, strict=True):
        best[item.passage.source_id] = max(float(score), best.get(item.passage.source_id, 0.0))
    first, second, *_ = [*sorted(best.values(), reverse=True), 0.0]
    return max(0.0, 1.0 - (first - second) / OPEN_LEAD)


def best_spread(pool: Sequence[StoreHit], scores: np.ndarray, meant_sources: MeantSources, limit: int) -> list[int]:
    """Choose the best ``limit`` candidates, over all the sources where the question is about several."""
    left = [int(index) for index in np.argsort(-scores, kind="stable")]
    if not meant_sources.several or not 2 <= len(meant_sources.best) <= MOST_MEANT_SOURCES:
        return left[:limit]
    chosen: list[int] = []
    taken = dict.fromkeys(meant_sources.best, 0)
    while left and len(chosen) < limit:
        best = max(left, key=lambda index: scores[index] - SPREAD * taken.get(pool[index].passage.source_id, 0))
        left.remove(best)
        chosen.append(best)
        if pool[best].passage.source_id in taken:
            taken[pool[best].passage.source_id] += 1
    return chosen


def best_read(question: Question, hits: Sequence[Hit], embeddings: Embeddings) -> list[Hit]:
    """Order hits by what the reader finds in them, too; as they are where it cannot be loaded."""
    try:
        reading = read(question, hits, embeddings=embeddings)
    except ModelError as error:  # only the closeness in meaning of single sentences is missing then
        log_failure("reader.embedding_failed", error)
        reading = read(question, hits)
    if not reading.by_model:
        return list(hits)
    best = [NOTHING_READ] * len(hits)
    for candidate, score in zip(reading.pool, reading.fit, strict=True):
        best[candidate.hit] = max(best[candidate.hit], float(score))
    marked = [
        replace(hit, reading=found, score=hit.score + READER_WEIGHT / (1 + float(np.exp(-found))))
        for hit, found in zip(hits, best, strict=True)
    ]
    return sorted(_preferred_first(marked), key=lambda hit: -hit.score)


def _preferred_first(hits: list[Hit]) -> list[Hit]:
    """Give what the reader put before all others because its source is preferred the highest score, too."""
    best = max(hits, key=lambda hit: -np.inf if hit.reading is None else hit.reading)
    if not best.preferred or all(hit.preferred for hit in hits):
        return hits
    first = replace(best, score=max(hit.score for hit in hits) + JUST_BEFORE)
    return [first if hit is best else hit for hit in hits]

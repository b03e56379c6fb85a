"""Question in, hits out: the one search that preview, test, chat and the visitor's chat all use."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from core.schema import Found, Hit, Scope, SearchSettings
from core.store.protocol import PassageStore
from core.terms import content_terms, search_terms
from core.which_source import Meant, SourceInfo, which_sources

__all__ = ["PassageRetriever", "SourceInfo", "fits"]

POOL = 60
COVERAGE_WEIGHT = 0.3
PHRASE_WEIGHT = 0.2
SOURCE_WEIGHT = 1.0
SOURCE_CERTAIN = 0.25
SPREAD = 0.15
GATE = 0.4
MOST_MEANT = 12
_TRIES = 3


class PassageRetriever(BaseRetriever):
    """Finds the passages of one assistant for a question. Made anew for each question: ``sources`` is the truth."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: SkipValidation[PassageStore]
    scope: Scope
    embeddings: Embeddings
    dense_weight: float = 0.3
    settings: SearchSettings = SearchSettings()
    sources: Mapping[str, SourceInfo]

    def find(self, question: str, limit: int | None = None) -> list[Hit]:
        """Return up to ``limit`` (else the settings' number of) hits, best first; [] where nothing was found.

        Passages of sources or versions that are not in ``sources`` are never returned. Raises StoreError, ModelError.
        """
        limit = self.settings.passages if limit is None else limit
        if limit < 1 or not question.strip() or not self.sources:
            return []
        languages = sorted({source.language for source in self.sources.values()})
        vector = np.asarray(self.embeddings.embed_query(question), dtype=np.float32) if self.dense_weight > 0 else None
        terms = list(dict.fromkeys(search_terms(question, languages))) if self.dense_weight < 1 else []
        pool, meant = self._candidates(question, vector, terms, limit, languages)
        if not pool:
            return []
        words = content_terms(question, languages)
        coverage = _coverage(words, pool, meant)
        scores = _scores(pool, self.dense_weight, coverage, terms)
        scores = scores + SOURCE_WEIGHT * _openness(pool, scores) * _source_scores(pool, meant)
        order = _spread(pool, scores, meant, limit)
        return [
            Hit(
                passage=pool[index].passage,
                source_name=self.sources[pool[index].passage.source_id].name,
                score=float(scores[index]),
                similarity=pool[index].similarity,
                lexical=pool[index].lexical,
                coverage=float(coverage[index]),
            )
            for index in order
        ]

    def _candidates(
        self, question: str, vector: np.ndarray | None, terms: Sequence[str], limit: int, languages: Sequence[str]
    ) -> tuple[list[Found], Meant]:
        """Collect candidates: from everywhere, and once more from within the sources the question means."""
        size = max(POOL, 3 * limit)
        found: dict[str, Found] = {}
        for _ in range(_TRIES):
            answer = self.store.search(self.scope, vector=vector, terms=terms, limit=size)
            found = {item.passage.id: item for item in answer if self._is_current(item)}
            if len(found) >= min(limit, len(answer)) or len(answer) < size:
                break
            size *= 4
        passages = [item.passage for item in found.values()]
        meant = which_sources(question, tuple(self.sources.values()), languages, passages)
        if 0 < len(meant.best) <= MOST_MEANT:
            inside = self.store.search(
                self.scope, vector=vector, terms=terms, limit=size, source_ids=sorted(meant.best)
            )
            for item in inside:
                if self._is_current(item):
                    found[item.passage.id] = _joined(found.get(item.passage.id), item)
        return sorted(found.values(), key=lambda item: item.passage.id), meant

    def _is_current(self, item: Found) -> bool:
        source = self.sources.get(item.passage.source_id)
        return source is not None and source.version_id == item.passage.version_id

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [_document(hit) for hit in self.find(query)]


def _joined(first: Found | None, second: Found) -> Found:
    if first is None:
        return second
    similarity = first.similarity if first.similarity is not None else second.similarity
    lexical = first.lexical if first.lexical is not None else second.lexical
    return Found(first.passage, similarity, lexical)


def _document(hit: Hit) -> LangChainDocument:
    passage = hit.passage
    metadata: dict[str, Any] = {
        "source": hit.source_name,
        "source_id": passage.source_id,
        "version_id": passage.version_id,
        "passage_id": passage.id,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "context": passage.context,
        "score": hit.score,
        "similarity": hit.similarity,
        "coverage": hit.coverage,
    }
    return LangChainDocument(id=passage.id, page_content=passage.text, metadata=metadata)


def _scores(pool: Sequence[Found], dense_weight: float, coverage: np.ndarray, terms: Sequence[str]) -> np.ndarray:
    similarity = _scaled([item.similarity for item in pool])
    lexical = _scaled([item.lexical for item in pool])
    fused = dense_weight * similarity + (1 - dense_weight) * lexical
    return fused + COVERAGE_WEIGHT * coverage + PHRASE_WEIGHT * _phrases(terms, pool)


def _scaled(values: Sequence[float | None]) -> np.ndarray:
    """Scale scores to 0 to 1 over the pool; what a part of the search did not find gets 0 from it."""
    known = [value for value in values if value is not None]
    if not known:
        return np.zeros(len(values))
    low, high = min(known), max(known)
    if high <= low:
        return np.array([0.0 if value is None else 1.0 for value in values])
    return np.array([0.0 if value is None else (value - low) / (high - low) for value in values])


def _coverage(words: Mapping[str, Sequence[str]], pool: Sequence[Found], meant: Meant) -> np.ndarray:
    """Return for each candidate the share of the question's words found in it, rare words counting more."""
    texts = [f" {item.passage.terms} " for item in pool]
    covered = np.zeros(len(pool))
    total = 0.0
    for word, terms in words.items():
        padded = [f" {term} " for term in terms]
        named = meant.named.get(word, frozenset())
        has = np.array(
            [
                item.passage.source_id in named or any(term in text for term in padded)
                for item, text in zip(pool, texts, strict=True)
            ]
        )
        weight = math.log(1 + (len(pool) - has.sum() + 0.5) / (has.sum() + 0.5))
        covered += weight * has
        total += weight
    return covered / total if total else covered


def _phrases(terms: Sequence[str], pool: Sequence[Found]) -> np.ndarray:
    """Return for each candidate the share of the question's neighbouring words that are neighbours in it too."""
    pairs = [f" {left} {right} " for left, right in zip(terms, terms[1:], strict=False)]
    found = np.zeros(len(pool))
    total = 0.0
    texts = [f" {item.passage.terms} " for item in pool]
    for pair in pairs:
        has = np.array([pair in text for text in texts])
        weight = math.log(1 + (len(pool) - has.sum() + 0.5) / (has.sum() + 0.5))
        found += weight * has
        total += weight
    return found / total if total else found


def _source_scores(pool: Sequence[Found], meant: Meant) -> np.ndarray:
    most = max(meant.scores.values(), default=0.0)
    if not most:
        return np.zeros(len(pool))
    scale = min(1.0, most / SOURCE_CERTAIN) / most
    return np.array([scale * meant.scores.get(item.passage.source_id, 0.0) for item in pool])


def _openness(pool: Sequence[Found], scores: np.ndarray) -> float:
    """Return how open the passages leave which source is meant: 0 where one source's best stands far above the rest."""
    best: dict[str, float] = {}
    for item, score in zip(pool, scores, strict=True):
        best[item.passage.source_id] = max(float(score), best.get(item.passage.source_id, 0.0))
    first, second, *_ = [*sorted(best.values(), reverse=True), 0.0]
    return max(0.0, 1.0 - (first - second) / GATE)


def _spread(pool: Sequence[Found], scores: np.ndarray, meant: Meant, limit: int) -> list[int]:
    """Choose the best ``limit``, each further one of a source counting less where several sources are meant alike."""
    order = [int(index) for index in np.argsort(-scores, kind="stable")]
    if not meant.several or not 2 <= len(meant.best) <= MOST_MEANT:
        return order[:limit]
    chosen: list[int] = []
    taken = dict.fromkeys(meant.best, 0)
    left = order
    while left and len(chosen) < limit:
        best = max(left, key=lambda index: scores[index] - SPREAD * taken.get(pool[index].passage.source_id, 0))
        left.remove(best)
        chosen.append(best)
        if pool[best].passage.source_id in taken:
            taken[pool[best].passage.source_id] += 1
    return chosen


def fits(question: str, hits: Sequence[Hit]) -> bool:
    """Tell whether the hits speak of what is asked at all."""
    return any(hit.coverage > 0.5 for hit in hits)

"""Question in, hits out: the one search that preview, test, chat and the visitor's chat all use."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from core.embed import search_vector
from core.errors import StoreError
from core.log import log_failure
from core.retrieve.documents import document_of
from core.retrieve.meant_sources import MeantSources, SourceInfo, which_sources
from core.retrieve.ranking import (
    COVERAGE_WEIGHT,
    DATE_WEIGHT,
    MOST_MEANT_SOURCES,
    NAMED_WEIGHT,
    PHRASE_WEIGHT,
    PREFERRED_WEIGHT,
    SOURCE_WEIGHT,
    best_read,
    best_spread,
    held_things,
    openness,
    phrase_coverage,
    preferred,
    scaled,
    source_scores,
    with_each_thing,
    with_nearest,
    word_coverage,
)
from core.schema import Hit, Scope, SearchSettings, StoredPassage, StoreHit
from core.store import PassageStore
from core.text import Vocabulary, read_question

# All measured with tests/benchmarks/quality.py and the built-in embedding, November 2026.
# Candidates from each of the two searches: 30 finds .950, 60 .960, 100 .956 of NQ's gold passages in the first 5.
POOL = 60
# Passages that the reader looks through, of which the best are given to the answer. The last four are the nearest in
# meaning of the others: of 400 questions to 16 documents at once what answers is among the 24 in .848, without in .795.
READ = 24
NEAREST = 4
_TRIES = 3


class PassageRetriever(BaseRetriever):
    """Finds the passages of one assistant for a question. ``sources``, by id, says what may be found at all.

    ``vocabulary`` are their words, against which what is mistyped is put right; None: nothing is.
    ``k`` is how many, in place of the settings' number; LangChain's ``invoke(question, k=3)`` works too.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: SkipValidation[PassageStore]
    scope: Scope
    embeddings: Embeddings
    dense_weight: float = 0.3
    settings: SearchSettings = SearchSettings()
    k: int | None = None
    sources: SkipValidation[Mapping[str, SourceInfo]]  # taken as it is: to copy thousands costs more than a search
    vocabulary: SkipValidation[Vocabulary | None] = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The two-letter codes of the sources' languages."""
        return tuple(sorted({source.language for source in self.sources.values()}))

    def find(self, text: str, limit: int | None = None) -> list[Hit]:
        """Return up to ``limit`` (else the settings' number of) hits, best first; [] where nothing was found.

        Passages of sources or versions that are not in ``sources`` are never returned. Raises StoreError, ModelError.
        """
        limit = (self.settings.passages if self.k is None else self.k) if limit is None else limit
        if not self.settings.reader:
            return self.found(text, limit)
        hits = self.found(text, max(limit, READ) if limit > 0 else 0, nearest=NEAREST)
        question = read_question(text, self.languages, vocabulary=self.vocabulary)
        return best_read(question, hits, self.embeddings)[:limit] if hits else []

    def found(self, text: str, limit: int, nearest: int = 0) -> list[Hit]:
        """Return what the search itself finds, best first, before the reader looks through it.

        In the last ``nearest`` places stand those nearest in meaning of what would not be among the best.
        """
        if limit < 1 or not text.strip() or not self.sources:
            return []
        question = read_question(text, self.languages, vocabulary=self.vocabulary)
        vector = search_vector(self.embeddings, question.understood) if self.dense_weight > 0 else None
        terms = (*question.terms, *question.others) if self.dense_weight < 1 else ()
        candidates = self._search(vector, terms, max(POOL, 3 * limit), limit)
        passages = [item.passage for item in candidates.values()]
        meant_sources = which_sources(question, tuple(self.sources.values()), passages)
        if 0 < len(meant_sources.best) <= MOST_MEANT_SOURCES:
            for item in self._search(vector, terms, max(POOL, 3 * limit), limit, sorted(meant_sources.best)).values():
                candidates[item.passage.id] = _joined(candidates.get(item.passage.id), item)
        pool = sorted(candidates.values(), key=lambda item: item.passage.id)
        if not pool:
            return []
        coverage = word_coverage(question.words, pool, meant_sources)
        scores = self._scores(pool, coverage, question.terms if terms else (), meant_sources)
        held = held_things(question.exact, pool, self.sources)
        weights = [NAMED_WEIGHT if thing.needed else DATE_WEIGHT for thing in question.exact]
        scores = scores + np.asarray(weights) @ held if weights else scores
        chosen = best_spread(pool, scores, meant_sources, limit)
        if vector is not None and nearest:
            chosen = with_nearest(chosen, pool, nearest)
        chosen = with_each_thing(chosen, held, scores)
        return [self._hit(pool[index], scores[index], coverage[index]) for index in chosen]

    def neighbours(self, hits: Sequence[Hit]) -> list[StoredPassage]:
        """Return the passages that stand right before and after the hits: one query a version, all at the same time."""
        wanted: dict[str, set[int]] = {}
        for hit in hits:
            around = (hit.passage.ordinal - 1, hit.passage.ordinal + 1)
            wanted.setdefault(hit.passage.version_id, set()).update(n for n in around if n >= 0)
        if not wanted:
            return []

        def beside(version_id: str) -> list[StoredPassage]:
            return self.store.neighbours(self.scope, version_id, sorted(wanted[version_id]))

        try:
            with ThreadPoolExecutor(len(wanted), thread_name_prefix="neighbours") as pool:
                return list(chain.from_iterable(pool.map(beside, wanted)))
        except StoreError as error:  # the passages themselves were found: they answer without what stands beside them
            log_failure("neighbours.failed", error)
            return []

    def _search(
        self,
        vector: np.ndarray | None,
        terms: Sequence[str],
        size: int,
        limit: int,
        source_ids: Sequence[str] | None = None,
    ) -> dict[str, StoreHit]:
        """Collect candidates by id; asks for more where those of old versions leave too few."""
        current_hits: dict[str, StoreHit] = {}
        for _ in range(_TRIES):
            hits = self.store.search(self.scope, vector=vector, terms=terms, limit=size, source_ids=source_ids)
            current_hits = {item.passage.id: item for item in hits if self._is_current(item)}
            if len(current_hits) >= limit or len(hits) < size:
                break
            size *= 4
        return current_hits

    def _is_current(self, item: StoreHit) -> bool:
        source = self.sources.get(item.passage.source_id)
        return source is not None and source.version_id == item.passage.version_id

    def _scores(
        self, pool: Sequence[StoreHit], coverage: np.ndarray, terms: Sequence[str], meant_sources: MeantSources
    ) -> np.ndarray:
        similarity = scaled([item.similarity for item in pool])
        lexical = scaled([item.lexical for item in pool])
        scores = self.dense_weight * similarity + (1 - self.dense_weight) * lexical
        scores = scores + COVERAGE_WEIGHT * coverage + PHRASE_WEIGHT * phrase_coverage(terms, pool)
        scores = scores + PREFERRED_WEIGHT * preferred(pool, self.sources)
        return scores + SOURCE_WEIGHT * openness(pool, scores) * source_scores(pool, meant_sources)

    def _hit(self, item: StoreHit, score: float, coverage: float) -> Hit:
        source = self.sources[item.passage.source_id]
        return Hit(
            passage=item.passage,
            source_name=source.name,
            preferred=source.preferred,
            score=float(score),
            similarity=item.similarity,
            lexical=item.lexical,
            coverage=float(coverage),
        )

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[LangChainDocument]:
        return [document_of(hit) for hit in self.find(query, k)]


def _joined(first: StoreHit | None, second: StoreHit) -> StoreHit:
    """Put together what two searches know of one passage."""
    if first is None:
        return second
    similarity = second.similarity if first.similarity is None else first.similarity
    lexical = second.lexical if first.lexical is None else first.lexical
    return StoreHit(first.passage, similarity, lexical)

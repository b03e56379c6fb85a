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
from core.retrieve.asked import Place, by_place, joined, unaliased
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
from core.retrieve.trace import Look, Trace
from core.schema import ExactThing, Hit, Question, Scope, SearchSettings, StoredPassage, StoreHit
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
    trace: SkipValidation[Trace | None] = None  # where what was found out is kept; None: nowhere

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
        return self.read(question, hits)[:limit]

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Hit]:
        """Order hits by what the reader finds in them, too; all of them, the best first."""
        ordered = best_read(question, hits, self.embeddings) if hits else []
        if self.trace is not None and any(hit.reading is not None for hit in ordered):
            self.trace.read += ordered
        return ordered

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
            among = sorted(meant_sources.best)
            for place, item in self._search(vector, terms, max(POOL, 3 * limit), limit, among).items():
                candidates[place] = joined(candidates.get(place), item)
        pool = sorted(candidates.values(), key=lambda item: item.passage.id)
        if not pool:
            return []
        coverage = word_coverage(question.words, pool, meant_sources)
        held = held_things(question.exact, pool, self.sources)
        parts = self._parts(pool, coverage, question.terms if terms else (), meant_sources)
        parts["named"] = _named(question.exact, held)
        scores = np.asarray(sum(parts.values()))
        chosen = best_spread(pool, scores, meant_sources, limit)
        if vector is not None and nearest:
            chosen = with_nearest(chosen, pool, nearest)
        chosen = with_each_thing(chosen, held, scores)
        if self.trace is not None:
            look = Look(question, tuple(pool), parts, coverage, tuple(chosen), meant_sources, limit)
            self.trace.looks.append(look)
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
            found = self.store.neighbours(self.scope, version_id, sorted(wanted[version_id]))
            return [passage for passage in found if passage.alias_of is None]

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
    ) -> dict[Place, StoreHit]:
        """Collect candidates by their place; asks for more where those of old versions leave too few."""
        current_hits: dict[Place, StoreHit] = {}
        for _ in range(_TRIES):
            hits = self.store.search(self.scope, vector=vector, terms=terms, limit=size, source_ids=source_ids)
            current_hits = by_place([item for item in hits if self._is_current(item)])
            if len(current_hits) >= limit or len(hits) < size:
                break
            size *= 4
        return current_hits

    def _is_current(self, item: StoreHit) -> bool:
        source = self.sources.get(item.passage.source_id)
        return source is not None and source.version_id == item.passage.version_id

    def _parts(
        self, pool: Sequence[StoreHit], coverage: np.ndarray, terms: Sequence[str], meant_sources: MeantSources
    ) -> dict[str, np.ndarray]:
        """Return what each candidate's score is made of; the score is the sum, in this order."""
        parts = {
            "meaning": self.dense_weight * scaled([item.similarity for item in pool]),
            "words": (1 - self.dense_weight) * scaled([item.lexical for item in pool]),
            "coverage": COVERAGE_WEIGHT * coverage,
            "phrase": PHRASE_WEIGHT * phrase_coverage(terms, pool),
            "preferred": PREFERRED_WEIGHT * preferred(pool, self.sources),
        }
        open_to_sources = openness(pool, np.asarray(sum(parts.values())))
        return parts | {"source": SOURCE_WEIGHT * open_to_sources * source_scores(pool, meant_sources)}

    def _hit(self, item: StoreHit, score: float, coverage: float) -> Hit:
        source = self.sources[item.passage.source_id]
        return Hit(
            passage=unaliased(item.passage),
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


def _named(things: Sequence[ExactThing], held: np.ndarray) -> np.ndarray:
    """Return what each candidate gets for the codes, numbers and dates it holds; ``held`` is as held_things has it."""
    weights = [NAMED_WEIGHT if thing.needed else DATE_WEIGHT for thing in things]
    return np.asarray(weights) @ held if weights else np.zeros(held.shape[1])

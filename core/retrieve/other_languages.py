"""The search for a question that is in another language than the sources, or than some of them."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from pydantic import PrivateAttr, SkipValidation

from core.embed import ACROSS_LANGUAGES, across_vectors
from core.errors import ModelError
from core.foreign import ODDS_COVERAGE, Meant, VectorFolder, as_odds, gloss, nearest
from core.log import log_failure
from core.retrieve.asked import unaliased
from core.retrieve.meant_sources import SourceInfo, which_sources
from core.retrieve.ranking import word_coverage
from core.retrieve.retriever import READ, PassageRetriever
from core.schema import Hit, StoredPassage, StoreHit
from core.text import asked_in, read_question, search_terms

AT_ONCE = 8  # queries for single versions
NEAREST = 20  # passages by meaning, among which names and numbers in common then decide
# A question of which so many words, the small ones too, stand in what was found is in the sources' own language.
STANDS = 0.85


class LanguageRetriever(PassageRetriever):
    """A PassageRetriever that finds sources in other languages than the question's too, by meaning.

    ``vectors`` is where the sources' vectors lie; ``fill`` is asked to make those of versions that have none, and
    returns whether they are there now: where they are not, the search is the ordinary one and ``preparing`` says so.
    A question in the language of all sources goes the ordinary way, at no cost.
    """

    vectors: SkipValidation[VectorFolder | None] = None
    fill: SkipValidation[Callable[[Sequence[str]], bool] | None] = None
    _preparing: str = PrivateAttr(default="")

    @property
    def preparing(self) -> str:
        """The language, two letters, for which sources were still to be prepared at the last question; "" for none."""
        return self._preparing

    def find(self, text: str, limit: int | None = None) -> list[Hit]:
        """Return hits as PassageRetriever does, those in another language than the question among them."""
        self._preparing = ""
        language = asked_in(text)
        others = self._others(language)
        if not others:
            return super().find(text, limit)
        meant = read_question(text, self.languages, vocabulary=self.vocabulary).meant
        all_other = len(others) == len(self.sources)
        most = limit or (self.settings.passages if self.k is None else self.k)
        # The reader knows one language at a time: where all is in another one it would read in vain.
        hits = self.found(text, most) if all_other else super().find(text, most)
        if all_other and _stands(text, hits, self.languages):
            return super().find(text, limit)
        try:
            found = self._by_meaning(meant, language, others, [*hits, *self._by_gloss(meant, language, others, most)])
        except ModelError as error:
            log_failure("languages.not_searched", error)
            found = None
        if found is None:
            return super().find(text, limit) if all_other else hits
        return _together([hit for hit in hits if hit.passage.source_id not in others], found)[:most]

    def _others(self, language: str) -> dict[str, SourceInfo]:
        """The sources in another language than this, as far as both are known and can be compared."""
        if language not in ACROSS_LANGUAGES or self.vectors is None:
            return {}
        other = ACROSS_LANGUAGES - {language}
        return {key: source for key, source in self.sources.items() if source.language in other}

    def _by_gloss(self, text: str, language: str, others: Mapping[str, SourceInfo], most: int) -> list[Hit]:
        """Find passages of English sources by English words for the question. Raises StoreError, ModelError."""
        english = {key for key, source in others.items() if source.language == "en"}
        words = gloss(text, language, self.vocabulary or frozenset()) if english else ""
        return [hit for hit in self.found(words, most) if hit.passage.source_id in english] if words else []

    def _by_meaning(
        self, text: str, language: str, others: Mapping[str, SourceInfo], hits: Sequence[Hit]
    ) -> list[Hit] | None:
        """Find passages in other languages, best first; None where the sources are still to be prepared."""
        assert self.vectors is not None
        source_of = {source.version_id: source for source in others.values()}
        missing = self.vectors.missing(sorted(source_of))
        if missing and not (self.fill is not None and self.fill(missing)):
            self._preparing = language
        if len(missing := self.vectors.missing(sorted(source_of))) == len(source_of):
            return None
        by_words = [(hit.passage.version_id, hit.passage.ordinal) for hit in hits]
        ready = sorted(set(source_of) - set(missing))
        meant, among = nearest(self.vectors, ready, across_vectors([text])[0], NEAREST, by_words)
        passages = self._fetched(meant)
        pool = [StoreHit(passage, near.meaning) for passage, near in passages]
        question = read_question(text, self.languages)
        sources = which_sources(question, tuple(others.values()), [item.passage for item in pool])
        coverage = word_coverage(question.words, pool, sources)
        found = []
        for (passage, near), share in zip(passages, coverage, strict=True):
            source = source_of[passage.version_id]
            odds = as_odds(near.meaning, near.sentence, float(share), among)
            found.append(
                Hit(
                    passage=unaliased(passage),
                    source_name=source.name,
                    preferred=source.preferred,
                    score=near.meaning + ODDS_COVERAGE * float(share),
                    similarity=near.meaning,
                    coverage=float(share),
                    reading=odds,
                    language=source.language,
                    asked_in=language,
                )
            )
        best = sorted(found, key=lambda hit: -hit.score)[:READ]
        return self.read(question, best) if self.settings.reader else best

    def _fetched(self, meant: Sequence[Meant]) -> list[tuple[StoredPassage, Meant]]:
        """Fetch passages from the store, one query a version; what it does not hold is left out."""
        by_version: dict[str, dict[int, Meant]] = {}
        for each in meant:
            by_version.setdefault(each.version_id, {})[each.ordinal] = each
        if not by_version:
            return []

        def fetch(version: str) -> list[StoredPassage]:
            return self.store.neighbours(self.scope, version, sorted(by_version[version]))

        with ThreadPoolExecutor(min(len(by_version), AT_ONCE), thread_name_prefix="languages") as threads:
            fetched = chain.from_iterable(threads.map(fetch, by_version))
            return [(passage, by_version[passage.version_id][passage.ordinal]) for passage in fetched]


def _stands(text: str, hits: Sequence[Hit], languages: Sequence[str]) -> bool:
    """Tell whether nearly all words of a question, the small ones too, stand in the passages found."""
    terms = set(search_terms(text, languages))
    held = {term for hit in hits for term in hit.passage.terms.split()}
    return bool(terms) and len(terms & held) >= STANDS * len(terms)


def _together(own: Sequence[Hit], found: Sequence[Hit]) -> list[Hit]:
    """Put hits in the question's own language and in others into one order, by how likely each answers.

    Both stay in the order they come in: the first of each counts as its likeliest.
    """
    placed = [pair for hits in (own, found) for pair in zip(sorted(map(_odds, hits), reverse=True), hits, strict=True)]
    return [hit for _, hit in sorted(placed, key=lambda each: -each[0])]


def _odds(hit: Hit) -> float:
    return hit.reading if hit.reading is not None else 6 * (hit.coverage - 0.5)

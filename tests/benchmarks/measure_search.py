"""How long a search takes with 1,000, 10,000 and 100,000 passages, beside LanceDB's own hybrid search on the same."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from tests.benchmarks.measured import Line, in_child, lines_from
from tests.benchmarks.throwaway import percentile, throwaway_data

SIZES = (1_000, 10_000, 100_000)
SOURCES = 100
WORDS = 220  # a passage of about 1,500 characters
VOCABULARY = 40_000
LIMIT = 6
ROUNDS = 60
BARE_TIMES = 2.0
SYLLABLES = (
    "ba",
    "cor",
    "del",
    "fen",
    "gri",
    "hal",
    "jun",
    "kem",
    "lor",
    "mav",
    "nis",
    "por",
    "qua",
    "rud",
    "sel",
    "tov",
)
COMMON = """
the of and to in a is for that on with as by are be at this or from it an which was have not were has its may will
their other more been such than all one these any can our under no also each between into only over time who out new
must after use when about there some most year two first per would made where those both
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Made-up passages: the words of each, the words' search terms, and a random number generator for questions."""

    words: np.ndarray
    terms: np.ndarray
    drawn: np.ndarray
    generator: np.random.Generator

    def text(self, row: int) -> str:
        """Return a passage's text."""
        return " ".join(self.words[self.drawn[row]]) + "."


def at_sizes(quick: bool) -> list[Line]:
    """Measure every size in a process of its own."""
    lines: list[Line] = []
    for size in SIZES[:2] if quick else SIZES:
        lines += lines_from(in_child("measure_search:at_size", size))
    return lines


def at_size(size: int) -> list[Line]:
    """Fill the store and a bare table with the same passages; ask both the same questions in turn."""
    with throwaway_data() as data:
        corpus = made_up(size)
        vectors = corpus.generator.standard_normal((size, 256), dtype=np.float32)
        ours, bare = filled(corpus, vectors)[0], _bare_table(data, corpus, vectors)
        questions = made_questions(corpus, ROUNDS)
        for question in questions[:5]:
            ours.find(question, LIMIT)
            _bare_search(bare, question)
        times: dict[str, list[float]] = {"ours": [], "bare": []}
        for question in questions[5:]:
            times["ours"].append(timed(lambda asked=question: ours.find(asked, LIMIT)))
            times["bare"].append(timed(lambda asked=question: _bare_search(bare, asked)))
    name = f"{size:,} passages"
    middle, late = (percentile(times["ours"], share) for share in (0.5, 0.95))
    bare_middle, bare_late = (percentile(times["bare"], share) for share in (0.5, 0.95))
    note = f"bare LanceDB {1000 * bare_middle:.1f} ms (p50), {1000 * bare_late:.1f} ms (p95)"
    target = BARE_TIMES if size == SIZES[-1] else None
    return [
        Line(f"{name}, p50", 1000 * middle, "ms", note=note),
        Line(f"{name}, p95", 1000 * late, "ms"),
        Line(f"{name}, p95 / bare", late / bare_late, "times", most=target),
    ]


def timed(work: Any) -> float:
    """Return the seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def made_up(size: int) -> Corpus:
    """Draw the words of ``size`` passages: common English ones first, made-up ones behind, by Zipf's law."""
    from core.text import search_terms

    shaker = random.Random(7)
    known = dict.fromkeys(COMMON.split())
    while len(known) < VOCABULARY:
        known["".join(shaker.choices(SYLLABLES, k=shaker.randint(2, 4)))] = None
    words = np.array(list(known), dtype=object)
    terms = np.array([" ".join(search_terms(word, ("en",))) for word in known], dtype=object)
    generator = np.random.default_rng(7)
    chances = 1.0 / (np.arange(len(words)) + 2.7)
    drawn = generator.choice(len(words), size=(size, WORDS), p=chances / chances.sum()).astype(np.int32)
    return Corpus(words, terms, drawn, generator)


def made_questions(corpus: Corpus, count: int) -> list[str]:
    """Ask as people do: some common words around three or four telling words that stand in one passage."""
    asked = []
    for row in corpus.generator.integers(0, len(corpus.drawn), count):
        telling = [word for word in corpus.drawn[row] if word > 300][:4]
        asked.append(f"What is the {' '.join(corpus.words[telling])} of this year and which one may be over it?")
    return asked


def filled(corpus: Corpus, vectors: np.ndarray) -> tuple[Any, float]:
    """Write the passages into the store itself; return the retriever over it and the seconds of writing."""
    from core.embed import embedding
    from core.retrieve import PassageRetriever, SourceInfo
    from core.schema import Scope
    from core.settings import settings
    from core.store import store_named

    scope, store = Scope("measured", 1, "wordllama-256", 256), store_named(settings().preferred_store)
    began = time.perf_counter()
    for begin in range(0, len(vectors), 10_000):
        part = vectors[begin : begin + 10_000]
        store.add(scope, [passage_of(corpus, row) for row in range(begin, begin + len(part))], part)
    store.tidy(scope)
    seconds = time.perf_counter() - began
    names = corpus.words[corpus.generator.integers(300, 5_000, (SOURCES, 2))]
    sources = {
        f"s{n}": SourceInfo(
            id=f"s{n}", name=f"{names[n][0]} {names[n][1]} {2000 + n % 25}.pdf", version_id=f"v{n}", language="en",
            identity=corpus.text(n)[:600],
        )
        for n in range(SOURCES)
    }  # fmt: skip
    return PassageRetriever(store=store, scope=scope, embeddings=embedding("wordllama-256"), sources=sources), seconds


def passage_of(corpus: Corpus, row: int) -> Any:
    """Return a passage as the store takes it."""
    from core.schema import StoredPassage

    source = row % SOURCES
    text = corpus.text(row)
    return StoredPassage(
        id=str(UUID(int=row + 1)), source_id=f"s{source}", version_id=f"v{source}", ordinal=row // SOURCES,
        start=0, end=len(text), page=1, text=text, context="", terms=" ".join(corpus.terms[corpus.drawn[row]]),
    )  # fmt: skip


def _bare_table(data: Path, corpus: Corpus, vectors: np.ndarray) -> Any:
    """Return a LanceDB table as its quickstart makes it: text, vector, a full-text index with its defaults."""
    import lancedb
    import pyarrow as pa
    from lancedb.index import FTS

    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel(), pa.float32()), 256)
    rows = pa.table({"text": [corpus.text(row) for row in range(len(vectors))], "vector": column})
    table = lancedb.connect(data / "bare.lance").create_table("bare", rows)
    table.create_index("text", config=FTS())
    return table


@cache
def _embeddings() -> Any:
    from core.embed import embedding

    return embedding("wordllama-256")


def _bare_search(table: Any, question: str) -> Sequence[Any]:
    vector = _embeddings().embed_query(question)
    query: Any = table.search(query_type="hybrid").vector(vector).text(question)
    found: Sequence[Any] = query.distance_type("cosine").limit(LIMIT).to_list()
    return found

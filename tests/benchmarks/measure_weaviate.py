"""The Weaviate store beside the bare client: the same objects inserted, the same questions asked, in one run.

Runs where WEAVIATE_URL (and WEAVIATE_GRPC, WEAVIATE_API_KEY) name a server; everything it made there is removed.
"""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
import psutil

from tests.benchmarks.measure_search import Corpus, filled, made_questions, made_up, passage_of, timed
from tests.benchmarks.measured import Line, Skipped, in_child, lines_from
from tests.benchmarks.throwaway import percentile, throwaway_data

SIZES = (10_000, 100_000)
ROUNDS = 105
PIECE = 500
INGEST_TIMES, QUERY_TIMES = 1.3, 1.5
CANDIDATES = 60  # what the retriever looks at; the bare query is asked for as many, and for the few an answer needs
FEW = 6
TENANT = "bare"


def beside_bare(quick: bool) -> list[Line]:
    """Measure each size in a process of its own, and how much memory the larger one needs more than the smaller."""
    if not os.environ.get("MEASURED_WEAVIATE_URL"):
        raise Skipped("WEAVIATE_URL names no server.")
    lines: list[Line] = []
    held: list[float] = []
    for size in SIZES[:1] if quick else SIZES:
        given = in_child("measure_weaviate:at_size", size, seconds=900)
        lines += lines_from(given["lines"])
        held.append(given["megabytes"])
    if len(held) == len(SIZES):
        lines.append(Line("memory at 100,000 / at 10,000 passages", held[1] / held[0], "times", most=1.1))
    return lines


def at_size(size: int) -> dict[str, Any]:
    """Fill a tenant through the store and one through the bare client; ask both the same questions in turn."""
    for name in ("WEAVIATE_URL", "WEAVIATE_GRPC", "WEAVIATE_API_KEY"):
        os.environ[name] = os.environ.get(f"MEASURED_{name}", "")
    with throwaway_data(), _bare_collection() as bare:
        corpus = made_up(size)
        vectors = corpus.generator.standard_normal((size, 256), dtype=np.float32)
        began = time.perf_counter()
        _insert_bare(bare, corpus, vectors)
        bare_seconds = time.perf_counter() - began
        ours, seconds = filled(corpus, vectors)
        questions = made_questions(corpus, ROUNDS)
        del vectors, corpus
        gc.collect()
        times = _asked(ours, bare, questions)
        megabytes = psutil.Process().memory_info().rss / 2**20
        ours.store.drop(ours.scope)
    name = f"{size:,} passages"
    late = {kind: percentile(values, 0.95) for kind, values in times.items()}
    note = ", ".join(f"{kind} {1000 * value:.1f} ms" for kind, value in late.items())
    lines = [
            Line(f"{name}, insert / bare", seconds / bare_seconds, "times", most=INGEST_TIMES,
                 note=f"{seconds:.1f} s, bare insert_many {bare_seconds:.1f} s"),
            Line(f"{name}, store p95 / bare", late["store"] / late["bare"], "times", most=QUERY_TIMES, note=note),
            Line(f"{name}, retriever p95 / bare", late["retriever"] / late["bare"], "times"),
            Line(f"{name}, memory of Answerbook", megabytes, "MB"),
    ]  # fmt: skip
    return {"megabytes": megabytes, "lines": [asdict(line) for line in lines]}


def _asked(ours: Any, bare: Any, questions: list[str]) -> dict[str, list[float]]:
    """Ask in turn: the store (two searches in one), the whole retriever, the bare hybrid query for as many, for few."""
    from core.text import search_terms

    times: dict[str, list[float]] = {"store": [], "retriever": [], "bare": [], "bare few": []}
    for number, question in enumerate(questions):
        terms = list(dict.fromkeys(search_terms(question, ("en",))))
        vector = np.asarray(ours.embeddings.embed_query(question), dtype=np.float32)
        work = {
            "store": lambda v=vector, t=terms: ours.store.search(ours.scope, vector=v, terms=t, limit=CANDIDATES),
            "retriever": lambda q=question: ours.find(q, FEW),
            "bare": lambda v=vector, t=terms: _bare_hybrid(bare, v, t, CANDIDATES),
            "bare few": lambda v=vector, t=terms: _bare_hybrid(bare, v, t, FEW),
        }
        for kind, ask in work.items():
            seconds = timed(ask)
            if number >= 5:  # the first few warm both
                times[kind].append(seconds)
    return times


def _bare_hybrid(bare: Any, vector: np.ndarray, terms: list[str], limit: int) -> Any:
    return bare.query.hybrid(
        query=" ".join(terms), vector=vector.tolist(), query_properties=["terms"], limit=limit, alpha=0.3
    ).objects


def _insert_bare(bare: Any, corpus: Corpus, vectors: np.ndarray) -> None:
    """Insert the same objects as the client's documentation does, in pieces of 500."""
    from weaviate.classes.data import DataObject

    for begin in range(0, len(vectors), PIECE):
        objects = []
        for row in range(begin, min(begin + PIECE, len(vectors))):
            passage = passage_of(corpus, row)
            properties = {
                name: getattr(passage, name)
                for name in ("source_id", "version_id", "ordinal", "start", "end", "page", "text", "context", "terms")
            }
            objects.append(DataObject(properties=properties, vector=vectors[row].tolist(), uuid=UUID(passage.id)))
        given = bare.data.insert_many(objects)
        if given.has_errors:
            raise Skipped("The bare insert had errors.")


@contextmanager
def _bare_collection() -> Iterator[Any]:
    """A multi-tenant collection with the same index and properties as ours, made by the bare client."""
    import weaviate
    from weaviate.classes.config import Configure, DataType, Property, StopwordsPreset, Tokenization, VectorDistances
    from weaviate.classes.tenants import Tenant

    from core.settings import settings
    from core.store.weaviate.address import addresses

    host = settings()
    where = addresses(host.weaviate_url, host.weaviate_grpc)[0]
    client = weaviate.connect_to_custom(
        where.host, where.port, where.secure, where.grpc_host, where.grpc_port, where.secure,
        auth_credentials=weaviate.auth.AuthApiKey(host.weaviate_api_key.get_secret_value()),
    )  # fmt: skip
    name = "BareMeasured"
    words: dict[str, Any] = {"index_searchable": False, "index_filterable": False}
    keys: dict[str, Any] = {"index_searchable": False, "tokenization": Tokenization.FIELD}
    try:
        client.collections.delete(name)
        made = client.collections.create(
            name,
            multi_tenancy_config=Configure.multi_tenancy(enabled=True),
            vector_config=Configure.Vectors.self_provided(
                vector_index_config=Configure.VectorIndex.hnsw(
                    distance_metric=VectorDistances.COSINE, quantizer=Configure.VectorIndex.Quantizer.rq(bits=8)
                )
            ),
            inverted_index_config=Configure.inverted_index(stopwords_preset=StopwordsPreset.NONE),
            properties=[
                Property(name="source_id", data_type=DataType.TEXT, **keys),
                Property(name="version_id", data_type=DataType.TEXT, **keys),
                *(Property(name=number, data_type=DataType.INT) for number in ("ordinal", "start", "end", "page")),
                Property(name="text", data_type=DataType.TEXT, **words),
                Property(name="context", data_type=DataType.TEXT, **words),
                Property(
                    name="terms",
                    data_type=DataType.TEXT,
                    index_filterable=False,
                    index_searchable=True,
                    tokenization=Tokenization.WHITESPACE,
                ),
            ],
        )
        made.tenants.create([Tenant(name=TENANT)])
        yield made.with_tenant(TENANT)
    finally:
        client.collections.delete(name)
        client.close()

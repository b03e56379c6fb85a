"""LanceDB and a real Weaviate find the same passages, in nearly the same order, for the same assistant."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from statistics import mean
from uuid import uuid4

import pytest
from pydantic import SecretStr

from core import pipeline
from core.assistants import index_builds
from core.index import change
from core.sample import sample_assistant, sample_questions
from core.schema import Hit
from core.settings import settings
from core.store import close_stores
from tests.benchmarks import quality
from tests.core.conftest import RunningWeaviate
from tests.core.work import work_off

FIRST = 10
LEAST_OVERLAP = 0.9
LEAST_ORDER = 0.9
NQ_QUESTIONS = 300


def places(hits: Sequence[Hit]) -> list[tuple[str, int]]:
    """What was found, best first; ids differ between two indexes of the same documents, places do not."""
    return [(hit.passage.source_id, hit.passage.ordinal) for hit in hits]


def assert_alike(here: Sequence[list[tuple[str, int]]], there: Sequence[list[tuple[str, int]]]) -> None:
    overlaps = [len(set(a) & set(b)) / max(len(a), len(b)) for a, b in zip(here, there, strict=True) if a or b]
    assert len(overlaps) > len(here) / 2
    assert mean(overlaps) >= LEAST_OVERLAP
    assert mean(same_order(a, b) for a, b in zip(here, there, strict=True) if a or b) >= LEAST_ORDER


def same_order(here: Sequence[tuple[str, int]], there: Sequence[tuple[str, int]]) -> float:
    """Return the share of pairs found by both that both have in the same order; 1 where there are none."""
    pairs = list(combinations([place for place in here if place in there], 2))
    kept = [there.index(first) < there.index(second) for first, second in pairs]
    return mean(kept) if kept else 1.0


def test_the_sample_is_found_alike(
    data_folder: Path, weaviate: RunningWeaviate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant_id = sample_assistant()
    work_off()
    questions = [each.question for each in sample_questions()]
    assert len(questions) >= 30
    here = [places(pipeline.search(assistant_id, question, FIRST)) for question in questions]
    for name, value in (("URL", weaviate.url), ("GRPC", weaviate.grpc), ("API_KEY", weaviate.key)):
        monkeypatch.setenv(f"WEAVIATE_{name}", value)
    settings.cache_clear()
    close_stores()
    change.request_store("weaviate")
    work_off()
    assert index_builds.live_build(assistant_id).store == "weaviate"
    assert_alike(here, [places(pipeline.search(assistant_id, question, FIRST)) for question in questions])


def test_thousands_of_passages_of_real_questions_are_found_alike(weaviate: RunningWeaviate, shared_data: Path) -> None:
    from core.store.weaviate.address import addresses
    from core.store.weaviate.nodes import Nodes
    from core.store.weaviate.store import WeaviateStore

    documents, asked = quality.natural_questions(shared_data)
    questions = [each.question for each in asked[:NQ_QUESTIONS]]
    with quality.index(documents) as lance:
        here = [places(lance.find(question, FIRST)) for question in questions]
    prefix = f"Nq{uuid4().hex[:8]}"
    nodes = Nodes(addresses(weaviate.url, weaviate.grpc), SecretStr(weaviate.key))
    try:
        with quality.index(documents, WeaviateStore(nodes, prefix=prefix)) as served:
            there = [places(served.find(question, FIRST)) for question in questions]
    finally:
        weaviate.remove_collections(prefix)
    assert_alike(here, there)

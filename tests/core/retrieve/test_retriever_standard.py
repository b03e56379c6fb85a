"""LangChain's own contract for retrievers, on a real store: number of results by argument, documents, async."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import numpy as np
import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import SecretStr

from core.embed import embed_passages, embedding
from core.retrieve import PassageRetriever, SourceInfo
from core.schema import BUILT_IN_EMBEDDING, Scope, StoredPassage
from core.store import PassageStore
from core.text import search_terms

TEXTS = (
    "Import tax is paid by the recipient before the parcel is handed over.",
    "Gifts up to 45 euro between private people are free of import tax.",
    "A parcel can be sent back within 30 days of delivery.",
    "The label for a return costs 4.50 euro and is valid for 14 days.",
    "On Saturdays the counter closes at noon.",
)
QUESTION = "Who pays the import tax for a parcel?"


def lancedb(request: pytest.FixtureRequest) -> PassageStore:
    from core.store.lance.store import LanceStore

    return LanceStore(request.getfixturevalue("tmp_path") / "passages.lance")


def weaviate(request: pytest.FixtureRequest) -> PassageStore:
    from core.store.weaviate.address import addresses
    from core.store.weaviate.nodes import Nodes
    from core.store.weaviate.store import WeaviateStore

    server = request.getfixturevalue("weaviate")
    nodes = Nodes(addresses(server.url, server.grpc), SecretStr(server.key))
    return WeaviateStore(nodes, prefix=f"Standard{uuid4().hex[:8]}")


def stored(ordinal: int, text: str) -> StoredPassage:
    passage_id, terms = str(uuid5(NAMESPACE_URL, f"standard/{ordinal}")), " ".join(search_terms(text, ["en"]))
    return StoredPassage(passage_id, "s" * 32, "a" * 32, ordinal, 0, len(text), None, text, "", terms)


class TestPassageRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True, params=[lancedb, weaviate], ids=["lancedb", "weaviate"])
    def _filled(self, request: pytest.FixtureRequest) -> Iterator[None]:
        self.store = request.param(request)
        self.scope = Scope(uuid4().hex, 1, BUILT_IN_EMBEDDING, 256)
        self.embeddings = embedding(BUILT_IN_EMBEDDING)
        vectors = embed_passages(self.embeddings, list(TEXTS))
        self.store.add(self.scope, [stored(*each) for each in enumerate(TEXTS)], np.asarray(vectors, np.float32))
        yield
        self.store.drop(self.scope)
        self.store.close()

    @property
    def retriever_constructor(self) -> type[PassageRetriever]:
        return PassageRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        sources = {"s" * 32: SourceInfo("s" * 32, "handbook.md", "a" * 32, "", "en", TEXTS[0])}
        return {"store": self.store, "scope": self.scope, "embeddings": self.embeddings, "sources": sources}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION

    def test_the_best_comes_first_whatever_the_number(self, retriever: BaseRetriever) -> None:
        assert [found.page_content for found in retriever.invoke(QUESTION, k=1)] == [TEXTS[0]]
        assert retriever.invoke(QUESTION)[0].page_content == TEXTS[0]

"""What a server guessed, as Weaviate does by default, is made anew: passages are kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from core.store.weaviate import schema
from core.store.weaviate.address import addresses
from core.store.weaviate.nodes import Nodes
from core.store.weaviate.store import WeaviateStore
from tests.core.store.store_kit import key, passages, scope, vectors

if TYPE_CHECKING:
    from weaviate import WeaviateAsyncClient

    from tests.core.conftest import RunningWeaviate

PREFIX = "Guessed"


@pytest.fixture
def stores(weaviate: "RunningWeaviate") -> Iterator[list[WeaviateStore]]:
    """Two Answerbooks on one server, where the collection of their passages is one without tenants."""
    opened = [
        WeaviateStore(Nodes(addresses(weaviate.url, weaviate.grpc), SecretStr(weaviate.key)), prefix=PREFIX)
        for _ in range(2)
    ]
    opened[0].nodes.run(_guessed, seconds=30)
    yield opened
    for store in opened:
        store.close()
    weaviate.remove_collections(PREFIX)


async def _guessed(client: "WeaviateAsyncClient") -> None:
    await client.collections.create(schema.collection_name(PREFIX, scope()), properties=schema.properties())


def test_a_guessed_collection_holds_nothing(stores: list[WeaviateStore]) -> None:
    store = stores[0]
    assert store.scopes() == []
    assert store.neighbours(scope(), key("v"), [0]) == []
    store.drop(scope())


def test_several_at_once_make_a_guessed_collection_anew_and_lose_nothing(stores: list[WeaviateStore]) -> None:
    def add(number: int) -> None:
        stores[number].add(scope(), passages(20, version=f"v{number}"), vectors(20, seed=number))

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(add, range(len(stores))))
    for number, store in enumerate(stores):
        version = f"v{number}"
        assert store.neighbours(scope(), key(version), range(20)) == passages(20, version=version)

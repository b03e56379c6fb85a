"""Collections made before passages had a table header, rows and page breaks: they answer, and take what is new."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from core.schema import StoredPassage
from core.store.weaviate import schema
from core.store.weaviate.address import addresses
from core.store.weaviate.nodes import Nodes
from core.store.weaviate.store import WeaviateStore
from tests.core.store.store_kit import key, passage, passages, scope, vectors

if TYPE_CHECKING:
    from weaviate import WeaviateAsyncClient

    from tests.core.conftest import RunningWeaviate

PREFIX = "Older"
NEWER = {"table_header", "rows", "page_breaks", "heading_spans"}


@pytest.fixture
def stores(weaviate: "RunningWeaviate") -> Iterator[list[WeaviateStore]]:
    """Three Answerbooks on one server, on which the version before has made a collection and kept one passage."""
    opened = [
        WeaviateStore(Nodes(addresses(weaviate.url, weaviate.grpc), SecretStr(weaviate.key)), prefix=PREFIX)
        for _ in range(3)
    ]
    opened[0].nodes.run(_made_by_the_version_before, seconds=30)
    yield opened
    for store in opened:
        store.close()
    weaviate.remove_collections(PREFIX)


async def _made_by_the_version_before(client: "WeaviateAsyncClient") -> None:
    """Make the collection as it is made now, without what is newer: nothing else about it has changed."""
    from weaviate.classes.config import Configure
    from weaviate.classes.data import DataObject

    name = schema.collection_name(PREFIX, scope())
    await client.collections.create(
        name,
        multi_tenancy_config=Configure.multi_tenancy(enabled=True, auto_tenant_activation=True),
        vector_config=Configure.Vectors.self_provided(),
        properties=[wanted for wanted in schema.properties() if wanted.name not in NEWER],
    )
    await client.collections.use(name).tenants.create([scope().name])
    kept = schema.data_object(passage(9), vectors(1)[0])
    older: dict[str, Any] = {name: value for name, value in kept.properties.items() if name not in NEWER}
    held = client.collections.use(name).with_tenant(scope().name)
    await held.data.insert_many([DataObject(properties=older, vector=kept.vector, uuid=UUID(passage(9).id))])


async def _property_names(client: "WeaviateAsyncClient") -> set[str]:
    config = await client.collections.use(schema.collection_name(PREFIX, scope())).config.get(simple=True)
    return {present.name for present in config.properties}


def as_kept(whole: StoredPassage) -> StoredPassage:
    """A passage as a version kept it that did not know the newer fields."""
    return StoredPassage(
        *(getattr(whole, name) for name in StoredPassage.__dataclass_fields__ if name not in NEWER),
    )


def test_an_older_collection_answers_and_is_left_as_it_is(stores: list[WeaviateStore]) -> None:
    store = stores[0]
    assert store.neighbours(scope(), key("v"), [9]) == [as_kept(passage(9))]
    [found] = store.search(scope(), vector=vectors(1)[0], terms=["word9"], limit=3)
    assert found.passage == as_kept(passage(9))
    assert store.nodes.run(_property_names, seconds=10).isdisjoint(NEWER)


def test_several_at_once_complete_an_older_collection_and_lose_nothing(stores: list[WeaviateStore]) -> None:
    def add(number: int) -> None:
        version = f"v{number}"
        stores[number].add(scope(), passages(20, version=version), vectors(20, seed=number))

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(add, range(len(stores))))
    for number, store in enumerate(stores):
        version = f"v{number}"
        assert store.neighbours(scope(), key(version), range(20)) == passages(20, version=version)
        assert store.neighbours(scope(), key("v"), [9]) == [as_kept(passage(9))]
    assert store.nodes.run(_property_names, seconds=10) >= NEWER

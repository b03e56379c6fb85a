"""Passages in Weaviate: one multi-tenant collection for each embedding model, one tenant for each scope.

Reads end within 3 s, whatever the server does. Writes carry ids of our own, so that trying again is harmless.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from core.errors import StoreError
from core.schema import Scope, StoredPassage, StoreHit
from core.store import checks
from core.store.weaviate import schema as objects
from core.store.weaviate.errors import away, missing_collection, missing_tenant
from core.store.weaviate.nodes import Nodes, load_client

if TYPE_CHECKING:
    from weaviate import WeaviateAsyncClient

READ_SECONDS = 3.0
WRITE_SECONDS = 30.0
PIECE = 500  # objects of one insert; below 200 and above 500 it is no faster (measured)
IN_LIST = 1000  # ids of one filter
MOST = 10_000  # what one query may return, and one deletion removes
TRIES = 3
RETRY_SECONDS = 0.5

Result = TypeVar("Result")


class WeaviateStore:
    """Keeps passages behind ``nodes``, in collections whose names begin with ``prefix``. Safe to use from threads."""

    name = "weaviate"

    def __init__(self, nodes: Nodes, *, replicas: int = 1, prefix: str = "Answerbook") -> None:
        self.nodes = nodes
        self._replicas = replicas
        self._prefix = prefix
        # Scopes whose tenant was seen, collections that have all properties; forgotten when the server says otherwise.
        self._known: set[str] = set()

    def add(self, scope: Scope, passages: Sequence[StoredPassage], vectors: np.ndarray) -> None:
        """Write passages with their vectors ``(len(passages), scope.dimension)``; the same id again replaces.

        Raises StoreError: nothing is stored where the input is refused, else pieces of 500 may be.
        """
        passages, array = checks.checked(scope, passages, vectors)
        if not passages:
            return
        load_client()
        self._check_dimension(scope)
        self._complete(scope)
        for start in range(0, len(passages), PIECE):
            piece = [
                objects.data_object(passage, vector)
                for passage, vector in zip(passages[start : start + PIECE], array[start : start + PIECE], strict=True)
            ]
            self._write(scope, partial(_inserted, piece=piece))

    def search(
        self,
        scope: Scope,
        *,
        vector: np.ndarray | None,
        terms: Sequence[str],
        limit: int,
        source_ids: Sequence[str] | None = None,
    ) -> list[StoreHit]:
        """Find the ``limit`` nearest by cosine and the ``limit`` best by BM25, each passage once. Raises StoreError.

        A vector of zeros points nowhere and finds nothing. ``source_ids`` empty finds nothing.
        """
        array, words = checks.checked_query(scope, vector), checks.checked_terms(terms)
        sources = None if source_ids is None else checks.keys(source_ids)
        if limit < 1 or sources == [] or (array is None and not words):
            return []
        self._check_dimension(scope)
        limit = min(limit, MOST)
        where = None if sources is None else _among("source_id", sources)

        async def find(held: Any) -> list[StoreHit]:
            near = _nothing() if array is None else _nearest(held, array, limit, where)
            best = _nothing() if not words else _best(held, words, limit, where)
            return _merged(*await asyncio.gather(near, best))

        return self._read(scope, find, [])

    def neighbours(self, scope: Scope, version_id: str, ordinals: Sequence[int]) -> list[StoredPassage]:
        """Return one version's passages at these ordinals, in order; what does not exist is left out."""
        wanted = sorted({int(ordinal) for ordinal in ordinals if ordinal >= 0})
        if not wanted or not checks.is_key(version_id):
            return []
        passages: list[StoredPassage] = []
        for start in range(0, len(wanted), IN_LIST):
            where = _equal("version_id", version_id) & _among("ordinal", wanted[start : start + IN_LIST])
            rows: list[Any] = self._read(scope, partial(_fetched, where=where), [])
            passages += [objects.passage_of(row) for row in rows]
        return sorted(passages, key=lambda passage: passage.ordinal)

    def vectors(self, scope: Scope, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the stored vectors, float32 ``(scope.dimension,)`` of length 1; unknown ids are left out."""
        wanted = checks.passage_ids(ids)
        vectors: dict[str, np.ndarray] = {}
        for start in range(0, len(wanted), IN_LIST):
            piece = wanted[start : start + IN_LIST]
            rows: list[Any] = self._read(scope, partial(_fetched_by_id, ids=piece), [])
            vectors |= {str(row.uuid): objects.vector_of(row) for row in rows}
        return vectors

    def delete_versions(self, scope: Scope, version_ids: Sequence[str]) -> int:
        """Remove all passages of these versions, look again, and return how many are left (0 when it worked)."""
        wanted = checks.keys(version_ids)
        left = 0
        for start in range(0, len(wanted), IN_LIST):
            where = _among("version_id", wanted[start : start + IN_LIST])
            left += self._write(scope, partial(_deleted, where=where), missing=0)
        return left

    def count(self, scope: Scope, version_id: str | None = None) -> int:
        """Count the passages of a scope, or of one version in it; 0 where there is none."""
        if version_id is not None and not checks.is_key(version_id):
            return 0
        where = None if version_id is None else _equal("version_id", version_id)
        return self._read(scope, partial(_counted, where=where), 0)

    def ids(self, scope: Scope) -> Iterator[str]:
        """Iterate over all passage ids of a scope, a thousand at a time."""
        last = None
        while True:
            page: list[str] = self._read(scope, partial(_ids_after, last=last), [])
            yield from page
            if len(page) < IN_LIST:
                return
            last = page[-1]

    def tidy(self, scope: Scope) -> None:
        """Nothing to do: the server indexes what it is given at once and compacts by itself."""

    def index_anew(self, scope: Scope) -> None:
        """Nothing that can be done from here: an index of the server's is made anew by dropping the scope."""

    def rest(self, scope: Scope) -> None:
        """Let the server put a scope to sleep that no longer answers; the next call wakes it (10 ms, measured)."""

        async def deactivate(client: "WeaviateAsyncClient") -> None:
            collection = client.collections.use(self._collection(scope))
            if await collection.tenants.exists(checks.scope_name(scope)):
                await collection.tenants.deactivate(checks.scope_name(scope))

        self._call(deactivate, None, WRITE_SECONDS)

    def drop(self, scope: Scope) -> None:
        """Remove a scope and all in it. No error when it does not exist."""
        name = checks.scope_name(scope)

        async def remove(client: "WeaviateAsyncClient") -> None:
            for collection in await self._collections(client):
                await client.collections.use(collection).tenants.remove([name])

        self._call(remove, None, WRITE_SECONDS)
        self._known.discard(name)

    def scopes(self) -> list[str]:
        """Names of all scopes that exist, sorted."""

        async def names(client: "WeaviateAsyncClient") -> list[str]:
            tenants: set[str] = set()
            for collection in await self._collections(client):
                tenants.update(await client.collections.use(collection).tenants.get())
            return sorted(tenants)

        return self._call(names, [], WRITE_SECONDS)

    def check(self) -> None:
        """Raise StoreError when the server does not answer, or not with this key."""

        async def look(client: "WeaviateAsyncClient") -> None:
            await client.collections.exists(f"{self._prefix}_none")
            if not await client.is_live():
                raise away()

        self.nodes.run(look, seconds=READ_SECONDS)

    def size(self) -> int | None:
        """None: what the server holds is not on this machine's disk."""
        return None

    def close(self) -> None:
        """Let go of the connections; the next call would open them again."""
        self._known.clear()
        self.nodes.close()

    def _collection(self, scope: Scope) -> str:
        return objects.collection_name(self._prefix, scope)

    async def _collections(self, client: "WeaviateAsyncClient") -> list[str]:
        """Names of all collections that are ours."""
        return await objects.collections_of(client, self._prefix)

    def _check_dimension(self, scope: Scope) -> None:
        """Raise StoreError where this scope was built with vectors of another size; asked once for each scope."""
        name = checks.scope_name(scope)
        if f"{name}/{scope.dimension}" in self._known:
            return
        wanted = self._collection(scope)

        async def holders(client: "WeaviateAsyncClient") -> list[str]:
            ours = await self._collections(client)
            return [collection for collection in ours if await client.collections.use(collection).tenants.exists(name)]

        none: list[str] = []
        collections = self._call(holders, none, READ_SECONDS)
        if any(collection != wanted for collection in collections):
            raise StoreError(
                "This assistant's index was built with another embedding model.",
                "Press Check passages in Settings: it is built again from the kept documents.",
                code="dimension",
            )
        if collections:
            self._known.add(f"{name}/{scope.dimension}")

    def _complete(self, scope: Scope) -> None:
        """Make the collection, and what one of an older version lacks; looked at once for each collection.

        Left to itself a server with automatic schemas, Weaviate's default, makes one that no tenant fits into.
        """
        collection = self._collection(scope)
        if collection in self._known:
            return

        async def complete(client: "WeaviateAsyncClient") -> bool:
            await objects.ensure_collection(client, collection, self._replicas)
            await objects.add_newer_properties(client, collection)
            return True

        if self._call(complete, False, WRITE_SECONDS):
            self._known.add(collection)

    def _read(self, scope: Scope, work: Callable[[Any], Awaitable[Result]], missing: Result) -> Result:
        """Do ``work`` on the scope's tenant, read from one replica; ``missing`` where there is none."""
        load_client()
        from weaviate.classes.config import ConsistencyLevel

        name = checks.scope_name(scope)

        async def ask(client: "WeaviateAsyncClient") -> Result:
            held = client.collections.use(self._collection(scope)).with_tenant(name)
            return await work(held.with_consistency_level(ConsistencyLevel.ONE))

        return self._call(ask, missing, READ_SECONDS)

    def _write(self, scope: Scope, work: Callable[[Any], Awaitable[Any]], *, missing: Any = None) -> Any:
        """Do idempotent ``work`` on the scope's tenant, acknowledged by a majority; again where it did not arrive.

        The tenant is made where it is missing, unless ``missing`` says what that means.
        """
        load_client()
        from weaviate.classes.config import ConsistencyLevel

        name, collection = checks.scope_name(scope), self._collection(scope)

        async def change(client: "WeaviateAsyncClient") -> Any:
            held = client.collections.use(collection).with_tenant(name)
            held = held.with_consistency_level(ConsistencyLevel.QUORUM)
            for attempt in range(TRIES):
                try:
                    return _accepted(await work(held))
                except Exception as error:
                    if not (missing_tenant(error) or missing_collection(error)) or attempt == TRIES - 1:
                        raise
                if missing is not None:
                    return missing
                # What another thread or node is making just now may be known to some objects of a write and not to all.
                await asyncio.sleep(RETRY_SECONDS * attempt)
                await self._create(client, collection, name)

        for attempt in range(TRIES):
            try:
                return self.nodes.run(change, seconds=WRITE_SECONDS)
            except StoreError as error:
                if not error.passing or attempt == TRIES - 1:
                    raise
                time.sleep(RETRY_SECONDS * 2**attempt)
        raise AssertionError("unreachable")

    async def _create(self, client: "WeaviateAsyncClient", collection: str, tenant: str) -> None:
        """Make the collection and the tenant; another process may be faster with either."""
        await objects.ensure_collection(client, collection, self._replicas)
        await client.collections.use(collection).tenants.create([tenant])

    def _call(
        self, work: Callable[["WeaviateAsyncClient"], Awaitable[Result]], missing: Result, seconds: float
    ) -> Result:
        """Run ``work``; a tenant or collection that is not there is ``missing`` and no error."""

        async def request(client: "WeaviateAsyncClient") -> Result:
            try:
                return await work(client)
            except Exception as error:
                if missing_tenant(error) or missing_collection(error):
                    self._known.clear()
                    return missing
                raise

        return self.nodes.run(request, seconds=seconds)


async def _nothing() -> list[Any]:
    return []


async def _nearest(held: Any, vector: np.ndarray, limit: int, where: Any) -> list[tuple[StoredPassage, float]]:
    reply = await held.query.near_vector(vector.tolist(), limit=limit, filters=where, include_vector=True)
    return [(objects.passage_of(row), objects.cosine(vector, objects.vector_of(row))) for row in reply.objects]


async def _best(held: Any, words: Sequence[str], limit: int, where: Any) -> list[tuple[StoredPassage, float]]:
    from weaviate.classes.query import MetadataQuery

    reply = await held.query.bm25(
        " ".join(words),
        query_properties=["terms"],
        limit=limit,
        filters=where,
        return_metadata=MetadataQuery(score=True),
    )
    return [(objects.passage_of(row), float(row.metadata.score or 0.0)) for row in reply.objects]


def _merged(near: list[tuple[StoredPassage, float]], best: list[tuple[StoredPassage, float]]) -> list[StoreHit]:
    """Put together what the two searches found, each passage once."""
    hits = {passage.id: StoreHit(passage, similarity=similarity) for passage, similarity in near}
    for passage, score in best:
        known = hits.get(passage.id)
        hits[passage.id] = StoreHit(passage, known.similarity if known else None, score)
    return list(hits.values())


async def _inserted(held: Any, piece: Sequence[Any]) -> Any:
    return await held.data.insert_many(piece)


async def _fetched(held: Any, where: Any) -> list[Any]:
    reply = await held.query.fetch_objects(filters=where, limit=IN_LIST, include_vector=False)
    return list(reply.objects)


async def _fetched_by_id(held: Any, ids: Sequence[str]) -> list[Any]:
    reply = await held.query.fetch_objects_by_ids(
        ids, limit=len(ids), include_vector=True, return_properties=["ordinal"]
    )
    return list(reply.objects)


async def _ids_after(held: Any, last: str | None) -> list[str]:
    reply = await held.query.fetch_objects(limit=IN_LIST, after=last, return_properties=["ordinal"])
    return [str(row.uuid) for row in reply.objects]


async def _counted(held: Any, where: Any) -> int:
    reply = await held.aggregate.over_all(total_count=True, filters=where)
    return int(reply.total_count or 0)


async def _deleted(held: Any, where: Any) -> int:
    """Delete until nothing matches any more (each call removes 10,000 at most); returns how many are left."""
    while True:
        reply = await held.data.delete_many(where=where)
        if reply.matches == 0 or reply.successful == 0:
            return await _counted(held, where)


def _accepted(reply: Any) -> Any:
    """Return what a write gave back, or raise the first reason why an object was not taken, in the server's words."""
    errors = getattr(reply, "errors", None)
    if errors:
        raise RuntimeError(next(iter(errors.values())).message)
    return reply


def _equal(name: str, value: str) -> Any:
    load_client()
    from weaviate.classes.query import Filter

    return Filter.by_property(name).equal(value)


def _among(name: str, values: Sequence[str] | Sequence[int]) -> Any:
    load_client()
    from weaviate.classes.query import Filter

    return Filter.by_property(name).contains_any(values)

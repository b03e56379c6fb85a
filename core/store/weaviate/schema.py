"""How passages lie in Weaviate: one multi-tenant collection for each embedding model, and objects to passages."""

import hashlib
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np

from core.schema import Scope, StoredPassage
from core.store import checks
from core.store.weaviate.errors import already_exists

if TYPE_CHECKING:
    from weaviate import WeaviateAsyncClient
    from weaviate.classes.config import Property

PROPERTIES = (
    "source_id", "version_id", "ordinal", "start", "end", "page", "text", "context", "terms",
    "table_header", "rows", "page_breaks", "heading_spans", "patches", "asked", "alias_of", "origin",
)  # fmt: skip
# With 8-bit quantization the nearest are chosen by rounded numbers; as many as are asked for are scored again exactly.
RESCORED = 200


def collection_name(prefix: str, scope: Scope) -> str:
    """Return the collection of a scope's embedding model: the same for all assistants that use it."""
    model = re.sub(r"[^0-9A-Za-z]+", "_", scope.embedding).strip("_")[:60]
    mark = hashlib.sha256(scope.embedding.encode()).hexdigest()[:8]  # names that only differ in punctuation
    return f"{prefix}_{model}_{scope.dimension}_{mark}"


async def create_collection(client: "WeaviateAsyncClient", name: str, replicas: int) -> None:
    """Create a collection with everything said outright; the server would guess what is left out."""
    from weaviate.classes.config import Configure, StopwordsPreset, VectorDistances

    await client.collections.create(
        name,
        description="Passages of Answerbook; can be rebuilt from its database at any time.",
        multi_tenancy_config=Configure.multi_tenancy(
            enabled=True, auto_tenant_creation=False, auto_tenant_activation=True
        ),
        replication_config=Configure.replication(factor=replicas),
        vector_config=Configure.Vectors.self_provided(
            vector_index_config=Configure.VectorIndex.hnsw(
                distance_metric=VectorDistances.COSINE,
                quantizer=Configure.VectorIndex.Quantizer.rq(bits=8, rescore_limit=RESCORED),
            )
        ),
        inverted_index_config=Configure.inverted_index(stopwords_preset=StopwordsPreset.NONE),
        properties=properties(),
    )


async def ensure_collection(client: "WeaviateAsyncClient", name: str, replicas: int) -> None:
    """Make a collection where there is none, anew where the server guessed it: then nothing of ours is in it.

    Another process may be faster.
    """
    if await client.collections.exists(name):
        config = await client.collections.use(name).config.get()
        if config.multi_tenancy_config.enabled:
            return
        await client.collections.delete(name)
    try:
        await create_collection(client, name, replicas)
    except Exception as error:
        if not already_exists(error):
            raise


async def collections_of(client: "WeaviateAsyncClient", prefix: str) -> list[str]:
    """Return the names of all collections that begin with ``prefix``; one that the server guessed holds nothing."""
    found = await client.collections.list_all(simple=False)
    ours = [(name, config) for name, config in found.items() if name.startswith(f"{prefix}_")]
    return [name for name, config in ours if config.multi_tenancy_config.enabled]


async def add_newer_properties(client: "WeaviateAsyncClient", name: str) -> None:
    """Give a collection made by an older version the properties that it lacks; another process may be faster."""
    config = client.collections.use(name).config
    present = await _property_names(config)
    for wanted in properties():
        if wanted.name in present:
            continue
        try:
            await config.add_property(wanted)
        except Exception:  # whatever it says, looking again tells whether another put it there
            if wanted.name not in await _property_names(config):
                raise


async def _property_names(config: Any) -> set[str]:
    return {present.name for present in (await config.get(simple=True)).properties}


def properties() -> "list[Property]":
    """Return the properties of a passage: keys and ordinals to filter by, terms to search, the rest only kept."""
    from weaviate.classes.config import DataType, Property, Tokenization

    def key(name: str) -> Property:
        return Property(
            name=name,
            data_type=DataType.TEXT,
            tokenization=Tokenization.FIELD,
            index_filterable=True,
            index_searchable=False,
        )

    def number(name: str, *, filtered: bool = False) -> Property:
        return Property(name=name, data_type=DataType.INT, index_filterable=filtered, index_range_filters=False)

    def numbers(name: str) -> Property:
        return Property(name=name, data_type=DataType.INT_ARRAY, index_filterable=False)

    def words(name: str, *, searched: bool = False) -> Property:
        return Property(
            name=name,
            data_type=DataType.TEXT,
            tokenization=Tokenization.WHITESPACE,
            index_filterable=False,
            index_searchable=searched,
        )

    return [
        key("source_id"),
        key("version_id"),
        number("ordinal", filtered=True),
        number("start"),
        number("end"),
        number("page"),
        words("text"),
        words("context"),
        words("terms", searched=True),
        words("table_header"),
        numbers("rows"),
        numbers("page_breaks"),
        numbers("heading_spans"),
        numbers("patches"),
        words("asked"),
        number("alias_of"),
        words("origin"),
    ]


def data_object(passage: StoredPassage, vector: np.ndarray) -> Any:
    """Return a passage as the client inserts it, under its own id."""
    from weaviate.classes.data import DataObject

    values = {name: getattr(passage, name) for name in PROPERTIES} | {
        "rows": checks.flat(passage.rows),
        "page_breaks": list(passage.page_breaks),
        "heading_spans": checks.flat(passage.heading_spans),
        "patches": checks.flat(passage.patches),
    }
    return DataObject(properties=values, vector=vector.tolist(), uuid=UUID(passage.id))


def passage_of(row: Any) -> StoredPassage:
    """Return the passage that an object holds; what an older version wrote lacks the newer properties."""
    values = row.properties
    return StoredPassage(
        id=str(row.uuid),
        source_id=values["source_id"],
        version_id=values["version_id"],
        ordinal=int(values["ordinal"]),
        start=int(values["start"]),
        end=int(values["end"]),
        page=None if values.get("page") is None else int(values["page"]),
        text=values.get("text") or "",
        context=values.get("context") or "",
        terms=values.get("terms") or "",
        table_header=values.get("table_header") or "",
        rows=checks.pairs(values.get("rows") or ()),
        page_breaks=tuple(map(int, values.get("page_breaks") or ())),
        heading_spans=checks.pairs(values.get("heading_spans") or ()),
        patches=checks.patches(values.get("patches") or ()),
        asked=values.get("asked") or "",
        alias_of=None if values.get("alias_of") is None else int(values["alias_of"]),
        origin=values.get("origin") or "",
    )


def vector_of(row: Any) -> np.ndarray:
    """Return an object's vector, float32 ``(dimension,)``; the server keeps it at length 1."""
    return np.asarray(row.vector["default"], dtype=np.float32)


def cosine(vector: np.ndarray, other: np.ndarray) -> float:
    """Return the exact cosine: the server's own distance is of rounded vectors."""
    product = float(np.dot(vector, other)) / float(np.linalg.norm(vector) * np.linalg.norm(other))
    return max(-1.0, min(1.0, product))

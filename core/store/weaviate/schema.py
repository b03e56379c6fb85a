"""How passages lie in Weaviate: one multi-tenant collection for each embedding model, and objects to passages."""

import hashlib
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np

from core.schema import Scope, StoredPassage

if TYPE_CHECKING:
    from weaviate import WeaviateAsyncClient

PROPERTIES = ("source_id", "version_id", "ordinal", "start", "end", "page", "text", "context", "terms")
# With 8-bit quantization the nearest are chosen by rounded numbers; as many as are asked for are scored again exactly.
RESCORED = 200


def collection_name(prefix: str, scope: Scope) -> str:
    """Return the collection of a scope's embedding model: the same for all assistants that use it."""
    model = re.sub(r"[^0-9A-Za-z]+", "_", scope.embedding).strip("_")[:60]
    mark = hashlib.sha256(scope.embedding.encode()).hexdigest()[:8]  # names that only differ in punctuation
    return f"{prefix}_{model}_{scope.dimension}_{mark}"


async def create_collection(client: "WeaviateAsyncClient", name: str, replicas: int) -> None:
    """Create a collection with everything said outright; the server would guess what is left out."""
    from weaviate.classes.config import Configure, DataType, Property, StopwordsPreset, Tokenization, VectorDistances

    def key(property_name: str) -> Property:
        return Property(
            name=property_name,
            data_type=DataType.TEXT,
            tokenization=Tokenization.FIELD,
            index_filterable=True,
            index_searchable=False,
        )

    def number(property_name: str, *, filtered: bool = False) -> Property:
        return Property(
            name=property_name, data_type=DataType.INT, index_filterable=filtered, index_range_filters=False
        )

    def words(property_name: str, *, searched: bool = False) -> Property:
        return Property(
            name=property_name,
            data_type=DataType.TEXT,
            tokenization=Tokenization.WHITESPACE,
            index_filterable=False,
            index_searchable=searched,
        )

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
        properties=[
            key("source_id"),
            key("version_id"),
            number("ordinal", filtered=True),
            number("start"),
            number("end"),
            number("page"),
            words("text"),
            words("context"),
            words("terms", searched=True),
        ],
    )


def data_object(passage: StoredPassage, vector: np.ndarray) -> Any:
    """Return a passage as the client inserts it, under its own id."""
    from weaviate.classes.data import DataObject

    values = {name: getattr(passage, name) for name in PROPERTIES}
    return DataObject(properties=values, vector=vector.tolist(), uuid=UUID(passage.id))


def passage_of(found: Any) -> StoredPassage:
    """Return the passage that an object holds."""
    values = found.properties
    return StoredPassage(
        id=str(found.uuid),
        source_id=values["source_id"],
        version_id=values["version_id"],
        ordinal=int(values["ordinal"]),
        start=int(values["start"]),
        end=int(values["end"]),
        page=None if values.get("page") is None else int(values["page"]),
        text=values.get("text") or "",
        context=values.get("context") or "",
        terms=values.get("terms") or "",
    )


def vector_of(found: Any) -> np.ndarray:
    """Return an object's vector, float32 ``(dimension,)``; the server keeps it at length 1."""
    return np.asarray(found.vector["default"], dtype=np.float32)


def cosine(vector: np.ndarray, other: np.ndarray) -> float:
    """Return the exact cosine: the server's own distance is of rounded vectors."""
    product = float(np.dot(vector, other)) / float(np.linalg.norm(vector) * np.linalg.norm(other))
    return max(-1.0, min(1.0, product))

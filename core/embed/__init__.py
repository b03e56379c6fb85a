"""Embed: texts to vectors, by the built-in model or a service's."""

from core.embed.embeddings import (
    EmbeddingInfo,
    common_words,
    embed_passages,
    embed_query,
    embedding,
    embedding_info,
    embeddings_on_offer,
    provider_embedding_name,
)

__all__ = [
    "EmbeddingInfo",
    "common_words",
    "embed_passages",
    "embed_query",
    "embedding",
    "embedding_info",
    "embeddings_on_offer",
    "provider_embedding_name",
]

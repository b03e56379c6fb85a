"""Embed: texts to vectors, by the built-in model or a service's."""

from core.embed.across import ACROSS_DIMENSION, ACROSS_LANGUAGES, across_vectors, forget_across
from core.embed.embeddings import (
    CONCURRENT_REQUESTS,
    EmbeddingInfo,
    common_words,
    embed_passages,
    embed_query,
    embedding,
    embedding_info,
    embeddings_on_offer,
    embeds_at,
    provider_embedding_name,
)
from core.embed.remembered import remembered, text_vectors
from core.embed.toward_answers import search_vector
from core.embed.weights_file import weights_in

__all__ = [
    "ACROSS_DIMENSION",
    "ACROSS_LANGUAGES",
    "CONCURRENT_REQUESTS",
    "EmbeddingInfo",
    "across_vectors",
    "common_words",
    "embed_passages",
    "embed_query",
    "embedding",
    "embedding_info",
    "embeddings_on_offer",
    "embeds_at",
    "forget_across",
    "provider_embedding_name",
    "remembered",
    "search_vector",
    "text_vectors",
    "weights_in",
]

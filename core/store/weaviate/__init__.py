"""Passages in a Weaviate server."""

from core.store.weaviate.store import WeaviateStore

__all__ = ["WeaviateStore"]

"""Passages in, passages found: the store protocol and the stores behind it."""

from core.store.protocol import PassageStore

__all__ = ["PassageStore"]

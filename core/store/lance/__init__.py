"""Passages in LanceDB, in the data folder."""

from core.store.lance.store import LanceStore

__all__ = ["LanceStore"]

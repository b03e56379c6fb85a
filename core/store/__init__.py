"""Passages in, passages found: the store protocol and the stores behind it."""

from functools import lru_cache

from core.errors import StoreError
from core.settings import Settings, settings
from core.store.protocol import PassageStore

__all__ = ["PassageStore", "open_store", "passage_store"]


@lru_cache(maxsize=1)
def passage_store() -> PassageStore:
    """Return the one passage store of this process, opened at first use. Raises StoreError."""
    return open_store(settings())


def open_store(host: Settings) -> PassageStore:
    """Return the passage store these settings name: LanceDB in the data folder. Opens no file before its first use.

    Raises StoreError when a Weaviate server is named: that store is not built yet.
    """
    if host.weaviate_url:
        raise StoreError(
            "Passages cannot be kept in Weaviate yet: that part is not built.",
            "Remove WEAVIATE_URL from the environment; passages are then kept in the data folder.",
            code="weaviate",
        )
    from core.store.lance import LanceStore

    return LanceStore(host.data / "passages.lance")

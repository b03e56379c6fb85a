"""Passages in, passages found: the store protocol and the stores behind it."""

from core.errors import StoreError
from core.settings import Settings
from core.store.protocol import PassageStore

__all__ = ["PassageStore", "open_store"]


def open_store(settings: Settings) -> PassageStore:
    """Return the passage store these settings name: LanceDB in the data folder. Opens no file before its first use.

    Raises StoreError when a Weaviate server is named: that store is not built yet.
    """
    if settings.weaviate_url:
        raise StoreError(
            "Passages cannot be kept in Weaviate yet: that part is not built.",
            "Remove WEAVIATE_URL from the environment; passages are then kept in the data folder.",
            code="weaviate",
        )
    from core.store.lance import LanceStore

    return LanceStore(settings.data / "passages.lance")

"""Passages in, passages found: the store protocol and the stores behind it."""

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import StoreError
from core.settings import Settings, settings
from core.store.protocol import PassageStore

if TYPE_CHECKING:
    from pydantic import SecretStr

    from core.store.weaviate.address import Address

__all__ = [
    "EMBEDDED",
    "PassageStore",
    "close_stores",
    "examine_store",
    "examine_weaviate",
    "open_stores",
    "store_in",
    "store_named",
    "weaviate_places",
]

LANCEDB, WEAVIATE = "lancedb", "weaviate"
EMBEDDED = "embedded"
_opened: dict[str, PassageStore] = {}
_opening = threading.Lock()


def store_named(name: str) -> PassageStore:
    """Return the one store of this name in this process, opened at first use; it touches nothing before it is asked.

    Raises StoreError where the store is not set up any more (code "weaviate_unset") or its address is none.
    """
    with _opening:
        if name not in _opened:
            _opened[name] = _weaviate(settings()) if name == WEAVIATE else _lancedb(settings())
        return _opened[name]


def store_in(folder: Path) -> PassageStore:
    """Return a store of its own in a folder, for what is thrown away; its user closes it."""
    from core.store.lance.store import LanceStore

    return LanceStore(folder)


def weaviate_places() -> list[str]:
    """Return where the Weaviate that is set up listens, as "host:8080". Raises StoreError for no address."""
    from core.store.weaviate.address import addresses

    host = settings()
    return [address.place for address in addresses(host.weaviate_url, host.weaviate_grpc)]


def open_stores() -> list[PassageStore]:
    """Return the stores that this process has used so far."""
    return list(_opened.values())


def close_stores() -> None:
    """Close every store that was opened; the next use opens it anew, by the settings of then."""
    for store in open_stores():
        store.close()
    _opened.clear()
    if embedded := sys.modules.get("core.store.weaviate.embedded"):
        embedded.release()


def examine_weaviate() -> str:
    """Look at every server of the Weaviate that is set up, from the outside; returns the oldest version.

    Raises StoreError with the first fault.
    """
    from core.store.weaviate.doctor import examine

    return examine(*_servers())


def examine_store(name: str) -> None:
    """Raise StoreError where no server of a store can be used, saying more exactly than ``check`` what is wrong."""
    if name == WEAVIATE:
        from core.store.weaviate.doctor import examine_any

        examine_any(*_servers())


def _servers() -> "tuple[list[Address], SecretStr]":
    from core.store.weaviate.store import WeaviateStore

    store = store_named(WEAVIATE)
    assert isinstance(store, WeaviateStore)
    return store.nodes.addresses, store.nodes.api_key


def _lancedb(host: Settings) -> PassageStore:
    from core.store.lance.store import LanceStore

    return LanceStore(host.data / "passages.lance")


def _weaviate(host: Settings) -> PassageStore:
    from core.store.weaviate.address import addresses
    from core.store.weaviate.nodes import Nodes
    from core.store.weaviate.store import WeaviateStore

    if not host.weaviate_url:
        raise StoreError(
            "These passages are kept in Weaviate, but no Weaviate is set.",
            "Set WEAVIATE_URL again, or press Move back in Settings: passages are rebuilt from the kept documents.",
            code="weaviate_unset",
        )
    if host.weaviate_url.strip().lower() == EMBEDDED:
        from core.store.weaviate.embedded import start

        return WeaviateStore(Nodes(*start(host.data)))
    where = addresses(host.weaviate_url, host.weaviate_grpc)
    return WeaviateStore(Nodes(where, host.weaviate_api_key), replicas=host.weaviate_replicas)

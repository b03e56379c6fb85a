"""What the store contract is run on: the stores that exist, and passages to put into them."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from core.schema import Scope, StoredPassage
from core.store import PassageStore

DIMENSION = 16


def _lancedb(place: Path) -> PassageStore:
    from core.store.lance.store import LanceStore

    return LanceStore(place / "passages.lance")


def _weaviate(place: Path) -> PassageStore:
    """The server that the environment names (conftest sets it), in collections that are this place's own."""
    from pydantic import SecretStr

    from core.store.weaviate.address import addresses
    from core.store.weaviate.nodes import Nodes
    from core.store.weaviate.store import WeaviateStore

    url, grpc, key = (os.environ[f"STORE_KIT_{name}"] for name in ("URL", "GRPC", "KEY"))
    return WeaviateStore(Nodes(addresses(url, grpc), SecretStr(key)), prefix=prefix(place))


def prefix(place: Path) -> str:
    """What the names of a place's collections begin with."""
    return f"T{uuid5(NAMESPACE_URL, str(place)).hex}"


# Every store there is; each must pass test_contract.py. A maker opens the same store again for the same place.
MAKERS: dict[str, Callable[[Path], PassageStore]] = {"lancedb": _lancedb, "weaviate": _weaviate}


def scope(name: str = "a", build: int = 1, dimension: int = DIMENSION) -> Scope:
    return Scope(assistant_id=name * 32, build=build, embedding="test", dimension=dimension)


def key(name: str) -> str:
    """A source's or version's id as the database makes them: 32 hexadecimal characters."""
    return uuid5(NAMESPACE_URL, name).hex


def passage(
    ordinal: int = 0, *, version: str = "v", source: str = "s", text: str | None = None, terms: str | None = None
) -> StoredPassage:
    return StoredPassage(
        id=str(uuid5(NAMESPACE_URL, f"{version}/{ordinal}")),
        source_id=key(source),
        version_id=key(version),
        ordinal=ordinal,
        start=ordinal * 100,
        end=ordinal * 100 + 90,
        page=None if ordinal % 3 == 0 else ordinal,
        text=f"passage {ordinal} of {version}" if text is None else text,
        context=f"Title of {version}",
        terms=f"passag word{ordinal} {version}" if terms is None else terms,
        table_header="" if ordinal % 2 else "Zone | Price in €",
        rows=() if ordinal % 2 else ((ordinal * 100, ordinal * 100 + 20), (ordinal * 100 + 21, ordinal * 100 + 90)),
        page_breaks=() if ordinal % 3 == 0 else (ordinal * 100 + 40, ordinal * 100 + 40, ordinal * 100 + 70),
        heading_spans=((ordinal * 100, ordinal * 100 + 7),) if ordinal % 2 else (),
    )


def passages(count: int, *, version: str = "v", source: str = "s") -> list[StoredPassage]:
    return [passage(ordinal, version=version, source=source) for ordinal in range(count)]


def vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)


def fill(store: PassageStore, where: Scope, count: int, *, version: str = "v", source: str = "s") -> None:
    store.add(where, passages(count, version=version, source=source), vectors(count))


def found_ids(store: PassageStore, where: Scope, terms: Sequence[str], limit: int = 10) -> set[str]:
    return {found.passage.id for found in store.search(where, vector=None, terms=terms, limit=limit)}


def main(kind: str, place: str, what: str) -> None:
    """What a second process does with the same store: ``read``, ``drop``, ``write``, ``same`` or ``write-forever``."""
    store = MAKERS[kind](Path(place))
    if what == "read":
        hits = store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=5)
        sys.stdout.write(f"{store.count(scope())} {len(list(store.ids(scope())))} {len(hits)}\n")
    elif what == "same":
        store.check()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()  # all start together
        for number in range(15):
            fill(store, scope(), 30, version=f"v{number}")
    elif what == "drop":
        store.drop(scope())
    elif what == "write":
        fill(store, scope(), 50, version="other")
        store.tidy(scope())
    else:
        for number in range(10_000):
            fill(store, scope(), 20, version=f"v{number}")
            store.tidy(scope())
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What a passage store does: the one small protocol that LanceDB and Weaviate both keep.

The store is an index. It can be dropped at any moment and rebuilt from the database, so it never decides anything:
whether a version of a source is current is the database's to say, and the retriever drops what is not.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from core.schema import Scope, StoredPassage, StoreHit


class PassageStore(Protocol):
    """Keeps passages with their vectors, per scope, and finds them. Safe to use from several threads.

    Every method raises StoreError (``passing=True`` where the store is only away) and nothing else.
    """

    name: str

    def add(self, scope: Scope, passages: Sequence[StoredPassage], vectors: np.ndarray) -> None:
        """Write passages with their vectors (float32, shape ``(len(passages), scope.dimension)``); idempotent by id.

        Checks dimension, finiteness and non-zero norm before anything is sent. Creates the scope at first use.
        """

    def search(
        self,
        scope: Scope,
        *,
        vector: np.ndarray | None,
        terms: Sequence[str],
        limit: int,
        source_ids: Sequence[str] | None = None,
    ) -> list[StoreHit]:
        """Find the ``limit`` nearest by cosine and the ``limit`` best by BM25, each passage once, in no special order.

        ``vector`` None or ``terms`` empty leaves that part out. ``source_ids`` narrows the search to those sources. A
        scope that was never written to holds nothing: ``[]``.
        """

    def neighbours(self, scope: Scope, version_id: str, ordinals: Sequence[int]) -> list[StoredPassage]:
        """Return the passages of one version at these ordinals, in order; those that do not exist are left out."""

    def vectors(self, scope: Scope, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the stored vectors of these passage ids; ids it does not hold are left out."""

    def delete_versions(self, scope: Scope, version_ids: Sequence[str]) -> int:
        """Remove all passages of these versions, look again, and return how many are left (0 when it worked)."""

    def count(self, scope: Scope, version_id: str | None = None) -> int:
        """Count the passages of a scope, or of one version in it."""

    def ids(self, scope: Scope) -> Iterator[str]:
        """Iterate over all passage ids of a scope, for reconciling with the database."""

    def tidy(self, scope: Scope) -> None:
        """Make what was written fast to search (index, compaction). Cheap when there is nothing to do."""

    def index_anew(self, scope: Scope) -> None:
        """Make anew what a search needs beside the passages, where it was damaged. What cannot be is left as it is."""

    def rest(self, scope: Scope) -> None:
        """Keep a scope that no longer answers with as little as possible; the next call finds all of it again."""

    def drop(self, scope: Scope) -> None:
        """Remove a scope and all in it. No error when it does not exist."""

    def scopes(self) -> list[str]:
        """Names of all scopes that exist (``Scope.name``)."""

    def check(self) -> None:
        """Raise StoreError with one sentence and one remedy when the store cannot be used right now."""

    def size(self) -> int | None:
        """Bytes on this machine's disk, or None where the store is elsewhere."""

    def close(self) -> None:
        """Let go of connections and files."""

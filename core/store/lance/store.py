"""Passages in LanceDB, in the data folder: one table for each scope, exact vector search and BM25 beside it.

Every read looks for what other processes wrote. Every question looks at every vector, so nothing is missed; where there
are many, an index holds them in memory for that.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from core.errors import StoreError
from core.schema import Scope, StoredPassage, StoreHit
from core.store import checks
from core.store.lance import table as tables
from core.store.lance.lock import held
from core.store.lance.table import among, store_error

_BATCH = 2000  # rows of one write: the measured cost is per write, not per row
_IN_LIST = 1000  # ids of one filter
_TRIES = 4  # a read or write may meet another process that tidies or commits
_KEEP = timedelta(milliseconds=1)  # how long replaced versions stay on disk: whoever still reads one reads again
_CACHE = 256 * 2**20  # bytes of index and of metadata kept in memory, each; LanceDB's own limit is 6 GB

Result = TypeVar("Result")


class _Table(NamedTuple):
    """An open table, how many dimensions its vectors have, and its columns: an older one lacks some."""

    rows: Any
    dimension: int
    columns: list[str]


class LanceStore:
    """Keeps passages in ``folder`` (made at first write); one table per scope. Safe to use from several threads."""

    name = "lancedb"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.RLock()  # over the three below
        self._connection: Any = None
        self._open: dict[str, _Table] = {}
        self._writers: dict[str, threading.Lock] = {}

    def add(self, scope: Scope, passages: Sequence[StoredPassage], vectors: np.ndarray) -> None:
        """Write passages with their vectors ``(len(passages), scope.dimension)``; the same id again replaces.

        Raises StoreError: nothing is stored where the input is refused; batches of 2,000 are each stored whole.
        """
        passages, array = checks.checked(scope, passages, vectors)
        if not passages:
            return
        with self._writer(scope):
            self._run(scope, tables.add_newer_columns, None)
            for start in range(0, len(passages), _BATCH):
                rows = tables.rows_of(passages[start : start + _BATCH], array[start : start + _BATCH])
                self._run(scope, partial(tables.upsert, rows=rows), None, create=True)
            self._run(scope, tables.index_terms, None)

    def search(
        self,
        scope: Scope,
        *,
        vector: np.ndarray | None,
        terms: Sequence[str],
        limit: int,
        source_ids: Sequence[str] | None = None,
    ) -> list[StoreHit]:
        """Find the ``limit`` nearest by cosine and the ``limit`` best by BM25, each passage once. Raises StoreError.

        A vector of zeros points nowhere and finds nothing. ``source_ids`` empty finds nothing.
        """
        array, words = checks.checked_query(scope, vector), checks.checked_terms(terms)
        sources = None if source_ids is None else checks.keys(source_ids)
        if limit < 1 or sources == [] or (array is None and not words):
            return []
        where = None if sources is None else among("source_id", sources)

        def find(table: Any) -> list[StoreHit]:
            columns = self._columns(scope)
            near = [] if array is None else tables.nearest(table, array, limit, where, columns)
            if not words or not self._indexed(scope, table):
                return tables.merged(near, [])
            return tables.merged(near, tables.best(table, words, limit, where, columns))

        return self._run(scope, find, [])

    def neighbours(self, scope: Scope, version_id: str, ordinals: Sequence[int]) -> list[StoredPassage]:
        """Return one version's passages at these ordinals, in order; what does not exist is left out."""
        wanted = sorted({int(ordinal) for ordinal in ordinals})
        if not wanted or not checks.is_key(version_id):
            return []
        where = f"{among('version_id', [version_id])} AND ordinal IN ({', '.join(map(str, wanted))})"
        rows: list[dict[str, Any]] = []
        rows = self._run(scope, lambda table: tables.select(table, self._columns(scope), where).to_pylist(), rows)
        return sorted((tables.passage(row) for row in rows), key=lambda passage: passage.ordinal)

    def vectors(self, scope: Scope, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the stored vectors, float32 ``(scope.dimension,)``, of these passages; unknown ids are left out."""
        wanted = checks.passage_ids(ids)
        vectors: dict[str, np.ndarray] = {}
        for start in range(0, len(wanted), _IN_LIST):
            where = among("id", wanted[start : start + _IN_LIST])
            vectors |= self._run(scope, partial(tables.vectors_of, where=where), vectors)
        return vectors

    def delete_versions(self, scope: Scope, version_ids: Sequence[str]) -> int:
        """Remove all passages of these versions, look again, and return how many are left (0 when it worked)."""
        wanted = checks.keys(version_ids) if tables.holds_table(self._path(scope)) else []
        left = 0
        for start in range(0, len(wanted), _IN_LIST):
            where = among("version_id", wanted[start : start + _IN_LIST])
            with self._writer(scope):
                left += self._run(scope, partial(tables.delete, where=where), 0)
        return left

    def count(self, scope: Scope, version_id: str | None = None) -> int:
        """Count the passages of a scope, or of one version in it; 0 where there is none."""
        if version_id is not None and not checks.is_key(version_id):
            return 0
        where = None if version_id is None else among("version_id", [version_id])
        return self._run(scope, lambda table: int(table.count_rows(where)), 0)

    def ids(self, scope: Scope) -> Iterator[str]:
        """Iterate over all passage ids of a scope, as they are at the first step."""
        rows = self._run(scope, lambda table: tables.select(table, ["id"], None), None)
        for batch in rows.to_batches() if rows is not None else []:
            yield from batch.column("id").to_pylist()

    def tidy(self, scope: Scope) -> None:
        """Index and compact what was written once there is enough of it, and free the disk of what was replaced.

        Rows not yet indexed are found all the same, so small writes wait for company: a rewrite of 100,000 passages
        takes two seconds. Where another process is tidying just now, this leaves it to that one.
        """
        if not tables.holds_table(self._path(scope)):
            return
        try:
            with self._writer(scope):
                self._run(scope, partial(self._tidy, scope), None)
        except StoreError as error:
            if not error.passing:
                raise

    def index_anew(self, scope: Scope) -> None:
        """Make the indexes that a search needs anew from the passages: files may be gone. Raises StoreError."""
        with self._writer(scope):
            self._run(scope, partial(tables.index_terms, anew=True), None)
            self._run(scope, partial(tables.index_vectors, anew=True), None)

    def rest(self, scope: Scope) -> None:
        """Close the scope's table; the next call opens it again."""
        with self._guard:
            self._open.pop(checks.scope_name(scope), None)

    def drop(self, scope: Scope) -> None:
        """Remove a scope and all in it, also when it is damaged. No error when it does not exist."""
        path = self._path(scope)
        if not path.exists():
            return
        with self._writer(scope), self._guard:
            self._open.pop(scope.name, None)
            tables.remove_table(path)

    def scopes(self) -> list[str]:
        """Names of all scopes that exist, sorted."""
        try:
            return sorted(path.stem for path in self._folder.glob("*.lance") if tables.holds_table(path))
        except OSError as error:
            raise store_error(error) from error

    def check(self) -> None:
        """Raise StoreError when the passage folder cannot be written or LanceDB does not start."""
        tables.probe(self._folder)
        self._connected()

    def size(self) -> int | None:
        """Bytes of all files in the folder."""
        return tables.bytes_below(self._folder)

    def close(self) -> None:
        """Let go of all tables; the next call would open them again."""
        with self._guard:
            self._open.clear()
            self._connection = None

    def _run(self, scope: Scope, work: Callable[[Any], Result], missing: Result, *, create: bool = False) -> Result:
        """Do ``work`` on the scope's table, again on a fresh one when another process got in between.

        Returns ``missing`` where there is no table. The one place where what LanceDB raises becomes a StoreError.
        """
        for attempt in range(_TRIES):
            try:
                table = self._table(scope, create=create)
                return missing if table is None else work(table)
            except StoreError:
                raise
            except (RuntimeError, ValueError, OSError) as error:
                with self._guard:
                    self._open.pop(scope.name, None)
                failure = store_error(error)
                if attempt == _TRIES - 1 or failure.code in ("full", "unwritable"):
                    raise failure from error
                time.sleep(0.02 * 4**attempt)
        raise AssertionError("unreachable")

    def _table(self, scope: Scope, *, create: bool = False) -> Any | None:
        """Return the scope's table, made when ``create``, else None where there is none. Raises StoreError."""
        name = checks.scope_name(scope)
        with self._guard:
            exists = tables.holds_table(self._path(scope))
            if not exists:
                self._open.pop(name, None)
            if name not in self._open:
                if not exists and not create:
                    return None
                rows = self._opened(name) if exists else self._created(scope)
                self._open[name] = _Table(rows, tables.dimension_of(rows), tables.columns_of(rows))
            table = self._open[name]
        if table.dimension != scope.dimension:
            raise StoreError(
                "This assistant's index was built with another embedding model.",
                "Press Check passages in Settings: it is built again from the kept documents.",
                code="dimension",
            )
        return table.rows

    def _columns(self, scope: Scope) -> list[str]:
        """Return the columns of the scope's open table. An older one is asked each time: it may have more by now."""
        opened = self._open.get(scope.name)
        if opened is None:
            raise RuntimeError("the table was closed meanwhile")  # by another thread; ``_run`` opens it again
        return opened.columns if len(opened.columns) == len(tables.COLUMNS) else tables.columns_of(opened.rows)

    def _opened(self, name: str) -> Any:
        return self._connected().open_table(name)

    def _created(self, scope: Scope) -> Any:
        if self._path(scope).is_file():  # whatever that is, it is no table and lies in the way of one
            tables.remove_table(self._path(scope))
        return self._connected().create_table(scope.name, schema=tables.schema(scope.dimension), exist_ok=True)

    def _connected(self) -> Any:
        """Return the one connection; it makes the folder. Every read through it sees the newest state on disk."""
        import lancedb

        with self._guard:
            if self._connection is None:
                try:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    session = lancedb.Session(index_cache_size_bytes=_CACHE, metadata_cache_size_bytes=_CACHE)
                    self._connection = lancedb.connect(
                        self._folder, read_consistency_interval=timedelta(0), session=session
                    )
                except (OSError, RuntimeError, ValueError) as error:
                    raise store_error(error) from error
            return self._connection

    def _path(self, scope: Scope) -> Path:
        return self._folder / f"{checks.scope_name(scope)}.lance"

    @contextmanager
    def _writer(self, scope: Scope) -> Iterator[None]:
        """Let one thread of one process at a time write to the scope's table.

        LanceDB settles most conflicts by itself, but two that add the same ids at once would both be stored.
        """
        path = self._path(scope).with_suffix(".lock")
        with self._guard:
            lock = self._writers.setdefault(scope.name, threading.Lock())
        with lock, ExitStack() as stack:
            try:
                stack.enter_context(held(path))
            except OSError as error:
                raise store_error(error) from error
            yield

    def _indexed(self, scope: Scope, table: Any) -> bool:
        """Say whether the full-text index is there, after making it: without it LanceDB cuts words its own way."""
        if tables.has_index(table):
            return True
        with self._writer(scope):
            tables.index_terms(table)
        return tables.has_index(table)

    def _tidy(self, scope: Scope, table: Any) -> None:
        tables.index_terms(table)
        tables.index_ids(table)
        tables.index_vectors(table)
        if tables.untidy(table, self._path(scope)):
            table.optimize(cleanup_older_than=_KEEP)

"""What LanceStore does with one open table and with the folder it lies in."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from core.errors import StoreError
from core.schema import StoredPassage, StoreHit
from core.store.checks import flat, pairs, patches

COLUMNS = list(StoredPassage.__dataclass_fields__)
# What tables written before November 2026 do not have: they answer without, and get them at the next write.
NEWER = ("table_header", "rows", "page_breaks", "heading_spans", "patches", "asked", "alias_of", "origin")
_DROPPED = ".dropped-"

# When `tidy` rewrites. Measured at 100,000 passages: a rewrite takes 2 s; a search takes 8 ms longer for each 1,000
# passages outside the full-text index and 2 ms for each 10 fragments.
_LOOSE_ROWS, _LOOSE_SHARE = 2000, 20
_DELETED_SHARE = 8  # LanceDB itself leaves a tenth of deleted rows in a file
_FRAGMENTS = 64
_VERSIONS = 80
_WASTE = 8 * 2**20
# From how many rows on the vectors get an index. Measured at 132,000: a search takes 13 ms of the processor's time with
# it and 64 without, and finds the same; making it takes 1.2 s.
_MANY_ROWS = 10_000


def schema(dimension: int) -> Any:
    """Return the Arrow schema of a table whose vectors have this many dimensions."""
    import pyarrow as pa

    whole, text = pa.int64(), pa.string()
    types = dict.fromkeys(COLUMNS, text) | dict.fromkeys(("ordinal", "start", "end", "page", "alias_of"), whole)
    types |= dict.fromkeys(("rows", "page_breaks", "heading_spans", "patches"), pa.list_(whole))
    return pa.schema([*types.items(), ("vector", pa.list_(pa.float32(), dimension))])


def dimension_of(table: Any) -> int:
    """Return how many dimensions a table's vectors have. Raises ValueError where it is no table of ours."""
    columns = table.schema
    if {*columns.names, *NEWER} != {*COLUMNS, "vector"}:
        raise ValueError("the table has other columns than passages have")
    return int(columns.field("vector").type.list_size)


def columns_of(table: Any) -> list[str]:
    """Return the columns of a passage that a table has: of an older table not all."""
    names = set(table.schema.names)
    return [name for name in COLUMNS if name in names]


def add_newer_columns(table: Any) -> None:
    """Give an older table the columns it lacks, empty; it is called by the one writer. Takes milliseconds."""
    import pyarrow as pa

    missing = set(COLUMNS).difference(table.schema.names)
    if missing:
        table.add_columns(pa.schema([field for field in schema(1) if field.name in missing]))


def rows_of(passages: Sequence[StoredPassage], vectors: np.ndarray) -> Any:
    """Return passages and vectors, float32 ``(len(passages), dimension)``, as an Arrow table."""
    import pyarrow as pa

    dimension = vectors.shape[1]
    columns: dict[str, Any] = {name: [getattr(passage, name) for passage in passages] for name in COLUMNS}
    columns["rows"] = [flat(passage.rows) for passage in passages]
    columns["heading_spans"] = [flat(passage.heading_spans) for passage in passages]
    columns["patches"] = [flat(passage.patches) for passage in passages]
    columns["vector"] = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel(), pa.float32()), dimension)
    return pa.table(columns, schema=schema(dimension))


def among(column: str, ids: Sequence[str]) -> str:
    """Return the filter ``column IN (ids)``. The ids were checked; quotes are doubled all the same."""
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in ids)
    return f"{column} IN ({quoted})"


def upsert(table: Any, rows: Any) -> None:
    """Write rows in one commit, replacing those whose id is there."""
    table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(rows)


def delete(table: Any, where: str) -> int:
    """Delete what matches, twice if need be, and return how many rows still match."""
    for _ in range(2):
        if not table.count_rows(where):
            return 0
        table.delete(where)
    return int(table.count_rows(where))


def select(table: Any, columns: list[str], where: str | None) -> Any:
    """Return these columns of all matching rows as an Arrow table."""
    query = table.search().select(columns)
    return (query if where is None else query.where(where)).to_arrow()


def vectors_of(table: Any, where: str) -> dict[str, np.ndarray]:
    """Return the vectors, float32, of all matching rows by passage id."""
    rows = select(table, ["id", "vector"], where).combine_chunks()
    if not rows.num_rows:
        return {}
    column = rows.column("vector").combine_chunks()
    array = column.flatten().to_numpy(zero_copy_only=False).reshape(rows.num_rows, -1)
    return dict(zip(rows.column("id").to_pylist(), array, strict=True))


def nearest(
    table: Any, vector: np.ndarray, limit: int, where: str | None, columns: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the ``limit`` rows nearest to ``vector``, with ``_distance`` = 1 - cosine."""
    query = table.search(vector, vector_column_name="vector").distance_type("cosine")
    if where is not None:  # few rows are left: they are looked at as they lie
        query = query.bypass_vector_index()
    return _taken(query, [*columns, "_distance"], limit, where)


def best(
    table: Any, words: Sequence[str], limit: int, where: str | None, columns: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the ``limit`` rows with the highest BM25 for these words, with ``_score``."""
    from lancedb.query import MatchQuery

    match: Any = MatchQuery
    query = table.search(match(" ".join(words), "terms"), query_type="fts")
    return _taken(query, [*columns, "_score"], limit, where)


def _taken(query: Any, columns: list[str], limit: int, where: str | None) -> list[dict[str, Any]]:
    query = query if where is None else query.where(where, prefilter=True)
    rows: list[dict[str, Any]] = query.select(columns).limit(limit).to_arrow().to_pylist()
    return rows


def merged(near: Sequence[dict[str, Any]], lexical: Sequence[dict[str, Any]]) -> list[StoreHit]:
    """Return each passage once, with the score of each part that found it."""
    similarity = {row["id"]: min(1.0, max(-1.0, 1.0 - float(row["_distance"]))) for row in near}
    score = {row["id"]: float(row["_score"]) for row in lexical}
    rows = {row["id"]: row for row in (*near, *lexical)}
    return [StoreHit(passage(row), similarity.get(key), score.get(key)) for key, row in rows.items()]


def passage(row: dict[str, Any]) -> StoredPassage:
    """Return a row as the passage it was."""
    values = {name: value for name, value in row.items() if name in COLUMNS and name not in NEWER}
    return StoredPassage(
        **values,
        table_header=row.get("table_header") or "",
        rows=pairs(row.get("rows") or ()),
        page_breaks=tuple(row.get("page_breaks") or ()),
        heading_spans=pairs(row.get("heading_spans") or ()),
        patches=patches(row.get("patches") or ()),
        asked=row.get("asked") or "",
        alias_of=row.get("alias_of"),
        origin=row.get("origin") or "",
    )


def has_index(table: Any) -> bool:
    """Say whether the full-text index exists."""
    return any(index.index_type == "FTS" for index in table.list_indices())


def index_terms(table: Any, *, anew: bool = False) -> None:
    """Create the full-text index where it is missing: after the first rows, or after a crash right behind them.

    ``anew``: also where there is one.
    """
    if (has_index(table) and not anew) or not table.count_rows():
        return
    from lancedb.index import FTS

    # The terms are prepared by us: the index only splits them at blanks, whatever their length.
    config = FTS(
        base_tokenizer="whitespace",
        stem=False,
        remove_stop_words=False,
        lower_case=False,
        ascii_folding=False,
        max_token_length=None,
    )
    table.create_index("terms", config=config)


def index_ids(table: Any) -> None:
    """Create the indexes that a search in some sources, or for one version, needs where they are missing.

    The same is found without them, by looking at every row: with 130,000 passages a search in a few sources takes
    58 ms of the processor's time without and 6 with them. Rows that came later are found beside them.
    """
    indexed = {column for index in table.list_indices() for column in index.columns}
    missing = [column for column in ("source_id", "version_id") if column not in indexed]
    if not missing or not table.count_rows():
        return
    from lancedb.index import BTree

    for column in missing:
        table.create_index(column, config=BTree())


def index_vectors(table: Any, *, anew: bool = False) -> None:
    """Give many rows an index of their vectors where it is missing; ``anew``: also where there is one.

    It has a single partition, so that every vector is looked at and nothing is missed: it only holds the vectors in
    memory as they are compared, where LanceDB else reads all of them from the disk for each question. Rows that came
    later are found beside it.
    """
    is_there = any("vector" in index.columns for index in table.list_indices())
    if (is_there and not anew) or (not is_there and table.count_rows() < _MANY_ROWS):
        return
    from lancedb.index import IvfFlat

    table.create_index("vector", config=IvfFlat(distance_type="cosine", num_partitions=1))


def untidy(table: Any, folder: Path) -> bool:
    """Say whether there is enough to index, compact or free that a rewrite of the table is worth its time."""
    stats = table.stats()
    alive, fragments = stats["num_rows"], stats["fragment_stats"]["num_fragments"]
    deleted = stats["fragment_stats"]["lengths"]["mean"] * fragments - alive
    loose = max((table.index_stats(index.name).num_unindexed_rows for index in table.list_indices()), default=0)
    return bool(
        loose > max(_LOOSE_ROWS, alive // _LOOSE_SHARE)
        or deleted > max(_LOOSE_ROWS, alive // _DELETED_SHARE)
        or fragments > _FRAGMENTS
        or sum(1 for _ in (folder / "_versions").iterdir()) > _VERSIONS
        or bytes_below(folder) > 2 * stats["total_bytes"] + _WASTE
    )


def holds_table(folder: Path) -> bool:
    """Say whether a table was ever committed in this folder (a crash at its creation leaves an empty one)."""
    try:
        with os.scandir(folder / "_versions") as entries:
            return next(entries, None) is not None
    except (FileNotFoundError, NotADirectoryError):
        return False


def bytes_below(folder: Path) -> int:
    """Return the bytes of all files below a folder, 0 where there is none; files that vanish meanwhile count 0."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118  Path is three times slower here
            except FileNotFoundError:
                continue
    return total


def remove_table(folder: Path) -> None:
    """Remove a table's folder and what is left of earlier removals. A crash half-way leaves no half table.

    Raises StoreError.
    """
    try:
        if folder.exists():
            folder.rename(folder.with_name(f"{folder.stem}{_DROPPED}{uuid4().hex}"))
        for left in folder.parent.glob(f"*{_DROPPED}*"):
            left.unlink() if left.is_file() else shutil.rmtree(left, ignore_errors=True)
        folder.with_suffix(".lock").unlink(missing_ok=True)
    except OSError as error:
        raise store_error(error) from error


def probe(folder: Path) -> None:
    """Raise StoreError unless a file can be written in this folder, which is made where it is missing."""
    path = folder / f"{_DROPPED}probe-{uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(65536))
        path.unlink()
    except OSError as error:
        raise store_error(error) from error


def store_error(error: BaseException) -> StoreError:
    """Return what LanceDB or the disk raised as a StoreError in words. Codes: full, unwritable, busy, damaged."""
    text = f"{error}".lower()
    number = error.errno if isinstance(error, OSError) else None

    def has(numbers: Sequence[int], *words: str) -> bool:
        return number in numbers or any(f"os error {n})" in text for n in numbers) or any(w in text for w in words)

    if has((28, 122, 27), "no space left"):
        what = "The disk is full, so the passages could not be stored. What was stored before is kept."
        return StoreError(what, "Free some space, then press Retry.", code="full")
    if has((13, 30, 20, 1), "permission denied", "read-only file system"):
        what = "The folder for passages cannot be written."
        return StoreError(what, "Give Answerbook the right to write in its data folder.", code="unwritable")
    if has((24,), "too many open files"):
        return StoreError("The index is busy just now.", "Try again in a moment.", code="busy", passing=True)
    if "conflict" in text or "concurrent" in text:
        return StoreError("The index is being changed just now.", "Try again in a moment.", code="busy", passing=True)
    what = "This assistant's index is missing or damaged. The documents themselves are kept."
    return StoreError(what, "Press Check passages in Settings: it is built again.", code="damaged")

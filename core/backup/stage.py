"""Read a backup into an empty SQLite database beside ours, as its own version had the tables, then bring it up to date.

Every value is looked at and every checksum compared before anything of ours is touched: a file that is damaged,
foreign or hostile ends here.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    update,
)
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import col
from sqlmodel import select as choose

from core.backup.archive import Archive, damaged, too_new
from core.backup.make import FEW, LEFT_OUT, MANY
from core.database import (
    Assistant,
    IndexBuild,
    Indexed,
    LeftoverIndex,
    VoiceVersion,
    bring_up_to_date,
    make_engine,
    make_tables,
)
from core.errors import AnswerbookError, DataFolderError
from core.operate import stop_running
from core.schema import BuildState, StoreName
from core.settings import settings

LARGEST_TEXT = 1_000_000_000  # bytes of a read text, unpacked: no reading gives so much
_PIECE = 1_000_000


def stage(archive: Archive, path: Path, stores: Mapping[str, str]) -> None:
    """Make an SQLite database of today's version from an archive of everything.

    ``stores``: which store holds which build in the Answerbook that is to be replaced; builds it does not know go to
    the store that this host prefers. Raises AnswerbookError: damaged, or of a newer Answerbook.
    """
    made = make_engine(f"sqlite:///{path}")
    try:
        fill(archive, made)
        bring_up_to_date(made, path.parent)
        _refuse_contradictions(made)
        stop_running(made)
        with made.begin() as connection:
            _settle_indexes(connection, stores)
    finally:
        made.dispose()


def fill(archive: Archive, made: Engine) -> None:
    """Make the tables of the archive's version in an empty database and put its rows there, all or none."""
    try:
        make_tables(made, archive.manifest.revision)
    except DataFolderError as error:
        raise too_new() from error
    known = MetaData()
    known.reflect(made)
    if unknown := archive.manifest.tables.keys() - known.tables.keys() - {"alembic_version"}:
        raise damaged() from KeyError(*unknown)
    try:
        with made.begin() as connection:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # looked at when all rows are there
            for name in archive.manifest.tables.keys() - LEFT_OUT.keys():
                _fill_table(connection, known.tables[name], archive)
    except (IntegrityError, StatementError, OverflowError, UnicodeError) as error:
        if getattr(error, "connection_invalidated", False) or _is_full(error):
            raise
        raise damaged() from error


def _is_full(error: Exception) -> bool:
    return "disk" in str(getattr(error, "orig", ""))


def _fill_table(connection: Connection, table: Table, archive: Archive) -> None:
    binary = any(isinstance(column.type, LargeBinary) for column in table.columns)
    for rows in _batches(archive.rows(table.name), FEW if binary else MANY):
        values = [_values(table, row, archive) for row in rows]
        for columns in {tuple(row) for row in values}:
            connection.execute(insert(table), [row for row in values if tuple(row) == columns])


def _batches(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _values(table: Table, row: dict[str, Any], archive: Archive) -> dict[str, Any]:
    if row.keys() - table.columns.keys():
        raise damaged()
    read = {name: _value(table.columns[name], value, archive) for name, value in row.items()}
    if table.name == "parsed":
        _refuse_endless_text(read.get("body"))
    return read


def _value(column: Column[Any], value: Any, archive: Archive) -> Any:
    """Return a value as the column takes it. Raises AnswerbookError where it is of another kind."""
    kind = column.type
    if value is None:
        if column.nullable:
            return None
        raise damaged()
    if isinstance(kind, LargeBinary):
        return archive.blob(value)
    if isinstance(kind, JSON):
        return value
    reader = next((read for known, read in _READERS.items() if isinstance(kind, known)), None)
    try:
        if reader is None:
            raise ValueError(kind)
        read = reader(value)
    except ValueError as error:
        raise damaged() from error
    if isinstance(kind, String) and kind.length and len(read) > kind.length:
        raise damaged()
    if isinstance(kind, Integer) and not -_bound(kind) <= read < _bound(kind):
        raise damaged()
    return read


def _bound(kind: Integer) -> int:
    return 2**63 if isinstance(kind, BigInteger) else 2**31


def _only(*kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(value)
        return value

    return read


def _moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError(value)
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


# The order counts: what a later kind would take as well comes first.
_READERS: dict[type, Callable[[Any], Any]] = {
    DateTime: _moment,
    Boolean: _only(bool),
    Integer: _only(int),
    Float: _only(int, float),
    String: _only(str),
}


def _refuse_endless_text(body: object) -> None:
    """Unpack a kept text without keeping it: one that grows out of all measure would take the worker's memory."""
    unpacker, rest, size = zlib.decompressobj(), body, 0
    try:
        while isinstance(rest, bytes) and rest and not unpacker.eof:
            size += len(unpacker.decompress(rest, _PIECE))
            rest = unpacker.unconsumed_tail
            if size > LARGEST_TEXT:
                raise damaged()
    except zlib.error as error:
        raise damaged() from error
    if not unpacker.eof:
        raise damaged()


def _refuse_contradictions(made: Engine) -> None:
    """Refuse assistants whose index or voice is not there: their pages could not be drawn."""
    builds = choose(IndexBuild.id).where(IndexBuild.assistant_id == Assistant.id, IndexBuild.id == Assistant.build_id)
    voices = choose(VoiceVersion.id).where(VoiceVersion.assistant_id == Assistant.id)
    voices = voices.where(VoiceVersion.id == Assistant.voice_id)
    with made.connect() as connection:
        torn = choose(Assistant.id).where(~builds.exists() | ((col(Assistant.voice_id) != "") & ~voices.exists()))
        if connection.execute(torn.limit(1)).first() is not None:
            raise damaged()


def _settle_indexes(connection: Connection, stores: Mapping[str, str]) -> None:
    """Say which store each index belongs to here; what does not answer is filled anew when it is wanted, or removed."""
    preferred = settings().preferred_store
    usable = {StoreName.LANCEDB, preferred}
    for build_id, state in connection.execute(choose(IndexBuild.id, IndexBuild.state)).all():
        kept = stores.get(build_id, preferred)
        values: dict[str, Any] = {"store": kept if kept in usable else preferred}
        if state == BuildState.OLD:
            values["retired_at"] = None  # nobody goes back to what is not there any more
        connection.execute(update(IndexBuild).where(col(IndexBuild.id) == build_id).values(values))
        if state != BuildState.LIVE:
            connection.execute(delete(Indexed).where(col(Indexed.build_id) == build_id))
    connection.execute(delete(LeftoverIndex).where(col(LeftoverIndex.store).not_in(usable)))


def refuse_other_kind(archive: Archive, kind: str) -> None:
    """Raise AnswerbookError (code "backup_kind") where a file holds something else than is wanted here."""
    if archive.manifest.kind == kind:
        return
    if kind == "everything":
        raise AnswerbookError(
            "This file holds one assistant, not everything.",
            "Nothing was changed. On Home, New assistant takes it in beside the others.",
            code="backup_kind",
        )
    raise AnswerbookError(
        "This file holds a whole Answerbook, not one assistant.",
        "Nothing was changed. An owner can restore it in Settings.",
        code="backup_kind",
    )

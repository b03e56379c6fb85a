"""Make the one file of everything while the app runs: one moment of the database, row by row, never all in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from sqlalchemy import Connection, LargeBinary, Table, select
from sqlmodel import SQLModel

from core.backup.archive import Kind, Writer
from core.database import newest_revision, now
from core.database import reading as one_moment
from core.operate import VERSION

# What does not go along, each with its reason; every other table does. A backup may be old when it comes back: what was
# ended or withdrawn since must not hold again.
LEFT_OUT = {
    "sign_in_session": "who is signed in: a session that was ended since would hold again",
    "invitation": "links that are open: one that was withdrawn since would hold again",
    "sign_in_try": "wrong tries of the last quarter of an hour",
    "ask_window": "how often visitors asked within the hour",
    "day_salt": "the day's secret, with which these are made unreadable",
}
FEW, MANY = 1, 500  # rows fetched at once of a table with blobs, and of another


def tables() -> list[Table]:
    """Return the tables of a whole backup, each after those that it refers to."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in LEFT_OUT]


def write_everything(target: IO[bytes], connection: Connection | None = None) -> None:
    """Write a whole backup to ``target``, of one moment, while others write; with a connection, of its moment.

    Raises DataFolderError where the database cannot be read, OSError where the target takes no more.
    """
    for _ in writing_everything(target, connection):
        continue


def writing_everything(target: IO[bytes], connection: Connection | None = None) -> Iterator[None]:
    """As ``write_everything``, step by step: between two steps the target can be emptied by whoever sends it on."""
    if connection is not None:
        yield from _write(target, connection)
        return
    with one_moment() as opened:
        yield from _write(target, opened)


def _write(target: IO[bytes], connection: Connection) -> Iterator[None]:
    with cut_off_where_it_fails(Writer(target)) as writer:
        for table in tables():
            for row in rows_of(connection, table):
                write_row(writer, table, row)
                yield
            writer.end_table(table.name)
        finish(writer, "everything")
        yield


@contextmanager
def cut_off_where_it_fails(writer: Writer) -> Iterator[Writer]:
    """Write a file that is whole at the end, or cut off."""
    try:
        yield writer
    except BaseException:
        writer.give_up()
        raise


def rows_of(connection: Connection, table: Table) -> Iterable[dict[str, Any]]:
    """Read a table's rows, few at a time."""
    few = any(isinstance(column.type, LargeBinary) for column in table.columns)
    options = {"yield_per": FEW if few else MANY}
    with connection.execute(select(table), execution_options=options) as found:
        for row in found.mappings():
            yield dict(row)


def write_row(writer: Writer, table: Table, row: dict[str, Any]) -> None:
    """Write a row: bytes as a blob beside it, moments as ISO; all else is JSON already."""
    packed = table.name == "parsed"  # compressed when it was kept
    values: dict[str, Any] = {}
    for column in table.columns:
        value = row[column.key]
        if isinstance(value, bytes | memoryview):
            value = writer.blob(bytes(value), packed=packed)
        elif isinstance(value, datetime):
            value = value.isoformat()
        values[column.name] = value
    writer.row(table.name, values)


def finish(writer: Writer, kind: Kind) -> None:
    """Write what the file is and of which Answerbook, and close it."""
    writer.finish(kind, now().isoformat(timespec="seconds"), VERSION, newest_revision())

"""Ways to ruin the database of a data folder: done to real files, as a bad disk or a wrong hand does."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from core.database.engine import engine, make_engine
from core.database.migrate import bring_up_to_date

HEADER = b"SQLite format 3\0"
PAGE = 4096


def used_folder(killed: Path, data: Path) -> Path:
    """Make a data folder that was used: sources in its database, passages beside it, stopped by a kill: a WAL is left.

    ``data`` is a folder to make it in.
    """
    made = make_engine(f"sqlite:///{data / 'answerbook.db'}")
    bring_up_to_date(made, data)
    with made.begin() as connection:
        for number in range(300):
            row = {"name": f"h{number}", "body": os.urandom(3000)}
            connection.execute(text("INSERT INTO original (hash, size, body) VALUES (:name, 9, :body)"), row)
    passages = data / "passages.lance" / "a_1_g1.lance" / "data"
    passages.parent.mkdir(parents=True)
    passages.write_bytes(b"passages")
    shutil.copytree(data, killed)
    made.dispose()
    return killed


def contents(data: Path) -> dict[str, bytes]:
    """Every file but the locks and the index of the last changes, which SQLite makes anew at each opening."""
    passing = (".lock", "-shm")
    files = [path for path in data.rglob("*") if path.is_file() and not path.name.endswith(passing)]
    return {str(path.relative_to(data)): path.read_bytes() for path in files}


def overwrite_the_middle(data: Path) -> None:
    """Garbage over every page but the first, as a bad disk does under a server that runs; nobody closes anything."""
    while True:  # what another thread has just written must be in the file, or it would hide the damage
        with engine().connect() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        if not busy:
            break
    path = data / "answerbook.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xff" * (size - PAGE))
    engine().dispose()  # what an open connection has in its memory is still right: a new one meets the disk


def checkpointed(data: Path) -> Path:
    """The database with all it holds in its one file."""
    path = data / "answerbook.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not (data / "answerbook.db-wal").exists()
    return path


def cut(data: Path, keep: float) -> None:
    path = checkpointed(data)
    os.truncate(path, int(path.stat().st_size * keep))


def overwrite(data: Path, offset: int, body: bytes) -> None:
    with checkpointed(data).open("r+b") as file:
        file.seek(offset)
        file.write(body)


def put(data: Path, body: bytes) -> None:
    checkpointed(data).write_bytes(body)


def without_database(data: Path) -> None:
    (data / "answerbook.db").unlink()


def another_database(data: Path, *statements: str) -> None:
    checkpointed(data).unlink()
    with closing(sqlite3.connect(data / "answerbook.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def a_folder_in_its_place(data: Path) -> None:
    checkpointed(data).unlink()
    (data / "answerbook.db").mkdir()
    (data / "answerbook.db" / "note.txt").write_text("mine")


def a_folder_for_the_wal(data: Path) -> None:
    checkpointed(data)
    (data / "answerbook.db-wal").mkdir()


def newer(data: Path) -> None:
    with closing(sqlite3.connect(checkpointed(data))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        connection.commit()


def empty_of_tables(data: Path) -> None:
    another_database(data, "PRAGMA journal_mode=WAL", "PRAGMA user_version=1")


WAYS: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut to two thirds": (lambda data: cut(data, 0.67), "damaged"),
    "cut to a third": (lambda data: cut(data, 0.33), "damaged"),
    "cut within its first page": (lambda data: cut(data, 0.0005), "damaged"),
    "one byte left": (lambda data: put(data, b"S"), "damaged"),
    "garbage": (lambda data: put(data, os.urandom(200_000)), "damaged"),
    "zeros": (lambda data: put(data, b"\0" * 200_000), "damaged"),
    "a text file": (lambda data: put(data, b"This was my database.\n" * 50), "damaged"),
    "a web page": (lambda data: put(data, b"<!DOCTYPE html><title>404</title>" * 100), "damaged"),
    "a zip archive": (lambda data: put(data, b"PK\x03\x04" + os.urandom(5000)), "damaged"),
    "only the header's name": (lambda data: put(data, HEADER), "damaged"),
    "a header and then garbage": (lambda data: put(data, HEADER + os.urandom(50_000)), "damaged"),
    "garbage over the first page": (lambda data: overwrite(data, 0, os.urandom(4096)), "damaged"),
    "garbage over the list of tables": (lambda data: overwrite(data, 100, os.urandom(3900)), "damaged"),
    "an impossible page size": (lambda data: overwrite(data, 16, b"\x00\x07"), "damaged"),
    "empty": (lambda data: put(data, b""), "lost"),
    "missing": (lambda data: checkpointed(data).unlink(), "lost"),
    "missing, its last changes left": (without_database, "lost"),
    "empty, its last changes left": (lambda data: (data / "answerbook.db").write_bytes(b""), "lost"),
    "a database without a table": (empty_of_tables, "lost"),
    "another program's": (lambda data: another_database(data, "CREATE TABLE bookmarks (url TEXT)"), "foreign"),
    "another program's with migrations": (
        lambda data: another_database(data, "CREATE TABLE alembic_version (version_num TEXT)"),
        "foreign",
    ),
    "a folder in its place": (a_folder_in_its_place, "damaged"),
    "a folder for its last changes": (a_folder_for_the_wal, "no_database"),
    "of a newer version": (newer, "too_new"),
}

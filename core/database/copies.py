"""Copies of an SQLite database: made while it is in use, and looked at before they count."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.database.trouble import cause_of, words_of
from core.errors import DataFolderError

STEP_PAGES = 16_384  # 64 MB with SQLite's own page size: after each, whoever waits is heard
STEP_INSTRUCTIONS = 2_000_000
BUSY_TRIES = 120  # Python tries again after a quarter of a second: half a minute
HEADER_BYTES = 100


class _Busy(Exception):
    """The other side was locked for too long."""


def nothing() -> None:
    """Nobody waits meanwhile."""


def fault_of(
    path: Path, *, thorough: bool = True, at_rest: bool = False, meanwhile: Callable[[], object] = nothing
) -> str:
    """Look at a database file; returns "" where it is a sound one of ours, else a code.

    "lost": no file, or nothing in it. "damaged": it cannot be read. "foreign": another program's. ``thorough``: read
    it whole. ``at_rest``: nobody has it open, so nothing is written beside it. Raises sqlite3.OperationalError where it
    is locked or out of reach.
    """
    if path.is_dir():
        return "damaged"
    if not path.exists() or path.stat().st_size == 0:
        return "lost"
    if path.stat().st_size < HEADER_BYTES:
        return "damaged"

    def wait() -> int:
        meanwhile()
        return 0

    try:
        with closing(_reader(path, at_rest=at_rest)) as connection:
            connection.set_progress_handler(wait, STEP_INSTRUCTIONS)
            if thorough and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return "damaged"
            tables = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    except sqlite3.DatabaseError as error:
        if cause_of(error) != "damaged":
            raise
        return "damaged"
    if not tables:
        return "lost"
    return "" if {"alembic_version", "assistant"} <= tables else "foreign"


def copy_database(
    source: Path, target: Path, meanwhile: Callable[[], object] = nothing, *, at_rest: bool = False
) -> None:
    """Copy a database that is in use into a new file that only its owner may read; sound, or not there at all.

    What is written while it lasts does not wait and is not in it. ``meanwhile`` is called now and then. ``at_rest``:
    nobody has the source open.
    Raises DataFolderError (code "damaged") where what would be copied is not sound, sqlite3.Error, OSError.
    """
    beside = target.with_name(f"{target.name}.part")
    beside.unlink(missing_ok=True)
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(_reader(source, at_rest=at_rest)) as old, closing(sqlite3.connect(beside)) as new:
            old.execute("BEGIN")  # one moment for all steps: without it each write elsewhere would begin the copy anew
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()
            old.backup(new, pages=STEP_PAGES, progress=lambda *_: meanwhile())
        if fault_of(beside, at_rest=True, meanwhile=meanwhile):
            raise words_of("damaged")
        beside.replace(target)
    except sqlite3.DatabaseError as error:
        raise words_of("damaged") if cause_of(error) == "damaged" else error from error
    finally:
        beside.unlink(missing_ok=True)


def overwrite_database(path: Path, source: Path) -> None:
    """Let a sound database hold what ``source`` holds, in one transaction: whoever has it open goes on with that.

    Raises sqlite3.Error; DataFolderError (code "locked") where another program keeps it locked for half a minute.
    """
    tries = 0

    def count(status: int, _remaining: int, _total: int) -> None:
        nonlocal tries
        tries += status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if tries > BUSY_TRIES:
            raise _Busy

    try:
        with closing(_reader(source, at_rest=True)) as old, closing(sqlite3.connect(path)) as new:
            old.backup(new, progress=count)
    except _Busy as error:
        raise DataFolderError(
            "Another program is using the database.", "Nothing was changed. Try again later.", code="locked"
        ) from error


def _reader(path: Path, *, at_rest: bool = False) -> sqlite3.Connection:
    """Open a file that must be there, to read it; ``at_rest``: without files beside it."""
    ways = "mode=ro&immutable=1" if at_rest else "mode=ro"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{ways}", uri=True, timeout=30)


# --- Words ----------------------------------------------------------------------------------------------------------


def unusable(fault: str) -> DataFolderError:
    """Return what to say of a database with this fault (see ``fault_of``)."""
    damage = words_of("damaged")
    if fault == "lost":
        return DataFolderError(
            "The database of this data folder is missing or empty, but other parts of it are here.",
            f"{damage.remedy} To begin anew instead, set ANSWERBOOK_DATA to an empty folder.",
            code="lost",
        )
    if fault == "foreign":
        return DataFolderError("The database in the data folder is another program's.", damage.remedy, code="foreign")
    return damage

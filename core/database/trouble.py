"""What a database says when it cannot do what was asked, in words for the owner: told apart by cause, at one place."""

import sqlite3
from typing import Any

from sqlalchemy.exc import DBAPIError, NoResultFound, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError

from core.errors import DataFolderError

# SQLite's name of the fault, by its beginning, and the class of the fault in Postgres' five signs: the cause of each.
SQLITE = {
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_FULL": "full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_CANTOPEN": "unopened",
    "SQLITE_IOERR": "disk",
    "SQLITE_NOMEM": "memory",
    "SQLITE_TOOBIG": "too_large",
    "SQLITE_CONSTRAINT": "changed",
}
POSTGRES = {
    "53100": "full",
    "53200": "memory",
    "53300": "busy",
    "25006": "read_only",
    "42501": "read_only",
    "55P03": "busy",
    "57014": "busy",
    "40": "busy",
    "54": "too_large",
    "08": "away",
    "28": "refused",
    "3D": "refused",
    "57P": "away",
    "58": "disk",
    "XX001": "damaged_server",
    "XX002": "damaged_server",
    "23": "changed",
}
# By cause: the code, what happened, what to do, and whether trying again may help.
WORDS = {
    "busy": (
        "database_busy",
        "Another program is using the database just now.",
        "Close that program, or wait until it has finished, and try again. What was saved before is kept.",
        True,
    ),
    "full": (
        "disk_full",
        "The disk is full.",
        "Free some space and try again. What was saved before is kept.",
        True,
    ),
    "read_only": (
        "database_read_only",
        "The database cannot be written to.",
        "Give Answerbook the right to write to its data folder and try again. What was saved before is kept.",
        True,
    ),
    "damaged": (
        "damaged",
        "The database is damaged and cannot be read.",
        "Nothing was changed or removed. A copy can take its place: Answerbook lists them in the browser.",
        False,
    ),
    "damaged_server": (
        "damaged_server",
        "The database is damaged.",
        "Have whoever runs the database server look at it, and bring back a backup of it.",
        False,
    ),
    "unopened": (
        "no_database",
        "The database cannot be opened.",
        "Check that its disk is there and that Answerbook may read and write its data folder, then try again.",
        True,
    ),
    "disk": (
        "disk_trouble",
        "The disk of the database did not take or give what it should.",
        "Check that the disk is there, is whole and has free space, then try again.",
        True,
    ),
    "memory": (
        "no_memory",
        "The database has no memory left.",
        "Close other programs and try again. What was saved before is kept.",
        True,
    ),
    "too_large": (
        "too_large",
        "This is larger than the database can keep in one piece.",
        "Split it into smaller files.",
        False,
    ),
    "changed": (
        "changed_meanwhile",
        "This could not be saved: what it belongs to was changed or removed at the same moment.",
        "Load the page again and try once more.",
        True,
    ),
    "away": (
        "database_away",
        "The database does not answer.",
        "Check that it runs and can be reached, then try again. What was saved before is kept.",
        True,
    ),
    "refused": (
        "database_refused",
        "The database refused Answerbook's name or password, or does not know the database that is asked for.",
        "Check DATABASE_URL and start again.",
        False,
    ),
    "unknown": (
        "database",
        "The database refused what Answerbook asked of it.",
        "Try again; if it happens again, the log says where. What was saved before is kept.",
        False,
    ),
}


# What a session turns into words; any other error of SQLAlchemy is a mistake of ours.
TROUBLE = (DBAPIError, NoConnectionFree, NoResultFound, StaleDataError)


def words_for(error: SQLAlchemyError | sqlite3.Error) -> DataFolderError:
    """Return what a database's error means for an owner: true to its cause, never with a value or a path in it."""
    return words_of(cause_of(error))


def words_of(cause: str) -> DataFolderError:
    """Return what to say for a cause: a key of ``WORDS``."""
    code, what, remedy, passing = WORDS[cause]
    return DataFolderError(what, remedy, code=code, passing=passing)


def cause_of(error: SQLAlchemyError | sqlite3.Error) -> str:
    """Return why a database failed: a key of ``WORDS``."""
    if isinstance(error, NoConnectionFree):
        return "busy"  # all connections of this process wait for the same lock
    if isinstance(error, NoResultFound | StaleDataError):
        return "changed"
    raw: Any = error.orig if isinstance(error, DBAPIError) else error
    name, state = getattr(raw, "sqlite_errorname", None), getattr(raw, "sqlstate", None)
    if name:
        return next((cause for begin, cause in SQLITE.items() if name.startswith(begin)), "unknown")
    if state:
        return next((cause for begin, cause in POSTGRES.items() if state.startswith(begin)), "unknown")
    # A server that is gone, or was never there, ends the connection without one of its five signs.
    return "away" if isinstance(error, OperationalError) else "unknown"

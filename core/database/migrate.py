"""Bring a data folder up to date: save a copy of the database, migrate it, refuse one from a newer Answerbook."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, text

from core.database.copies import copy_database, fault_of, unusable
from core.database.trouble import TROUBLE, words_for
from core.errors import DataFolderError
from core.log import log

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_SECONDS = 60  # half of it on Postgres, whose silence is taken for its end after 40 s
MIGRATION_SECONDS = 3600.0  # one statement of a migration may go through a large table, in silence
POSTGRES_LOCK = 4274_1001  # any number that no other program on the same database uses
_one_at_a_time = threading.Lock()  # Alembic keeps what it is migrating in a global, whichever folder it is of


def bring_up_to_date(engine: Engine, data: Path) -> None:
    """Create or migrate the database behind ``engine``; ``data`` is the data folder, for the copy and the lock.

    Raises DataFolderError: not writable, written by a newer Answerbook, busy in another process for a minute, damaged,
    another program's, or missing though other parts of the data folder are there. It changes and removes nothing then.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / "migrate.lock", timeout=LOCK_SECONDS), _alone(engine):
            if path := database_file(engine.url):
                _refuse_unusable(path, data)
            _migrate(engine, data)
    except Timeout as error:
        raise DataFolderError(
            "Another Answerbook is bringing this data folder up to date.",
            "Wait until it has finished, then start again.",
            code="busy",
        ) from error
    except OSError as error:
        raise DataFolderError(
            f"The data folder {data.name} cannot be written to ({error.strerror or 'no reason given'}).",
            "Give Answerbook the right to write there, free some space, or set ANSWERBOOK_DATA to another folder.",
            code="not_writable",
        ) from error
    except (*TROUBLE, sqlite3.Error) as error:
        raise words_for(error) from error


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep other machines' processes on the same Postgres waiting; the file lock only knows this machine."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS // 2}s'"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": POSTGRES_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": POSTGRES_LOCK})


@contextmanager
def _unhurried(connection: Connection) -> Iterator[None]:
    """Let a Postgres be silent for long while a statement of a migration runs; SQLite never waits for anybody."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        raw.silent_seconds = MIGRATION_SECONDS
    yield
    if connection.dialect.name == "postgresql":
        del raw.silent_seconds


def database_file(url: URL) -> Path | None:
    """Return the file of an SQLite database; None where it is on a server or only in memory."""
    return (
        Path(url.database)
        if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        else None
    )


def _refuse_unusable(path: Path, data: Path) -> None:
    """Look before anything is opened for writing: SQLite would make a new file, or drop the last changes beside it."""
    last_changes = Path(f"{path}-wal")
    fault = fault_of(path, thorough=False)
    if fault == "lost" and not (
        _was_used(data) or (not _size(path) and last_changes.is_file() and _size(last_changes) > 0)
    ):
        return
    if fault:
        raise unusable(fault)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _was_used(data: Path) -> bool:
    """Whether there was a database once: passages, copies or the secret of the saved keys are here."""
    return (
        any((data / "passages.lance").glob("*.lance"))
        or any((data / "backups").glob("*.db"))
        or (data / "secret.key").exists()
    )


def newest_revision() -> str:
    """Return the version of the tables that this Answerbook works with."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def make_tables(engine: Engine, revision: str) -> None:
    """Make the tables of an Answerbook of this version in an empty SQLite database.

    Raises DataFolderError (code "too_new") for a version that is not known here.
    """
    if revision not in {known.revision for known in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        raise DataFolderError(
            "This was written by a newer version of Answerbook.", "Install that version or a later one.", code="too_new"
        )
    _upgrade(engine, revision)


def _migrate(engine: Engine, data: Path) -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    newest = script.get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == newest:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise DataFolderError(
            "This data folder was written by a newer version of Answerbook.",
            "Install that version or a later one; nothing was changed.",
            code="too_new",
        )
    if current is not None:
        _save_copy(engine, data, current)
    _upgrade(engine, "head")
    log("database.migrated", before=current or "new", after=newest)


def _upgrade(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection, _unhurried(connection):
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # Python's driver would commit each statement: killed, half is done
        config.attributes["connection"] = connection
        with _one_at_a_time:
            command.upgrade(config, revision)


def _save_copy(engine: Engine, data: Path, revision: str) -> None:
    """Copy an SQLite database into ``data/backups``; a Postgres host has its own backups."""
    if engine.dialect.name != "sqlite":
        log("database.copy_skipped", reason="Postgres: use the host's backups")
        return
    source = Path(str(engine.url.database))
    folder = data / "backups"
    folder.mkdir(exist_ok=True)
    if shutil.disk_usage(folder).free < 2 * source.stat().st_size:
        raise DataFolderError(
            "There is not enough free space to save a copy of the database before it is brought up to date.",
            "Free some space and start again; nothing was changed.",
            code="disk_full",
        )
    copy = folder / f"answerbook-{revision}.db"
    copy_database(source, copy)
    log("database.copied", copy=copy.name)

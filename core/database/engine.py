"""The engine and sessions of the database: SQLite in the data folder by default, Postgres by DATABASE_URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
)
from sqlmodel import Session

from core.database.trouble import TROUBLE, cause_of, words_for
from core.log import log_failure
from core.settings import settings

BUSY_SECONDS = 60  # how long a writer waits for another program that holds the lock of an SQLite file


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the one engine of this process; the data folder is made and the database brought up to date first.

    Raises DataFolderError where the folder cannot be used or was written by a newer Answerbook.
    """
    from core.database.migrate import bring_up_to_date

    made = make_engine(settings().database)
    bring_up_to_date(made, settings().data)
    return made


def make_engine(url: str) -> Engine:
    """Make an engine for a SQLAlchemy URL; SQLite gets WAL, foreign keys and a patient lock, Postgres time limits."""
    if not url.startswith("sqlite"):
        return _server_engine(url)
    made = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS})

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # SQLite's own lower() knows the letters a to z alone: a search for "ärzte" must find "Ärzte".
        connection.create_function("casefold", 1, str.casefold, deterministic=True)

    return made


def _server_engine(url: str) -> Engine:
    from core.database import patience  # psycopg is loaded where there is a Postgres only

    made = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10)

    @event.listens_for(made, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        return patience.connect(*arguments, **options)

    return made


@contextmanager
def session() -> Iterator[Session]:
    """Open a session; what was changed in it is committed at the end, or nothing of it when an error leaves it.

    Raises DataFolderError, in words, where the database cannot be read or written, whatever was asked of it.
    """
    try:
        with Session(engine(), expire_on_commit=False) as opened:
            yield opened
            opened.commit()
    except TROUBLE as error:
        log_failure("database.trouble", error, cause=cause_of(error))
        raise words_for(error) from error


@contextmanager
def writing() -> Iterator[Session]:
    """Open a session for what is decided by looking first: on SQLite nobody else writes from the first look on.

    On Postgres lock the row that the decision hangs on (``with_for_update``). Raises as ``session``.
    """
    with session() as opened:
        if opened.get_bind().dialect.name == "sqlite":
            opened.connection().exec_driver_sql("BEGIN IMMEDIATE")
        yield opened


@contextmanager
def reading() -> Iterator[Connection]:
    """Open the database as it is at this moment: what others write meanwhile is not seen, and nobody waits for it.

    Raises DataFolderError, in words, where the database cannot be read.
    """
    try:
        made = engine()
        with made.connect() as opened:
            if made.dialect.name == "sqlite":
                opened.exec_driver_sql("BEGIN")  # Python's driver would look anew with each statement
            else:
                opened = opened.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield opened
    except TROUBLE as error:
        log_failure("database.trouble", error, cause=cause_of(error))
        raise words_for(error) from error

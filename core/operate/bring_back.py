"""Put a copy in the place of the database, once; what is there now is kept, and the passages are checked after it."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from core.database import (
    Job,
    bring_up_to_date,
    copy_database,
    engine,
    fault_of,
    make_engine,
    now,
    overwrite_database,
)
from core.errors import AnswerbookError, DataFolderError
from core.jobs import PROCESS, processes
from core.log import log, log_failure
from core.operate.backups import Copy, backups_folder, copies, database_bytes, database_path, enough_space
from core.schema import JobState
from core.settings import settings

WAIT_SECONDS = 60.0  # for another window that is at it: the second click of a double click would wait for the first
# What came in since a copy was made: its name for an owner, and how it is counted.
SINCE = {
    "assistant": "SELECT count(*) FROM assistant WHERE id NOT IN (SELECT id FROM copy.assistant)",
    "file": "SELECT count(*) FROM version WHERE id NOT IN (SELECT id FROM copy.version)",
    "voice": "SELECT count(*) FROM voiceversion WHERE id NOT IN (SELECT id FROM copy.voiceversion)",
    "message": "SELECT count(*) FROM message WHERE id NOT IN (SELECT id FROM copy.message)",
}


def came_since(copy: Copy) -> dict[str, int]:
    """Count what the database holds and a copy does not: "assistant", "file", "voice", "message".

    Raises AnswerbookError (code "bad_copy") where the copy cannot be read.
    """
    path = database_path()
    if path is None:
        return {}
    address = f"{(backups_folder() / copy.name).resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("ATTACH DATABASE ? AS copy", (address,))
            return {what: int(connection.execute(query).fetchone()[0]) for what, query in SINCE.items()}
    except sqlite3.Error as error:
        raise _bad_copy() from error


def state_of_database() -> str:
    """Return a mark that is another one as soon as a copy was brought back: what a page shows belongs to one state."""
    path = database_path()
    replaced = [copy.name for copy in copies() if copy.reason == "replaced"]
    return f"{path.stat().st_ino if path and path.exists() else 0}:{len(replaced)}:{max(replaced, default='')}"


def bring_back(copy: Copy, state: str) -> None:
    """Put a copy in the place of the database that is in ``state`` (see ``state_of_database``).

    A sound database becomes a copy first; a damaged one is kept beside as ``answerbook.damaged-<time>.db``. Either way
    the copy is brought up to date before it takes the place, at once and as a whole. Raises AnswerbookError: the copy
    is gone or damaged, too little space, another window did it already (it is waited for where it is at it just now) or
    another process is at work.
    """
    path = database_path()
    if path is None or copy not in copies():  # gone, or made anew since it was listed
        raise AnswerbookError("This copy is not there any more.", "Choose another one.", code="no_copy")
    try:
        with FileLock(settings().data / "bring_back.lock", timeout=WAIT_SECONDS):
            if state_of_database() != state:
                raise AnswerbookError(
                    "A copy was brought back already.", "Load the page again and look at it first.", code="done_already"
                )
            with _prepared(backups_folder() / copy.name, path) as prepared:
                if fault_of(path):
                    _set_aside(path, prepared)
                else:
                    stamp = f"{now():%Y-%m-%d-%H%M%S}"
                    copy_database(path, backups_folder() / f"answerbook-replaced-{stamp}.db")
                    overwrite_database(path, prepared)
    except Timeout as error:
        raise AnswerbookError("A copy is being brought back just now.", "Wait a moment.", code="busy") from error
    except (sqlite3.Error, SQLAlchemyError, OSError) as error:
        log_failure("database.not_brought_back", error)
        raise AnswerbookError(
            "The copy could not be brought back.",
            "The database is as it was. See that no other program uses it and that its disk has space; then try again.",
            code="not_brought_back",
        ) from error
    log("database.brought_back", copy=copy.name)
    _check_passages()


@contextmanager
def _prepared(copy: Path, path: Path) -> Iterator[Path]:
    """Make a database of a copy that can take the place at once: sound, of today's version, with no job at work."""
    folder = path.with_name("bringing-back")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        enough_space(copy.stat().st_size + 2 * database_bytes(path))
        folder.mkdir(mode=0o700)
        prepared = folder / path.name
        try:
            copy_database(copy, prepared, at_rest=True)
        except DataFolderError as error:
            raise _bad_copy() from error
        made = make_engine(f"sqlite:///{prepared}")
        bring_up_to_date(made, folder)
        running = col(Job.state) == JobState.RUNNING
        with made.begin() as connection:  # whoever was at work on it is not any more
            connection.execute(update(Job).where(running).values(state=JobState.WAITING, worker="", not_before=None))
        made.dispose()
        yield prepared
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_aside(path: Path, prepared: Path) -> None:
    """Put a prepared database in the place of a damaged or missing one, which is kept under another name."""
    if processes.any_alive(settings().data, besides=PROCESS):
        raise AnswerbookError(
            "Another Answerbook works on this data folder.", "Stop it, then bring the copy back here.", code="busy"
        )
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    aside = path.with_name(f"{path.stem}.damaged-{now():%Y-%m-%d-%H%M%S}.db")
    with ExitStack() as held:
        if os.name == "posix" and path.is_file():  # elsewhere a file that is open cannot be moved at all
            _hold(path, held)
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{ending}").rename(f"{aside}{ending}")
        prepared.replace(path)


def _hold(path: Path, held: ExitStack) -> None:
    """Let nobody write to a damaged database while it is moved, where it can still be opened at all."""
    with suppress(sqlite3.Error):
        connection = held.enter_context(closing(sqlite3.connect(path)))
        connection.execute("BEGIN IMMEDIATE")


def _check_passages() -> None:
    """Have the passages compared with what the database holds now; what is missing is made from it."""
    from core.index import request_check

    try:
        request_check()
    except (AnswerbookError, SQLAlchemyError) as error:
        log_failure("check.not_asked_for", error)


def _bad_copy() -> AnswerbookError:
    return AnswerbookError("This copy cannot be read.", "Nothing was changed. Choose another one.", code="bad_copy")

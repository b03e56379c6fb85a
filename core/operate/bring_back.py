"""Put a copy in the place of the database, once; what is there now is kept, and the passages are checked after it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine, update
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
REPLACED = "answerbook-replaced"
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
    replaced = [kept.name for kept in (settings().data / "backups").glob(f"{REPLACED}-*.*")]
    return f"{path.stat().st_ino if path and path.exists() else 0}:{len(replaced)}:{max(replaced, default='')}"


def bring_back(copy: Copy, state: str) -> None:
    """Put a copy in the place of the database that is in ``state`` (see ``state_of_database``).

    A sound database becomes a copy first; a damaged one is kept beside as ``answerbook.damaged-<time>.db``. Either way
    the copy is brought up to date before it takes the place, at once and as a whole. Raises AnswerbookError: the copy
    is gone or damaged, too little space, another window did it already (it is waited for where it is at it just now) or
    another process is at work.
    """
    if database_path() is None or copy not in copies():  # gone, or made anew since it was listed
        raise AnswerbookError("This copy is not there any more.", "Choose another one.", code="no_copy")

    def make(prepared: Path) -> None:
        try:
            copy_database(backups_folder() / copy.name, prepared, at_rest=True)
        except DataFolderError as error:
            raise _bad_copy() from error
        made = make_engine(f"sqlite:///{prepared}")
        bring_up_to_date(made, prepared.parent)
        stop_running(made)
        made.dispose()

    take_place(make, copy.size, state)
    log("database.brought_back", copy=copy.name)
    check_passages()


def take_place(make: Callable[[Path], None], size: int, state: str) -> None:
    """Let the SQLite database that ``make`` makes at a path take the place of ours, which is in ``state``.

    ``size``: about how many bytes it will have. What was in its place is kept, as ``bring_back`` says, which also names
    what is raised; and whatever ``make`` raises, with nothing changed.
    """
    path = database_path()
    assert path is not None
    with one_at_a_time(state):
        try:
            with _prepared(make, size, path) as prepared:
                if fault_of(path):
                    _set_aside(path, prepared)
                else:
                    copy_database(path, kept_as(backups_folder(), REPLACED, ".db"))
                    overwrite_database(path, prepared)
        except (sqlite3.Error, SQLAlchemyError, OSError) as error:
            log_failure("database.not_brought_back", error)
            raise AnswerbookError(
                "The copy could not be brought back.",
                "The database is as it was. See that no other program uses it and that its disk has space; then try "
                "again.",
                code="not_brought_back",
            ) from error


@contextmanager
def one_at_a_time(state: str) -> Iterator[None]:
    """Let one window of one process put something in the database's place, and only while that is in ``state``."""
    try:
        with FileLock(settings().data / "bring_back.lock", timeout=WAIT_SECONDS):
            if state_of_database() != state:
                raise AnswerbookError(
                    "A copy was brought back already.", "Load the page again and look at it first.", code="done_already"
                )
            yield
    except Timeout as error:
        raise AnswerbookError("A copy is being brought back just now.", "Wait a moment.", code="busy") from error


def kept_as(folder: Path, word: str, ending: str) -> Path:
    """Return a path that is free, named after this second, for what is put aside: ``answerbook-replaced-….db``."""
    name = f"{word}-{now():%Y-%m-%d-%H%M%S}"
    numbered = (folder / f"{name}{f'-{number}' if number else ''}{ending}" for number in count())
    return next(path for path in numbered if not path.exists())


def stop_running(made: Engine) -> None:
    """Let no job of a copied database seem at work: whoever was, is not any more."""
    running = col(Job.state) == JobState.RUNNING
    with made.begin() as connection:
        connection.execute(update(Job).where(running).values(state=JobState.WAITING, worker="", not_before=None))


@contextmanager
def _prepared(make: Callable[[Path], None], size: int, path: Path) -> Iterator[Path]:
    """Make a database that can take the place at once: sound, of today's version, with no job at work."""
    folder = path.with_name("bringing-back")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        enough_space(size + 2 * database_bytes(path))
        folder.mkdir(mode=0o700, parents=True)
        make(folder / path.name)
        yield folder / path.name
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
    aside = kept_as(path.parent, f"{path.stem}.damaged", path.suffix)
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


def check_passages() -> None:
    """Have the passages compared with what the database holds now; what is missing is made from it."""
    from core.index import request_check

    try:
        request_check()
    except (AnswerbookError, SQLAlchemyError) as error:
        log_failure("check.not_asked_for", error)


def _bad_copy() -> AnswerbookError:
    return AnswerbookError("This copy cannot be read.", "Nothing was changed. Choose another one.", code="bad_copy")

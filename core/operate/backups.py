"""A copy of the SQLite database for each of the last days, in the folder "backups". A Postgres is its host's to copy.

Originals lie in the database, so a copy may be large: all copies of days together take no more than half of what would
be free without them, and so on a small disk there are fewer than seven.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from sqlalchemy import make_url

from core.database import copy_database, database_file, fault_of, now
from core.errors import AnswerbookError, DataFolderError
from core.log import log, log_failure
from core.settings import settings

DAYS = 7
OTHERS = 2  # of each other reason
RESERVE = 200_000_000  # bytes that a copy leaves free
SMALL = 200_000_000  # bytes; today's copy of a smaller database is made anew every hour
HOUR = 3000  # seconds; a little less, as the clean-up comes once an hour
_NAME = re.compile(r"answerbook-(?:(?P<day>\d{4}-\d\d-\d\d)|(?P<replaced>replaced-[\d-]+)|(?P<update>\w+))\.db")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy in the folder "backups": of a day, of before an update, or of before another copy was brought back."""

    name: str
    made_at: datetime
    size: int
    reason: Literal["day", "update", "replaced"]


_trouble: AnswerbookError | None = None  # why this process could make no copy when it last tried


def database_path() -> Path | None:
    """Return where the SQLite database is; None where the database is a server."""
    return database_file(make_url(settings().database))


def database_is_file() -> bool:
    """Say whether the database is a file, of which copies are made here."""
    return database_path() is not None


def database_bytes(path: Path) -> int:
    """Return how large a database is at most, with its last changes."""
    return sum(part.stat().st_size for part in (path, Path(f"{path}-wal")) if part.is_file())


def backups_folder() -> Path:
    """Return the folder of copies; it is made."""
    folder = settings().data / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def copies() -> list[Copy]:
    """List the copies there are, newest first. Empty where the database is a server."""
    folder = settings().data / "backups"
    if database_path() is None or not folder.is_dir():
        return []
    kept = [copy for path in folder.glob("answerbook-*.db") if (copy := _copy_of(path))]
    return sorted(kept, key=lambda copy: copy.made_at, reverse=True)


def _copy_of(path: Path) -> Copy | None:
    parts = _NAME.fullmatch(path.name)
    if parts is None or not path.is_file():
        return None
    status = path.stat()
    made_at = datetime.fromtimestamp(status.st_mtime, UTC)
    if not parts["day"]:
        return Copy(path.name, made_at, status.st_size, "update" if parts["update"] else "replaced")
    try:
        day = date.fromisoformat(parts["day"])
    except ValueError:
        return None
    if made_at.date() != day:  # the file was moved here from elsewhere
        made_at = datetime.combine(day, time(), UTC)
    return Copy(path.name, made_at, status.st_size, "day")


def copy_trouble() -> AnswerbookError | None:
    """Return why no copy could be made when this process last tried; None where all is well."""
    return _trouble


def make_daily_copy(meanwhile: Callable[[], object] = lambda: None) -> None:
    """Make today's copy where there is none yet, and remove those of the longest past days; never raises for a fault.

    ``meanwhile`` is called now and then. What hindered a copy is in the log and in ``copy_trouble``; no copy is removed
    unless a newer one is sound.
    """
    global _trouble
    path = database_path()
    if path is None or not path.is_file():
        return
    try:
        target = backups_folder() / f"answerbook-{now().date()}.db"
        if target.exists() and (database_bytes(path) > SMALL or now().timestamp() - target.stat().st_mtime < HOUR):
            return
        _copy_today(path, target, meanwhile)
    except AnswerbookError as error:
        _trouble = error
        log_failure("database.not_copied", error)
    except (sqlite3.Error, OSError) as error:
        _trouble = AnswerbookError(
            "Today's copy of the database could not be made.",
            "It is tried again every hour. Copies from before are kept.",
            code="not_copied",
        )
        log_failure("database.not_copied", error)
    else:
        _trouble = None


def _copy_today(path: Path, target: Path, meanwhile: Callable[[], object]) -> None:
    _remove_old()
    enough_space(database_bytes(path))
    copy_database(path, target, meanwhile)
    log("database.copied", copy=target.name, bytes=target.stat().st_size)
    _remove_old()


def enough_space(size: int) -> None:
    """Raise DataFolderError (code "disk_short") where so many bytes would leave too little free for everything else."""
    free = shutil.disk_usage(backups_folder()).free
    if free < size + RESERVE:
        raise DataFolderError(
            "There is too little free space for a copy of the database.",
            f"Free at least {(size + RESERVE - free) // 1_000_000 + 1:,} MB. Nothing was removed.",
            code="disk_short",
        )


def _remove_old() -> None:
    """Remove the oldest copies of days: more than seven, or than there is room for. The newest must be sound.

    Their order is that in which they were made: one from a day that has not come yet was made before a clock was set
    right (or wrong), and so before today's.
    """
    today, folder, kept = now().date(), backups_folder(), copies()
    of_days = sorted(
        (copy for copy in kept if copy.reason == "day"),
        key=lambda copy: (copy.made_at.date() <= today, copy.made_at),
        reverse=True,
    )
    taken = sum(copy.size for copy in of_days)
    room = (shutil.disk_usage(folder).free + taken) // 2
    many = max(1, min(DAYS, room // of_days[0].size)) if taken else 1
    unwanted = of_days[many:]
    for reason in ("update", "replaced"):
        unwanted += [copy for copy in kept if copy.reason == reason][OTHERS:]
    if not unwanted or not of_days or fault_of(folder / of_days[0].name, at_rest=True):
        return
    for copy in unwanted:
        (folder / copy.name).unlink(missing_ok=True)
        log("database.copy_removed", copy=copy.name)

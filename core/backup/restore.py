"""Put a whole backup in the place of what is here; what was here is set aside first, and passages are made anew."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel
from sqlmodel import select as choose

from core.backup.archive import Archive
from core.backup.make import rows_of, tables, write_everything
from core.backup.stage import refuse_other_kind, stage
from core.database import (
    Assistant,
    Conversation,
    IndexBuild,
    PersonRow,
    SavedProvider,
    SignInService,
    Source,
    engine,
    make_engine,
    session,
    words_for,
)
from core.errors import AnswerbookError, DataFolderError
from core.log import log, log_failure
from core.operate import (
    REPLACED,
    backups_folder,
    check_passages,
    database_is_file,
    enough_space,
    kept_as,
    one_at_a_time,
    state_of_database,
    take_place,
)
from core.settings import settings
from core.vault import Vault

KEPT = 2  # of what was set aside from a server's database; from a file's, ``operate`` keeps as many
LOCK_SECONDS = 30
COUNTED: dict[str, type[SQLModel]] = {  # by the name of their table
    "assistant": Assistant,
    "source": Source,
    "conversation": Conversation,
    "person": PersonRow,
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a whole backup holds: when and by which version it was made, how many of "assistant", "source", …"""

    made_at: str
    made_by: str
    counts: dict[str, int]
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore. ``aside``: the name of what was set aside in "backups", "" where nothing was there.

    ``unreadable``: how many saved keys and secrets cannot be opened here and have to be entered again.
    """

    aside: str
    unreadable: int


def held(path: Path) -> Held:
    """Say what a file holds. Raises AnswerbookError where it is no whole backup of ours; its parts are not read yet."""
    with Archive(path) as archive:
        refuse_other_kind(archive, "everything")
        told, known = archive.manifest, archive.manifest.tables
        counts = {what: known[what].rows if what in known else 0 for what in COUNTED}
        return Held(told.made_at, told.made_by, counts, archive.size)


def here() -> dict[str, int]:
    """Count what is here and would be set aside: "assistant", "source", "conversation", "person"; 0 of all: nothing.

    Raises DataFolderError where the database cannot be read.
    """
    with session() as db:
        return {what: db.exec(choose(func.count()).select_from(table)).one() for what, table in COUNTED.items()}


def restore(path: Path, state: str | None = None) -> Restored:
    """Put a whole backup in the place of the database, which is in ``state`` (see ``state_of_database``).

    What is here becomes a copy in "backups" first. At once and as a whole: whoever reads meanwhile sees what was or
    what is. Raises AnswerbookError: no sound backup of ours, too little space, the database is locked, or another
    window did it already; nothing is changed then.
    """
    stores = _stores_of_now()  # on an empty machine the database is made by it, and only then in a state
    state = state_of_database() if state is None else state
    before = set(_kept_aside())
    with Archive(path) as archive:
        refuse_other_kind(archive, "everything")

        def make(prepared: Path) -> None:
            stage(archive, prepared, stores)

        if database_is_file():
            take_place(make, 2 * archive.size, state)
        else:
            _restore_to_server(make, archive.size, state)
    log("backup.restored", made_at=archive.manifest.made_at)
    check_passages()
    aside = sorted(set(_kept_aside()) - before)
    return Restored(aside[-1] if aside else "", _unreadable())


def _kept_aside() -> list[str]:
    patterns = (backups_folder().glob(f"{REPLACED}-*.*"), settings().data.glob("answerbook.damaged-*.db"))
    return [path.name for found in patterns for path in found]


def _stores_of_now() -> dict[str, str]:
    """Which store holds which build; empty where the database that is to be replaced cannot say."""
    try:
        with session() as db:
            return dict(db.execute(choose(IndexBuild.id, IndexBuild.store)).tuples().all())
    except DataFolderError as error:
        log_failure("backup.no_stores_known", error)
        return {}


def _unreadable() -> int:
    """Count the saved keys and secrets that were locked with another secret than this host's."""
    vault, count = Vault(settings().data, settings().secret), 0
    with session() as db:
        locked = [
            *db.exec(choose(SavedProvider.encrypted_key).where(SavedProvider.encrypted_key != "")).all(),
            *db.exec(choose(SignInService.encrypted_secret).where(SignInService.encrypted_secret != "")).all(),
        ]
    for value in locked:
        try:
            vault.decrypt(value)
        except AnswerbookError:
            count += 1
    return count


# --- Into a server's database ---------------------------------------------------------------------------------------


def _restore_to_server(make: Callable[[Path], None], size: int, state: str) -> None:
    with one_at_a_time(state), _staged(make, size) as prepared:
        try:
            with engine().begin() as connection:
                _let_nobody_write(connection)
                aside = _set_aside(connection)
                _replace_rows(connection, prepared)
        except SQLAlchemyError as error:
            log_failure("backup.not_restored", error)
            raise words_for(error) from error
        except OSError as error:
            log_failure("backup.not_restored", error)
            raise AnswerbookError(
                "What is here could not be set aside, so nothing was restored.",
                "Free some disk space and try again.",
                code="not_restored",
            ) from error
        _remove_older(aside)


@contextmanager
def _staged(make: Callable[[Path], None], size: int) -> Iterator[Engine]:
    folder = settings().data / "bringing-back"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        enough_space(2 * size)
        folder.mkdir(mode=0o700, parents=True)
        make(folder / "answerbook.db")
        made = make_engine(f"sqlite:///{folder / 'answerbook.db'}")
        try:
            yield made
        finally:
            made.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _let_nobody_write(connection: Connection) -> None:
    """Whoever reads goes on; whoever writes waits, and then writes to what is here by then."""
    names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in _all_tables())
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _set_aside(connection: Connection) -> Path | None:
    """Write what is here to a file of its own, safe on the disk, before any of it is removed."""
    if not any(connection.execute(select(table).limit(1)).first() for table in tables()):
        return None
    path = kept_as(backups_folder(), REPLACED, ".zip")
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            write_everything(file, connection)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _replace_rows(connection: Connection, prepared: Engine) -> None:
    for table in reversed(_all_tables()):
        connection.execute(delete(table))
    with prepared.connect() as source:
        for table in tables():
            batch: list[dict[str, object]] = []
            for row in rows_of(source, table):
                batch.append({name: _no_zeros(value) for name, value in row.items()})
                if len(batch) == 500 or any(isinstance(value, bytes) for value in row.values()):
                    connection.execute(insert(table), batch)
                    batch = []
            if batch:
                connection.execute(insert(table), batch)
    for table in _all_tables():
        _go_on_counting(connection, table.name)


def _all_tables() -> list[Table]:
    return SQLModel.metadata.sorted_tables


def _no_zeros(value: object) -> object:
    """Postgres takes no zero byte in a text; SQLite does."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _go_on_counting(connection: Connection, table: str) -> None:
    """Let the sequences of a table go on behind the numbers that came in."""
    found = connection.execute(
        text(
            "SELECT a.attname, s.oid::regclass::text FROM pg_class s"
            " JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass"
            " JOIN pg_class t ON t.oid = d.refobjid"
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
            " WHERE s.relkind = 'S' AND t.oid = CAST(:name AS regclass)"
        ),
        {"name": connection.dialect.identifier_preparer.quote(table)},
    ).all()
    columns = SQLModel.metadata.tables[table].columns
    for column, sequence in found:
        highest = connection.execute(select(func.max(columns[column]))).scalar() or 0
        connection.execute(
            text("SELECT setval(CAST(:name AS regclass), :next, false)"), {"name": sequence, "next": highest + 1}
        )


def _remove_older(newest: Path | None) -> None:
    """Remove what was set aside long ago, once there is something newer."""
    kept = sorted(backups_folder().glob(f"{REPLACED}-*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEPT:] if newest else ():
        path.unlink(missing_ok=True)
        log("backup.removed", name=path.name)

"""Where an owner's things are kept: database, passages, sizes, versions."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from core.database import engine
from core.errors import StoreError
from core.jobs import processes
from core.operate.backups import database_bytes
from core.operate.health import PACKAGES, VERSION
from core.settings import settings
from core.store import EMBEDDED, store_named, weaviate_places


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are, without any password. Sizes in bytes, None where they are not known to this machine."""

    data_folder: str
    database: str
    database_bytes: int | None
    is_file: bool
    store: str
    store_bytes: int | None
    worker: bool
    versions: dict[str, str]


def open_data_folder() -> None:
    """Make the data folder where there is none and bring its database up to date.

    Raises DataFolderError where the folder cannot be used or was written by a newer Answerbook.
    """
    engine()


def places() -> Places:
    """Look where things are kept now. Never raises for a part that is away: its size is None then."""
    host = settings()
    url = make_url(host.database)
    is_file = url.get_backend_name() == "sqlite"
    return Places(
        data_folder=host.data.resolve().name,
        database=Path(url.database or "").name if is_file else f"{url.database} on {url.host or 'this machine'}",
        database_bytes=database_bytes(Path(url.database or "")) or None if is_file else _postgres_bytes(),
        is_file=is_file,
        store="Weaviate" if host.weaviate_url else "LanceDB",
        store_bytes=_store_bytes(),
        worker=worker_at_work(),
        versions={"Answerbook": VERSION, **{name: version(name) for name in PACKAGES}},
    )


def _postgres_bytes() -> int | None:
    try:
        with engine().connect() as connection:
            return connection.execute(text("SELECT pg_database_size(current_database())")).scalar()
    except SQLAlchemyError:
        return None


def _store_bytes() -> int | None:
    try:
        return store_named(settings().preferred_store).size()
    except StoreError:
        return None


def weaviate_label() -> str:
    """Return where Weaviate is set up, without anything secret: "host:8080"; empty where it is not."""
    host = settings()
    if not host.weaviate_url:
        return ""
    if host.weaviate_url.strip().lower() == EMBEDDED:
        return "this machine (try-it mode: for a first look, not for visitors)"
    try:
        return ", ".join(weaviate_places())
    except StoreError:
        return "an address that cannot be used"


def worker_at_work() -> bool:
    """Say whether some process of this machine does the data folder's work."""
    return processes.any_alive(settings().data)

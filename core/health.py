"""Is everything that answers need there: database, passage store, worker; and which versions run."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.database import engine
from core.errors import AnswerbookError
from core.log import log_failure
from core.store import preferred_store, store_named

VERSION = "0.1.0"
PACKAGES = ("streamlit", "langchain-core", "lancedb", "pypdfium2", "unstructured")


def health(worker_state: str) -> dict[str, Any]:
    """Return ``{"ok", "database", "store", "worker", "versions"}``; a part says "ok" or a code of what is wrong.

    The store is as it was seen last, at most a few seconds ago ("starting" until then): a probe must never hang.
    """
    database = database_code()
    looked, trouble = store_seen()
    store = trouble.code if trouble else "ok" if looked else "starting"
    return {
        "ok": database == "ok" and trouble is None and worker_state == "here",
        "database": database,
        "store": store,
        "worker": worker_state,
        "versions": {"answerbook": VERSION, **{name: version(name) for name in PACKAGES}},
    }


def database_code() -> str:
    """Ask the database one trivial thing; returns "ok" or a code of what is wrong."""
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except AnswerbookError as error:
        return error.code
    except SQLAlchemyError as error:
        log_failure("database.trouble", error)
        return "away"
    return "ok"


@dataclass
class _Seen:
    """What the last look at the passage store found; ``looked`` is False until there was one."""

    looked: bool = False
    trouble: AnswerbookError | None = None


_seen = _Seen()


def look_at_store() -> AnswerbookError | None:
    """Look whether the passage store can be used right now; returns what is wrong, or None."""
    trouble = None
    try:
        store_named(preferred_store()).check()
    except AnswerbookError as error:
        trouble = error
        if _seen.trouble is None or _seen.trouble.code != error.code:
            log_failure("store.trouble", error)
    _seen.looked, _seen.trouble = True, trouble
    return trouble


def store_seen() -> tuple[bool, AnswerbookError | None]:
    """Return whether the store was looked at yet and what was wrong then; never waits for the store."""
    return _seen.looked, _seen.trouble

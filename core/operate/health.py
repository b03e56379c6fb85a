"""Is everything that answers need there: database, passage store, worker; and which versions run."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from core.database import IndexBuild, engine, now, session
from core.errors import AnswerbookError
from core.log import log_failure
from core.schema import BuildState
from core.settings import settings
from core.store import examine_store, store_named

VERSION = "0.1.0"
PROBE_SECONDS = 3.0
PACKAGES = ("streamlit", "langchain-core", "lancedb", "weaviate-client", "pypdfium2", "unstructured")


def health(worker_state: str) -> dict[str, Any]:
    """Return ``{"ok", "database", "store", "stores", "worker", "versions"}``; a part says "ok" or a code of its fault.

    The stores are as they were seen last, at most a few seconds ago ("starting" until then): a probe must never hang.
    """
    database = database_code()
    looked, trouble = store_seen()
    return {
        "ok": database == "ok" and looked and trouble is None and worker_state == "here",
        "database": database,
        "store": trouble.code if trouble else "ok" if looked else "starting",
        "stores": {name: seen.trouble.code if seen.trouble else "ok" for name, seen in stores_seen().items()},
        "worker": worker_state,
        "versions": {"answerbook": VERSION, **{name: version(name) for name in PACKAGES}},
    }


def database_code() -> str:
    """Ask the database one trivial thing; returns "ok" or a code of what is wrong, "away" where it takes too long.

    However many ask, one question is on its way: a probe every few seconds must not fill a frozen database's queue.
    """
    global _asking
    with _asking_guard:
        if _asking is None or _asking.done():
            _asking = Future()
            threading.Thread(target=_ask_database, args=(_asking,), name="probe", daemon=True).start()
        asking = _asking
    try:
        return asking.result(PROBE_SECONDS)
    except FutureTimeout:
        return "away"


def _ask_database(asking: Future[str]) -> None:
    code = "away"
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1"))
        code = "ok"
    except AnswerbookError as error:
        code = error.code
    except SQLAlchemyError as error:
        log_failure("database.trouble", error)
    finally:
        asking.set_result(code)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last look at a passage store found; ``since`` is when it was first seen like this."""

    trouble: AnswerbookError | None
    since: datetime


_seen: dict[str, Seen] = {}
_asking: Future[str] | None = None
_asking_guard = threading.Lock()
_asked_for = threading.Event()  # somebody looked at what was seen: it is worth looking anew
SLOW = ("away", "grpc", "refused_connection", "starting")


def look_at_stores() -> AnswerbookError | None:
    """Look whether the passage stores in use can be used right now; returns the first trouble, or None.

    Each look ends within the store's own few seconds, so that what is seen is true within ten.
    """
    try:
        names = stores_in_use()
    except (AnswerbookError, SQLAlchemyError) as error:
        log_failure("database.trouble", error)
        return None
    for name in names:
        _look_at(name)
    for name in set(_seen) - set(names):
        del _seen[name]
    return next((seen.trouble for seen in _seen.values() if seen.trouble), None)


def stores_in_use() -> list[str]:
    """Return the stores that answer for some assistant, and the one where new ones go."""
    with session() as db:
        used = db.exec(select(IndexBuild.store).where(IndexBuild.state == BuildState.LIVE).distinct()).all()
    return list(dict.fromkeys([*used, settings().preferred_store]))


def _look_at(name: str) -> None:
    """Look at one store: quickly while it works, and with the doctor's questions at the start and when it does not."""
    if unopened := _trouble(lambda: store_named(name)):
        _see(name, unopened)  # an address that is none, a try-it server that does not start: nothing to ask
        return
    before = _seen.get(name)
    trouble = _trouble(store_named(name).check)
    if trouble is not None:
        _see(name, trouble if before is None or before.trouble is None else before.trouble)
    if trouble is None and before is not None and before.trouble is None:
        return
    exact = _trouble(lambda: examine_store(name))
    if trouble is None and exact is not None and exact.code in SLOW:
        exact = None  # it answers: the doctor only has less patience
    _see(name, exact or trouble)


def _trouble(look: Callable[[], object]) -> AnswerbookError | None:
    try:
        look()
    except AnswerbookError as error:
        return error
    return None


def _see(name: str, trouble: AnswerbookError | None) -> None:
    """Note what was seen; ``since`` is when it began to be so, and a new kind of trouble is written to the log."""
    before = _seen.get(name)
    same = before is not None and (before.trouble is None) == (trouble is None)
    _seen[name] = Seen(trouble, before.since if before is not None and same else now())
    known = before.trouble.code if before is not None and before.trouble else ""
    if trouble is not None and trouble.code != known:
        log_failure("store.trouble", trouble, store=name)


def stores_seen() -> dict[str, Seen]:
    """Return what the last look found, by the store's name; never waits for a store."""
    wake_look()
    return dict(_seen)


def wake_look() -> None:
    """Have whoever waits in ``wait_until_asked`` look now."""
    _asked_for.set()


def wait_until_asked(seconds: float) -> None:
    """Wait until somebody asks what was seen, at most this long: while nobody does, the stores are left in peace."""
    _asked_for.wait(seconds)
    _asked_for.clear()


def store_seen() -> tuple[bool, AnswerbookError | None]:
    """Return whether the stores were looked at yet and the first trouble of then; never waits for a store."""
    troubles = [seen.trouble for seen in stores_seen().values() if seen.trouble]
    return bool(_seen), troubles[0] if troubles else None

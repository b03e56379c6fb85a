"""A word to the threads of this process that there may be work: they need not look for it all the time.

Jobs of other processes are found by looking now and then.
"""

import threading
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from core.database import Job

_changed = threading.Condition()
_number = 0


def tell() -> None:
    """Say that there may be work now."""
    global _number  # one count for the process
    with _changed:
        _number += 1
        _changed.notify_all()


def wait_for_news(seen: int, seconds: float) -> int:
    """Wait until there is news after number ``seen``, at most this long; returns the newest number."""
    with _changed:
        _changed.wait_for(lambda: _number != seen, seconds)
        return _number


@event.listens_for(Job, "after_insert")
def _note(_mapper: Any, _connection: Any, job: Job) -> None:
    if (db := object_session(job)) is not None:
        db.info["has_new_jobs"] = True


@event.listens_for(Session, "after_commit")
def _tell_of_new_jobs(db: Session) -> None:
    """Only now can others see them."""
    if db.info.pop("has_new_jobs", False):
        tell()

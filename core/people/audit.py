"""Who did what, one line each, kept in the database: sign-ins, people, and changes to assistants and settings."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from core.database import Assistant, AuditLine, session
from core.errors import AnswerbookError
from core.log import listen, log_failure

if TYPE_CHECKING:
    from core.people.people import Person

# What the log tells of anyway, and which of it is a change that somebody made.
CHANGES = frozenset(
    {
        *("assistant.created", "assistant.renamed", "assistant.binned", "assistant.restored", "assistant.erased"),
        *("source.added", "source.binned", "voice.saved", "provider.saved", "provider.removed"),
        *("demo.made", "demo.closed", "demo.opened_again", "demo.deleted"),
        *("database.brought_back", "rebuild.going_back"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody did; ``deed`` is a short stable word."""

    at: datetime
    who: str
    deed: str
    about: str


def note(db: Session, by: "Person | None", deed: str, about: str = "") -> None:
    """Write a line in this session: it is there if what it tells of is."""
    who, person_id = (by.email, by.id) if by else ("", "")
    db.add(AuditLine(person_id=person_id, who=who, deed=deed, about=about[:400]))


def noted(by: "Person | None", deed: str, about: str = "") -> None:
    """Write a line of its own, where somebody is signed in. Raises DataFolderError."""
    if by is not None:
        with session() as db:
            note(db, by, deed, about)


def lines(limit: int = 100) -> list[Line]:
    """List what was done, newest first."""
    with session() as db:
        rows = db.exec(select(AuditLine).order_by(col(AuditLine.number).desc()).limit(limit)).all()
    return [Line(row.at, row.who, row.deed, row.about) for row in rows]


class Recorder:
    """Turns the log's lines about changes into lines of who made them.

    ``by`` says who acts in the thread that logs; None: nobody, as in the worker. A thread of its own writes them: the
    log is written inside transactions too, and SQLite lets only one write.
    """

    def __init__(self, by: "Callable[[], Person | None]") -> None:
        self._by = by
        self._queue: SimpleQueue[tuple[Person, str, dict[str, Any]]] = SimpleQueue()

    def start(self) -> None:
        """Listen to the log from now on."""
        listen(self.hear)
        threading.Thread(target=self._write, name="audit", daemon=True).start()

    def hear(self, event: str, facts: dict[str, Any]) -> None:
        """Take a line of the log if it tells of a change and somebody made it."""
        if event in CHANGES and (person := self._by()):
            self._queue.put((person, event, facts))

    def _write(self) -> None:
        while True:
            person, event, facts = self._queue.get()
            try:
                with session() as db:
                    note(db, person, event, _about(db, facts))
            except AnswerbookError as error:
                log_failure("audit.lost", error, deed=event)


def _about(db: Session, facts: dict[str, Any]) -> str:
    """Return an assistant's name, or the facts that are words."""
    row = db.get(Assistant, str(facts.get("assistant", "")))
    return row.name if row else str(facts.get("role") or facts.get("copy") or "")

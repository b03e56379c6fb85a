"""A demo that an owner walks through: when it began, and the little of it that no other table keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from core.assistants import assistants, source_rows
from core.database import DemoRun, Message, Version, new_id, session, writing
from core.errors import AnswerbookError, NotFound
from core.log import log, log_failure
from core.schema import Citation


@dataclass(frozen=True, slots=True)
class Run:
    """One walk through the steps. What came after its two numbers belongs to it, in this assistant.

    ``noted``: "source" (the id of a file that was here before), "plain" (see PlainAnswer), "opened" (see Opened).
    """

    id: str
    assistant_id: str
    after_message: int
    after_version: int
    noted: dict[str, Any]
    started_at: datetime


def begin_run(assistant_id: str) -> Run:
    """Begin a demo anew; the one before it is forgotten, but nothing that was added or asked in it. Raises NotFound."""
    assistants.profile(assistant_id)
    with writing() as db:
        db.execute(delete(DemoRun).where(col(DemoRun.assistant_id) == assistant_id))
        row = DemoRun(
            id=new_id(),
            assistant_id=assistant_id,
            after_message=db.exec(select(func.max(Message.number))).one() or 0,
            after_version=db.exec(select(func.max(Version.number))).one() or 0,
        )
        db.add(row)
        begun = _run(row)
    log("demo.begun", assistant=assistant_id)
    return begun


def current_run(assistant_id: str) -> Run | None:
    """Return the demo that an assistant's owner is in, if there is one."""
    with session() as db:
        newest = select(DemoRun).where(DemoRun.assistant_id == assistant_id).order_by(col(DemoRun.started_at).desc())
        row = db.exec(newest).first()
    return None if row is None else _run(row)


def end_run(assistant_id: str) -> None:
    """Leave the demo; what was added and asked stays."""
    with session() as db:
        db.execute(delete(DemoRun).where(col(DemoRun.assistant_id) == assistant_id))


def take_file(run: Run, source_id: str) -> None:
    """Let the demo be about a file that was here before it. Raises NotFound for one that is not here."""
    if source_id not in {source.id for source in source_rows.source_names(run.assistant_id)}:
        raise NotFound("This file is not here any more.", "Choose another one, or add one.", code="no_source")
    note(run.id, source=source_id)


def note_opened_place(assistant_id: str, citation: Citation) -> None:
    """Note that a cited place was opened, if a demo is on and it is the first; nobody goes without it for that."""
    try:
        run = current_run(assistant_id)
        if run is not None and "opened" not in run.noted:
            note(run.id, opened={"name": citation.source_name, "page": citation.page})
    except AnswerbookError as error:
        log_failure("demo.not_noted", error)


def note(run_id: str, **facts: Any) -> None:
    """Add to what is noted of a demo; one that was begun anew meanwhile stays as it is."""
    with writing() as db:
        row = db.get(DemoRun, run_id, with_for_update=True)
        if row is not None:
            row.noted = {**row.noted, **facts}
            db.add(row)


def _run(row: DemoRun) -> Run:
    return Run(row.id, row.assistant_id, row.after_message, row.after_version, dict(row.noted), row.started_at)

"""What visitors leave behind: answers kept as long as the owner chose, and messages to a person. Nothing else is."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from core.database import Lead as LeadRow
from core.database import Publication as PublicationRow
from core.database import VisitorAnswer, new_id, now, session
from core.errors import AnswerbookError
from core.log import log
from core.publish.publications import Publication
from core.schema import Answer
from core.spending import note_deletion

MOST_LEADS = 2_000  # kept for one assistant: a program that fills in the form must not fill the disk
ASKED = 20
NAME_CHARACTERS, CONTACT_CHARACTERS, MESSAGE_CHARACTERS, COMMENT_CHARACTERS = 120, 200, 2_000, 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet takes a cell for something to run


@dataclass(frozen=True, slots=True)
class Lead:
    """A visitor's message: who, how to reach them, what for, and the questions that they had asked before."""

    id: str
    name: str
    contact: str
    message: str
    asked: tuple[str, ...]
    created_at: datetime


def keep_answer(publication: Publication, visitor: str, question: str, answer: Answer) -> str:
    """Keep a visitor's question with its answer and return its id; "" where the owner keeps nothing."""
    if not publication.keep_days:
        return ""
    row = VisitorAnswer(
        id=new_id(),
        assistant_id=publication.assistant_id,
        visitor=visitor,
        question=question,
        answer=answer.text,
        kind=answer.kind,
        citations=[asdict(citation) for citation in answer.citations],
    )
    with session() as db:
        db.add(row)
        return row.id


def keep_feedback(publication: Publication, visitor: str, answer_id: str, *, good: bool, comment: str) -> bool:
    """Keep what a visitor thinks of an answer that was kept for them; says whether there was one."""
    own = (
        col(VisitorAnswer.id) == answer_id,
        col(VisitorAnswer.assistant_id) == publication.assistant_id,
        col(VisitorAnswer.visitor) == visitor,
    )
    with session() as db:
        if db.exec(select(VisitorAnswer.id).where(*own)).first() is None:
            return False
        told = {"feedback": 1 if good else -1, "comment": comment.strip()[:COMMENT_CHARACTERS]}
        db.execute(update(VisitorAnswer).where(*own).values(**told))
    return True


def keep_lead(assistant_id: str, name: str, contact: str, message: str, asked: Sequence[str]) -> None:
    """Keep a visitor's message. Raises AnswerbookError (code "many_leads") where there are too many already."""
    with session() as db:
        here = select(func.count()).select_from(LeadRow).where(LeadRow.assistant_id == assistant_id)
        if db.exec(here).one() >= MOST_LEADS:
            raise AnswerbookError(
                f"There are {MOST_LEADS} messages of visitors.", "Download and delete them.", code="many_leads"
            )
        db.add(
            LeadRow(
                id=new_id(),
                assistant_id=assistant_id,
                name=name[:NAME_CHARACTERS],
                contact=contact[:CONTACT_CHARACTERS],
                message=message[:MESSAGE_CHARACTERS],
                asked=[question[:MESSAGE_CHARACTERS] for question in asked[-ASKED:]],
            )
        )
    log("lead.kept", assistant=assistant_id)


def leads(assistant_id: str) -> list[Lead]:
    """List the messages that visitors left for an assistant's owner, newest first."""
    with session() as db:
        rows = db.exec(
            select(LeadRow).where(LeadRow.assistant_id == assistant_id).order_by(col(LeadRow.created_at).desc())
        ).all()
    return [Lead(row.id, row.name, row.contact, row.message, tuple(row.asked), row.created_at) for row in rows]


def delete_lead(assistant_id: str, lead_id: str) -> None:
    """Delete a visitor's message for good."""
    with session() as db:
        db.execute(delete(LeadRow).where(col(LeadRow.id) == lead_id, col(LeadRow.assistant_id) == assistant_id))


def leads_as_csv(rows: Sequence[Lead]) -> bytes:
    """Return messages as a table for any spreadsheet; what a visitor typed is never a formula in it."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["When", "Name", "How to reach", "Message", "Asked before"])
    for row in rows:
        typed = (row.name, row.contact, row.message, " | ".join(row.asked))
        table.writerow([f"{row.created_at:%Y-%m-%d %H:%M} UTC", *map(_as_text, typed)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # Excel takes a file without this mark for no Unicode


def _as_text(typed: str) -> str:
    return f"'{typed}" if typed.startswith(_FORMULA) else typed


def kept_count(assistant_id: str) -> int:
    """Count the answers to visitors that are kept of an assistant."""
    with session() as db:
        kept = select(func.count()).select_from(VisitorAnswer).where(VisitorAnswer.assistant_id == assistant_id)
        return db.exec(kept).one()


def forget_visitors() -> int:
    """Delete what is older than its owner chose to keep it, and leave the proof; returns how many rows went."""
    gone = 0
    with session() as db:
        for row in db.exec(select(PublicationRow)).all():
            form_days = int(row.handover.get("days", 0))
            for table, name, days in ((VisitorAnswer, "answers", row.keep_days), (LeadRow, "messages", form_days)):
                first = now() - timedelta(days=days)
                old = (col(table.assistant_id) == row.assistant_id, col(table.created_at) < first)
                count: int = db.execute(delete(table).where(*old)).rowcount  # type: ignore[attr-defined]
                if count:
                    note_deletion(db, row.assistant_id, name, count, first)
                gone += count
    if gone:
        log("visitors.forgotten", count=gone)
    return gone

"""Questions that people asked an assistant: in its chat, and visitors' where these are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from core.database import Conversation, Message, VisitorAnswer, session

LISTED = 30
LOOKED_AT = 200  # of each kind: the same question is often asked


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was asked last. ``answered`` is False where nothing was found for it; ``cited`` is how many
    places its answer names.

    ``later``: it was not the first of its conversation, and may go on from what was said before it.
    """

    id: str
    text: str
    answered: bool
    asked_at: datetime
    by_visitor: bool
    later: bool = False
    cited: int = 0


def asked_questions(assistant_id: str) -> list[AskedQuestion]:
    """Return up to ``LISTED`` questions, each once: those that nothing was found for first, then the newest."""
    asked: dict[str, AskedQuestion] = {}
    for question in sorted([*_of_chats(assistant_id), *_of_visitors(assistant_id)], key=lambda each: each.asked_at):
        asked.pop(_known_by(question.text), None)
        asked[_known_by(question.text)] = question
    newest = list(asked.values())[::-1]
    return sorted(newest, key=lambda each: each.answered)[:LISTED]


def _known_by(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip("?!. ")


def _of_chats(assistant_id: str) -> list[AskedQuestion]:
    with session() as db:
        mine = select(Message).join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        mine = mine.where(Conversation.assistant_id == assistant_id, col(Conversation.deleted_at).is_(None))
        rows = db.exec(mine.order_by(col(Message.number).desc()).limit(2 * LOOKED_AT)).all()
    answers = {(row.conversation_id, row.position): (row.kind, len(row.citations)) for row in rows}
    asked = []
    for row in rows:
        kind, cited = answers.get((row.conversation_id, row.position + 1), ("", 0))
        if row.role == "user" and kind != "talk":
            known, later = kind != "unknown", row.position > 1
            asked.append(
                AskedQuestion(row.id, row.text, known, row.created_at, by_visitor=False, later=later, cited=cited)
            )
    return asked


def _of_visitors(assistant_id: str) -> list[AskedQuestion]:
    with session() as db:
        mine = select(VisitorAnswer).where(VisitorAnswer.assistant_id == assistant_id, VisitorAnswer.kind != "talk")
        rows = db.exec(mine.order_by(col(VisitorAnswer.created_at).desc()).limit(LOOKED_AT)).all()
    return [
        AskedQuestion(
            row.id, row.question, row.kind != "unknown", row.created_at, by_visitor=True, cited=len(row.citations)
        )
        for row in rows
    ]

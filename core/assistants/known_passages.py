"""What is known of passages beside their text: which other sources say the same, and which of them answers cited."""

from collections.abc import Mapping

from sqlalchemy import Text, and_, cast, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.database import (
    Assistant,
    Conversation,
    Indexed,
    Message,
    PassagePrints,
    Source,
    VisitorAnswer,
    session,
)

# Answers that are looked through for citations, the newest first: a passage that none of them cites is not in use.
ANSWERS = 5000


def prints_elsewhere(assistant_id: str, source_id: str) -> tuple[Mapping[str, bytes], int]:
    """Return by name the prints of an assistant's other sources, as they are indexed now, 8 bytes a passage.

    Beside them how many sources there are whose prints are not known: they were indexed before prints were kept.
    """
    of_now = and_(col(Indexed.build_id) == col(Assistant.build_id), col(Indexed.version_id) == col(Source.version_id))
    its_prints = and_(
        col(PassagePrints.build_id) == col(Indexed.build_id), col(PassagePrints.version_id) == col(Indexed.version_id)
    )
    with session() as db:
        others = (
            select(Source.name, PassagePrints.body)
            .join(Assistant, col(Assistant.id) == col(Source.assistant_id))
            .join(Indexed, of_now)
            .join(PassagePrints, its_prints, isouter=True)
            .where(Source.assistant_id == assistant_id, Source.id != source_id, col(Source.deleted_at).is_(None))
        )
        rows = db.execute(others.order_by(col(Source.name))).all()
    return {name: body for name, body in rows if body is not None}, sum(body is None for _, body in rows)


def cited_quotes(assistant_id: str, source_id: str) -> tuple[set[tuple[str, int, int, str]], int]:
    """Return what answers cited of a source: version, start, end and the words; and how many answers there were.

    Both the owner's conversations and those answers of visitors that are kept.
    """
    found: set[tuple[str, int, int, str]] = set()
    with session() as db:
        told = (
            select(Message.citations)
            .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
            .where(Conversation.assistant_id == assistant_id, Message.role == "assistant")
        )
        asked = select(VisitorAnswer.citations).where(VisitorAnswer.assistant_id == assistant_id)
        count = 0
        for chosen, column, order in (
            (told, col(Message.citations), col(Message.number)),
            (asked, col(VisitorAnswer.citations), col(VisitorAnswer.created_at)),
        ):
            count += db.exec(select(func.count()).select_from(chosen.subquery())).one()
            citing = chosen.where(cast(column, Text).contains(source_id)).order_by(order.desc()).limit(ANSWERS)
            for citations in db.exec(citing).all():
                found |= {
                    (each["version_id"], each["start"], each["end"], each["quote"])
                    for each in citations
                    if each.get("source_id") == source_id
                }
    return found, count


def questions_about(assistant_id: str, source_id: str, most: int) -> list[str]:
    """Return the questions last asked of an assistant whose search found this source, newest first, each once."""
    with session() as db:
        question = aliased(Message)
        chosen = (
            select(question.text)
            .join(Conversation, col(Conversation.id) == col(question.conversation_id))
            .join(
                Message,
                and_(
                    col(Message.conversation_id) == col(question.conversation_id),
                    col(Message.position) == col(question.position) + 1,
                ),
            )
            .where(Conversation.assistant_id == assistant_id, col(Conversation.deleted_at).is_(None))
            .where(question.role == "user", cast(col(Message.found), Text).contains(source_id))
            .order_by(col(question.number).desc())
            .limit(most * 10)
        )
        return list(dict.fromkeys(text.strip() for text in db.exec(chosen).all()))[:most]

"""Conversations and what was said in them, kept so that they survive a reload, a crash and a closed tab."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, update
from sqlmodel import col, select

from core.assistants.source_names import page_called
from core.database import Conversation, Message, new_id, now, session, writing
from core.errors import NotFound
from core.markdown import fences_closed, literal, quote_and_number
from core.schema import Answer, Citation, Hit, Turn

TITLE_LENGTH = 80
LIST_LIMIT = 200
EXCERPT_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as listed: its first question as title, when it last moved, how many questions."""

    id: str
    title: str
    updated_at: datetime
    questions: int


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found for a question, as it is kept with the answer; ``text`` is its beginning."""

    source_id: str
    version_id: str
    source_name: str
    page: int | None
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class SavedMessage:
    """One turn as it is kept. An answer has its citations, and the passages that were found for it, best first.

    ``seconds`` says how long its parts took; ``feedback`` is 1 good, -1 bad, 0 none. ``looked_for``, ``near``,
    ``language``, ``understood``, ``thoughts``, ``note`` and ``spent`` are as in Answer.
    """

    id: str
    role: Literal["user", "assistant"]
    text: str
    kind: str
    citations: tuple[Citation, ...]
    passages: tuple[FoundPassage, ...]
    seconds: Mapping[str, float]
    stopped_early: str
    feedback: int
    comment: str
    looked_for: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    language: str = ""
    understood: tuple[str, ...] = ()
    thoughts: str = ""
    note: str = ""
    spent: int | None = None


def start_conversation(assistant_id: str) -> str:
    """Begin a conversation and return its id."""
    with session() as db:
        conversation = Conversation(id=new_id(), assistant_id=assistant_id)
        db.add(conversation)
        return conversation.id


def conversation(assistant_id: str, conversation_id: str) -> str:
    """Return the id of a conversation of this assistant. Raises NotFound for any other, or a deleted one."""
    with session() as db:
        row = db.get(Conversation, conversation_id)
    if row is None or row.assistant_id != assistant_id or row.deleted_at is not None:
        raise NotFound("This conversation does not exist any more.", "Start a new one.", code="no_conversation")
    return row.id


def conversations(assistant_id: str, words: str = "") -> list[ConversationRow]:
    """List conversations that hold these words (all of them when empty), newest first, at most 200."""
    with session() as db:
        counts = (
            select(Message.conversation_id, func.count().label("questions"), func.max(Message.number).label("last"))
            .where(Message.role == "user")
            .group_by(col(Message.conversation_id))
            .subquery()
        )
        chosen = (
            select(Conversation.id, Conversation.title, Conversation.updated_at, counts.c.questions)
            .join(counts, counts.c.conversation_id == Conversation.id)
            .where(Conversation.assistant_id == assistant_id, col(Conversation.deleted_at).is_(None))
        )
        for word in words.split():
            matches = select(Message.conversation_id).where(col(Message.text).icontains(word, autoescape=True))
            chosen = chosen.where(col(Conversation.id).in_(matches))
        rows = db.execute(chosen.order_by(counts.c.last.desc()).limit(LIST_LIMIT)).all()
    return [ConversationRow(*row) for row in rows]


def delete_conversation(assistant_id: str, conversation_id: str) -> None:
    """Hide a conversation. Raises NotFound."""
    conversation(assistant_id, conversation_id)
    _change(conversation_id, deleted_at=now())


def _change(conversation_id: str, **values: object) -> None:
    with session() as db:
        db.execute(update(Conversation).where(col(Conversation.id) == conversation_id).values(**values))


def messages(conversation_id: str) -> list[SavedMessage]:
    """Return what was said, in order."""
    with session() as db:
        chosen = select(Message).where(Message.conversation_id == conversation_id)
        rows = db.exec(chosen.order_by(col(Message.position))).all()
    return [_saved_message(row) for row in rows]


def _saved_message(row: Message) -> SavedMessage:
    return SavedMessage(
        id=row.id,
        role="user" if row.role == "user" else "assistant",
        text=row.text,
        kind=row.kind,
        citations=tuple(map(citation_of, row.citations)),
        passages=tuple(FoundPassage(**fields) for fields in row.found),
        seconds=row.seconds,
        stopped_early=row.stopped_early,
        feedback=row.feedback,
        comment=row.comment,
        looked_for=tuple(row.aside.get("looked_for", ())),
        near=tuple(row.aside.get("near", ())),
        language=row.aside.get("language", ""),
        understood=tuple(row.understood),
        thoughts=row.aside.get("thoughts", ""),
        note=row.aside.get("note", ""),
        spent=row.aside.get("spent"),
    )


def citation_of(fields: dict[str, Any]) -> Citation:
    """Read a citation as it was kept; one from before there were ``spans`` has none, nor was it ``added``."""
    return Citation(**{**fields, "spans": tuple((start, end) for start, end in fields.get("spans", ()))})


def history(turns: Sequence[SavedMessage]) -> list[Turn]:
    """Return messages as the answer stage wants them."""
    return [Turn(role=message.role, text=message.text) for message in turns]


def add_question(conversation_id: str, text: str) -> str:
    """Keep a question before it is answered, so that it is never lost; returns the message's id."""
    message_id = _add(conversation_id, role="user", text=text)
    with session() as db:
        row = db.get_one(Conversation, conversation_id)
        if not row.title:
            row.title = text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1] + "…"
            db.add(row)
    return message_id


def add_answer(conversation_id: str, answer: Answer) -> str:
    """Keep an answer with its citations and what was found for it; returns the message's id."""
    return _add(
        conversation_id,
        role="assistant",
        text=answer.text,
        kind=answer.kind,
        citations=[asdict(citation) for citation in answer.citations],
        found=[asdict(_found_passage(hit)) for hit in answer.hits],
        aside=_aside(answer),
        seconds=dict(answer.seconds),
        stopped_early=answer.stopped_early,
        understood=list(answer.understood),
    )


def _aside(answer: Answer) -> dict[str, Any]:
    aside = {"looked_for": answer.looked_for, "near": answer.near}
    held: dict[str, Any] = {name: list(words) for name, words in aside.items() if words}
    if held:
        held["language"] = answer.language
    told = {"thoughts": answer.thoughts, "note": answer.note}
    cost = {} if answer.spent is None else {"spent": answer.spent}
    return {**held, **cost, **{name: text for name, text in told.items() if text}}


def _found_passage(hit: Hit) -> FoundPassage:
    passage = hit.passage
    return FoundPassage(
        source_id=passage.source_id,
        version_id=passage.version_id,
        source_name=hit.source_name,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        text=passage.text[:EXCERPT_CHARACTERS],
        score=round(hit.score, 3),
    )


def _add(conversation_id: str, **values: Any) -> str:
    with writing() as db:
        db.exec(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update()).first()
        last = db.exec(select(func.max(Message.position)).where(Message.conversation_id == conversation_id)).one()
        message = Message(id=new_id(), conversation_id=conversation_id, position=(last or 0) + 1, **values)
        db.add(message)
        db.execute(update(Conversation).where(col(Conversation.id) == conversation_id).values(updated_at=now()))
        return message.id


def set_feedback(message_id: str, feedback: int) -> None:
    """Keep what the owner thinks of an answer: 1 good, -1 bad, 0 nothing. What it should say stays."""
    _change_message(message_id, feedback=feedback)


def set_comment(message_id: str, comment: str) -> None:
    """Keep what an answer should have said; only an empty ``comment`` erases it."""
    _change_message(message_id, comment=comment.strip())


def _change_message(message_id: str, **values: object) -> None:
    with session() as db:
        db.execute(update(Message).where(col(Message.id) == message_id).values(**values))


def as_markdown(assistant_name: str, turns: Sequence[SavedMessage]) -> str:
    """Return a conversation as a Markdown file, each answer with the places it cites.

    Only what a model has written is Markdown in it; names, questions and quotes stand there letter for letter.
    """
    lines = [f"# Conversation with {literal(assistant_name)}", ""]
    for message in turns:
        if message.role == "user":
            lines += [f"## {literal(message.text)}", ""]
            continue
        lines += [_answer_as_markdown(message), ""]
        if message.note:
            lines += [f"*{literal(message.note)}*", ""]
        for citation in message.citations:
            where = f", {page_called(citation.source_name)} {citation.page}" if citation.page else ""
            lines.append(f"- [{citation.number}] {literal(citation.source_name)}{where}: “{literal(citation.quote)}”")
        lines.append("")
    return "\n".join(lines)


def _answer_as_markdown(message: SavedMessage) -> str:
    if message.kind == "written":
        return fences_closed(message.text)
    paragraphs = map(quote_and_number, message.text.split("\n\n"))
    return "\n\n".join(f"{literal(words)} [{number}]" if number else literal(words) for words, number in paragraphs)

"""The owner's words: what people say, each with what the documents call it.

core/text/own_words.py puts that in its place where a question is read: of chat, search test, visitors and programs.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from core.assistants.assistants import assistant
from core.database import MEANT_LENGTH, SAID_LENGTH, Assistant, OwnWord, new_id, now, session, writing
from core.errors import AnswerbookError
from core.log import log

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class OwnWordRow:
    """A word or short phrase that people ``said``, and what the documents call it: ``meant``."""

    id: str
    said: str
    meant: str
    made_by: str
    created_at: datetime


def own_words(assistant_id: str) -> list[OwnWordRow]:
    """List an assistant's own words, by the alphabet."""
    with session() as db:
        mine = select(OwnWord).where(OwnWord.assistant_id == assistant_id)
        rows = db.exec(mine.order_by(col(OwnWord.known_by), col(OwnWord.id))).all()
    return [OwnWordRow(row.id, row.said, row.meant, row.made_by, row.created_at) for row in rows]


def pairs(assistant_id: str) -> tuple[tuple[str, str], ...]:
    """Return what people say with what the documents call it, always in the same order."""
    with session() as db:
        mine = select(OwnWord.said, OwnWord.meant).where(OwnWord.assistant_id == assistant_id)
        found = db.exec(mine.order_by(col(OwnWord.known_by), col(OwnWord.id)).limit(MOST_WORDS)).all()
    return tuple((said, meant) for said, meant in found)


def save_own_word(assistant_id: str, said: str, meant: str, made_by: str = "") -> None:
    """Save what a word stands for; one that is there, in whatever capitals, stands for this from now on.

    Raises AnswerbookError (code "no_words", "too_long", "same", "too_many"), NotFound.
    """
    said, meant = _clean(said), _clean(meant)
    _check(said, meant)
    assistant(assistant_id)
    known_by = _known_by(said)
    with writing() as db:
        db.exec(select(Assistant.id).where(Assistant.id == assistant_id).with_for_update()).first()
        mine = select(OwnWord).where(OwnWord.assistant_id == assistant_id)
        row = db.exec(mine.where(OwnWord.known_by == known_by)).first()
        if row is None and _count(db, assistant_id) >= MOST_WORDS:
            raise AnswerbookError(f"There are {MOST_WORDS:,} words already.", "Delete some first.", code="too_many")
        row = row or OwnWord(id=new_id(), assistant_id=assistant_id, known_by=known_by, said=said, meant=meant)
        row.said, row.meant, row.made_by, row.created_at = said, meant, made_by[:254], now()
        db.add(row)
    log("own_word.saved", assistant=assistant_id)


def _check(said: str, meant: str) -> None:
    if not any(map(str.isalnum, said)) or not any(map(str.isalnum, meant)):
        raise AnswerbookError(
            "It takes a word that people say and what the documents call it.", "Type both.", code="no_words"
        )
    if len(said) > SAID_LENGTH or len(meant) > MEANT_LENGTH:
        raise AnswerbookError(
            f"A word has at most {SAID_LENGTH} characters, what it stands for {MEANT_LENGTH}.",
            "Shorten it to a word or a few.",
            code="too_long",
        )
    if _known_by(said) == _known_by(meant):
        raise AnswerbookError("This word stands for itself.", "Type what the documents call it instead.", code="same")


def delete_own_word(assistant_id: str, word_id: str) -> None:
    """Delete one of an assistant's own words; questions are read without it from now on."""
    with session() as db:
        db.execute(delete(OwnWord).where(col(OwnWord.assistant_id) == assistant_id, col(OwnWord.id) == word_id))


def own_word_count(assistant_id: str) -> int:
    """Count an assistant's own words."""
    with session() as db:
        return _count(db, assistant_id)


def copy_own_words(from_assistant: str, to_assistant: str) -> None:
    """Give another assistant the same words."""
    for row in own_words(from_assistant):
        save_own_word(to_assistant, row.said, row.meant, row.made_by)


def _count(db: Session, assistant_id: str) -> int:
    return db.exec(select(func.count()).select_from(OwnWord).where(OwnWord.assistant_id == assistant_id)).one()


def _clean(words: str) -> str:
    """Return words on one line, without signs that nobody can see."""
    seen = (c for c in words if unicodedata.category(c) != "Cf")
    return " ".join("".join(c if c.isprintable() else " " for c in seen).split())


def _known_by(words: str) -> str:
    return words.casefold()

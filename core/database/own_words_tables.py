"""The table of the owner's words: what people say, and what the documents call it."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from core.database.tables import _id, _refers, _time

SAID_LENGTH, MEANT_LENGTH = 80, 200


class OwnWord(SQLModel, table=True):
    """A word or short phrase that people ``said``, and what an assistant's documents call it: ``meant``.

    ``known_by`` is ``said`` without capitals, once in an assistant. ``made_by`` is who saved it, as an e-mail address;
    empty where nobody is signed in.
    """

    __tablename__ = "own_words"
    __table_args__ = (Index("ix_own_words_assistant_id_known_by", "assistant_id", "known_by", unique=True),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    known_by: str = Field(max_length=SAID_LENGTH * 3)
    said: str = Field(max_length=SAID_LENGTH)
    meant: str = Field(max_length=MEANT_LENGTH)
    made_by: str = Field(default="", max_length=254)
    created_at: datetime = _time()

"""The tables of what is published: an assistant's public address, and what its visitors left behind."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from core.database.tables import ID_LENGTH, _id, _json, _refers, _text, _time


class Publication(SQLModel, table=True):
    """An assistant's public address ``/a/<name>``, one row an assistant. ``state``: "off" or "link".

    ``origins`` are the sites that may show it in a frame; ``public_sources`` the ids of the sources that visitors may
    open, the others are named only where ``names_others``. ``keep_days``: how long visitors' conversations are kept, 0
    for not at all. ``look`` and ``handover`` are as ``core.publish`` reads them.
    """

    __table_args__ = (Index("ix_publication_name", "name", unique=True),)

    assistant_id: str = Field(
        sa_column=Column(String(ID_LENGTH), ForeignKey("assistant.id", ondelete="CASCADE"), primary_key=True)
    )
    name: str = Field(max_length=64)
    state: str = Field(default="off", max_length=16)
    origins: list[str] = _json(list)
    public_sources: list[str] = _json(list)
    names_others: bool = True
    look: dict[str, Any] = _json(dict)
    notice: str = _text()
    handover: dict[str, Any] = _json(dict)
    keep_days: int = 0
    created_at: datetime = _time()
    updated_at: datetime = _time()


class VisitorAnswer(SQLModel, table=True):
    """A question of a visitor and its answer, kept because the owner chose so. ``visitor`` is the page's random id."""

    __tablename__ = "visitor_answer"
    __table_args__ = (Index("ix_visitor_answer_assistant_id_created_at", "assistant_id", "created_at"),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    visitor: str = Field(default="", max_length=64)
    question: str = _text()
    answer: str = _text()
    kind: str = Field(default="", max_length=16)
    citations: list[dict[str, Any]] = _json(list)
    feedback: int = 0
    comment: str = _text()
    created_at: datetime = _time()


class Lead(SQLModel, table=True):
    """A visitor who asked for a person, by the form: who, how to reach them, what for, and what was asked before."""

    __tablename__ = "lead"
    __table_args__ = (Index("ix_lead_assistant_id_created_at", "assistant_id", "created_at"),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    name: str = Field(default="", max_length=200)
    contact: str = Field(default="", max_length=200)
    message: str = _text()
    asked: list[str] = _json(list)
    created_at: datetime = _time()

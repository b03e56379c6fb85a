"""The tables of the demo kit: links for stakeholders, what was asked there, and a demo that somebody walks through."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from core.database.tables import _id, _json, _refers, _text, _time


class DemoLink(SQLModel, table=True):
    """An address ``/demo/<secret>`` of an assistant, for somebody who shall look at it for a while.

    ``secret_hash`` is what it is found by, ``secret`` the same encrypted, for its owner to read again. ``password`` is
    scrypt's, or empty. ``opens_all``: viewers may open all sources. ``keeps``: what they ask is kept for the owner.
    """

    __tablename__ = "demo_link"
    __table_args__ = (Index("ix_demo_link_secret_hash", "secret_hash", unique=True),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    secret_hash: str = Field(max_length=64)
    secret: str = _text()
    password: str = Field(default="", max_length=300)
    banner: str = Field(default="", max_length=200)
    opens_all: bool = False
    keeps: bool = True
    opens: int = 0
    created_at: datetime = _time()
    expires_at: datetime = _time()
    opened_at: datetime | None = _time(nullable=True)
    closed_at: datetime | None = _time(nullable=True)


class DemoAnswer(SQLModel, table=True):
    """A question asked at a demo link, and its answer. ``visitor`` is the page's random id, as in VisitorAnswer.

    ``micro_euros`` is what it cost; None where no model was asked.
    """

    __tablename__ = "demo_answer"
    __table_args__ = (Index("ix_demo_answer_link_id_created_at", "link_id", "created_at"),)

    id: str = _id()
    link_id: str = _refers("demo_link.id")
    visitor: str = Field(default="", max_length=64)
    question: str = _text()
    answer: str = _text()
    kind: str = Field(default="", max_length=16)
    citations: list[dict[str, Any]] = _json(list)
    micro_euros: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    created_at: datetime = _time()


class DemoRun(SQLModel, table=True):
    """A demo that its owner walks through. What belongs to it is what came after it began, in this assistant.

    ``after_message`` and ``after_version`` are the last numbers before it, so that no clock has a say. ``noted`` holds
    what no other table does: which place was "opened", what the "plain" model said.
    """

    __tablename__ = "demo_run"

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    after_message: int = 0
    after_version: int = 0
    noted: dict[str, Any] = _json(dict)
    started_at: datetime = _time()

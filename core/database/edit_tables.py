"""The table of what owners changed by hand in the passages of their sources."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Text
from sqlmodel import Field, SQLModel

from core.database.tables import ID_LENGTH, UtcDateTime, new_id, now
from core.schema import EditState


def _words() -> Any:
    return Field(default="", sa_column=Column(Text, nullable=False))


class HandEditRow(SQLModel, table=True):
    """One hand edit of a source: its place by its words, and what is to be there. ``kind`` is an EditKind.

    ``number`` counts a source's edits from 1. ``changes`` counts how often this one was made, undone and made again:
    their sum over a source never comes twice. ``made_by`` and ``ended_by`` are e-mails, empty where nobody signs in.
    """

    __tablename__ = "hand_edit"
    __table_args__ = (Index("ix_hand_edit_source_id_number", "source_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=ID_LENGTH)
    source_id: str = Field(
        sa_column=Column(String(ID_LENGTH), ForeignKey("source.id", ondelete="CASCADE"), nullable=False)
    )
    number: int
    kind: str = Field(max_length=16)
    exact: str = _words()
    prefix: str = _words()
    suffix: str = _words()
    start: int = 0
    words: str = _words()
    state: str = Field(default=EditState.APPLIES, max_length=16)
    changes: int = 1
    made_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    made_by: str = Field(default="", max_length=254)
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    ended_by: str = Field(default="", max_length=254)

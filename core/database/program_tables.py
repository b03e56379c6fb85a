"""The table of the keys with which other programs ask an assistant."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from core.database.tables import _id, _json, _refers, _time


class ApiKey(SQLModel, table=True):
    """A key of one assistant. ``hash`` is its SHA-256 in hexadecimal; the key itself is kept nowhere.

    ``hint`` are its last characters, to know it by. ``origins`` are the sites whose pages may use it in a browser.
    ``used_at`` is right to the minute. A revoked key stays until its assistant goes, so that the list tells of it.
    """

    __tablename__ = "api_key"
    __table_args__ = (Index("ix_api_key_hash", "hash", unique=True),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    name: str = Field(max_length=80)
    hash: str = Field(max_length=64)
    hint: str = Field(max_length=8)
    scopes: list[str] = _json(list)
    origins: list[str] = _json(list)
    created_at: datetime = _time()
    used_at: datetime | None = _time(nullable=True)
    revoked_at: datetime | None = _time(nullable=True)

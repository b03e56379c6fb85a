"""Tables of money and abuse: what answers cost, how much may be spent and asked, who asked how often of late."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel

from core.database.tables import ID_LENGTH, UtcDateTime, new_id, now


def _large() -> Any:
    return Field(default=0, sa_column=Column(BigInteger, nullable=False))


def _moment() -> Any:
    return Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))


class Spent(SQLModel, table=True):
    """One request to a model, or the sum of a day's: who asked (owner, visitor, key), tokens, cost, and no word of it.

    ``state``: "reserved" (the most it may cost), "settled" (what it cost), "released" (it cost nothing) or
    "summed" (a day's).
    ``answers`` is 0 where another request of the same answer counts it already. ``priced``: its price was known.
    ``day`` is YYYY-MM-DD in UTC. No foreign key: what was spent stays spent when its assistant is erased. The index
    holds all that the sums ask for.
    """

    __tablename__ = "spent"
    __table_args__ = (Index("ix_spent_day", "day", "assistant_id", "state", "priced", "micro_euros", "answers"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=ID_LENGTH)
    assistant_id: str = Field(max_length=ID_LENGTH)
    day: str = Field(max_length=10)
    asker: str = Field(max_length=16)
    model: str = Field(max_length=200)
    answers: int = 1
    prompt_tokens: int = _large()
    answer_tokens: int = _large()
    micro_euros: int = _large()
    priced: bool = True
    state: str = Field(max_length=16)
    created_at: datetime = _moment()


class SpendingLimit(SQLModel, table=True):
    """What may be spent and asked: of one assistant, or of "all". Only what was set stands in ``values``."""

    __tablename__ = "spending_limit"

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    values: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    updated_at: datetime = _moment()


class ModelPrice(SQLModel, table=True):
    """What a model costs by its owner's word, in micro-euros for a million tokens of prompt and of answer."""

    __tablename__ = "model_price"

    id: str = Field(primary_key=True, max_length=500)
    prompt: int = _large()
    answer: int = _large()
    updated_at: datetime = _moment()


class AskWindow(SQLModel, table=True):
    """How often something was asked from its begin to ``ends_at``: by a visitor, an address, a key, of an assistant.

    ``id`` names kind, begin and, hashed, whom.
    """

    __tablename__ = "ask_window"

    id: str = Field(primary_key=True, max_length=100)
    assistant_id: str = Field(default="", max_length=ID_LENGTH)
    count: int = 1
    ends_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class DaySalt(SQLModel, table=True):
    """A day's secret, encrypted; addresses and visitors are kept only hashed with it. Gone two days later."""

    __tablename__ = "day_salt"

    day: str = Field(primary_key=True, max_length=10)
    encrypted: str = Field(sa_column=Column(Text, nullable=False))

"""The tables of who may come in: people, their sessions and invitations, wrong tries, and who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String
from sqlmodel import Field, SQLModel

from core.database.tables import ID_LENGTH, UtcDateTime, new_id, now

HASH_LENGTH = 64  # SHA-256 in hexadecimal: what is random and secret is kept as this only


def _secret() -> Any:
    return Field(primary_key=True, max_length=HASH_LENGTH)


def _of_person(*, nullable: bool = False) -> Any:
    foreign = ForeignKey("person.id", ondelete="CASCADE")
    column = Column("person_id", String(ID_LENGTH), foreign, index=True, nullable=nullable)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def _moment() -> Any:
    return Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))


def _later() -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class PersonRow(SQLModel, table=True):
    """One who may sign in. ``email`` is in lower case, ``role`` a Role, ``outside`` who they are at a sign-in service.

    Nobody is ever removed, only made inactive: what they did stays theirs.
    """

    __tablename__ = "person"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=ID_LENGTH)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(default="", max_length=120)
    role: str = Field(max_length=16)
    password: str = Field(default="", max_length=300)
    outside: str = Field(default="", max_length=600, index=True)
    active: bool = True
    created_at: datetime = _moment()


class SignInSession(SQLModel, table=True):
    """A browser that is signed in, until ``ended_at`` is set. ``id`` is the hash of what its cookie holds."""

    __tablename__ = "sign_in_session"

    id: str = _secret()
    person_id: str = _of_person()
    created_at: datetime = _moment()
    seen_at: datetime = _moment()
    ended_at: datetime | None = _later()


class SignInTry(SQLModel, table=True):
    """Wrong tries of late, of one account or from one address: ``key`` says which."""

    __tablename__ = "sign_in_try"

    key: str = Field(primary_key=True, max_length=100)
    count: int = 0
    last_at: datetime = _moment()
    locked_until: datetime | None = _later()


class Invitation(SQLModel, table=True):
    """A link that makes a person, once; with ``person_id`` it gives that one a new password instead."""

    __tablename__ = "invitation"

    id: str = _secret()
    role: str = Field(max_length=16)
    email: str = Field(default="", max_length=254)
    person_id: str | None = _of_person(nullable=True)
    invited_by: str = Field(default="", max_length=ID_LENGTH)
    created_at: datetime = _moment()
    expires_at: datetime = _moment()
    used_at: datetime | None = _later()


class AuditLine(SQLModel, table=True):
    """Who did what. ``who`` is their e-mail as it was then, ``deed`` a short stable word, ``about`` whom or what."""

    __tablename__ = "audit_line"

    number: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    at: datetime = _moment()
    person_id: str = Field(default="", max_length=ID_LENGTH)
    who: str = Field(default="", max_length=254)
    deed: str = Field(max_length=40)
    about: str = Field(default="", max_length=400)


class SignInService(SQLModel, table=True):
    """A sign-in service of the owner's own choice (OpenID Connect), its secret encrypted."""

    __tablename__ = "sign_in_service"

    id: str = Field(primary_key=True, max_length=16)
    name: str = Field(default="", max_length=60)
    issuer: str = Field(max_length=500)
    client_id: str = Field(max_length=300)
    encrypted_secret: str = Field(default="", max_length=2000)

"""The database, which is the truth: tables, engine and sessions. SQLite by default, Postgres by DATABASE_URL."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from core.schema import BuildState, JobState

ID_LENGTH = 32


def new_id() -> str:
    """Return a fresh random id: 32 hexadecimal characters."""
    return uuid4().hex


def now() -> datetime:
    """Return the time now, in UTC and aware of it."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, always aware and in UTC; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back that SQLite dropped."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _id() -> Any:
    return Field(default_factory=new_id, primary_key=True, max_length=ID_LENGTH)


def _refers(target: str, *, nullable: bool = False, column_name: str | None = None) -> Any:
    foreign = ForeignKey(target, ondelete="CASCADE")
    column = Column(column_name, String(ID_LENGTH), foreign, index=True, nullable=nullable)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def _time(*, nullable: bool = False) -> Any:
    column = Column(UtcDateTime, nullable=nullable)
    return Field(default=None, sa_column=column) if nullable else Field(default_factory=now, sa_column=column)


def _json(default: type[list[Any]] | type[dict[str, Any]]) -> Any:
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def _text() -> Any:
    return Field(default="", sa_column=Column(Text, nullable=False))


def _number() -> Any:
    """The place of a row in the order in which rows came, given by the database: no clock has a say in it."""
    return Field(default=None, sa_column=Column(Integer, nullable=False, server_default=FetchedValue()))


# A number is given after the row is there, so it must not be fetched with the row.
NUMBERED = {"eager_defaults": False}


class Assistant(SQLModel, table=True):
    """One assistant. ``build_id`` is the index build its questions are answered from.

    ``sureness``: how sure it is before it answers, one of core.schema.Sureness.
    ``built_for``: the cutter and term-maker ("2.1") for which an update last had its index built again.
    """

    id: str = _id()
    name: str = Field(max_length=120)
    colour: str = Field(default="", max_length=16)
    build_id: str = Field(default="", sa_column=Column("generation_id", String(ID_LENGTH), nullable=False))
    voice_id: str = Field(default="", max_length=ID_LENGTH)
    search_passages: int = 6
    dense_weight: float | None = None
    reader: bool = True
    sureness: str = Field(default="measured", max_length=16)
    suggested: list[str] = _json(list)
    looked_at_passages: bool = False
    built_for: str = Field(default="", max_length=32)
    created_at: datetime = _time()
    deleted_at: datetime | None = _time(nullable=True)


class IndexBuild(SQLModel, table=True):
    """One build of an assistant's index: which embedding, which cut, which store.

    ``state`` is a BuildState, ``store`` a StoreName. ``retired_at`` is when it stopped answering; it is kept a day from
    then on.
    In SQL it is called generation, as it was before: an older Answerbook may still work on the same database.
    """

    __tablename__ = "generation"

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    number: int
    embedding: str = Field(max_length=200)
    dimension: int
    store: str = Field(max_length=32)
    cut_size: int
    cut_overlap: int
    state: str = Field(default=BuildState.BUILDING, max_length=16)
    created_at: datetime = _time()
    retired_at: datetime | None = _time(nullable=True)


class LeftoverIndex(SQLModel, table=True):
    """An index of an erased assistant, for as long as its store may still hold it.

    A store may be shared with another Answerbook: only what stands here or in a build is this one's to remove.
    """

    __tablename__ = "leftover"

    id: str = _id()
    assistant_id: str = Field(max_length=ID_LENGTH)
    number: int
    store: str = Field(max_length=32)
    created_at: datetime = _time()


class VoiceVersion(SQLModel, table=True):
    """How an assistant spoke from some moment on; never changed once written."""

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    number: int
    voice: dict[str, Any] = _json(dict)
    created_at: datetime = _time()


class Original(SQLModel, table=True):
    """A file's bytes as they came, once for each content. ``hash`` is SHA-256 in hexadecimal."""

    hash: str = Field(primary_key=True, max_length=64)
    size: int
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Source(SQLModel, table=True):
    """A document of an assistant, by name. ``version_id`` is the version that answers; empty until one was read.

    ``read_for`` is the reader's version for which an update last had it read again; 0: never. ``part_of`` is the source
    that it was attached to, if any. ``cut_kind`` is the CutKind its owner chose; empty: as reading finds it. What its
    owner says of it stays through new versions: ``folder`` ("/" between one and the next), ``preferred``, the moments
    between which it answers, in the owner's time ``zone``, and the id of the source that replaces it. ``order_mark`` is
    another one after each change of what questions may find of it.
    """

    __table_args__ = (Index("ix_source_assistant_id_name", "assistant_id", "name"),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    name: str = Field(max_length=400)
    version_id: str = Field(default="", max_length=ID_LENGTH)
    read_for: int = 0
    part_of: str = Field(default="", max_length=ID_LENGTH, index=True)
    cut_kind: str = Field(default="", max_length=16)
    folder: str = Field(default="", max_length=200)
    preferred: bool = False
    begins_at: datetime | None = _time(nullable=True)
    ends_at: datetime | None = _time(nullable=True)
    zone: str = Field(default="", max_length=64)
    replaced_by: str = Field(default="", max_length=ID_LENGTH, index=True)
    order_mark: str = Field(default="", max_length=ID_LENGTH)
    created_at: datetime = _time()
    deleted_at: datetime | None = _time(nullable=True)


class Version(SQLModel, table=True):
    """One upload of a source: what it is and what reading it gave. ``read_at`` is None until it was read.

    ``cut_kind`` is the CutKind it is cut as in every index, set once it was read; empty: from before there were kinds.

    The later upload has the higher ``number``; times are for show.
    """

    __table_args__ = (
        Index("ix_version_number", "number", unique=True),
        Index("ix_version_source_id_number", "source_id", "number"),
    )
    __mapper_args__ = NUMBERED

    id: str = _id()
    source_id: str = _refers("source.id")
    number: int = _number()
    original_hash: str = Field(max_length=64, index=True)
    size: int
    kind: str = Field(default="", max_length=16)
    title: str = _text()
    language: str = Field(default="", max_length=8)
    page_count: int | None = None
    page_word: str = Field(default="", max_length=16)
    characters: int = 0
    identity: str = _text()
    cut_kind: str = Field(default="", max_length=16)
    warnings: list[list[str]] = _json(list)  # what and remedy of each; from before: what alone
    created_at: datetime = _time()
    read_at: datetime | None = _time(nullable=True)


class Parsed(SQLModel, table=True):
    """A version's Document, as compressed JSON; beside its version so that lists stay light.

    ``reader_version`` is that of the reader that made it; 0: from before readers had versions. Its index spares the
    search for old texts the walk through the bodies. ``same_as`` is the version whose body this one has, too, while its
    own is empty: only hand edits tell the two apart.
    """

    __table_args__ = (Index("ix_parsed_reader_version", "reader_version", "version_id"),)

    version_id: str = Field(
        sa_column=Column(String(ID_LENGTH), ForeignKey("version.id", ondelete="CASCADE"), primary_key=True)
    )
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    reader_version: int = 0
    same_as: str = Field(default="", max_length=ID_LENGTH)


class Indexed(SQLModel, table=True):
    """A version is wholly in a build's index, as this many passages. Written last, so that it is true.

    ``aliases`` of them are questions that people ask for one of the others.

    The versions of cutter and term-maker stand here and not on the build, which is filled over months and by more than
    one Answerbook; 0: from before they had versions.
    """

    build_id: str = Field(
        sa_column=Column(
            "generation_id", String(ID_LENGTH), ForeignKey("generation.id", ondelete="CASCADE"), primary_key=True
        )
    )
    version_id: str = Field(
        sa_column=Column(String(ID_LENGTH), ForeignKey("version.id", ondelete="CASCADE"), primary_key=True)
    )
    passages: int
    aliases: int = 0
    cutter_version: int = 0
    terms_version: int = 0
    created_at: datetime = _time()


class Job(SQLModel, table=True):
    """Work for the worker. ``kind`` is a JobKind, or one of a newer Answerbook's; ``state`` is a JobState.

    The later it was put, the higher its ``number``; times are for show, but for ``not_before`` and ``seen_at``.
    ``worker`` is the process that runs it, ``seen_at`` when that process last said so. ``deaths``: how many processes
    ended over it since it got further last; ``silences``: how many fell silent.
    ``stage``, ``done`` and ``total`` are the progress in the owner's words; ``error`` and ``remedy`` stay until Retry.
    """

    __table_args__ = (
        Index("ix_job_number", "number", unique=True),
        Index("ix_job_state_number", "state", "number"),
    )
    __mapper_args__ = NUMBERED

    id: str = _id()
    number: int = _number()
    kind: str = Field(max_length=16)
    assistant_id: str = _refers("assistant.id")
    source_id: str | None = _refers("source.id", nullable=True)
    version_id: str | None = _refers("version.id", nullable=True)
    build_id: str | None = _refers("generation.id", nullable=True, column_name="generation_id")
    state: str = Field(default=JobState.WAITING, max_length=16)
    stage: str = Field(default="", max_length=80)
    done: int = 0
    total: int = 0
    error: str = _text()
    remedy: str = _text()
    code: str = Field(default="", max_length=40)
    attempts: int = 0
    deaths: int = 0
    silences: int = 0
    stop_requested: bool = False
    result: dict[str, Any] = _json(dict)
    created_at: datetime = _time()
    not_before: datetime | None = _time(nullable=True)
    worker: str = Field(default="", max_length=ID_LENGTH)
    seen_at: datetime | None = _time(nullable=True)
    started_at: datetime | None = _time(nullable=True)
    finished_at: datetime | None = _time(nullable=True)


class Conversation(SQLModel, table=True):
    """A conversation of the owner with an assistant."""

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    title: str = Field(default="", max_length=200)
    created_at: datetime = _time()
    updated_at: datetime = _time()
    deleted_at: datetime | None = _time(nullable=True)


class Message(SQLModel, table=True):
    """One turn. ``feedback``: 1 good, -1 bad, 0 none. An answer carries its citations, so they survive everything.

    ``aside`` holds what is offered beside an answer's text, each only where there is some: the words that were
    "looked_for", questions "near" it, and the "language" of the words around these; the model's "thoughts", a
    "note", and what was "spent" on it in micro-euros.

    ``position`` is its place in the conversation, ``number`` among the messages of all.
    """

    __table_args__ = (Index("ix_message_number", "number", unique=True),)
    __mapper_args__ = NUMBERED

    id: str = _id()
    number: int = _number()
    conversation_id: str = _refers("conversation.id")
    position: int
    role: str = Field(max_length=16)
    text: str = _text()
    kind: str = Field(default="", max_length=16)
    citations: list[dict[str, Any]] = _json(list)
    found: list[dict[str, Any]] = _json(list)
    aside: dict[str, Any] = _json(dict)
    seconds: dict[str, float] = _json(dict)
    stopped_early: str = _text()
    understood: list[str] = _json(list)
    feedback: int = 0
    comment: str = _text()
    created_at: datetime = _time()


class SavedProvider(SQLModel, table=True):
    """A model provider in use: address, models, encrypted key. ``check_error`` is the last test's sentence."""

    __tablename__ = "provider"

    id: str = Field(primary_key=True, max_length=32)
    base_url: str = Field(default="", max_length=500)
    encrypted_key: str = _text()
    chat_model: str = Field(default="", max_length=200)
    embedding_model: str = Field(default="", max_length=200)
    make: str = Field(default="openai", max_length=32)
    traits: str = _text()  # JSON of ModelTraits; empty: those of the protocol
    checked_at: datetime | None = _time(nullable=True)
    check_seconds: float = 0.0
    check_error: str = _text()
    check_remedy: str = _text()

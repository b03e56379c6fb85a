"""How far a demo has come: each of its steps as the database tells it, never by what was pressed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from core.assistants.conversations import citation_of
from core.database import Conversation, Message, Source, Version, session
from core.demo.price_list import PRICE_LIST
from core.demo.runs import Run
from core.schema import Citation
from core.spending import Cost, spent_since

FAST_SECONDS = 60.0  # from a file to its first cited answer
MOST_MESSAGES = 400  # of a demo that nobody ended, the newest
PLAIN_STEP = 2  # from 0, as the steps are counted
CITED = ("quotes", "written")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The stakeholder's file, as it was read first in the demo. ``seconds`` to read; None: it was here before."""

    source_id: str
    name: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the demo and its answer. ``number``: their order; ``spent``: micro-euros, None without a model."""

    number: int
    question: str
    text: str
    kind: str
    citations: tuple[Citation, ...]
    seconds: float
    spent: int | None
    at: datetime

    @property
    def is_cited(self) -> bool:
        """Whether it stands on a place in a source."""
        return self.kind in CITED and any(citation.supported for citation in self.citations)


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """What the model says to the same question without any source. ``spent`` in micro-euros; None: nobody knows."""

    question: str
    text: str
    model: str
    spent: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A place that was opened: whose, and at which page, if it has pages."""

    name: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """One question, answered from a source and, after its new version, otherwise; ``seconds`` from that version on."""

    name: str
    before: Asked
    after: Asked
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """What has happened in a demo, None for each step that has not.

    ``stale`` is the newest question whose answer stands on a version that was replaced since: the one to ask again.
    ``has_model``: whether a model can be asked at all. ``questions``: all that were asked, in order.
    """

    file: ReadFile | None
    cited: Asked | None
    has_model: bool
    plain: PlainAnswer | None
    refused: Asked | None
    opened: Opened | None
    stale: Asked | None
    changed: Changed | None
    cost: Cost
    questions: tuple[Asked, ...]

    @property
    def done(self) -> tuple[bool, ...]:
        """The seven steps, in order, whether each has happened; the last, once all have that can."""
        steps = (self.file, self.cited, self.plain, self.refused, self.opened, self.changed)
        before = tuple(step is not None for step in steps)
        return (*before, all(is_done for number, is_done in enumerate(before) if self.can(number)))

    def can(self, number: int) -> bool:
        """Say whether a step, counted from 0, can happen at all: without a model there is none to set beside."""
        return number != PLAIN_STEP or self.has_model or self.plain is not None


def progress_of(run: Run, *, has_model: bool) -> Progress:
    """Look how far a demo has come."""
    with session() as db:
        versions = _versions(db, run)
        questions = _questions(db, run)
        current = _current(db, run)
    file = _file(run, versions, current)
    return Progress(
        file=file,
        cited=next((asked for asked in questions if file and asked.is_cited and _cites(asked, file.source_id)), None),
        has_model=has_model,
        plain=PlainAnswer(**run.noted["plain"]) if "plain" in run.noted else None,
        refused=next((asked for asked in questions if asked.kind == "unknown"), None),
        opened=Opened(**run.noted["opened"]) if "opened" in run.noted else None,
        stale=_stale(questions, current),
        changed=_changed(questions, versions),
        cost=spent_since(run.assistant_id, run.started_at),
        questions=tuple(questions),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    id: str
    source_id: str
    name: str
    created_at: datetime
    read_at: datetime


def _versions(db: Session, run: Run) -> list[_Read]:
    """Return the versions that were added and read in the demo, oldest first."""
    columns = (Version.id, Version.source_id, Source.name, Version.created_at, Version.read_at)
    chosen = (
        columns_of(*map(col, columns))
        .join(Source, col(Source.id) == col(Version.source_id))
        .where(col(Source.assistant_id) == run.assistant_id, col(Source.deleted_at).is_(None))
        .where(col(Version.number) > run.after_version, col(Version.read_at).is_not(None))
        .order_by(col(Version.number))
    )
    return [_Read(*row) for row in db.execute(chosen).all()]


def _current(db: Session, run: Run) -> dict[str, tuple[str, str]]:
    """Return, by source, its name and the version that answers now."""
    here = (Source.assistant_id == run.assistant_id, col(Source.deleted_at).is_(None), Source.version_id != "")
    rows = db.execute(select(Source.id, Source.name, Source.version_id).where(*here)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def _questions(db: Session, run: Run) -> list[Asked]:
    """Return what was asked in the demo and answered, in order: each answer with the question right before it."""
    chosen = (
        select(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(Conversation.assistant_id == run.assistant_id, Message.number > run.after_message)
        .order_by(col(Message.number).desc())
        .limit(MOST_MESSAGES)
    )
    rows = list(reversed(db.exec(chosen).all()))
    questions = {(row.conversation_id, row.position + 1): row for row in rows if row.role == "user"}
    answers = [row for row in rows if row.role == "assistant"]
    pairs = [(questions.get((row.conversation_id, row.position)), row) for row in answers]
    return [_asked(question, answer) for question, answer in pairs if question is not None]


def _asked(question: Message, answer: Message) -> Asked:
    spent: Any = answer.aside.get("spent")
    return Asked(
        number=answer.number,
        question=question.text,
        text=answer.text,
        kind=answer.kind,
        citations=tuple(map(citation_of, answer.citations)),
        seconds=float(answer.seconds.get("total", 0.0)),
        spent=spent,
        at=answer.created_at,
    )


def _file(run: Run, versions: Sequence[_Read], current: dict[str, tuple[str, str]]) -> ReadFile | None:
    for version in versions:
        if version.name != PRICE_LIST and version.source_id in current:
            seconds = max(0.0, (version.read_at - version.created_at).total_seconds())
            return ReadFile(version.source_id, version.name, seconds)
    taken = run.noted.get("source", "")
    return ReadFile(taken, current[taken][0], None) if taken in current else None


def _cites(asked: Asked, source_id: str, version_id: str = "") -> bool:
    return any(
        citation.source_id == source_id and citation.supported and version_id in ("", citation.version_id)
        for citation in asked.citations
    )


def _stale(questions: Sequence[Asked], current: dict[str, tuple[str, str]]) -> Asked | None:
    """Return the newest question whose answer stands on a version that does not answer any more, if it is still so."""
    seen: set[str] = set()
    for asked in reversed(questions):
        if (said := same(asked.question)) in seen:
            continue
        seen.add(said)
        cited = ((current.get(citation.source_id), citation.version_id) for citation in asked.citations)
        if asked.is_cited and any(now is not None and now[1] != version for now, version in cited):
            return asked
    return None


def _changed(questions: Sequence[Asked], versions: Sequence[_Read]) -> Changed | None:
    """Return the first question that was asked before and after a new version of a source and got another answer."""
    for version in versions:
        for after in questions:
            if not (after.is_cited and _cites(after, version.source_id, version.id)):
                continue
            for before in questions:
                other = before.is_cited and _cites(before, version.source_id) and before.text != after.text
                older = before.number < after.number and not _cites(before, version.source_id, version.id)
                if other and older and same(before.question) == same(after.question):
                    seconds = max(0.0, (after.at - version.created_at).total_seconds())
                    return Changed(version.name, before, after, seconds)
    return None


def same(question: str) -> str:
    """Return what two ways of typing one question have in common."""
    return " ".join(question.casefold().split()).rstrip(" ?!.")

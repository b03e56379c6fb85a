"""Assistants: create, rename, copy, tune, delete to a 30-day bin, restore."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.database import Assistant, Job, Source, now, session
from core.errors import AnswerbookError, NotFound
from core.jobs import ACTIVE
from core.log import log
from core.schema import SURENESS, JobKind, JobState, SearchSettings, Sureness

BIN_DAYS = 30
NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class AssistantCard:
    """What Home shows of an assistant."""

    id: str
    name: str
    colour: str
    created_at: datetime
    deleted_at: datetime | None
    sources: int
    passages: int
    working: int
    failed: int
    questions_this_week: int


@dataclass(frozen=True, slots=True)
class AssistantProfile:
    """An assistant as its own pages show it. ``suggested`` are the questions that its owner offers to begin with."""

    id: str
    name: str
    suggested: tuple[str, ...]
    looked_at_passages: bool


def clean_name(name: str) -> str:
    """Return a name without stray blanks; raises AnswerbookError when nothing is left or it is too long."""
    cleaned = " ".join("".join(c for c in name if c.isprintable()).split())
    if not cleaned:
        raise AnswerbookError("An assistant needs a name.", "Type one and try again.", code="no_name")
    if len(cleaned) > NAME_LENGTH:
        raise AnswerbookError(
            f"This name is {len(cleaned)} characters long.", f"Use at most {NAME_LENGTH}.", code="long_name"
        )
    return cleaned


def assistant(assistant_id: str) -> Assistant:
    """Return the row of an assistant that is not in the bin, for core alone. Raises NotFound."""
    with session() as db:
        row = db.get(Assistant, assistant_id)
    if row is None or row.deleted_at is not None:
        raise NotFound("This assistant does not exist any more.", "Choose another one on Home.", code="no_assistant")
    return row


def profile(assistant_id: str) -> AssistantProfile:
    """Return what pages show of an assistant that is not in the bin. Raises NotFound."""
    row = assistant(assistant_id)
    return AssistantProfile(row.id, row.name, tuple(row.suggested), row.looked_at_passages)


def assistant_called(name: str) -> str:
    """Return the id of an assistant of this name that is not in the bin; empty where there is none."""
    with session() as db:
        here = select(Assistant.id).where(Assistant.name == name, col(Assistant.deleted_at).is_(None))
        return db.exec(here).first() or ""


def rename_assistant(assistant_id: str, name: str) -> None:
    """Give an assistant another name. Raises AnswerbookError, NotFound."""
    cleaned = clean_name(name)
    assistant(assistant_id)
    change(assistant_id, name=cleaned)
    log("assistant.renamed", assistant=assistant_id)


def change(assistant_id: str, **values: object) -> None:
    """Set columns of an assistant's row."""
    with session() as db:
        db.execute(update(Assistant).where(col(Assistant.id) == assistant_id).values(**values))


def assistant_names() -> dict[str, str]:
    """Return the names of the assistants by their ids, oldest first."""
    with session() as db:
        here = select(Assistant.id, Assistant.name).where(col(Assistant.deleted_at).is_(None))
        return dict(db.execute(here.order_by(col(Assistant.created_at), col(Assistant.id))).tuples().all())


def names_by_use() -> dict[str, str]:
    """Return the names of the assistants by their ids, last used first: asked, given files, or spoken otherwise.

    What visitors ask counts where the owner keeps it.
    """
    from core.database import Conversation, Version, VisitorAnswer, VoiceVersion

    of_sources = select(Source.assistant_id, func.max(Version.created_at)).join(
        Version, col(Version.source_id) == col(Source.id)
    )
    signs = (
        of_sources.group_by(col(Source.assistant_id)),
        *(
            select(table.assistant_id, func.max(moment)).group_by(col(table.assistant_id))
            for table, moment in (
                (Conversation, Conversation.updated_at),
                (VoiceVersion, VoiceVersion.created_at),
                (VisitorAnswer, VisitorAnswer.created_at),
            )
        ),
    )
    with session() as db:
        made = select(Assistant.id, Assistant.name, Assistant.created_at).where(col(Assistant.deleted_at).is_(None))
        here = db.execute(made).tuples().all()
        used = {assistant_id: created_at for assistant_id, _, created_at in here}
        for sign in signs:
            for assistant_id, moment in db.execute(sign).tuples().all():
                if assistant_id in used and moment is not None:
                    used[assistant_id] = max(used[assistant_id], moment)
    ordered = sorted(here, key=lambda row: (used[row[0]], row[0]), reverse=True)
    return {assistant_id: name for assistant_id, name, _ in ordered}


def assistant_cards(ids: Sequence[str] | None = None, *, binned: bool = False) -> list[AssistantCard]:
    """List the assistants with their counts, oldest first: all, or those of these ids; with ``binned`` the bin's."""
    with session() as db:
        chosen = [col(Assistant.deleted_at).is_not(None) if binned else col(Assistant.deleted_at).is_(None)]
        if ids is not None:
            chosen.append(col(Assistant.id).in_(ids))
        in_order = select(Assistant).where(*chosen).order_by(col(Assistant.created_at), col(Assistant.id))
        rows = db.exec(in_order).all()
        sources, passages, working, failed, questions = _counts(db, select(Assistant.id).where(*chosen))
    return [
        AssistantCard(
            id=a.id,
            name=a.name,
            colour=a.colour,
            created_at=a.created_at,
            deleted_at=a.deleted_at,
            sources=sources.get(a.id, 0),
            passages=passages.get(a.id, 0),
            working=working.get(a.id, 0),
            failed=failed.get(a.id, 0),
            questions_this_week=questions.get(a.id, 0),
        )
        for a in rows
    ]


def _counts(db: Session, ids: SelectOfScalar[str]) -> tuple[dict[str, int], ...]:
    """Count, per assistant of these: live sources, passages, files being read, sources that failed last, questions."""
    from core.database import Conversation, Indexed, Message

    live = col(Source.deleted_at).is_(None) & col(Source.assistant_id).in_(ids)
    sources = select(Source.assistant_id, func.count()).where(live).group_by(col(Source.assistant_id))
    passages = (
        select(Source.assistant_id, func.sum(col(Indexed.passages) - col(Indexed.aliases)))
        .join(Indexed, col(Indexed.version_id) == col(Source.version_id))
        .join(Assistant, col(Assistant.id) == col(Source.assistant_id))
        .where(live, col(Indexed.build_id) == col(Assistant.build_id))
        .group_by(col(Source.assistant_id))
    )
    reads = Job.kind == JobKind.READ
    working = select(Job.assistant_id, func.count()).where(
        reads, col(Job.state).in_(ACTIVE), col(Job.assistant_id).in_(ids)
    )
    working = working.group_by(col(Job.assistant_id))
    again = aliased(Job)  # what failed once and was read since is no problem any more
    newest = select(func.max(again.number)).where(again.source_id == Source.id, again.kind == JobKind.READ)
    failed = (
        select(Source.assistant_id, func.count(func.distinct(Source.id)))
        .join(Job, col(Job.source_id) == col(Source.id))
        .where(live, reads, Job.state == JobState.FAILED, Job.number == newest.correlate(Source).scalar_subquery())
        .group_by(col(Source.assistant_id))
    )
    questions = (
        select(Conversation.assistant_id, func.count())
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(Message.role == "user", col(Message.created_at) > now() - timedelta(days=7))
        .where(col(Conversation.assistant_id).in_(ids))
        .group_by(col(Conversation.assistant_id))
    )
    return tuple(
        {row[0]: int(row[1] or 0) for row in db.execute(q)} for q in (sources, passages, working, failed, questions)
    )


# --- How it is cut, searched and spoken -----------------------------------------------------------------------------


def search_settings(assistant: Assistant) -> SearchSettings:
    """Return how an assistant searches."""
    wanted: Sureness = next((each for each in SURENESS if each == assistant.sureness), "measured")
    return SearchSettings(assistant.search_passages, assistant.dense_weight, assistant.reader, wanted)


def reads_closely() -> bool:
    """Tell whether the reader looks through what is found; it is one choice for all assistants."""
    with session() as db:
        return db.exec(select(Assistant.id).where(col(Assistant.reader).is_(False)).limit(1)).first() is None


def set_reads_closely(on: bool) -> None:
    """Let the reader look through what is found, or not, for all assistants and those to come."""
    with session() as db:
        db.execute(update(Assistant).values(reader=on))


def sureness(assistant_id: str) -> Sureness:
    """Return how sure an assistant has to be before it answers. Raises NotFound."""
    return search_settings(assistant(assistant_id)).sureness


def set_sureness(assistant_id: str, sureness: Sureness) -> None:
    """Let an assistant answer more readily, as measured, or only when sure; from the next question on."""
    assistant(assistant_id)
    change(assistant_id, sureness=sureness)
    log("assistant.sureness", assistant=assistant_id, sureness=sureness)


def mark_passages_seen(assistant_id: str) -> None:
    """Tick the checklist's second step."""
    change(assistant_id, looked_at_passages=True)


def set_suggested(assistant_id: str, questions: Sequence[str]) -> None:
    """Set the questions that Chat offers before the first one is asked."""
    change(assistant_id, suggested=[q.strip() for q in questions if q.strip()])

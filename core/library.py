"""Assistants: create, rename, copy, tune, delete to a 30-day bin, restore."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.database import Assistant, Generation, Job, Source, VoiceVersion, new_id, now, session
from core.errors import AnswerbookError, NotFound
from core.jobs import ACTIVE
from core.log import log
from core.schema import CutSettings, Scope, SearchSettings, Voice
from core.store import preferred_store

BIN_DAYS = 30
NAME_LENGTH = 80
BUILT_IN_EMBEDDING = "wordllama-256"
BUILT_IN_DIMENSION = 256
COLOURS = ("#2F6F5E", "#3B5B92", "#8A5A2B", "#7A4B7E", "#A2483D", "#4A6B2A", "#2B6E80", "#6B5D3A")


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


def create_assistant(name: str) -> str:
    """Create an assistant with the default voice and an empty index; returns its id. Raises AnswerbookError."""
    name = clean_name(name)
    with session() as db:
        count = db.exec(select(func.count()).select_from(Assistant)).one()
        assistant = Assistant(id=new_id(), name=name, colour=COLOURS[count % len(COLOURS)])
        db.add(assistant)
        db.flush()
        store = _store_of_the_others(db)
        assistant.generation_id = add_generation(db, assistant.id, CutSettings(), state="live", store=store).id
        assistant.voice_id = _add_voice(db, assistant.id, Voice(name=name)).id
    log("assistant.created", assistant=assistant.id)
    return assistant.id


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


def add_generation(
    db: Session,
    assistant_id: str,
    cut: CutSettings,
    *,
    state: str,
    embedding: str = BUILT_IN_EMBEDDING,
    dimension: int = BUILT_IN_DIMENSION,
    store: str,
) -> Generation:
    """Add the next generation of an assistant's index in this session."""
    newest = db.exec(select(func.max(Generation.number)).where(Generation.assistant_id == assistant_id)).one()
    generation = Generation(
        id=new_id(),
        assistant_id=assistant_id,
        number=(newest or 0) + 1,
        embedding=embedding,
        dimension=dimension,
        store=store,
        cut_size=cut.size,
        cut_overlap=cut.overlap,
        state=state,
    )
    db.add(generation)
    db.flush()
    return generation


def _store_of_the_others(db: Session) -> str:
    """Return the store of the newest index that answers, so that an installation stays in one until it is moved."""
    chosen = select(Generation.store).where(Generation.state == "live").order_by(col(Generation.created_at).desc())
    newest = db.exec(chosen).first()
    return newest if newest in ("lancedb", preferred_store()) else preferred_store()


def assistant(assistant_id: str) -> Assistant:
    """Return an assistant that is not in the bin. Raises NotFound."""
    with session() as db:
        found = db.get(Assistant, assistant_id)
    if found is None or found.deleted_at is not None:
        raise NotFound("This assistant does not exist any more.", "Choose another one on Home.", code="no_assistant")
    return found


def rename_assistant(assistant_id: str, name: str) -> None:
    """Give an assistant another name. Raises AnswerbookError, NotFound."""
    cleaned = clean_name(name)
    assistant(assistant_id)
    _change(assistant_id, name=cleaned)


def delete_assistant(assistant_id: str) -> None:
    """Put an assistant into the bin, from which it can be restored for 30 days."""
    _change(assistant_id, deleted_at=now())
    log("assistant.binned", assistant=assistant_id)


def restore_assistant(assistant_id: str) -> None:
    """Take an assistant out of the bin, as it was."""
    _change(assistant_id, deleted_at=None)
    log("assistant.restored", assistant=assistant_id)


def _change(assistant_id: str, **values: object) -> None:
    with session() as db:
        db.execute(update(Assistant).where(col(Assistant.id) == assistant_id).values(**values))


def assistant_cards(*, binned: bool = False) -> list[AssistantCard]:
    """List the assistants with their counts, oldest first; with ``binned`` those in the bin."""
    with session() as db:
        chosen = col(Assistant.deleted_at).is_not(None) if binned else col(Assistant.deleted_at).is_(None)
        found = db.exec(select(Assistant).where(chosen).order_by(col(Assistant.created_at))).all()
        sources, passages, working, failed, asked = _counts(db)
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
            questions_this_week=asked.get(a.id, 0),
        )
        for a in found
    ]


def _counts(db: Session) -> tuple[dict[str, int], ...]:
    """Count, per assistant: live sources, passages, files being read, sources that failed last, questions asked."""
    from core.database import Conversation, Indexed, Message

    live = col(Source.deleted_at).is_(None)
    sources = select(Source.assistant_id, func.count()).where(live).group_by(col(Source.assistant_id))
    passages = (
        select(Source.assistant_id, func.sum(Indexed.passages))
        .join(Indexed, col(Indexed.version_id) == col(Source.version_id))
        .join(Assistant, col(Assistant.id) == col(Source.assistant_id))
        .where(live, col(Indexed.generation_id) == col(Assistant.generation_id))
        .group_by(col(Source.assistant_id))
    )
    reads = Job.kind == "read"
    working = select(Job.assistant_id, func.count()).where(reads, col(Job.state).in_(ACTIVE))
    working = working.group_by(col(Job.assistant_id))
    again = aliased(Job)  # what failed once and was read since is no problem any more
    newest = select(func.max(again.created_at)).where(again.source_id == Source.id, again.kind == "read")
    failed = (
        select(Source.assistant_id, func.count(func.distinct(Source.id)))
        .join(Job, col(Job.source_id) == col(Source.id))
        .where(live, reads, Job.state == "failed", Job.created_at == newest.correlate(Source).scalar_subquery())
        .group_by(col(Source.assistant_id))
    )
    asked = (
        select(Conversation.assistant_id, func.count())
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(Message.role == "user", col(Message.created_at) > now() - timedelta(days=7))
        .group_by(col(Conversation.assistant_id))
    )
    return tuple(
        {row[0]: int(row[1] or 0) for row in db.execute(q)} for q in (sources, passages, working, failed, asked)
    )


# --- How it is cut, searched and spoken -----------------------------------------------------------------------------


def generation_by_id(db: Session, generation_id: str) -> Generation:
    """Return a generation in this session. Raises NotFound."""
    found = db.get(Generation, generation_id)
    if found is None:
        raise NotFound("This assistant's index does not exist any more.", "Read its sources again.", code="no_index")
    return found


def live_generation(assistant_id: str) -> Generation:
    """Return the generation that answers now. Raises NotFound."""
    with session() as db:
        return generation_by_id(db, assistant(assistant_id).generation_id)


def scope_of(generation: Generation) -> Scope:
    """Return the store's scope of a generation."""
    return Scope(generation.assistant_id, generation.number, generation.embedding, generation.dimension)


def cut_of(generation: Generation) -> CutSettings:
    """Return how a generation's documents are cut."""
    return CutSettings(size=generation.cut_size, overlap=generation.cut_overlap)


def search_settings(found: Assistant) -> SearchSettings:
    """Return how an assistant searches."""
    return SearchSettings(passages=found.search_passages, dense_weight=found.dense_weight)


def mark_passages_seen(assistant_id: str) -> None:
    """Tick the checklist's second step."""
    _change(assistant_id, looked_at_passages=True)


def set_suggested(assistant_id: str, questions: Sequence[str]) -> None:
    """Set the questions that Chat offers before the first one is asked."""
    _change(assistant_id, suggested=[q.strip() for q in questions if q.strip()])


def voice(assistant_id: str) -> Voice:
    """Return how an assistant speaks now. Raises NotFound."""
    with session() as db:
        found = db.get(VoiceVersion, assistant(assistant_id).voice_id)
    return Voice(**found.voice) if found else Voice()


def save_voice(assistant_id: str, new: Voice) -> None:
    """Make this voice the live one; the earlier ones stay in the list."""
    if new == voice(assistant_id):
        return
    with session() as db:
        saved = _add_voice(db, assistant_id, new)
        db.execute(update(Assistant).where(col(Assistant.id) == assistant_id).values(voice_id=saved.id))
    log("voice.saved", assistant=assistant_id, number=saved.number)


def voice_versions(assistant_id: str) -> list[VoiceVersion]:
    """List all voices this assistant ever had, newest first."""
    with session() as db:
        chosen = select(VoiceVersion).where(VoiceVersion.assistant_id == assistant_id)
        return list(db.exec(chosen.order_by(col(VoiceVersion.number).desc())).all())


def _add_voice(db: Session, assistant_id: str, new: Voice) -> VoiceVersion:
    newest = db.exec(select(func.max(VoiceVersion.number)).where(VoiceVersion.assistant_id == assistant_id)).one()
    saved = VoiceVersion(id=new_id(), assistant_id=assistant_id, number=(newest or 0) + 1, voice=asdict(new))
    db.add(saved)
    db.flush()
    return saved


def bin_expired() -> list[str]:
    """Return the ids of assistants that have been in the bin for more than 30 days."""
    with session() as db:
        return list(db.exec(select(Assistant.id).where(col(Assistant.deleted_at) < now() - timedelta(days=BIN_DAYS))))


def erase_assistant(assistant_id: str) -> list[tuple[str, Scope]]:
    """Remove an assistant and all that is its own from the database; returns the scopes to drop with their stores."""
    with session() as db:
        chosen = select(Generation).where(Generation.assistant_id == assistant_id, Generation.state != "gone")
        scopes = [(generation.store, scope_of(generation)) for generation in db.exec(chosen).all()]
        found = db.get(Assistant, assistant_id)
        if found is not None:
            db.delete(found)
    log("assistant.erased", assistant=assistant_id)
    return scopes

"""How an assistant speaks: the live voice, and every one it ever had."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from core.assistants.assistants import assistant
from core.database import Assistant, VoiceVersion, new_id, session
from core.log import log
from core.schema import Voice


@dataclass(frozen=True, slots=True)
class SavedVoice:
    """A voice that an assistant has or had; ``number`` counts an assistant's voices from 1."""

    id: str
    number: int
    voice: Voice
    saved_at: datetime


def voice(assistant_id: str) -> Voice:
    """Return how an assistant speaks now. Raises NotFound."""
    with session() as db:
        row = db.get(VoiceVersion, assistant(assistant_id).voice_id)
    return Voice(**row.voice) if row else Voice()


def save_voice(assistant_id: str, new: Voice) -> None:
    """Make this voice the live one; the earlier ones stay in the list."""
    if new == voice(assistant_id):
        return
    with session() as db:
        saved = add_voice(db, assistant_id, new)
        db.execute(update(Assistant).where(col(Assistant.id) == assistant_id).values(voice_id=saved.id))
    log("voice.saved", assistant=assistant_id, number=saved.number)


def voice_versions(assistant_id: str) -> list[SavedVoice]:
    """List all voices this assistant ever had, newest first."""
    with session() as db:
        chosen = select(VoiceVersion).where(VoiceVersion.assistant_id == assistant_id)
        rows = db.exec(chosen.order_by(col(VoiceVersion.number).desc())).all()
    return [SavedVoice(row.id, row.number, Voice(**row.voice), row.created_at) for row in rows]


def add_voice(db: Session, assistant_id: str, new: Voice) -> VoiceVersion:
    """Add the next voice of an assistant in this session."""
    newest = db.exec(select(func.max(VoiceVersion.number)).where(VoiceVersion.assistant_id == assistant_id)).one()
    saved = VoiceVersion(id=new_id(), assistant_id=assistant_id, number=(newest or 0) + 1, voice=asdict(new))
    db.add(saved)
    db.flush()
    return saved

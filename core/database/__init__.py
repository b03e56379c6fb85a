"""Database: the tables, which are the truth, and sessions on them."""

from core.database.engine import engine, make_engine, session
from core.database.tables import (
    Assistant,
    Conversation,
    IndexBuild,
    Indexed,
    Job,
    LeftoverIndex,
    Message,
    Original,
    Parsed,
    SavedProvider,
    Source,
    UtcDateTime,
    Version,
    VoiceVersion,
    new_id,
    now,
)

__all__ = [
    "Assistant",
    "Conversation",
    "IndexBuild",
    "Indexed",
    "Job",
    "LeftoverIndex",
    "Message",
    "Original",
    "Parsed",
    "SavedProvider",
    "Source",
    "UtcDateTime",
    "Version",
    "VoiceVersion",
    "engine",
    "make_engine",
    "new_id",
    "now",
    "session",
]

"""The value types that travel between the stages: load, chunk, embed, store, retrieve, answer."""

from core.schema.answers import Answer, Citation, ExactThing, Hit, Question, Thought, Turn, Voice
from core.schema.documents import Attachment, Block, BlockKind, Document, PageWord, Shortfall, WordBox, as_shortfalls
from core.schema.models import DEFAULT_CHAT_MODEL, ModelTraits, Provider
from core.schema.passages import (
    BUILT_IN_DIMENSION,
    BUILT_IN_EMBEDDING,
    CUT_KINDS,
    CutKind,
    CutSettings,
    IndexSettings,
    Passage,
    Scope,
    SearchSettings,
    StoredPassage,
    StoreHit,
)
from core.schema.states import BuildState, JobKind, JobState, StoreName

__all__ = [
    "BUILT_IN_DIMENSION",
    "BUILT_IN_EMBEDDING",
    "CUT_KINDS",
    "DEFAULT_CHAT_MODEL",
    "Answer",
    "Attachment",
    "Block",
    "BlockKind",
    "BuildState",
    "Citation",
    "CutKind",
    "CutSettings",
    "Document",
    "ExactThing",
    "Hit",
    "IndexSettings",
    "JobKind",
    "JobState",
    "ModelTraits",
    "PageWord",
    "Passage",
    "Provider",
    "Question",
    "Scope",
    "SearchSettings",
    "Shortfall",
    "StoreHit",
    "StoreName",
    "StoredPassage",
    "Thought",
    "Turn",
    "Voice",
    "WordBox",
    "as_shortfalls",
]

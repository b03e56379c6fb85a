"""The value types that travel between the stages: load, chunk, embed, store, retrieve, answer."""

from core.schema.answers import Answer, Citation, ExactThing, Hit, Question, Thought, Turn, Voice
from core.schema.documents import Attachment, Block, BlockKind, Document, PageWord, Shortfall, WordBox, as_shortfalls
from core.schema.edits import EditKind, EditState, HandEdit, TextQuote
from core.schema.models import DEFAULT_CHAT_MODEL, ModelTraits, Provider
from core.schema.passages import (
    BUILT_IN_DIMENSION,
    BUILT_IN_EMBEDDING,
    CutSettings,
    IndexSettings,
    Origin,
    Passage,
    Patch,
    Scope,
    SearchSettings,
    StoredPassage,
    StoreHit,
    document_place,
)
from core.schema.states import BuildState, JobKind, JobState, StoreName

__all__ = [
    "BUILT_IN_DIMENSION",
    "BUILT_IN_EMBEDDING",
    "DEFAULT_CHAT_MODEL",
    "Answer",
    "Attachment",
    "Block",
    "BlockKind",
    "BuildState",
    "Citation",
    "CutSettings",
    "Document",
    "EditKind",
    "EditState",
    "ExactThing",
    "HandEdit",
    "Hit",
    "IndexSettings",
    "JobKind",
    "JobState",
    "ModelTraits",
    "Origin",
    "PageWord",
    "Passage",
    "Patch",
    "Provider",
    "Question",
    "Scope",
    "SearchSettings",
    "Shortfall",
    "StoreHit",
    "StoreName",
    "StoredPassage",
    "TextQuote",
    "Thought",
    "Turn",
    "Voice",
    "WordBox",
    "as_shortfalls",
    "document_place",
]

"""Retrieve: a question to the passages that answer it, best first."""

from core.retrieve.documents import document_of, hit_of
from core.retrieve.fit import fit_from, fit_score, fits, missing_things, none_answers
from core.retrieve.meant_sources import SourceInfo
from core.retrieve.other_languages import LanguageRetriever
from core.retrieve.retriever import PassageRetriever
from core.retrieve.trace import Look, Trace

__all__ = [
    "LanguageRetriever",
    "Look",
    "PassageRetriever",
    "SourceInfo",
    "Trace",
    "document_of",
    "fit_from",
    "fit_score",
    "fits",
    "hit_of",
    "missing_things",
    "none_answers",
]

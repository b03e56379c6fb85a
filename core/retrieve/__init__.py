"""Retrieve: a question to the passages that answer it, best first."""

from core.retrieve.fit import fit_score, fits
from core.retrieve.meant_sources import SourceInfo
from core.retrieve.retriever import PassageRetriever

__all__ = ["PassageRetriever", "SourceInfo", "fit_score", "fits"]

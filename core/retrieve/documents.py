"""Hits as LangChain's Documents and back: all that a hit needs travels in a Document's metadata."""

from dataclasses import fields
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from langchain_core.documents import Document as LangChainDocument

from core.schema import Hit, Question, StoredPassage
from core.text import search_terms

_PASSAGE = [field.name for field in fields(StoredPassage) if field.name not in ("id", "text")]
_HIT = ("score", "similarity", "lexical", "coverage", "reading", "language", "asked_in", "preferred")


def document_of(hit: Hit) -> LangChainDocument:
    """Return a hit as a Document: the passage's text, and in ``metadata`` its other fields and the hit's."""
    metadata: dict[str, Any] = {name: getattr(hit.passage, name) for name in _PASSAGE}
    metadata |= {name: getattr(hit, name) for name in _HIT} | {"source": hit.source_name, "passage_id": hit.passage.id}
    return LangChainDocument(id=hit.passage.id, page_content=hit.passage.text, metadata=metadata)


def hit_of(document: LangChainDocument, question: Question, rank: int) -> Hit:
    """Return a Document of any retriever as a hit; ``rank`` is its place among the results, from 0.

    What ``document_of`` did not write is filled in: a score by rank, and as coverage the share of the question's words
    that stand in the text.
    """
    metadata = document.metadata
    text = document.page_content
    source = str(metadata.get("source") or metadata.get("source_id") or "")
    start = int(metadata.get("start", metadata.get("start_index", 0)) or 0)
    terms = str(metadata.get("terms") or " ".join(search_terms(text, question.languages)))
    known: dict[str, Any] = {
        "source_id": str(metadata.get("source_id") or source),
        "version_id": str(metadata.get("version_id") or source),
        "ordinal": int(metadata.get("ordinal", rank) or 0),
        "start": start,
        "end": int(metadata.get("end") or start + len(text)),
        "page": _page(metadata),
        "context": str(metadata.get("context") or ""),
        "terms": terms,
    }
    is_ours = "passage_id" in metadata
    ours = {name: metadata[name] for name in _PASSAGE if name not in known} if is_ours else {}
    passage = StoredPassage(id=document.id or _made_id(source, start, text), text=text, **known, **ours)
    score, coverage = metadata.get("score"), metadata.get("coverage")
    return Hit(
        passage=passage,
        source_name=source,
        score=1.0 / (1 + rank) if score is None else float(score),
        similarity=metadata.get("similarity"),
        lexical=metadata.get("lexical"),
        coverage=_share(question, terms) if coverage is None else float(coverage),
        reading=metadata.get("reading"),
        language=str(metadata.get("language") or "") if is_ours else "",
        asked_in=str(metadata.get("asked_in") or ""),
        preferred=is_ours and metadata.get("preferred") is True,
    )


def _page(metadata: dict[str, Any]) -> int | None:
    page = metadata.get("page")
    return int(page) if isinstance(page, int | float) and page else None


def _made_id(source: str, start: int, text: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{source}/{start}/{text}"))


def _share(question: Question, terms: str) -> float:
    padded = f" {terms} "
    words = question.words.values()
    return sum(any(f" {stem} " in padded for stem in stems) for stems in words) / max(1, len(words))

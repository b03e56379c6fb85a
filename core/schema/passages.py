"""How documents are cut and searched, and what is kept and found of them."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, get_args

from core.schema.states import StoreName

# How to cut fits the document: general text, a manual with headings, questions and answers, a price list or table,
# slides, a contract with clauses, e-mail.
CutKind = Literal["text", "manual", "questions", "table", "slides", "contract", "mail"]
CUT_KINDS: tuple[CutKind, ...] = get_args(CutKind)
BUILT_IN_EMBEDDING = "wordllama-256"
BUILT_IN_DIMENSION = 256


@dataclass(frozen=True, slots=True)
class CutSettings:
    """How documents are cut into passages; sizes in characters. Defaults measured in docs/architecture.md.

    ``size`` and ``overlap`` are those of an index, ``kind`` is that of each version in it.
    """

    size: int = 1600
    overlap: int = 200
    kind: CutKind = "text"


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How an assistant's index is built: the cut, the embedding and its dimension, and the store that keeps it."""

    cut: CutSettings = CutSettings()
    embedding: str = BUILT_IN_EMBEDDING
    dimension: int = BUILT_IN_DIMENSION
    store: StoreName = StoreName.LANCEDB


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are found: how many are given to the answer, the dense share (None: the embedding's own), and
    whether the reader looks through what was found."""

    passages: int = 6
    dense_weight: float | None = None
    reader: bool = True


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document. ``text`` is ``document.text[start:end]``, the only part that is ever cited.

    ``context`` (title, heading path, table header) stands in front for search and for the model, never in a citation;
    nothing reads it apart again. ``table_header`` names the columns of the first table in the passage, cells joined by
    " | ", whether its header row is in the passage or not; empty where there is no table or no header. ``rows`` are the
    offsets in the document's text of the whole table rows in the passage, header rows among them. ``page_breaks`` are
    the offsets inside the passage at which the following pages begin; empty where the format has no page starts.
    ``heading_spans`` are the offsets in the document's text of the whole headings in the passage that stand over
    something.
    """

    ordinal: int
    start: int
    end: int
    text: str
    context: str = ""
    headings: tuple[str, ...] = ()
    page: int | None = None
    kind: Literal["text", "table"] = "text"
    table_header: str = ""
    rows: tuple[tuple[int, int], ...] = ()
    page_breaks: tuple[int, ...] = ()
    heading_spans: tuple[tuple[int, int], ...] = ()

    @property
    def search_text(self) -> str:
        """What is embedded and searched: the context in front, then the passage."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages a store call may touch: one assistant's one index build. Part of every store call."""

    assistant_id: str
    build: int
    embedding: str
    dimension: int

    @property
    def name(self) -> str:
        """The table or tenant name, 1-64 characters of ``[A-Za-z0-9_]``; made by us, never from outside."""
        return f"a_{self.assistant_id}_g{self.build}"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the store keeps it. ``id`` is a UUID string, deterministic; ``terms`` are joined by blanks.

    ``page`` is that of its first character; ``table_header``, ``rows``, ``page_breaks`` and ``heading_spans`` are as in
    Passage.
    """

    id: str
    source_id: str
    version_id: str
    ordinal: int
    start: int
    end: int
    page: int | None
    text: str
    context: str
    terms: str
    table_header: str = ""
    rows: tuple[tuple[int, int], ...] = ()
    page_breaks: tuple[int, ...] = ()
    heading_spans: tuple[tuple[int, int], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page on which the document's character at ``offset`` stands; None where there are no pages."""
        return None if self.page is None else self.page + bisect_right(self.page_breaks, offset)


@dataclass(frozen=True, slots=True)
class StoreHit:
    """A passage as a store found it: cosine similarity in [-1, 1] and BM25 score; None where that part missed it."""

    passage: StoredPassage
    similarity: float | None = None
    lexical: float | None = None

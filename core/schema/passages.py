"""How documents are cut and searched, and what is kept and found of them."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

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


Sureness = Literal["readily", "measured", "sure"]
"""From how likely an answer on something is quoted: more readily than measured best, as measured, or only when sure."""
SURENESS: tuple[Sureness, ...] = ("readily", "measured", "sure")


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are found: how many are given to the answer, the dense share (None: the embedding's own), whether
    the reader looks through what was found, and how sure it has to be that something in it answers."""

    passages: int = 6
    dense_weight: float | None = None
    reader: bool = True
    sureness: Sureness = "measured"


Origin = Literal["", "added", "pair"]
"""What a passage is: a span of a document; the owner's own, in no document; or the answer of a question and answer."""


class Patch(NamedTuple):
    """Words of the owner's own in a passage, at ``start:end`` (as ``rows``), in place of ``document.text[first:last]``.

    An empty ``start:end`` is where words were taken out.
    """

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document. ``text`` is ``document.text[start:end]``, the only part that is ever cited.

    Where the owner changed words of it, ``text`` has those, and ``patches`` say where; ``rows``, ``page_breaks`` and
    ``heading_spans`` then count on from ``start`` in ``text``. ``asked`` are questions that people ask for it, a line
    each: searched, never cited. ``alias_of`` is the ordinal of the passage that such a question stands for.

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
    patches: tuple[Patch, ...] = ()
    asked: str = ""
    alias_of: int | None = None
    origin: Origin = ""

    @property
    def search_text(self) -> str:
        """What is embedded and searched: the context in front, then the passage; of an alias what people ask."""
        return _search_text(self)


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

    ``page`` is that of its first character; all from ``table_header`` on is as in Passage.
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
    patches: tuple[Patch, ...] = ()
    asked: str = ""
    alias_of: int | None = None
    origin: Origin = ""

    @property
    def search_text(self) -> str:
        """What is embedded and searched, as in Passage."""
        return _search_text(self)

    def page_at(self, offset: int) -> int | None:
        """Return the page on which the document's character at ``offset`` stands; None where there are no pages."""
        return None if self.page is None else self.page + bisect_right(self.page_breaks, offset)


def _search_text(passage: Passage | StoredPassage) -> str:
    if passage.alias_of is not None:
        return passage.asked
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def asked_besides(passage: Passage | StoredPassage) -> list[str]:
    """Return what people ask for a passage besides the question that it is the answer of."""
    questions = passage.asked.split("\n") if passage.asked else []
    return questions[1:] if passage.origin == "pair" else questions


def document_place(passage: Passage | StoredPassage, start: int, end: int) -> tuple[int, int, bool]:
    """Return where ``passage.text[start:end]`` stands in the document, and whether words of the owner's are in it.

    Those stand where the words stood that they took the place of.
    """
    begin, stop = passage.start + start, passage.start + end
    first, last, edited = begin, stop, False
    for patch in passage.patches:
        if begin >= patch.end:
            first = patch.last + begin - patch.end
        elif begin >= patch.start:
            first = patch.first
        if stop > patch.end:
            last = patch.last + stop - patch.end
        elif stop > patch.start:
            last = patch.last
        empty = patch.start == patch.end
        edited = edited or (begin < patch.end and stop > patch.start) or (empty and begin < patch.start < stop)
    return first, last, edited


@dataclass(frozen=True, slots=True)
class StoreHit:
    """A passage as a store found it: cosine similarity in [-1, 1] and BM25 score; None where that part missed it."""

    passage: StoredPassage
    similarity: float | None = None
    lexical: float | None = None

"""The value types that travel between the stages: load, chunk, embed, store, retrieve, answer."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from pydantic import SecretStr

BlockKind = Literal["heading", "paragraph", "list", "table", "furniture"]
PageWord = Literal["page", "slide", "sheet", "chapter", "mail", ""]
BUILT_IN_EMBEDDING = "wordllama-256"
BUILT_IN_DIMENSION = 256


class StoreName(StrEnum):
    """The stores that passages can be kept in."""

    LANCEDB = "lancedb"
    WEAVIATE = "weaviate"


class BuildState(StrEnum):
    """What has become of a build of an index: being filled, answering, kept for a day, or removed."""

    BUILDING = "building"
    LIVE = "live"
    OLD = "old"
    GONE = "gone"


class JobState(StrEnum):
    """How a job stands in the queue."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class JobKind(StrEnum):
    """What a job does: read a version, forget a source's passages, fill a build of an index, compare it, prepare the
    sources for questions in other languages."""

    READ = "read"
    FORGET = "forget"
    REBUILD = "rebuild"
    CHECK = "check"
    LANGUAGES = "languages"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document's canonical text, as the reader of the original would see it.

    ``start`` and ``end`` are character offsets in ``Document.text``. ``page`` counts from 1 (page, slide, sheet,
    chapter or mail) and is None where the format has none. ``level`` is a heading's depth from 1, else 0. A table's
    ``rows`` are the offsets of its rows, its header row first; ``header`` is that first row as text, cells joined by
    " | " (empty where the table has no header row; where it goes on from the page before, the header row there).
    "furniture" is repeated page headers and footers: kept in the text, never searched.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int = 0
    header: str = ""
    rows: tuple[tuple[int, int], ...] = ()


class Shortfall(NamedTuple):
    """What of a file was not read, or read with doubt, in a true sentence; what the owner can do (may be empty)."""

    what: str
    remedy: str = ""


class WordBox(NamedTuple):
    """Where a recognised word stands: ``start`` and ``end`` in the document's text, its box in points of its page.

    The box is measured from the lower left corner of the page as it is shown. A word broken at a line's end has two.
    ``confidence``, 0 to 1, is how sure its letters are.
    """

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float
    confidence: float = 1.0


def as_shortfalls(kept: Iterable[str | Sequence[str]]) -> tuple[Shortfall, ...]:
    """Return shortfalls from JSON: lists of both sentences, or, as once kept, the first alone."""
    return tuple(Shortfall(each) if isinstance(each, str) else Shortfall(*each) for each in kept)


class Attachment(NamedTuple):
    """A file that hangs on another one, such as an e-mail: its name there, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: one canonical string and the blocks that lie in it, in order, never overlapping.

    For plain text, Markdown and CSV ``text`` is the decoded file, character for character, so offsets are the file's;
    only the tags of HTML tables in Markdown are blanks, line breaks and bars in it, as many as they have characters.
    ``kind`` is what the bytes are ("pdf", "docx", …), whatever the name says. ``page_names`` names sheets and slides
    where they have names; ``page_starts`` are the offsets in ``text`` at which page 1, 2, … begin (empty where the
    format has no pages). ``language`` is a two-letter code or empty. ``warnings`` say what was not read.
    ``attachments`` are the files within this one: handed over by ``load``, kept nowhere with the text.
    ``word_boxes`` are those of the words that were recognised in pictures of pages, in order.
    """

    text: str
    blocks: tuple[Block, ...]
    kind: str
    title: str = ""
    page_count: int | None = None
    page_word: PageWord = ""
    page_names: tuple[str, ...] = ()
    page_starts: tuple[int, ...] = ()
    language: str = ""
    warnings: tuple[Shortfall, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    word_boxes: tuple[WordBox, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page, from 1, on which the character at ``offset`` stands; None where the format has none."""
        if self.page_starts:
            return max(bisect_right(self.page_starts, offset), 1)
        index = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[index].page if index >= 0 else None


@dataclass(frozen=True, slots=True)
class CutSettings:
    """How documents are cut into passages; sizes in characters. Defaults measured in docs/architecture.md."""

    size: int = 1600
    overlap: int = 200


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


@dataclass(frozen=True, slots=True)
class ExactThing:
    """A thing that a question names letter for letter: as it is written there, and the terms it is found by.

    What does not hold it whole does not answer; a date alone may be missing ("Are you open on 24 December?").
    """

    written: str
    terms: tuple[str, ...]
    kind: Literal["code", "mail", "phone", "section", "date"]

    @property
    def needed(self) -> bool:
        """Whether nothing answers that does not hold it."""
        return self.kind != "date"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, analysed once by ``core.text.read_question`` and handed on to search, quotes and checks.

    ``text`` is what was typed, ``alone`` says the same without the conversation before it. ``languages`` are those of
    the sources; ``terms`` the search terms of ``understood``, each once, in order; ``words`` its words that carry
    meaning, each with the terms it may stand as; ``others`` what may stand for them besides and is searched too.
    ``exact`` are the codes, numbers and dates it names. ``corrected`` says for a mistyped word what it was taken for,
    and ``understood`` is ``alone`` with those in place. ``read_as`` is the vocabulary it was read with.
    """

    text: str
    alone: str
    languages: tuple[str, ...]
    terms: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...] = ()
    exact: tuple[ExactThing, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=dict)
    understood: str = ""
    read_as: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. ``score`` orders hits; ``coverage`` is the idf-weighted share of the question's
    terms found in it, 0 to 1; ``similarity`` is cosine or None; ``reading`` the log-odds that something in it answers,
    None where the reader did not read it. ``language`` is that of the passage where the question is in another one,
    ``asked_in``; ``reading`` then comes from meaning alone."""

    passage: StoredPassage
    source_name: str
    score: float
    similarity: float | None = None
    lexical: float | None = None
    coverage: float = 0.0
    reading: float | None = None
    language: str = ""
    asked_in: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Marker ``[number]`` of an answer: the span of a source's text that says it.

    ``quote`` is the source's words at ``start:end`` of the version's canonical text. ``supported`` is False where the
    sentence that cites it was not found to be borne out by the passage. ``spans`` are the words that answer, where they
    are known: offsets in the paragraph of the answer's text that bears the marker, in order and apart.
    ``language`` is the quote's where the question was in another one, ``asked_in``; both are empty else.
    """

    number: int
    source_id: str
    version_id: str
    source_name: str
    page: int | None
    start: int
    end: int
    quote: str
    passage_start: int
    passage_end: int
    supported: bool = True
    spans: tuple[tuple[int, int], ...] = ()
    language: str = ""
    asked_in: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and where each part of it stands: quoted word for word, written by a model, or nothing fits.

    "talk" answers what was no question to the sources: a greeting, thanks. Where nothing fits, ``looked_for`` holds the
    words that were searched, as typed, and ``near`` up to three questions near it that the sources answer. ``language``
    is the two-letter code of the words to put around these.
    ``understood`` are the words that mistyped ones of the question were taken for.
    """

    text: str
    kind: Literal["quotes", "written", "unknown", "talk"]
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    question: str = ""
    stopped_early: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    looked_for: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    language: str = ""
    understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in the conversation before the question."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Voice:
    """How an assistant speaks. ``closeness``: "strict" answers only from the sources, "balanced" may explain them,
    "open" may add general knowledge and says so."""

    name: str = ""
    tone: Literal["friendly", "professional", "plain", "warm"] = "friendly"
    length: Literal["short", "medium", "long"] = "medium"
    language: str = "visitor"
    closeness: Literal["strict", "balanced", "open"] = "strict"
    rules: str = ""
    greeting: str = "Hello. Ask me anything about our documents."
    unknown: str = "I don't know: I found nothing about this in the documents."


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenAI-compatible service. ``api_key`` may be empty (local servers), so may the models (not chosen yet)."""

    base_url: str
    api_key: "SecretStr"
    chat_model: str
    embedding_model: str = ""

"""What is asked, what is answered, in which voice, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.schema.passages import StoredPassage


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
    ``own_words`` for one of the owner's what the documents call it; ``understood`` is ``alone`` with those in place.
    ``read_as`` is the vocabulary it was read with.
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
    own_words: Mapping[str, str] = field(default_factory=dict)
    read_as: Any = field(default=None, compare=False, repr=False)

    @property
    def meant(self) -> str:
        """``alone`` as the documents say it: in what the owner's words stand for, where it holds some."""
        return self.understood if self.own_words else self.alone


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. ``score`` orders hits; ``coverage`` is the idf-weighted share of the question's
    terms found in it, 0 to 1; ``similarity`` is cosine or None; ``reading`` the log-odds that something in it answers,
    None where the reader did not read it. ``language`` is that of the passage where the question is in another one,
    ``asked_in``; ``reading`` then comes from meaning alone. ``preferred``: its owner wants its source quoted before
    others that say something else."""

    passage: StoredPassage
    source_name: str
    score: float
    similarity: float | None = None
    lexical: float | None = None
    coverage: float = 0.0
    reading: float | None = None
    language: str = ""
    asked_in: str = ""
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """Marker ``[number]`` of an answer: the span of a source's text that says it.

    ``quote`` is the source's words at ``start:end`` of the version's canonical text. ``supported`` is False where the
    sentence that cites it was not found to be borne out by the passage. ``spans`` are the words that answer, where they
    are known: offsets in the paragraph of the answer's text that bears the marker, in order and apart. ``added`` is
    True where the model named no place, and this one was found for its sentence afterwards.
    ``edited`` says that the owner wrote words of the quote: "changed", in place of those at ``start:end``; "added", in
    no document.
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
    added: bool = False
    edited: Literal["", "changed", "added"] = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and where each part of it stands: quoted word for word, written by a model, or nothing fits.

    "talk" answers what was no question to the sources: a greeting, thanks. Where nothing fits, ``looked_for`` holds the
    words that were searched, as typed, and ``near`` up to three questions near it that the sources answer. ``language``
    is the two-letter code of the words to put around these.
    ``understood`` are the words that mistyped ones of the question were taken for. ``thoughts`` is what the model
    thought before it answered, as it sent it. ``note`` says what else is to be known of it: that a model wrote what the
    documents do not say. ``spent`` is what the model's service takes for it, in micro-euros; None where no model was
    asked, or nobody knows its price.
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
    thoughts: str = ""
    note: str = ""
    spent: int | None = None


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of what a model thinks while it answers: no part of the answer. An empty ``text`` says: it still thinks.

    ``all_before`` is True where the pieces of answer that came before turned out to be thought, too.
    """

    text: str = ""
    all_before: bool = False


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

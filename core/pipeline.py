"""One way through: puts an assistant's settings, sources, store and models together for every question."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, cast

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from core.answer import UNKNOWN_ROOM, Room, ask, room_for, system_prompt
from core.assistants import assistants, index_builds, source_order, voices
from core.assistants.provider_settings import FALLBACK, WRITES, keep_traits, provider
from core.database import Source, Version, now, session
from core.embed import embedding_info
from core.errors import AnswerbookError, ModelError, StoreError
from core.index import (
    BROKEN,
    count_is_due,
    fill_at_once,
    has_lost_passages,
    request_repair,
    vector_folder,
    vocabulary_of,
)
from core.log import log_failure
from core.metering import Bill, metered
from core.model_connection import embeddings_of
from core.provider import chat_model, traits_of
from core.retrieve import LanguageRetriever, SourceInfo, Trace, fits
from core.schema import Answer, Hit, Provider, SearchSettings, Sureness, Thought, Turn, Voice
from core.store import store_named
from core.text import asked_in, preparing_note, read_question, stand_in_note

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


REST_SECONDS = 60.0  # so long a model that failed is not asked while another stands in for it
LOOKS = 3  # sources that are replaced faster than they are searched must not keep a question for ever
REMEMBERED = 32  # assistants whose sources are kept in memory between two questions
_failed: dict[Provider, float] = {}  # when a provider failed last, by the clock of this process


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The sources that answer, what they were read from, and from when to when that holds: a day that begins or ends
    may change which answer."""

    line: str
    sources: dict[str, SourceInfo]
    since: datetime
    until: datetime | None

    def holds(self, line: str, moment: datetime) -> bool:
        return self.line == line and self.since <= moment and (self.until is None or moment < self.until)


_remembered: dict[str, _Remembered] = {}  # by assistant


@dataclass(frozen=True, slots=True)
class Traced:
    """A question as the chat searches it. ``trace.hits`` are the chat's; ``answer`` is its answer without a model.

    ``names`` are the sources' names by id; ``search`` and ``dense_weight`` are the settings in use. ``by_model``: a
    model writes the chat's answers from the hits, else they are quotes, as ``answer`` is.
    """

    trace: Trace
    answer: Answer
    names: Mapping[str, str]
    search: SearchSettings
    dense_weight: float
    by_model: bool


class _SteadyRetriever(LanguageRetriever):
    """Searches once more where a version was replaced between the look at the sources and the search in the store.

    The passages of the replaced version are gone by then, and those of the new one were not expected yet.
    """

    def find(self, text: str, limit: int | None = None) -> list[Hit]:
        """Return hits of versions that still answer when the search is over; see PassageRetriever.

        Raises StoreError (code "mending") where the index is damaged: it is being put right then.
        """
        try:
            hits = self._steadily_found(text, limit)
        except StoreError as error:
            if error.code == "damaged" or (error.code in BROKEN and self._has_lost_passages()):
                raise request_repair(self.scope.assistant_id) from error
            raise
        suits = fits(read_question(text, self.languages, vocabulary=self.vocabulary), hits)
        if (not suits or count_is_due(index_builds.live_build(self.scope.assistant_id))) and self._has_lost_passages():
            repair = request_repair(self.scope.assistant_id)
            if not suits:
                raise repair  # what was asked may well stand in the passages that are missing
        if self.trace is not None:
            self.trace.hits = hits
        return hits

    def _has_lost_passages(self) -> bool:
        return has_lost_passages(index_builds.live_build(self.scope.assistant_id))

    def _steadily_found(self, text: str, limit: int | None) -> list[Hit]:
        for _ in range(LOOKS):
            if self.trace is not None:
                self.trace.begin()
            hits = super().find(text, limit)
            current = _source_infos(self.scope.assistant_id)
            if current is self.sources or _versions(current) == _versions(self.sources):
                break
            now = retriever(self.scope.assistant_id)
            self.store, self.scope, self.embeddings, self.sources = now.store, now.scope, now.embeddings, now.sources
            self.vocabulary = now.vocabulary
            self.vectors, self.fill = now.vectors, now.fill
        return hits


def _versions(sources: Mapping[str, SourceInfo]) -> dict[str, str]:
    return {source.id: source.version_id for source in sources.values()}


def retriever(assistant_id: str) -> LanguageRetriever:
    """Return the retriever of an assistant as it stands now. Raises NotFound, StoreError, ModelError."""
    assistant = assistants.assistant(assistant_id)
    build = index_builds.live_build(assistant_id)
    search = assistants.search_settings(assistant)
    default = embedding_info(build.embedding).dense_weight
    sources = _source_infos(assistant_id)
    return _SteadyRetriever(
        store=store_named(build.store),
        scope=index_builds.scope_of(build),
        embeddings=embeddings_of(build.embedding),
        dense_weight=default if search.dense_weight is None else search.dense_weight,
        settings=search,
        sources=sources,
        vocabulary=vocabulary_of(assistant_id, sources),
        vectors=vector_folder(build),
        fill=partial(fill_at_once, build),
    )


def _source_infos(assistant_id: str) -> dict[str, SourceInfo]:
    """The sources that may answer, each with the version that is current: what is not here is never shown.

    The database is asked for every question, in one statement that gives one line; their rows are read again only where
    a source came, went, was renamed, has another version or stands otherwise (``order_mark``), or a day of one begins
    or ends. What a version says of itself does not change any more.
    """
    has_version = col(Source.version_id) != ""
    answering = (col(Source.assistant_id) == assistant_id, col(Source.deleted_at).is_(None), has_version)
    moment = now()
    with session() as db:
        line = col(Source.id) + col(Source.version_id) + col(Source.order_mark) + " " + col(Source.name) + "\n"
        lines = select(line.label("line"))
        ordered = lines.where(*answering).order_by(col(Source.id)).subquery()
        as_of = db.exec(select(func.aggregate_strings(ordered.c.line, ""))).one() or ""
        known = _remembered.get(assistant_id)
        if known is None or not known.holds(as_of, moment):
            known = _read_sources(db, assistant_id, answering, moment)
            if len(_remembered) >= REMEMBERED:
                _remembered.clear()
            _remembered[assistant_id] = known
    return known.sources


def _read_sources(
    db: Session, assistant_id: str, answering: Sequence[ColumnElement[bool]], moment: datetime
) -> _Remembered:
    columns = (Source.id, Source.name, Version.id, Version.title, Version.language, Version.identity, Source.order_mark)
    chosen = columns_of(*map(col, columns)).join(Version, col(Version.id) == col(Source.version_id)).where(*answering)
    rows = sorted(db.execute(chosen).all(), key=lambda row: str(row[0]))  # rows, and no objects around them
    # After the rows: what changes in between gives another line for the next question, which then reads again.
    stand = source_order.standings(db, assistant_id, moment)
    # Of what was read, and not of what was there a moment before: so the two can never part.
    line = "".join(f"{row[0]}{row[2]}{row[6]} {row[1]}\n" for row in rows)
    answer = [row[:6] for row in rows if row[0] not in stand.rests]
    sources = {row[0]: replace(SourceInfo(*row), preferred=row[0] in stand.preferred) for row in answer}
    return _Remembered(line, sources, moment, stand.until)


def answering_version(assistant_id: str, source_id: str) -> str:
    """Return the version of a source that questions find now; "" where none does, whatever keeps it back."""
    source = _source_infos(assistant_id).get(source_id)
    return source.version_id if source else ""


@lru_cache(maxsize=4)
def _model(provider: Provider) -> "BaseChatModel":
    """Keep the model between questions: making one loads certificates, which takes as long as a search."""
    return chat_model(provider)


def _room(provider: Provider, model: "BaseChatModel") -> Room:
    """Return what a model takes at once, by what its provider's test found out and what it told since."""
    return room_for(replace(provider, traits=traits_of(model) or provider.traits))


def full_prompt(voice: Voice) -> str:
    """Return what the model in use is told before each question; one with a small window is told less."""
    try:
        service = provider()
    except AnswerbookError:  # the saved key cannot be read any more, which the page says elsewhere
        service = None
    return system_prompt(voice, room_for(service) if service else UNKNOWN_ROOM)


def search(assistant_id: str, question: str, limit: int | None = None) -> list[Hit]:
    """Find the passages for a question, best first: the same search as in chat."""
    return retriever(assistant_id).find(question, limit)


def answer(
    assistant_id: str,
    question: str,
    *,
    history: Sequence[Turn] = (),
    draft: Voice | None = None,
    asker: str = "owner",
    retried: Callable[[ModelError], None] = lambda error: None,
) -> Iterator[str | Thought | Answer]:
    """Answer a question as the assistant (or as a draft of its voice): pieces of text as they come, then the Answer.

    A Thought says that the model thinks; with ``all_before`` the pieces that came are no answer.
    ``retried`` hears why a model is asked again before its first word: code "loading" says that it still loads.
    Where the model fails before its first word, the one that stands in for it answers, and the answer says so. How a
    model turned out to want to be asked is kept. Each request to a model is held to what may be spent; ``asker``
    (owner, visitor or key) is noted with its cost. Where no more may be spent the answer is quotes, and says so. Raises
    NotFound, StoreError, ModelError.
    """
    first, stand_in = _answering(provider()), _answering(_stand_in())
    asked = partial(_answer, assistant_id, question, history, draft, retried, asker, Bill())
    if first is None or stand_in is None or not _rests(first):
        came = False
        try:
            for piece in asked(first, WRITES):
                came = came or isinstance(piece, Answer) or (isinstance(piece, str) and bool(piece))
                yield piece
            return
        except ModelError as error:
            if came or first is None or stand_in is None:
                raise
            log_failure("provider.failed_over", error)
            _failed[first] = time.monotonic()
    for piece in asked(stand_in, FALLBACK):
        yield _told_who_wrote(piece, stand_in) if isinstance(piece, Answer) else piece


def _answering(service: Provider | None) -> Provider | None:
    """Return a provider if it has a model that writes answers; one may be set up for search alone."""
    return service if service is not None and service.chat_model.strip() else None


def _stand_in() -> Provider | None:
    """Return the model that answers where the first fails; one whose key cannot be read here stands in for nothing."""
    try:
        return provider(FALLBACK)
    except AnswerbookError as error:
        if error.code != "vault":
            raise
        log_failure("fallback.key_not_read", error)
        return None


def _rests(service: Provider) -> bool:
    """Say whether a provider failed a moment ago: its stand-in is asked at once then, not after another wait."""
    return time.monotonic() - _failed.get(service, -REST_SECONDS) < REST_SECONDS


def _told_who_wrote(answer: Answer, stand_in: Provider) -> Answer:
    """Say below an answer that the model that stands in has written it."""
    if answer.kind != "written":
        return answer
    language = asked_in(answer.text) or asked_in(answer.question)
    return replace(answer, text=f"{answer.text}\n\n{stand_in_note(stand_in.chat_model, language)}")


def _answer(
    assistant_id: str,
    question: str,
    history: Sequence[Turn],
    draft: Voice | None,
    retried: Callable[[ModelError], None],
    asker: str,
    bill: Bill,
    service: Provider | None,
    role: str,
) -> Iterator[str | Thought | Answer]:
    model = _model(service) if service else None
    room = _room(service, model) if service and model else UNKNOWN_ROOM
    passages, to_quote = _retrievers(assistant_id, reads_itself=model is not None and not room.is_small)
    pieces = _asking(assistant_id, passages, to_quote, draft)(
        question,
        retriever=passages,
        history=history,
        model=metered(model, service, assistant_id, asker, bill) if model and service else None,
        room=room,
        retried=retried,
    )
    try:
        with closing(cast("Generator[str | Thought | Answer]", pieces)) as answering:
            for piece in answering:
                yield _completed(piece, passages.preparing, bill) if isinstance(piece, Answer) else piece
    finally:
        if service and model:
            _keep_learned(service, model, role)


def _retrievers(assistant_id: str, *, reads_itself: bool) -> tuple[LanguageRetriever, LanguageRetriever]:
    """Return what finds the passages that are answered from, and what finds those that are quoted."""
    to_quote = retriever(assistant_id)
    if not reads_itself:
        return to_quote, to_quote
    # Of ten passages a model reads all itself: which of them comes first is not worth .3 s before it is asked.
    return to_quote.model_copy(update={"settings": replace(to_quote.settings, reader=False)}), to_quote


def _asking(
    assistant_id: str, passages: LanguageRetriever, to_quote: LanguageRetriever, draft: Voice | None = None
) -> Callable[..., Iterator[str | Thought | Answer]]:
    """Return ``ask`` for an assistant, with all but what this question is asked with."""
    return partial(
        ask,
        voice=draft or voices.voice(assistant_id),
        embeddings=passages.embeddings,
        languages=passages.languages,
        vocabulary=passages.vocabulary,
        neighbours=passages.neighbours,
        found=lambda text: passages.found(text, passages.settings.passages),
        suggested=assistants.assistant(assistant_id).suggested,
        reader=to_quote.settings.reader,
        sureness=to_quote.settings.sureness,
        to_quote=to_quote,
    )


def traced(assistant_id: str, question: str) -> Traced:
    """Search for a question as the chat does at the beginning of a conversation, and keep what the search finds out.

    No model is asked. Raises NotFound, StoreError, ModelError.
    """
    service = _answering(provider())
    room = _room(service, _model(service)) if service else UNKNOWN_ROOM
    passages, to_quote = _retrievers(assistant_id, reads_itself=service is not None and not room.is_small)
    asking, trace = _asking(assistant_id, passages, to_quote), Trace()
    pieces = asking(question, retriever=passages.model_copy(update={"trace": trace}))
    if passages is not to_quote:  # what a model is given is searched in another way than what is quoted
        *_, _ = pieces
        pieces = asking(question, retriever=to_quote)
    *_, answer = pieces
    names = {source.id: source.name for source in passages.sources.values()}
    return Traced(trace, cast("Answer", answer), names, passages.settings, passages.dense_weight, service is not None)


def answers_at(assistant_id: str, question: str, sureness: Sureness) -> bool:
    """Tell whether a question would be answered with quotes if the assistant had to be so sure, and not otherwise.

    Raises NotFound, StoreError, ModelError.
    """
    _, to_quote = _retrievers(assistant_id, reads_itself=False)
    *_, answer = _asking(assistant_id, to_quote, to_quote)(question, retriever=to_quote, sureness=sureness)
    return cast("Answer", answer).kind != "unknown"


def _keep_learned(service: Provider, model: "BaseChatModel", role: str) -> None:
    """Keep how a model turned out to want to be asked; an answer is worth showing where that cannot be kept."""
    found = traits_of(model)
    if found is None or found == service.traits:
        return
    try:
        keep_traits(service, found, role)
    except AnswerbookError as error:
        log_failure("provider.not_learned", error)


def _completed(answer: Answer, preparing: str, bill: Bill) -> Answer:
    """Say what an answer cost, and below it that the sources are still being prepared for its language."""
    answer = replace(answer, spent=bill.spent)
    return replace(answer, text=f"{answer.text}\n\n{preparing_note(preparing)}") if preparing else answer

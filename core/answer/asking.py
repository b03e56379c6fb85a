"""Question in, answer out: streamed, cited, checked; written by a model, or quoted word for word without one."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig

from core.answer.borne_out import borne_out, over_limit
from core.answer.by_key import quotes_by_key
from core.answer.chain import Neighbours, hits_for, passages_link, search_chain, shortened, writing_chain
from core.answer.cite import check_citations
from core.answer.comparison import compared, quotes_of_both
from core.answer.contact import contact_lines, contact_queries
from core.answer.frame import instructions_of, without_frame
from core.answer.in_english import as_asked, in_english_words
from core.answer.near import looked_for, near_questions
from core.answer.not_there import not_there
from core.answer.off_topic import is_off_topic
from core.answer.prompt import system_prompt
from core.answer.quote import answer_of, quoted_answer
from core.answer.refusal import says_unknown
from core.answer.room import UNKNOWN_ROOM, Room
from core.answer.safe_markdown import safe_markdown
from core.answer.showing import shown
from core.answer.small_talk import SmallTalk, reply_language, small_talk
from core.answer.small_talk_replies import words_around
from core.answer.table_reading import TableAnswer, asks_for_an_end, table_answers
from core.answer.whole_tables import with_rest_of_tables
from core.errors import OVER_LIMIT, ModelError
from core.log import log_failure
from core.provider import stream_text
from core.reader import read
from core.retrieve import fits, missing_things, none_answers
from core.schema import Answer, Hit, Question, StoredPassage, Sureness, Thought, Turn, Voice
from core.text import Vocabulary, as_typed, read_question

QUESTION_CHARACTERS = 4_000
NEAR = 3  # questions that are offered
MOST_READ_NEAR = 8  # candidates that tell whether one of them is answered
Found = Callable[[str], Sequence[Hit]]
"""A text in, the hits for it out, best first."""
Retried = Callable[[ModelError], None]


def ask(
    question: str,
    *,
    retriever: BaseRetriever,
    voice: Voice,
    history: Sequence[Turn] = (),
    model: BaseChatModel | None = None,
    embeddings: Embeddings | None = None,
    languages: Sequence[str] = (),
    vocabulary: Vocabulary | None = None,
    neighbours: Neighbours | None = None,
    found: Found | None = None,
    suggested: Sequence[str] = (),
    reader: bool = True,
    sureness: Sureness = "measured",
    room: Room = UNKNOWN_ROOM,
    to_quote: BaseRetriever | None = None,
    config: RunnableConfig | None = None,
    retried: Retried = lambda error: None,
) -> Iterator[str | Thought | Answer]:
    """Answer a question: pieces of text as a model writes them, then the finished Answer as the last item.

    The pieces are safe to show as Markdown at every moment, and empty while the model is waited for; the Answer's text
    replaces them. What no model writes comes at once, as the Answer alone: quotes are no Markdown. Without a model it
    is quotes, for which ``embeddings`` add closeness in meaning. ``languages`` are those of the sources, ``vocabulary``
    their words; ``neighbours`` widens what the model is given; ``found`` is a quicker search for what is asked beside
    the question; ``suggested`` are the owner's questions, offered where nothing fits; ``reader``: its model chooses the
    quotes; ``sureness``: from how likely an answer on something is quoted; ``room`` is what the model takes at once;
    ``to_quote`` finds what is quoted where a model's answer is not shown. Where a model breaks off,
    ``Answer.stopped_early`` says why. A Thought says that the model thinks. ``retried`` hears why the model is asked
    again (code "loading": it still loads). Closing the generator ends the request. Raises StoreError, ModelError.
    """
    begun = time.monotonic()
    typed = question.strip()[:QUESTION_CHARACTERS]

    def look(text: str) -> Sequence[Hit]:
        if found is not None:
            return found(text)
        return hits_for(read_question(text, languages, vocabulary=vocabulary), retriever, config)

    if said := small_talk(typed, voice, history=history, languages=languages):
        yield from _timed(iter([_talk(typed, said, look, languages, suggested)]), begun, {})
        return
    writer = model if room.rewrites else None
    searching = search_chain(retriever, model=writer, languages=languages, vocabulary=vocabulary)
    values = searching.invoke({"question": typed, "history": tuple(history)}, config)
    seconds = {"search": time.monotonic() - begun}

    def quoted() -> Answer:
        asked = values["question"]
        hits = hits_for(asked, to_quote, config) if model and to_quote else values["hits"]
        return _quoted(asked, hits, voice, embeddings, look, neighbours, reader, sureness)

    def completed(answer: Answer) -> Answer:
        if answer.kind != "unknown":
            return replace(answer, understood=_understood(values["question"]))
        return _with_near(answer, values, voice, suggested, look, embeddings, reader, sureness)

    pieces = _answering(values, model, voice, neighbours, room, config, quoted, retried)
    yield from _timed(pieces, begun, seconds, completed)


def _understood(asked: Question) -> tuple[str, ...]:
    """Return the words that mistyped ones were taken for."""
    return tuple(word for word in asked.corrected.values() if word in asked.words)


def _answering(
    values: dict[str, Any],
    model: BaseChatModel | None,
    voice: Voice,
    neighbours: Neighbours | None,
    room: Room,
    config: RunnableConfig | None,
    quoted: Callable[[], Answer],
    retried: Retried,
) -> Iterator[str | Thought | Answer]:
    """Quote without a model, say what nothing was found of, or let the model write."""
    if model is None:
        yield quoted()
    elif _clearly_nothing(values["question"], values["hits"], voice):
        yield _unknown(values["question"], values["hits"], voice)
    else:
        given = passages_link(voice, neighbours, room).invoke(values, config)
        yield from _written(given, model, voice, room, config, quoted, retried)


def _talk(
    typed: str,
    said: SmallTalk,
    look: Found,
    languages: Sequence[str],
    suggested: Sequence[str],
) -> Answer:
    """Answer small talk; whoever asks for a person gets the lines of the sources that say how to reach one."""
    if said.kind != "person":
        near = tuple(suggested[:NEAR]) if said.kind == "can" else ()
        return Answer(said.text, "talk", question=typed, near=near, language=said.language)
    hits: dict[str, Hit] = {}
    for query in contact_queries((*languages, said.language)):
        for hit in look(query):
            hits.setdefault(hit.passage.id, hit)
    lines = contact_lines(tuple(hits.values()), languages)
    words = words_around(said.language)
    citations = tuple(replace(line, number=number) for number, line in enumerate(lines, 1))
    quotes = [f"“{' '.join(citation.quote.split())}” [{citation.number}]" for citation in citations]
    text = "\n\n".join([f"{said.text} {words.details if quotes else words.no_details}", *quotes])
    return Answer(text, "talk", citations, question=typed, language=said.language)


def _with_near(
    answer: Answer,
    values: Mapping[str, Any],
    voice: Voice,
    suggested: Sequence[str],
    look: Found,
    embeddings: Embeddings | None,
    reader: bool,
    sureness: Sureness,
) -> Answer:
    """Add what was looked for and the questions near it that the sources answer."""
    question: Question = values["question"]

    def answered(text: str) -> bool:
        asked, hits = read_question(text, question.languages, vocabulary=question.read_as), look(text)
        if not fits(asked, hits, sureness):
            return False
        reading = read(asked, hits, with_model=reader, most=MOST_READ_NEAR)
        return not reading.by_model or reading.fit.max(initial=-np.inf) >= none_answers(sureness)

    near = near_questions(
        question,
        answer.hits,
        answered=answered,
        suggested=suggested,
        asked=[turn.text for turn in values["history"] if turn.role == "user"],
        embeddings=embeddings,
    )
    language = reply_language(question.text, voice, question.languages)
    return replace(answer, looked_for=looked_for(question), near=near, language=language)


def _timed(
    pieces: Iterator[str | Thought | Answer],
    begun: float,
    seconds: dict[str, float],
    completed: Callable[[Answer], Answer] = lambda answer: answer,
) -> Iterator[str | Thought | Answer]:
    """Pass pieces on, and complete the Answer and note the times in it."""
    for piece in pieces:
        if piece and "first_token" not in seconds and not isinstance(piece, Thought):
            seconds["first_token"] = time.monotonic() - begun
        if isinstance(piece, Answer):
            piece = completed(piece)
            seconds["total"] = time.monotonic() - begun
            piece = replace(piece, seconds={name: round(value, 3) for name, value in seconds.items()})
        yield piece


def _clearly_nothing(question: Question, hits: Sequence[Hit], voice: Voice) -> bool:
    """Tell whether asking the model would be a waste: it may only use the passages, and none is of what is named."""
    return voice.closeness != "open" and (not hits or bool(_missing(question, hits)))


def _unknown(question: Question, hits: Sequence[Hit], voice: Voice) -> Answer:
    missing = _missing(question, hits)
    text = f"{not_there(question.text, missing)} {voice.unknown}" if missing else voice.unknown
    return Answer(text, "unknown", hits=tuple(hits), question=question.text)


def _missing(question: Question, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return what the question itself names, and not the one before it, and no hit holds."""
    return missing_things(as_typed(question), hits)


def _quoted(
    question: Question,
    hits: Sequence[Hit],
    voice: Voice,
    embeddings: Embeddings | None,
    look: Found,
    neighbours: Neighbours | None,
    reader: bool,
    sureness: Sureness,
) -> Answer:
    if is_off_topic(question.text):
        return _unknown(question, hits, voice)
    missing = _missing(question, hits)
    things = None if missing else compared(question.understood)
    tables: list[TableAnswer] = []
    english, plain = in_english_words(question, hits)
    if not missing and not things:
        whole = with_rest_of_tables(hits, neighbours) if neighbours and asks_for_an_end(english) else hits
        tables = table_answers(english, whole, look)
    if not tables and not things and question.alone != question.text:  # it may say all that a table needs by itself
        tables = table_answers(as_typed(question), look(question.text), look)

    def quoted(embeddings: Embeddings | None) -> Answer:
        if things:
            both, chosen = quotes_of_both(question, things, hits, look, embeddings=embeddings, reader=reader)
            if chosen:
                return answer_of(question, both, chosen)
        if reader and not tables and not missing:
            both, chosen = quotes_by_key(english, plain, look, embeddings=embeddings, sureness=sureness)
            if chosen:
                return answer_of(question, as_asked(both, hits), chosen)
        if not tables and not any(fits(asked, hits, sureness) for asked in (question, as_typed(question))):
            return _unknown(question, hits, voice)
        return quoted_answer(question, hits, voice=voice, embeddings=embeddings, tables=tables, reader=reader)

    try:
        return quoted(embeddings)
    except ModelError as error:  # only the closeness in meaning is missing then, the words in common remain
        log_failure("quote.embedding_failed", error)
        return quoted(None)


def _written(
    values: dict[str, Any],
    model: BaseChatModel,
    voice: Voice,
    room: Room,
    config: RunnableConfig | None,
    quoted: Callable[[], Answer],
    retried: Retried,
) -> Iterator[str | Thought | Answer]:
    """Stream a model's answer, safe at every moment, then check it. Raises ModelError where not a word came.

    What is too long for the service all the same is asked once more with half of the passages. Where no more may be
    spent the Answer is quotes.
    """
    passages = values["passages"]
    # An address that stands in what the model was given may stand in the answer.
    sources = "\n".join(item.hit.passage.text for item in passages)
    written: list[str] = []
    thoughts: list[str] = []
    stopped_early = ""
    own = (voice.name, voice.rules, voice.unknown)
    try:
        pieces = stream_text(writing_chain(model, voice, room), values, config, retried=retried)
        freed = without_frame(pieces, instructions_of(system_prompt(voice, room), own), values["question"].text)
        with closing(cast("Generator[str | Thought]", freed)) as stream:
            yield from shown(_kept(stream, written, thoughts), sources, len(passages))
    except ModelError as error:
        if error.code == OVER_LIMIT:
            yield over_limit(error, quoted())
            return
        if not "".join(written).strip():
            shorter, room = shortened(values, model, voice, room, error)
            yield from _written(shorter, model, voice, room, config, quoted, retried)
            return
        stopped_early = str(error)
    answer = _checked(safe_markdown("".join(written), sources).strip(), values, voice, stopped_early)
    answer = answer if answer.kind != "written" else borne_out(answer, voice, quoted)
    yield replace(answer, thoughts="".join(thoughts).strip())


def _kept(pieces: Iterable[str | Thought], written: list[str], thoughts: list[str]) -> Iterator[str | Thought]:
    """Pass pieces on, and keep what is written and what was thought apart."""
    for piece in pieces:
        if isinstance(piece, Thought):
            if piece.all_before:
                thoughts += written
                written.clear()
            thoughts.append(piece.text)
        else:
            written.append(piece)
        yield piece


def _checked(text: str, values: dict[str, Any], voice: Voice, stopped_early: str) -> Answer:
    question, hits = values["question"], values["hits"]
    if not text or says_unknown(text, voice):
        return replace(_unknown(question, hits, voice), stopped_early=stopped_early)
    known = f"{question.text} {question.alone} {' '.join(question.own_words.values())}"
    text, citations = check_citations(
        text, values["passages"], known, question.languages, broke_off=bool(stopped_early)
    )
    # While it was written any passage might still be cited; a link stays where it stands in one that is.
    places = {(citation.version_id, citation.start) for citation in citations}
    cited = [item.hit.passage.text for item in values["passages"] if _holds(item.hit.passage, places)]
    text = safe_markdown(text, "\n".join(cited)).strip()
    return Answer(text, "written", citations, tuple(hits), question.text, stopped_early)


def _holds(passage: StoredPassage, places: Iterable[tuple[str, int]]) -> bool:
    end = max(passage.end, passage.start + 1)  # a passage of the owner's own has no extent in the document
    return any(version == passage.version_id and passage.start <= start < end for version, start in places)

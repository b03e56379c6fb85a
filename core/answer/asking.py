"""Question in, answer out: streamed, cited, checked; written by a model, or quoted word for word without one."""

import re
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig

from core.answer.chain import Neighbours, passages_link, search_chain, writing_chain
from core.answer.cite import check_citations, in_order, tidy_markers
from core.answer.not_there import not_there
from core.answer.quote import quoted_answer
from core.answer.safe_markdown import safe_markdown
from core.errors import ModelError
from core.log import log_failure
from core.provider import stream_text
from core.retrieve import fits, missing_things
from core.schema import Answer, Hit, Question, StoredPassage, Turn, Voice
from core.text import Vocabulary, as_typed

QUESTION_CHARACTERS = 4_000


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
    config: RunnableConfig | None = None,
) -> Iterator[str | Answer]:
    """Answer a question: pieces of text as a model writes them, then the finished Answer as the last item.

    Any LangChain retriever finds the passages. The pieces are safe to show as Markdown at every moment; the Answer's
    text replaces them. What no model writes comes at once, as the Answer alone: quotes are no Markdown. Without a
    model the answer is quotes, for which ``embeddings`` add closeness in meaning.
    ``languages`` are those of the sources, ``vocabulary`` their words; ``neighbours`` widens what the model is given;
    ``config`` is LangChain's, with its callbacks. When a model breaks off after its first word, what came is kept and
    ``Answer.stopped_early`` says why.
    Raises StoreError, and ModelError where not a word came. Closing the generator ends the request to the model.
    ``Answer.seconds`` holds "search" (with the follow-up made stand-alone), "first_token" and "total".
    """
    begun = time.monotonic()
    values: dict[str, Any] = {"question": question.strip()[:QUESTION_CHARACTERS], "history": tuple(history)}
    values = search_chain(retriever, model=model, languages=languages, vocabulary=vocabulary).invoke(values, config)
    seconds = {"search": time.monotonic() - begun}
    if model is None:
        pieces: Iterator[str | Answer] = iter([_quoted(values["question"], values["hits"], voice, embeddings)])
    elif _clearly_nothing(values["question"], values["hits"], voice):
        pieces = iter([_unknown(values["question"], values["hits"], voice)])
    else:
        pieces = _written(passages_link(neighbours).invoke(values, config), model, voice, config)
    question_words = values["question"].words
    understood = tuple(word for word in values["question"].corrected.values() if word in question_words)
    yield from _timed(pieces, begun, seconds, understood)


def _timed(
    pieces: Iterator[str | Answer], begun: float, seconds: dict[str, float], understood: tuple[str, ...]
) -> Iterator[str | Answer]:
    """Pass pieces on, and note the times in the Answer, and what was understood where there is one."""
    for piece in pieces:
        if "first_token" not in seconds:
            seconds["first_token"] = time.monotonic() - begun
        if isinstance(piece, Answer):
            seconds["total"] = time.monotonic() - begun
            piece = replace(piece, seconds={name: round(value, 3) for name, value in seconds.items()})
            piece = replace(piece, understood=() if piece.kind == "unknown" else understood)
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


def _quoted(question: Question, hits: Sequence[Hit], voice: Voice, embeddings: Embeddings | None) -> Answer:
    if not fits(question, hits) and not fits(as_typed(question), hits):
        return _unknown(question, hits, voice)
    try:
        return quoted_answer(question, hits, voice=voice, embeddings=embeddings)
    except ModelError as error:  # only the closeness in meaning is missing then, the words in common remain
        log_failure("quote.embedding_failed", error)
        return quoted_answer(question, hits, voice=voice)


def _written(
    values: dict[str, Any], model: BaseChatModel, voice: Voice, config: RunnableConfig | None
) -> Iterator[str | Answer]:
    """Stream a model's answer, safe at every moment, then check it. Raises ModelError where not a word came."""
    passages = values["passages"]
    # An address that stands in what the model was given may stand in the answer.
    sources = "\n".join(item.hit.passage.text for item in passages)
    raw = shown = stopped_early = ""
    try:
        pieces = stream_text(writing_chain(model, voice), values, config)
        with closing(cast("Generator[str]", pieces)) as stream:
            for piece in stream:
                raw += piece
                safe = in_order(tidy_markers(safe_markdown(raw, sources, complete=False), len(passages)))
                if len(safe) > len(shown) and safe.startswith(shown):
                    yield safe[len(shown) :]
                    shown = safe
    except ModelError as error:
        if not raw.strip():
            raise
        stopped_early = str(error)
    yield _checked(safe_markdown(raw, sources).strip(), values, voice, stopped_early)


def _checked(text: str, values: dict[str, Any], voice: Voice, stopped_early: str) -> Answer:
    question, hits = values["question"], values["hits"]
    if not text or _says_unknown(text, voice):
        return replace(_unknown(question, hits, voice), stopped_early=stopped_early)
    known = f"{question.text} {question.alone}"
    text, citations = check_citations(text, values["passages"], known, question.languages)
    # While it was written any passage might still be cited; a link stays where it stands in one that is.
    places = {(citation.version_id, citation.start) for citation in citations}
    cited = [item.hit.passage.text for item in values["passages"] if _holds(item.hit.passage, places)]
    text = safe_markdown(text, "\n".join(cited)).strip()
    return Answer(text, "written", citations, tuple(hits), question.text, stopped_early)


def _holds(passage: StoredPassage, places: Iterable[tuple[str, int]]) -> bool:
    return any(version == passage.version_id and passage.start <= start < passage.end for version, start in places)


def _says_unknown(text: str, voice: Voice) -> bool:
    """Tell whether an answer is the owner's "I don't know" sentence, give or take marks and a marker."""

    def bare(words: str) -> str:
        return " ".join(re.findall(r"\w+", re.sub(r"\[\d+\]", "", words).casefold()))

    return bare(text) == bare(voice.unknown)

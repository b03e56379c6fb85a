"""Question in, answer out: streamed, cited, checked; written by a model, or quoted word for word without one."""

import queue
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from core.answer.cite import check_citations, in_order, tidy_markers
from core.answer.prompt import answer_prompt, conversation_text, history_messages, rewrite_prompt, system_prompt
from core.answer.prompt_passages import Given, Neighbours, laid_out, passages_for_prompt, question_text
from core.answer.quote import quoted_answer
from core.answer.safe_markdown import safe_markdown
from core.errors import ModelError, StoreError
from core.log import log_failure
from core.provider import complete_text, stream_text
from core.retrieve import PassageRetriever, fits
from core.schema import Answer, Hit, StoredPassage, Turn, Voice
from core.text import content_terms, search_terms

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Turn", "ask"]

REWRITE_SECONDS = 6.0
QUESTION_CHARACTERS = 4_000
_SHORT = 2  # content words: a question of no more, asked after another one, goes on from it
# Words that begin a question which goes on from the one before, and words that stand for something said in it.
_GOES_ON = re.compile(
    r"^\s*(?:and|or|but|so|then|what about|how about|und|oder|aber|y|o|pero|et|ou|mais)\b|^[那它这]", re.IGNORECASE
)
_REFERS = re.compile(
    r"\b(?:it|its|they|them|their|this|that|those|these|there|one|ones|same|he|she|him|her|"
    r"dies\w*|davon|dafür|damit|dort|ihn|ihm|eso|ello|esto|allí|cela|ceci|celui|celle)\b|^[它这]",
    re.IGNORECASE,
)


def ask(
    question: str,
    *,
    history: Sequence[Turn] = (),
    retriever: PassageRetriever,
    voice: Voice,
    model: "BaseChatModel | None" = None,
) -> Iterator[str | Answer]:
    """Answer a question: pieces of text as they come, then the finished Answer as the last item.

    The pieces are safe to show as Markdown at every moment; the Answer's text replaces them. Without a model the
    answer is quotes. When a model breaks off after its first word, what came is kept and ``Answer.stopped_early`` says
    why. Raises StoreError, and ModelError where not a word came. Closing the generator ends the request to the model.
    ``Answer.seconds`` holds "search" (with the follow-up made stand-alone), "first_token" and "total".
    """
    begun = time.monotonic()
    question = question.strip()[:QUESTION_CHARACTERS]
    alone = _stand_alone(question, history, model)
    languages = sorted({source.language for source in retriever.sources.values()})
    alone, hits = _found(question, alone, retriever, languages)
    seconds = {"search": time.monotonic() - begun}
    if model is None:
        pieces: Iterator[str | Answer] = iter([_quoted(question, alone, hits, retriever, voice, languages)])
    elif _clearly_nothing(hits, voice):
        pieces = iter([_unknown(question, hits, voice)])
    else:
        given = passages_for_prompt(hits, _neighbours(retriever, hits))
        asked = _Asked(question, alone, tuple(history), voice, tuple(hits), given, languages)
        pieces = _written(asked, model)
    yield from _timed(pieces, begun, seconds)


def _timed(pieces: Iterator[str | Answer], begun: float, seconds: dict[str, float]) -> Iterator[str | Answer]:
    """Pass pieces on, give an Answer that came at once as text first, and note the times in the Answer."""
    for piece in pieces:
        if "first_token" not in seconds:
            seconds["first_token"] = time.monotonic() - begun
            if isinstance(piece, Answer):
                yield piece.text
        if isinstance(piece, Answer):
            seconds["total"] = time.monotonic() - begun
            piece = replace(piece, seconds={name: round(value, 3) for name, value in seconds.items()})
        yield piece


# --- the question ----------------------------------------------------------------------------------------------------


def _stand_alone(question: str, history: Sequence[Turn], model: "BaseChatModel | None") -> str:
    """Return the question with what it takes for granted from the conversation, for the search."""
    asked = [turn.text for turn in history if turn.role == "user"]
    if not asked:
        return question
    if model is not None:
        messages = rewrite_prompt.invoke(
            {"conversation": conversation_text(history), "question": question_text(question)}
        ).to_messages()
        rewritten = _within(REWRITE_SECONDS, lambda: complete_text(model, messages))
        if rewritten and len(rewritten) <= 2 * len(question) + 300 and "\n" not in rewritten:
            return rewritten
    return _with_topic(question, asked)


def _within(seconds: float, call: Callable[[], str]) -> str:
    """Return what ``call`` returns, stripped, or an empty string when it fails or takes longer."""
    results: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(call())
        except ModelError as error:
            log_failure("rewrite.failed", error)
            results.put("")

    threading.Thread(target=run, daemon=True, name="rewrite").start()
    try:
        return results.get(timeout=seconds).strip().strip('"“”')
    except queue.Empty:
        return ""


def _with_topic(question: str, asked: Sequence[str]) -> str:
    """Put the question before in front of one that is short or points back ("And by plane?"), up to two of them."""
    alone = question
    for before in reversed(asked[-2:]):
        if _says_all(alone):
            break
        alone = f"{before} {question}"
        if _says_all(before):
            break
    return alone


def _says_all(question: str) -> bool:
    """Tell whether a question seems to need nothing of what was asked before it."""
    points_back = _GOES_ON.search(question) or _REFERS.search(question)
    return len(content_terms(question)) > _SHORT and not points_back


# --- the search ------------------------------------------------------------------------------------------------------


def _found(question: str, alone: str, retriever: PassageRetriever, languages: Sequence[str]) -> tuple[str, list[Hit]]:
    """Search for the stand-alone question; for the question as it was typed where that finds nothing that fits.

    Returns the question that was searched with what it found.
    """
    hits = retriever.find(alone)
    if alone == question:
        return alone, hits
    changes_subject = alone.endswith(question) and not _holds_words(question, hits, languages)
    if fits(alone, hits) and not changes_subject:
        return alone, hits
    as_typed = retriever.find(question)
    return (question, as_typed) if changes_subject or fits(question, as_typed) else (alone, hits)


def _holds_words(question: str, hits: Sequence[Hit], languages: Sequence[str]) -> bool:
    """Tell whether most of what a short question itself says is found; else only the question before it was.

    "What is the weather in Lima?" after "What does a parcel cost?" goes on from nothing.
    """
    if _REFERS.search(question):
        return True
    texts = [f" {hit.passage.terms} {' '.join(search_terms(hit.source_name, languages))} " for hit in hits]
    words = content_terms(question, languages).values()
    held = [any(f" {term} " in text for term in terms for text in texts) for terms in words]
    return sum(held) * 2 > len(held)


def _clearly_nothing(hits: Sequence[Hit], voice: Voice) -> bool:
    """Tell whether asking the model would be a waste: it may only use the passages, and there are none."""
    return voice.closeness != "open" and not hits


def _neighbours(retriever: PassageRetriever, hits: Sequence[Hit]) -> Neighbours:
    """Fetch what stands beside the hits, one query for each version, and hand it out by passage."""
    wanted: dict[str, set[int]] = {}
    for hit in hits:
        around = (hit.passage.ordinal - 1, hit.passage.ordinal + 1)
        wanted.setdefault(hit.passage.version_id, set()).update(n for n in around if n >= 0)
    fetched: dict[tuple[str, int], StoredPassage] = {}
    try:
        for version_id, ordinals in wanted.items():
            for passage in retriever.store.neighbours(retriever.scope, version_id, sorted(ordinals)):
                fetched[version_id, passage.ordinal] = passage
    except StoreError as error:  # the passages themselves were found: they answer without what stands beside them
        log_failure("neighbours.failed", error)

    def beside(passage: StoredPassage) -> Sequence[StoredPassage]:
        places = ((passage.version_id, passage.ordinal + step) for step in (1, -1))
        return [fetched[place] for place in places if place in fetched]

    return beside


# --- the answer ------------------------------------------------------------------------------------------------------


def _unknown(question: str, hits: Sequence[Hit], voice: Voice) -> Answer:
    return Answer(voice.unknown, "unknown", hits=tuple(hits), question=question)


def _quoted(
    question: str,
    alone: str,
    hits: Sequence[Hit],
    retriever: PassageRetriever,
    voice: Voice,
    languages: Sequence[str],
) -> Answer:
    if not fits(alone, hits) and not fits(question, hits):
        return _unknown(question, hits, voice)
    try:
        answer = quoted_answer(alone, hits, voice=voice, embeddings=retriever.embeddings, languages=languages)
    except ModelError as error:  # only the closeness in meaning is missing then, the words in common remain
        log_failure("quote.embedding_failed", error)
        answer = quoted_answer(alone, hits, voice=voice, languages=languages)
    return replace(answer, question=question)


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    alone: str
    history: tuple[Turn, ...]
    voice: Voice
    hits: tuple[Hit, ...]
    given: list[Given]
    languages: list[str]

    @property
    def sources(self) -> str:
        """All the model was given: an address that stands in it may stand in the answer."""
        return "\n".join(item.hit.passage.text for item in self.given)


def _written(asked: _Asked, model: "BaseChatModel") -> Iterator[str | Answer]:
    """Stream a model's answer, safe at every moment, then check it. Raises ModelError where not a word came."""
    messages = answer_prompt.invoke(
        {
            "system": system_prompt(asked.voice),
            "history": history_messages(asked.history),
            "passages": laid_out(asked.given) or "(none were found)",
            "question": question_text(asked.question),
        }
    ).to_messages()
    sources, raw, shown, stopped_early = asked.sources, "", "", ""
    try:
        with closing(cast("Generator[str]", stream_text(model, messages))) as stream:
            for piece in stream:
                raw += piece
                safe = in_order(tidy_markers(safe_markdown(raw, sources, complete=False), len(asked.given)))
                if len(safe) > len(shown) and safe.startswith(shown):
                    yield safe[len(shown) :]
                    shown = safe
    except ModelError as error:
        if not raw.strip():
            raise
        stopped_early = str(error)
    yield _checked(raw, asked, sources, stopped_early)


def _checked(raw: str, asked: _Asked, sources: str, stopped_early: str) -> Answer:
    text = safe_markdown(raw, sources).strip()
    if not text or _says_unknown(text, asked.voice):
        return replace(_unknown(asked.question, asked.hits, asked.voice), stopped_early=stopped_early)
    text, citations = check_citations(text, asked.given, f"{asked.question} {asked.alone}", asked.languages)
    return Answer(text, "written", citations, asked.hits, asked.question, stopped_early)


def _says_unknown(text: str, voice: Voice) -> bool:
    """Tell whether an answer is the owner's "I don't know" sentence, give or take marks and a marker."""

    def bare(words: str) -> str:
        return " ".join(re.findall(r"\w+", re.sub(r"\[\d+\]", "", words).casefold()))

    return bare(text) == bare(voice.unknown)

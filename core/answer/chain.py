"""The way of a question as a LangChain chain: made stand-alone, searched, passages laid before the model, answered.

``core.answer.ask`` walks it link by link, as it looks at what comes between; ``answer_chain`` is the whole of it, for
LangChain's own users (docs/langchain.md). Callbacks and streaming are LangChain's.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from core.answer.prompt import FRAME_TOKENS, answer_prompt, history_messages, history_tokens, system_prompt
from core.answer.prompt_passages import laid_out, passages_for_prompt, question_text
from core.answer.room import UNKNOWN_ROOM, Room
from core.answer.small_talk import without_courtesies
from core.answer.stand_alone import is_joined, is_whole, refers_back, rewritten, stand_alone
from core.answer.tokens import tokens
from core.errors import ModelError
from core.provider import sentence, traits_of
from core.retrieve import fits, hit_of
from core.schema import Hit, Question, StoredPassage, Turn, Voice
from core.text import Vocabulary, as_typed, read_question, search_terms

HISTORY_SHARE = 4  # of the room beside the question, a quarter at most is kept for the conversation
LEAST_PASSAGES = 80  # tokens; with less than that for passages there is nothing to answer from
PLENTY = 64_000  # tokens; more than the fullest prompt has in any script, so nothing need be counted
Neighbours = Callable[[Sequence[Hit]], Sequence[StoredPassage]]
"""Hits in, the passages that stand beside them in their documents out."""


def answer_chain(
    retriever: BaseRetriever,
    model: BaseChatModel,
    voice: Voice,
    *,
    languages: Sequence[str] = (),
    neighbours: Neighbours | None = None,
    vocabulary: Vocabulary | None = None,
    room: Room = UNKNOWN_ROOM,
) -> Runnable[dict[str, Any], BaseMessage]:
    """Return the chain from ``{"question": str, "history": [Turn, …]}`` to the model's message."""
    rewriter = model if room.rewrites else None
    search = search_chain(retriever, model=rewriter, languages=languages, vocabulary=vocabulary)
    return search | passages_link(voice, neighbours, room) | writing_chain(model, voice, room)


def search_chain(
    retriever: BaseRetriever,
    *,
    model: BaseChatModel | None = None,
    languages: Sequence[str] = (),
    vocabulary: Vocabulary | None = None,
) -> Runnable[dict[str, Any], dict[str, Any]]:
    """Return the links that read the question and search: adds ``question`` (a Question) and ``hits``.

    What a follow-up takes for granted is taken from the words before it. ``model`` is asked to say it in full only
    where nothing fits what these found, as that costs a call before the first word. ``languages`` are those of the
    sources, ``vocabulary`` their words, against which what is mistyped is put right.
    """

    def read_as(typed: str, alone: str) -> Question:
        return read_question(typed, languages, alone=alone, vocabulary=vocabulary)

    def read(values: dict[str, Any]) -> dict[str, Any]:
        alone = stand_alone(without_courtesies(values["question"]), values.get("history", ()))
        return {**values, "question": read_as(values["question"], alone)}

    def search(values: dict[str, Any], config: RunnableConfig) -> dict[str, Any]:
        question, hits = _searched(values["question"], retriever, config)
        said = without_courtesies(question.text)
        needs_more = is_joined(values["question"].alone, said) and not fits(question, hits)
        if model and needs_more and (alone := rewritten(said, values["history"], model, config)):
            question, hits = _searched(read_as(question.text, alone), retriever, config)
        return {**values, "question": question, "hits": hits}

    return RunnableLambda(read) | RunnableLambda(search)


def passages_link(
    voice: Voice, neighbours: Neighbours | None = None, room: Room = UNKNOWN_ROOM
) -> Runnable[dict[str, Any], dict[str, Any]]:
    """Return the link that chooses what the model is given of the ``hits``: adds ``passages``, PromptPassages.

    It raises ModelError (code "too_long") where the question alone is too long for the room.
    """

    def choose(values: dict[str, Any]) -> dict[str, Any]:
        beside = neighbours(values["hits"]) if neighbours else ()
        most = _room_for_passages(values, voice, room)
        return {**values, "passages": passages_for_prompt(values["hits"], beside, most=most)}

    return RunnableLambda(choose)


def _room_for_passages(values: dict[str, Any], voice: Voice, room: Room) -> int | None:
    """Return the tokens that passages may have beside the question and the newest of the conversation."""
    left = _room_beside_question(values, voice, room)
    if left is None:
        return None
    if left < LEAST_PASSAGES:
        raise sentence("too_long")
    return left - min(history_tokens(values.get("history", ()), room), left // HISTORY_SHARE)


def _room_beside_question(values: dict[str, Any], voice: Voice, room: Room) -> int | None:
    """Return the tokens that are left beside the instructions and the question; None where there is no need to count.

    The question is counted as it was typed or with what it takes for granted, whichever is longer.
    """
    if room.prompt is None or room.prompt >= PLENTY:
        return None
    question: Question = values["question"]
    told = _own_words_told(question)
    asked = max(tokens(question_text(said + told)) for said in (question.text, question.alone))
    return room.prompt - tokens(system_prompt(voice, room)) - asked - FRAME_TOKENS


def writing_chain(
    model: BaseChatModel, voice: Voice, room: Room = UNKNOWN_ROOM
) -> Runnable[dict[str, Any], BaseMessage]:
    """Return the links from ``question``, ``history`` and ``passages`` to the model's message."""

    def filled(values: dict[str, Any]) -> dict[str, Any]:
        passages = laid_out(values["passages"])
        left = _room_beside_question(values, voice, room)
        turns = values.get("history", ())
        history = history_messages(turns, room, None if left is None else left - tokens(passages))
        return {
            "system": system_prompt(voice, room),
            "history": history,
            "passages": passages,
            "question": question_text(_said(values["question"], turns, history) + _own_words_told(values["question"])),
        }

    return RunnableLambda(filled) | answer_prompt | model


def shortened(
    values: dict[str, Any], model: BaseChatModel, voice: Voice, room: Room, error: ModelError
) -> tuple[dict[str, Any], Room]:
    """Return what to ask once more, and with which room, where the service found the prompt too long.

    It holds the passages that fit in the window that the service told, as the model's traits hold it then, or half of
    them where it told none. Raises ``error`` again where it is another one, or was told before.
    """
    if error.code != "too_long" or values.get("is_shortened"):
        raise error
    given = values["passages"]
    passages = given[: len(given) // 2]
    traits = traits_of(model)
    told = traits.window if traits else None
    if told and (room.window is None or told < room.window):
        room = replace(room, window=told)
        fitting = passages_for_prompt(values["hits"], most=_room_for_passages(values, voice, room))
        passages = fitting if len(fitting) < len(given) or len(given) < 2 else passages
    elif not passages:
        raise error
    return {**values, "passages": passages, "is_shortened": True}, room


def _said(question: Question, turns: Sequence[Turn], sent: Sequence[BaseMessage]) -> str:
    """Return the question as it was typed; with what it takes for granted where the turn before it is not sent."""
    is_follow_up = question.alone != without_courtesies(question.text)
    last_is_sent = bool(sent) and bool(turns) and turns[-1].role != "user"
    return question.alone if is_follow_up and not last_is_sent else question.text


def _own_words_told(question: Question) -> str:
    """Say what the owner's words in a question stand for: the passages may hold nothing but that."""
    return "".join(f"\n(“{said}” stands for “{meant}”.)" for said, meant in question.own_words.items())


def _searched(question: Question, retriever: BaseRetriever, config: RunnableConfig) -> tuple[Question, list[Hit]]:
    """Search for the stand-alone question; for the question as it was typed where that finds nothing that fits.

    Returns the question that was searched with its hits.
    """
    hits = hits_for(question, retriever, config)
    said = without_courtesies(question.text)
    if question.alone == said:
        return question, hits
    has_topic = question.alone.endswith(said)
    changes_subject = has_topic and not _holds_words(question, said, hits)
    may_change = has_topic and is_whole(said) and not _holds_both(question, said, hits)
    if fits(question, hits) and not changes_subject and not may_change:
        return question, hits
    typed = as_typed(question, said)
    hits_as_typed = hits_for(typed, retriever, config)
    return (typed, hits_as_typed) if changes_subject or fits(typed, hits_as_typed) else (question, hits)


def hits_for(question: Question, retriever: BaseRetriever, config: RunnableConfig | None) -> list[Hit]:
    """Search for a question, and return what any LangChain retriever finds as hits."""
    documents = retriever.invoke(question.alone, config)
    return [hit_of(document, question, rank) for rank, document in enumerate(documents)]


def _holds_words(question: Question, said: str, hits: Sequence[Hit]) -> bool:
    """Tell whether most of what a short question itself says is found; else only the question before it was.

    "What is the weather in Lima?" after "What does a parcel cost?" goes on from nothing.
    """
    if refers_back(said):
        return True
    texts = _texts(question, hits)
    words = as_typed(question, said).words.values()
    held = [any(f" {term} " in text for term in terms for text in texts) for terms in words]
    return sum(held) * 2 > len(held)


def _holds_both(question: Question, said: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a passage speaks of what a whole question says and of most of what was asked before it as well."""
    own = as_typed(question, said).words
    before = [terms for word, terms in question.words.items() if word not in own]
    for text in _texts(question, hits):
        held = sum(any(f" {term} " in text for term in terms) for terms in before)
        if held * 2 > len(before) and all(any(f" {term} " in text for term in terms) for terms in own.values()):
            return True
    return False


def _texts(question: Question, hits: Sequence[Hit]) -> list[str]:
    languages = question.languages
    return [f" {hit.passage.terms} {' '.join(search_terms(hit.source_name, languages))} " for hit in hits]

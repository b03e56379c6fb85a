"""The way of a question as a LangChain chain: made stand-alone, searched, passages laid before the model, answered.

``core.answer.ask`` walks it link by link, as it looks at what comes between; ``answer_chain`` is the whole of it, for
LangChain's own users (docs/langchain.md). Callbacks and streaming are LangChain's.
"""

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from core.answer.frame import NOTHING_FOUND
from core.answer.prompt import answer_prompt, history_messages, system_prompt
from core.answer.prompt_passages import laid_out, passages_for_prompt, question_text
from core.answer.small_talk import without_courtesies
from core.answer.stand_alone import is_whole, refers_back, stand_alone
from core.retrieve import fits, hit_of
from core.schema import Hit, Question, StoredPassage, Voice
from core.text import Vocabulary, as_typed, read_question, search_terms

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
) -> Runnable[dict[str, Any], BaseMessage]:
    """Return the chain from ``{"question": str, "history": [Turn, …]}`` to the model's message."""
    search = search_chain(retriever, model=model, languages=languages, vocabulary=vocabulary)
    return search | passages_link(neighbours) | writing_chain(model, voice)


def search_chain(
    retriever: BaseRetriever,
    *,
    model: BaseChatModel | None = None,
    languages: Sequence[str] = (),
    vocabulary: Vocabulary | None = None,
) -> Runnable[dict[str, Any], dict[str, Any]]:
    """Return the links that read the question and search: adds ``question`` (a Question) and ``hits``.

    ``model`` makes follow-ups stand-alone; without one the words of the questions before do. ``languages`` are those
    of the sources, ``vocabulary`` their words, against which what is mistyped is put right.
    """

    def read(values: dict[str, Any], config: RunnableConfig) -> dict[str, Any]:
        said = without_courtesies(values["question"])
        alone = stand_alone(said, values.get("history", ()), model, config)
        question = read_question(values["question"], languages, alone=alone, vocabulary=vocabulary)
        return {**values, "question": question}

    def search(values: dict[str, Any], config: RunnableConfig) -> dict[str, Any]:
        question, hits = _searched(values["question"], retriever, config)
        return {**values, "question": question, "hits": hits}

    return RunnableLambda(read) | RunnableLambda(search)


def passages_link(neighbours: Neighbours | None = None) -> Runnable[dict[str, Any], dict[str, Any]]:
    """Return the link that chooses what the model is given of the ``hits``: adds ``passages``, PromptPassages."""

    def choose(values: dict[str, Any]) -> dict[str, Any]:
        beside = neighbours(values["hits"]) if neighbours else ()
        return {**values, "passages": passages_for_prompt(values["hits"], beside)}

    return RunnableLambda(choose)


def writing_chain(model: BaseChatModel, voice: Voice) -> Runnable[dict[str, Any], BaseMessage]:
    """Return the links from ``question``, ``history`` and ``passages`` to the model's message."""

    def filled(values: dict[str, Any]) -> dict[str, Any]:
        return {
            "system": system_prompt(voice),
            "history": history_messages(values.get("history", ())),
            "passages": laid_out(values["passages"]) or NOTHING_FOUND,
            "question": question_text(values["question"].text),
        }

    return RunnableLambda(filled) | answer_prompt | model


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

"""Any LangChain retriever fits under the answer, and the answer is a chain like any of LangChain's own."""

from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.messages import AIMessageChunk
from langchain_core.vectorstores import InMemoryVectorStore
from pydantic import SecretStr

from core.answer import answer_chain, ask
from core.embed import embedding
from core.provider import chat_model
from core.schema import BUILT_IN_EMBEDDING, Answer, Provider, Turn, Voice
from tests.fake_provider import UNKNOWN, FakeProvider

TEXTS = {
    "storage.md": "Storage at the depot costs 4 EUR a day. After ten days the parcel goes back to its sender.",
    "plane.html": "A parcel by plane to Norway takes two days. A parcel by ship to Norway takes nine days.",
}
QUESTION = "What does storage at the depot cost?"
VOICE = Voice(unknown=UNKNOWN)


@pytest.fixture
def strangers_store() -> InMemoryVectorStore:
    """A store of LangChain's own, filled by its own means, that knows nothing of ours."""
    store = InMemoryVectorStore(embedding(BUILT_IN_EMBEDDING))
    store.add_documents([Document(text, metadata={"source": name, "page": 7}) for name, text in TEXTS.items()])
    return store


class Runs(BaseCallbackHandler):
    """Notes what ran, and below what."""

    def __init__(self) -> None:
        self.parents: dict[UUID, UUID | None] = {}
        self.questions: list[str] = []
        self.retrieved: list[str] = []
        self.messages: list[Any] = []
        self.tokens: list[str] = []

    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: Any = None, **_: Any
    ) -> None:
        self.parents[run_id] = parent_run_id

    def on_retriever_start(self, serialized: Any, query: str, *, parent_run_id: Any = None, **_: Any) -> None:
        assert parent_run_id in self.parents
        self.questions.append(query)

    def on_retriever_end(self, documents: Any, **_: Any) -> None:
        self.retrieved += [document.metadata["source"] for document in documents]

    def on_chat_model_start(self, serialized: Any, messages: Any, *, parent_run_id: Any = None, **_: Any) -> None:
        assert parent_run_id in self.parents
        self.messages.append(messages)

    def on_llm_new_token(self, token: str, **_: Any) -> None:
        self.tokens.append(token)


def test_a_strangers_retriever_is_quoted_with_its_source_and_page(strangers_store: InMemoryVectorStore) -> None:
    (answer,) = ask(QUESTION, retriever=strangers_store.as_retriever(), voice=VOICE)
    assert isinstance(answer, Answer)
    assert answer.text == "“Storage at the depot costs 4 EUR a day.” [1]"
    (citation,) = answer.citations
    assert citation.quote == "Storage at the depot costs 4 EUR a day."
    assert (citation.source_name, citation.page) == ("storage.md", 7)
    assert (citation.start, citation.end) == (0, 39)


def test_what_a_strangers_passages_do_not_hold_is_unknown(strangers_store: InMemoryVectorStore) -> None:
    *_, answer = ask("Who won the championship?", retriever=strangers_store.as_retriever(), voice=VOICE)
    assert isinstance(answer, Answer)
    assert answer.kind == "unknown"


def test_a_model_answers_from_a_strangers_retriever_and_callbacks_see_each_link(
    strangers_store: InMemoryVectorStore, fake_provider: FakeProvider
) -> None:
    runs = Runs()
    model = chat_model(Provider(fake_provider.base_url, SecretStr("sk-test"), "fake-chat", ""))
    retriever = strangers_store.as_retriever(search_kwargs={"k": 2})
    *pieces, answer = ask(QUESTION, retriever=retriever, voice=VOICE, model=model, config={"callbacks": [runs]})
    assert isinstance(answer, Answer)
    assert (answer.kind, answer.citations[0].source_name) == ("written", "storage.md")
    assert len(pieces) > 1
    assert runs.questions == [QUESTION]
    assert runs.retrieved[0] == "storage.md"
    assert len(runs.messages) == 1
    assert "Storage at the depot" in "".join(runs.tokens)


async def test_the_chain_streams_and_answers_as_any_chain_does(
    strangers_store: InMemoryVectorStore, fake_provider: FakeProvider
) -> None:
    model = chat_model(Provider(fake_provider.base_url, SecretStr("sk-test"), "fake-chat", ""))
    chain = answer_chain(strangers_store.as_retriever(), model, VOICE)
    values = {"question": "And by ship?", "history": [Turn("user", "How long does a parcel by plane to Norway take?")]}
    chunks = list(chain.stream(values))
    assert len(chunks) > 1
    assert all(isinstance(chunk, AIMessageChunk) for chunk in chunks)
    whole = await chain.ainvoke({"question": QUESTION})
    assert "4 EUR" in str(whole.content)

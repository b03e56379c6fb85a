"""A model is asked to say a follow-up in full only where the words find nothing that fits, and is let go of in time."""

from collections.abc import Iterator

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import SecretStr

import core.answer.stand_alone as rewriting
from core.answer.chain import search_chain
from core.provider import chat_model
from core.schema import Provider, Question, Turn
from tests.fake_provider import FakeProvider

PRICE = "What does a 3 kg parcel to Japan cost?"
SAID = [Turn("user", PRICE), Turn("assistant", "It costs 9 EUR [1].")]


class Holds(BaseRetriever):
    """Finds its one passage for every question, and notes the questions."""

    text: str
    asked: list[str]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        self.asked.append(query)
        return [Document(self.text, metadata={"source": "a.md"})] if self.text else []


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(server: FakeProvider) -> None:
    server.script([])
    server.requests.clear()


def searched(server: FakeProvider, question: str, text: str) -> tuple[Question, list[str]]:
    """Return the question that was searched last, and all that were."""
    model = chat_model(Provider(server.base_url, SecretStr("sk-test"), "fake-chat"))
    retriever = Holds(text=text, asked=[])
    values = search_chain(retriever, model=model).invoke({"question": question, "history": SAID})
    return values["question"], retriever.asked


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("and to Canada?", "What does a 3 kg parcel to Canada cost?"),
        ("and 10 kg?", "What does a 10 kg parcel to Japan cost?"),
        ("How long is an unused gift voucher valid?", "How long is an unused gift voucher valid?"),
        ("what is your phone number", "what is your phone number"),
    ],
)
def test_no_model_is_asked_where_the_words_say_all(server: FakeProvider, question: str, alone: str) -> None:
    assert searched(server, question, "")[1][0] == alone
    assert not server.seen()


def test_no_model_is_asked_where_the_words_find_what_fits(server: FakeProvider) -> None:
    text = "A parcel to Japan of 3 kg costs 9 EUR and takes six days. By express it takes two days."
    question, asked = searched(server, "how long does it take?", text)
    assert question.alone == f"{PRICE} how long does it take?"
    assert len(asked) == 1
    assert not server.seen()


@pytest.mark.parametrize("question", ["how long does it take?", "and if it is late?", "for express?"])
def test_a_model_is_asked_where_they_find_nothing(server: FakeProvider, question: str) -> None:
    searched_for, asked = searched(server, question, "")
    assert len(server.seen()) == 1
    assert asked[0] == f"{PRICE} {question}"
    assert "parcel" in searched_for.alone
    assert searched_for.alone not in (question, f"{PRICE} {question}")


@pytest.mark.parametrize("failure", ["401", "empty", "hang:30"])
def test_where_it_fails_the_words_stay(server: FakeProvider, failure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "REWRITE_SECONDS", 0.5)
    server.script([failure] * 8)
    ended = server.silences_ended
    question, _ = searched(server, "how long does it take?", "")
    assert question.text == "how long does it take?"
    assert server.seen()
    assert server.silences_ended == ended, "it was waited for"

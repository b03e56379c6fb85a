"""A model is asked to say a follow-up in full only where the words do not suffice, and is let go of in time."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

import core.answer.stand_alone as rewriting
from core.answer.stand_alone import stand_alone
from core.provider import Patience, chat_model
from core.schema import Provider, Turn
from tests.fake_provider import FakeProvider

PRICE = "What does a 3 kg parcel to Japan cost?"
SAID = [Turn("user", PRICE), Turn("assistant", "It costs 9 EUR [1].")]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(server: FakeProvider) -> None:
    server.script([])
    server.requests.clear()


def said(server: FakeProvider, question: str, *, patience: Patience | None = None) -> str:
    provider = Provider(server.base_url, SecretStr("sk-test"), "fake-chat")
    return stand_alone(question, SAID, chat_model(provider, patience=patience))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and to Canada?", "What does a 3 kg parcel to Canada cost?"),
        ("and 10 kg?", "What does a 10 kg parcel to Japan cost?"),
        ("How long is an unused gift voucher valid?", "How long is an unused gift voucher valid?"),
        ("what is your phone number", "what is your phone number"),
    ],
)
def test_no_model_is_asked_where_the_words_suffice(server: FakeProvider, question: str, expected: str) -> None:
    assert said(server, question) == expected
    assert not server.seen()


@pytest.mark.parametrize("question", ["how long does it take?", "and if it is late?", "for express?"])
def test_a_model_is_asked_where_they_do_not(server: FakeProvider, question: str) -> None:
    rewritten = said(server, question)
    assert len(server.seen()) == 1
    assert rewritten != f"{PRICE} {question}"
    assert "parcel" in rewritten


@pytest.mark.parametrize("failure", ["401", "empty", "hang:30"])
def test_where_it_fails_the_words_do(server: FakeProvider, failure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "REWRITE_SECONDS", 0.5)
    server.script([failure] * 8)
    ended = server.silences_ended
    assert said(server, "how long does it take?") == f"{PRICE} how long does it take?"
    assert server.silences_ended == ended, "it was waited for"

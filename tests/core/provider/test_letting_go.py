"""What was given up is closed at the server at once: a stopped answer, a rewrite, a whole answer, a test."""

import time
from collections.abc import Callable, Iterator

import pytest
from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from core.answer.stand_alone import rewritten
from core.errors import ModelError
from core.provider import Patience, chat_model, check_provider, complete_text, stream_text
from core.provider.check import SAID_AFTER, patience_of_test
from core.schema import ModelTraits, Provider, Turn
from tests.core.provider.provider_kit import at
from tests.core.provider.wire_forms import SAID, in_chat, stream
from tests.fake_provider import FakeProvider, Reply

ASKED = [HumanMessage("When does the depot open?")]
IN_THE_MIDDLE = in_chat(stream(SAID[0], SAID[1], silence=300.0))
BEFORE_ALL = in_chat(Reply(silence=300.0))
LONG = Patience(connect=5.0, silence=200.0, total=250.0)


class Stop(BaseException):
    """What Streamlit raises where a person has pressed Stop."""


@pytest.fixture(autouse=True)
def _sane_again(server: FakeProvider) -> Iterator[None]:
    server.hung_up = 0
    yield
    server.behave = None


def comes_true(condition: Callable[[], bool]) -> bool:
    """Wait until the other side has noticed, as long as a slow machine may need."""
    until = time.monotonic() + 20.0
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def whole(server: FakeProvider) -> Provider:
    return Provider(server.base_url, SecretStr("k"), "fake-chat", traits=ModelTraits(streams=False))


def test_an_answer_stopped_in_the_middle(server: FakeProvider) -> None:
    server.behave = IN_THE_MIDDLE
    pieces = stream_text(chat_model(at(server), patience=LONG), ASKED)
    assert str(next(filter(None, pieces))).startswith("The depot")
    pieces.close()  # type: ignore[attr-defined]
    assert comes_true(lambda: server.hung_up == 1)


@pytest.mark.parametrize("asked_whole", [False, True])
def test_an_answer_stopped_before_its_first_word(server: FakeProvider, asked_whole: bool) -> None:
    server.behave = BEFORE_ALL
    provider = whole(server) if asked_whole else at(server)
    pieces = stream_text(chat_model(provider, patience=LONG), ASKED)
    assert next(pieces) == "", "it says that it waits, so that a page can stop"
    pieces.close()  # type: ignore[attr-defined]
    assert comes_true(lambda: server.hung_up == 1)
    assert len(server.seen()) == 1


@pytest.mark.parametrize("asked_whole", [False, True])
def test_a_call_with_an_end(server: FakeProvider, asked_whole: bool) -> None:
    server.behave = BEFORE_ALL
    provider = whole(server) if asked_whole else at(server)
    with pytest.raises(ModelError) as caught:
        complete_text(chat_model(provider, patience=LONG), ASKED, within=0.3)
    assert caught.value.code == "timeout"
    assert comes_true(lambda: server.hung_up == 1)
    assert len(server.seen()) == 1, "nothing is tried again after the end"


def test_a_rewrite_that_takes_too_long(server: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.answer.stand_alone.REWRITE_SECONDS", 0.3)
    server.behave = BEFORE_ALL
    history = [Turn("user", "What does a parcel to France cost?"), Turn("assistant", "12 euros.")]
    assert rewritten("And to Spain?", history, chat_model(at(server), patience=LONG)) == ""
    assert comes_true(lambda: server.hung_up == 1)


def test_a_test_that_is_stopped(server: FakeProvider) -> None:
    server.behave = BEFORE_ALL

    def say(words: str) -> None:
        if "model a question" in words:
            raise Stop

    with pytest.raises(Stop):
        check_provider(at(server), patience=LONG, say=say)
    assert comes_true(lambda: server.hung_up == 1)


def test_a_test_of_a_frozen_server_says_so_and_ends(server: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.provider.check.SAID_AFTER", 0.2)
    server.behave = BEFORE_ALL
    heard: list[str] = []
    with pytest.raises(ModelError) as caught:
        check_provider(at(server), patience=Patience(5.0, 1.0, 3.0), say=heard.append)
    assert caught.value.code == "timeout"
    assert any("Nothing came so far" in words and "Stop" in words for words in heard)


def test_a_frozen_service_is_told_within_twenty_seconds() -> None:
    for model in ("m", "gpt-5.4-mini"):
        assert patience_of_test(Provider("https://api.example.com/v1", SecretStr(""), model)).silence < 20
    assert SAID_AFTER < 20


def test_a_server_that_loads_its_model_is_waited_for_and_said(server: FakeProvider) -> None:
    loading = Reply(503, (b'{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',))
    left = [loading] * 5
    server.behave = in_chat(lambda request: left.pop() if left else None)
    heard: list[str] = []
    assert check_provider(at(server), say=heard.append).chat_model == "fake-chat"
    assert any("still loading its model" in words for words in heard)

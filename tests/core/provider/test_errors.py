"""What goes wrong at a service, said in words that hold neither key nor prompt."""

import pytest
from langchain_core.messages import HumanMessage

from core.errors import ModelError
from core.provider import chat_model, stream_text
from tests.core.provider.provider_kit import PASSAGES, ask, assert_clean, at
from tests.fake_provider import FakeProvider


@pytest.mark.parametrize(
    ("failure", "code", "tries"),
    [
        ("401", "key", 1),
        ("402", "quota", 1),
        ("403", "forbidden", 1),
        ("404", "no_model", 1),
        ("quota", "quota", 1),
        ("too_long", "too_long", 1),
        ("filter", "content_filter", 1),
        ("filtered:0", "content_filter", 1),
        ("length:0", "length", 1),
        ("400", "bad_request", 1),
        ("html", "not_api", 1),
        ("429:0", "rate", 3),
        ("429:60", "rate", 1),
        ("500", "server", 3),
        ("503:0", "server", 3),
        ("empty", "empty", 3),
        ("no_choices", "empty", 3),
    ],
)
@pytest.mark.timeout(30)  # "429:60": a minute is not waited for
def test_a_failure_before_the_answer_is_said_in_words(
    server: FakeProvider, failure: str, code: str, tries: int
) -> None:
    with pytest.raises(ModelError) as caught:
        ask(server, f"fail-{failure}")
    assert caught.value.code == code
    assert caught.value.what
    assert caught.value.remedy
    assert caught.value.passing == (tries > 1 or failure == "429:60")
    assert len(server.seen()) == tries
    assert_clean(caught.value)


@pytest.mark.parametrize(("failure", "code"), [("length", "length"), ("filtered", "content_filter")])
def test_an_answer_the_model_was_stopped_in_says_so(server: FakeProvider, failure: str, code: str) -> None:
    pieces: list[str] = []
    with pytest.raises(ModelError) as caught:
        pieces.extend(
            stream_text(chat_model(at(server, f"fail-{failure}:20")), [HumanMessage(PASSAGES + "\n\nFrance?")])
        )
    assert "".join(pieces).startswith("A parcel to France")
    assert caught.value.code == code

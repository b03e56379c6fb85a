"""Every make against a real server that speaks its protocol: it streams, and what goes wrong is the same sentence."""

import importlib.util
from collections.abc import Iterator

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from core.errors import ModelError
from core.provider import Patience, chat_model, stream_text
from core.provider.makes import MAKES
from core.provider.sentences import sentence
from core.schema import ModelTraits, Provider
from tests.protocol_servers import SPEAKERS, TEXT, ProtocolServer, speaking

QUICK = Patience(connect=2.0, silence=0.4, total=1.0)
KEY = "a-key-of-some-length"
MESSAGES = [
    SystemMessage("Answer from the passages."),
    HumanMessage("Do you ship?"),
    AIMessage("Yes [1]."),
    HumanMessage("How long to Norway?"),
]


@pytest.fixture(params=sorted(SPEAKERS))
def service(request: pytest.FixtureRequest) -> Iterator[ProtocolServer]:
    with speaking(request.param) as speaker:
        yield speaker


def asked(provider: Provider, patience: Patience = QUICK) -> Iterator[str]:
    return stream_text(chat_model(provider, patience=patience), MESSAGES)


def refusal(provider: Provider) -> ModelError:
    with pytest.raises(ModelError) as refused:
        list(asked(provider))
    words = str(refused.value)
    assert provider.api_key.get_secret_value() not in words
    assert "Norway" not in words
    assert refused.value.__cause__ is None  # the client's exception may quote the request
    return refused.value


def test_every_make_is_installed_for_the_tests() -> None:
    assert [make.package for make in MAKES.values() if importlib.util.find_spec(make.package) is None] == []


def test_an_answer_comes_in_pieces(service: ProtocolServer) -> None:
    pieces = list(asked(service.provider()))
    assert "".join(pieces) == TEXT
    assert len(pieces) > 3


def test_the_key_goes_along_and_the_whole_conversation(service: ProtocolServer) -> None:
    list(asked(service.provider()))
    (request,) = service.asked
    assert [value for value in request.headers.values() if KEY in value]
    for message in MESSAGES:
        assert str(message.content) in str(request.body)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        ("key", "key"),
        ("quota", "quota"),
        ("too_long", "too_long"),
        ("no_model", "no_model"),
        ("empty", "empty"),
        ("html", "not_api"),
        ("redirect", "redirect"),
    ],
)
def test_what_waiting_does_not_help_is_said_at_once(service: ProtocolServer, failure: str, code: str) -> None:
    error = refusal(service.provider(key=f"fail-{failure}"))
    assert (error.code, error.what) == (code, sentence(code).what)
    if failure != "empty":
        assert len(service.asked) == 1


@pytest.mark.parametrize("failure", ["rate", "server", "busy"])
def test_what_passes_is_tried_again(service: ProtocolServer, failure: str) -> None:
    service.script([failure, "ok"])
    assert "".join(asked(service.provider())) == TEXT
    assert len(service.asked) == 2


@pytest.mark.parametrize("failure", ["rate", "server"])
def test_what_does_not_pass_is_said(service: ProtocolServer, failure: str) -> None:
    assert refusal(service.provider(key=f"fail-{failure}")).code == failure


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        ("cut", "stopped_early"),
        ("cut_clean", "stopped_early"),
        ("stream_error", "stopped_early"),
        ("length", "length"),
        ("filter", "content_filter"),
    ],
)
def test_an_answer_that_breaks_off_keeps_what_came(service: ProtocolServer, failure: str, code: str) -> None:
    came: list[str] = []
    with pytest.raises(ModelError) as stopped:
        came.extend(asked(service.provider(f"fail-{failure}")))
    assert stopped.value.code == code
    assert TEXT.startswith("".join(came))
    assert came


@pytest.mark.parametrize("failure", ["hang", "drip"])
def test_a_service_that_says_nothing_is_given_up(service: ProtocolServer, failure: str) -> None:
    assert refusal(service.provider(f"fail-{failure}")).code == "timeout"


def test_a_redirect_does_not_carry_the_key_away(service: ProtocolServer) -> None:
    with speaking("cohere") as other:
        service.elsewhere = other.root
        refusal(service.provider(key="fail-redirect"))
        assert other.asked == []


def test_a_closed_port_is_told(service: ProtocolServer) -> None:
    provider = service.provider()
    service.__exit__(None, None, None)
    assert refusal(provider).code == "refused"


def test_ollama_is_asked_with_a_window_that_holds_the_prompt() -> None:
    with speaking("ollama") as server:
        provider = server.provider()
        list(asked(provider))
        list(
            asked(
                Provider(
                    provider.base_url, provider.api_key, "good-chat", make="ollama", traits=ModelTraits(window=2048)
                )
            )
        )
        assert [request.body["options"]["num_ctx"] for request in server.asked] == [8192, 2048]


def test_a_limit_for_the_answer_goes_along(service: ProtocolServer) -> None:
    list(stream_text(chat_model(service.provider(), patience=QUICK, max_tokens=77), MESSAGES))
    assert ": 77" in str(service.asked[0].body)

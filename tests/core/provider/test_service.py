"""Where a service is, how long it may take and what it must never be sent."""

import pytest
from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from core.errors import ModelError
from core.provider import chat_model, clean_base_url, complete_text, is_local, patience_for
from core.provider.check import check_provider
from core.schema import Provider
from tests.core.provider.provider_kit import KEY, at
from tests.fake_provider import FakeProvider


def test_an_empty_key_never_becomes_the_key_of_the_environment(
    server: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    complete_text(chat_model(at(server, key="")), [HumanMessage("Hello?")])
    check_provider(at(server, key=" "))
    assert {request.key for request in server.requests} == {"none"}


def test_a_redirect_does_not_carry_the_key_away(server: FakeProvider) -> None:
    with FakeProvider() as other, pytest.raises(ModelError) as caught:
        check_provider(at(server, key=f"fail-redirect:{other.root}"))
    assert caught.value.code == "redirect"
    assert not other.requests


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "https://api.openai.com/v1"),
        ("api.example.com/v1/", "https://api.example.com/v1"),
        (" localhost:11434 ", "http://localhost:11434"),
        ("192.168.1.5:1234/v1", "http://192.168.1.5:1234/v1"),
        ("https://api.example.com/v1/models?key=x#y", "https://api.example.com/v1"),
    ],
)
def test_a_pasted_address_is_cleaned(typed: str, meant: str) -> None:
    assert clean_base_url(typed) == meant


def test_local_servers_and_thinking_models_get_more_time() -> None:
    hosted, local = "https://api.example.com/v1", "http://localhost:11434/v1"
    assert is_local(local)
    assert not is_local(hosted)
    waits = [
        patience_for(Provider(url, SecretStr(""), model)).silence
        for url, model in ((hosted, "gpt-4.1-mini"), (hosted, "openai/gpt-5-mini"), (local, "llama3.2"))
    ]
    assert waits == sorted(set(waits))


def test_a_provider_shows_no_key() -> None:
    assert KEY not in repr(Provider("", SecretStr(KEY), "m"))

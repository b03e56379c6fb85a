"""A look at a service before it is used: its models, its address, and what is wrong with it in words."""

import socket

import pytest
from pydantic import SecretStr

from core.errors import ModelError
from core.provider.check import check_provider
from core.schema import Provider
from tests.core.provider.provider_kit import KEY, QUICK, at
from tests.fake_provider import FakeProvider


def test_a_check_lists_models_and_measures_the_embedding(server: FakeProvider) -> None:
    check = check_provider(at(server, embedding="fake-embed"))
    assert check.models == ("fake-chat", "fake-embed")
    assert check.dimension == 64
    assert check.base_url == server.base_url
    assert check.seconds > 0


@pytest.mark.parametrize("typed", ["{root}", "{root}/", "{root}/v1/", "{root}/v1/chat/completions", "localhost:{port}"])
def test_a_check_finds_the_address_that_was_meant(server: FakeProvider, typed: str) -> None:
    address = typed.format(root=server.root, port=server.port)
    check = check_provider(Provider(address, SecretStr(KEY), "fake-chat"))
    assert check.base_url.endswith(f":{server.port}/v1")


def test_a_check_without_models_only_lists_them(server: FakeProvider) -> None:
    assert check_provider(at(server, "")).models == ("fake-chat", "fake-embed")
    assert not server.seen()


def test_a_check_names_the_missing_model_and_some_that_are_there(server: FakeProvider) -> None:
    with pytest.raises(ModelError, match=r"“gpt-9” is not available.* fake-chat, fake-embed") as caught:
        check_provider(at(server, "gpt-9"))
    assert caught.value.code == "no_model"


def test_a_check_understands_thinking_models(server: FakeProvider) -> None:
    check_provider(at(server, "fail-max_tokens"))
    assert [sorted(request.body)[0] for request in server.seen()] == ["max_tokens", "max_completion_tokens"]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("fail-401", "key"),
        ("fail-quota", "quota"),
        ("fail-429", "rate"),
        ("fail-503", "server"),
        ("fail-html", "not_api"),
        ("fail-hang:2", "timeout"),
        ("fail-bad_json", "bad_answer"),
        ("sk-äöü", "key"),
        ("two words", "key"),
    ],
)
def test_a_check_says_what_is_wrong(server: FakeProvider, key: str, code: str) -> None:
    with pytest.raises(ModelError) as caught:
        check_provider(at(server, key=key), patience=QUICK)
    assert caught.value.code == code
    assert key not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("address", "code"),
    [("http://no-such-host.invalid/v1", "no_host"), ("ftp://example.com", "address"), ("https://u:p@h/v1", "address")],
)
def test_a_wrong_address_is_told_apart(address: str, code: str) -> None:
    with pytest.raises(ModelError) as caught:
        check_provider(Provider(address, SecretStr(KEY), "fake-chat"), patience=QUICK)
    assert caught.value.code == code


def test_a_closed_port_and_a_missing_tls_are_told_apart(server: FakeProvider) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = unused.getsockname()[1]
        for address, code in (
            (f"http://127.0.0.1:{closed}", "refused"),
            (server.base_url.replace("http", "https"), "tls"),
        ):
            with pytest.raises(ModelError) as caught:
                check_provider(Provider(address, SecretStr(KEY), "fake-chat"), patience=QUICK)
            assert caught.value.code == code

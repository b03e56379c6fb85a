"""What a service offers, in each protocol: names, sizes, the day a model ends; and what runs on this computer."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from core.errors import ModelError
from core.provider import (
    KNOWN_PROVIDERS,
    MAKES,
    Patience,
    check_provider,
    cleaned,
    embedding_address,
    known_provider,
    offered_models,
    suggested_model,
    with_end,
)
from core.provider.local import LocalPort, look_on_this_computer
from core.provider.offers import Offered
from core.schema import DEFAULT_CHAT_MODEL, Provider
from core.settings import Settings
from tests.protocol_servers import SPEAKERS, speaking

QUICK = Patience(connect=2.0, silence=1.0, total=3.0)


@pytest.mark.parametrize("name", sorted(SPEAKERS.keys() - {"azure_openai"}))
def test_models_are_listed_in_each_protocol(name: str) -> None:
    with speaking(name) as service:
        names = [offered.name for offered in offered_models(service.provider(), patience=QUICK)]
        assert {"good-chat", "good-embed"} <= set(names)
        assert names == sorted(names)
        with pytest.raises(ModelError) as refused:
            offered_models(service.provider(key="fail-key"), patience=QUICK)
        assert refused.value.code == "key"


def test_a_size_is_told_where_the_service_tells_it() -> None:
    with speaking("ollama") as service:
        assert all(offered.size == 2_019_393_189 for offered in offered_models(service.provider(), patience=QUICK))


@pytest.mark.parametrize("name", sorted(SPEAKERS))
def test_a_check_asks_the_model_and_embeds_a_word(name: str) -> None:
    with speaking(name) as service:
        embedding = "" if name == "anthropic" else "good-embed"
        check = check_provider(service.provider(embedding=embedding), patience=QUICK)
        assert check.dimension == (16 if embedding else None)
        assert check.base_url == service.provider().base_url
        assert ("good-chat" in check.models) is (name != "azure_openai")


@pytest.mark.parametrize("name", sorted(SPEAKERS))
@pytest.mark.parametrize(
    ("model", "key", "code"), [("good-chat", "fail-key", "key"), ("not-there", "ok-key", "no_model")]
)
def test_a_check_says_what_is_wrong(name: str, model: str, key: str, code: str) -> None:
    with speaking(name) as service, pytest.raises(ModelError) as refused:
        check_provider(service.provider(model, key), patience=QUICK)
    assert refused.value.code == code
    assert key not in str(refused.value)


def test_claude_has_no_search() -> None:
    with speaking("anthropic") as service, pytest.raises(ModelError) as refused:
        check_provider(service.provider(embedding="any"), patience=QUICK)
    assert refused.value.code == "no_embeddings"


@pytest.mark.parametrize(
    ("make", "typed", "meant", "embeds"),
    [
        ("anthropic", "", "https://api.anthropic.com", ""),
        ("anthropic", "https://api.anthropic.com/v1/messages", "https://api.anthropic.com", ""),
        (
            "google_genai",
            "https://generativelanguage.googleapis.com/v1beta/",
            "https://generativelanguage.googleapis.com",
            "https://generativelanguage.googleapis.com/v1beta/openai",
        ),
        ("ollama", "localhost:11434/api/chat", "http://localhost:11434", "http://localhost:11434/v1"),
        ("ollama", "http://localhost:11434/v1", "http://localhost:11434", "http://localhost:11434/v1"),
        ("mistralai", "https://api.mistral.ai", "https://api.mistral.ai/v1", "https://api.mistral.ai/v1"),
        (
            "azure_openai",
            "https://mine.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2025-01-01-preview",
            "https://mine.openai.azure.com?api-version=2025-01-01-preview",
            "https://mine.openai.azure.com",
        ),
    ],
)
def test_a_pasted_address_is_cleaned(make: str, typed: str, meant: str, embeds: str) -> None:
    provider = cleaned(Provider(typed, SecretStr(""), "", make=make))
    assert provider.base_url == meant
    assert cleaned(provider).base_url == meant
    assert provider.chat_model == ("gpt" if make == "azure_openai" else "")
    if embeds:
        assert embedding_address(provider) == embeds


@pytest.mark.parametrize("make", sorted(MAKES))
def test_where_a_cloud_keeps_its_secrets_is_never_asked(make: str) -> None:
    with pytest.raises(ModelError) as refused:
        cleaned(Provider("http://169.254.169.254/latest", SecretStr(""), "m", make=make))
    assert refused.value.code == "address"


def test_an_end_is_taken_from_the_list() -> None:
    with speaking("mistralai") as service:
        provider = service.provider("ending-chat")
        told = with_end(provider, offered_models(provider, patience=QUICK)).traits
        assert (told.ends, told.successor) == ("2027-01-01", "good-chat")
        assert with_end(replace(provider, chat_model="good-chat")).traits.ends == ""


@pytest.mark.parametrize(
    ("address", "model", "ends"),
    [
        ("https://api.openai.com/v1", "gpt-4.1-mini", "2027-01-14"),
        ("https://api.openai.com/v1", "ft:gpt-4.1-mini-2025-04-14:shop::abc", "2027-01-14"),
        ("https://openrouter.ai/api/v1", "openai/gpt-4.1-mini", "2027-01-14"),
        ("https://api.openai.com/v1", DEFAULT_CHAT_MODEL, ""),
        ("https://api.openai.com/v1", "gpt-4.1-mini-of-ours", ""),
        ("https://elsewhere.example.com/v1", "gpt-4.1-mini", ""),
    ],
)
def test_an_announced_end_is_known(address: str, model: str, ends: str) -> None:
    assert with_end(Provider(address, SecretStr(""), model)).traits.ends == ends


def test_what_the_service_tells_goes_before_what_was_announced() -> None:
    provider = Provider("https://api.openai.com/v1", SecretStr(""), "gpt-4.1-mini")
    told = with_end(provider, [Offered("gpt-4.1-mini", ends="2027-03-01")]).traits
    assert (told.ends, told.successor) == ("2027-03-01", "gpt-6-luna")


def test_there_is_one_default() -> None:
    assert Settings(_env_file=None).openai_chat_model == DEFAULT_CHAT_MODEL
    assert KNOWN_PROVIDERS[0].chat_model == DEFAULT_CHAT_MODEL


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ((), DEFAULT_CHAT_MODEL),
        (("gpt-9", DEFAULT_CHAT_MODEL), DEFAULT_CHAT_MODEL),
        (("gpt-9", f"{DEFAULT_CHAT_MODEL}-2026-03-17"), f"{DEFAULT_CHAT_MODEL}-2026-03-17"),
        (("a-text-embedding-9", "gpt-9"), "gpt-9"),
        (("only-embed",), "only-embed"),
    ],
)
def test_the_default_gives_way_to_what_is_offered(offered: tuple[str, ...], chosen: str) -> None:
    assert suggested_model(KNOWN_PROVIDERS[0], offered) == chosen


def test_each_known_service_is_found_by_its_address_and_says_where_a_key_is_made() -> None:
    for known in KNOWN_PROVIDERS:
        assert known_provider(known.make, known.address) == known
        assert known.make in MAKES
        assert bool(known.key_page) is bool(known.price_page)
        assert known.here is ("localhost" in known.address)


def test_what_runs_on_this_computer_is_found() -> None:
    with speaking("ollama") as ollama, speaking("mistralai") as other, speaking("cohere") as closed:
        ports = (
            LocalPort("Ollama", "ollama", ollama.root),
            LocalPort("LM Studio", "openai", f"{other.root}/v1"),
            LocalPort("llama.cpp", "openai", f"{other.root}/not-here"),
            LocalPort("vLLM", "openai", f"{closed.root}/v1"),
        )
        found = look_on_this_computer(ports)
    assert [service.name for service in found] == ["Ollama", "LM Studio"]
    assert "small:latest" in [model.name for model in found[0].models]
    assert not any(
        "authorization" in asked.headers and "none" not in asked.headers["authorization"] for asked in other.asked
    )

"""Settings for services of other makes: keys, prices and extras are told; what runs here is found; ends are said."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from core.assistants.provider_settings import FALLBACK, WRITES, keep_provider, provider
from core.operate import Installation
from core.provider import KNOWN_PROVIDERS, LocalService, Offered
from core.schema import ModelTraits, Provider
from pages.parts import local_card, provider_form
from tests.fake_provider import FakeProvider
from tests.pages.kit import opened, run, texts
from tests.protocol_servers import speaking

pytestmark = pytest.mark.usefixtures("data_folder")
KEY = "sk-a-long-secret-key-7Qx9"


def choose(at: AppTest, make: str, preset: str = "preset") -> AppTest:
    at.selectbox(key=preset).select_index([known.make for known in KNOWN_PROVIDERS].index(make))
    return run(at)


def test_each_service_says_where_a_key_is_made_and_what_it_costs() -> None:
    at = opened("settings")
    for number, known in enumerate(KNOWN_PROVIDERS):
        at.selectbox(key="preset").select_index(number)
        said = texts(run(at))
        assert known.key_page in said
        assert known.price_page in said
        assert ("nothing to pay" in said) is known.here
        assert ("for 1,000 answers" in said) is bool(known.chat_model and not known.here)


def test_a_saved_model_says_what_its_answers_cost_once() -> None:
    keep_provider(Provider("https://api.openai.com/v1", SecretStr(KEY), "gpt-5.4-nano"), 0.1)
    at = opened("settings")
    assert plainly(at).count("About $1 for 1,000 answers of gpt-5.4-nano") == 1
    assert "A key is a long password" not in texts(at)  # it has one
    assert "A key is a long password" in texts(choose(at, "anthropic"))
    keep_provider(Provider("https://gateway.example.com/v1", SecretStr(KEY), "gpt-5.4-nano"), 0.1)
    assert "Price of gpt-5.4-nano not known here" in plainly(opened("settings"))
    keep_provider(Provider("http://127.0.0.1:1/v1", SecretStr(KEY), "gpt-5.4-nano"), 0.1)
    assert "payments:" not in texts(opened("settings"))


def test_a_saved_search_model_says_what_it_costs() -> None:
    keep_provider(Provider("https://api.openai.com/v1", SecretStr(KEY), "", "text-embedding-3-small"), 0.1)
    assert "$0.02 for text-embedding-3-small to prepare a million tokens" in plainly(opened("settings"))


def test_a_model_for_search_is_not_offered_for_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    found = LocalService("Ollama", "ollama", "http://127.0.0.1:1", (Offered("nomic-embed-text"), Offered("qwen3:8b")))
    monkeypatch.setattr(local_card, "look_on_this_computer", lambda: (found,))
    at = opened("settings")
    at.button(key="look_here").click()
    assert "for search, not for answers" in texts(run(at))
    assert [button.key for button in at.button if str(button.key).startswith("use_Ollama")] == ["use_Ollama_qwen3:8b"]


def plainly(at: AppTest) -> str:
    return texts(at).replace("\\", "")


def test_claude_is_set_up_with_a_key_alone() -> None:
    with speaking("anthropic") as service:
        at = choose(opened("settings"), "anthropic")
        assert at.text_input(key="model_address").value == "https://api.anthropic.com"
        at.text_input(key="model_address").set_value(service.root)
        at.text_input(key="model_key_0").set_value(KEY)
        at.get_by_key("model_name").set_value("good-chat")
        at.button(key="save_provider").click()
        run(at)
        assert "**good\\-chat** at Anthropic \\(Claude\\) works" in texts(at)
        used = provider()
        assert used is not None
        assert (used.make, used.base_url, used.api_key.get_secret_value()) == ("anthropic", service.root, KEY)


def test_what_is_not_installed_is_added_with_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    state = Installation()
    monkeypatch.setattr(provider_form, "make_is_here", lambda make: make == "openai")
    monkeypatch.setattr(provider_form, "installation", lambda _: state)
    monkeypatch.setattr(provider_form, "start_extra", begun.append)
    missing = replace(provider_form.EXTRAS["providers"], here=lambda: False)
    monkeypatch.setitem(provider_form.EXTRAS, "providers", missing)
    at = choose(opened("settings"), "mistralai")
    assert "is not installed yet" in texts(at)
    at.button(key="add_providers_chat").click()
    run(at)
    assert begun == ["providers"]
    state = Installation(running=True, doing="Unpacking")
    assert "Adding what speaks to this service, once: Unpacking" in texts(run(at))


def test_a_provider_without_a_chat_model_says_that_answers_are_quotes(fake_provider: FakeProvider) -> None:
    at = opened("settings")
    at.text_input(key="model_address").set_value(fake_provider.base_url)
    at.get_by_key("model_name").set_value("")
    at.button(key="save_provider").click()
    run(at)
    assert "Used for search only; answers are quotes." in texts(at)
    assert "****" not in texts(at)
    assert "Answers: quotes only" in texts(at)


def test_what_was_found_on_this_computer_is_connected_with_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking("ollama") as service:
        found = LocalService("Ollama", "ollama", service.root, (Offered("good-chat", 2_019_393_189),))
        looks: list[tuple[LocalService, ...]] = [(), (found,)]
        monkeypatch.setattr(local_card, "look_on_this_computer", lambda: looks.pop(0))
        at = opened("settings")
        assert len(looks) == 2  # nothing is looked for until the owner asks
        at.button(key="look_here").click()
        assert "**Nothing runs here.**" in texts(run(at))
        at.button(key="look_here").click()
        run(at)
        assert "good\\-chat:gray[ · 2.0 GB]" in texts(at)
        at.button(key="use_Ollama_good-chat").click()
        run(at)
        used = provider()
        assert used is not None
        assert (used.make, used.chat_model, used.base_url) == ("ollama", "good-chat", service.root)


@pytest.mark.parametrize("page", ["home", "knowledge", "settings"])
def test_a_model_that_ends_is_said_on_every_page(page: str) -> None:
    traits = ModelTraits(ends="2026-12-01", successor="good-chat")
    keep_provider(Provider("http://127.0.0.1:1/v1", SecretStr(KEY), "old-chat", traits=traits), 0.1)
    at = opened(page)
    assert "old\\-chat" in "".join(warning.proto.title for warning in at.warning)
    assert at.button(key="successor_chat").label == "Test and use good\\-chat"


def test_the_successor_is_one_click_away() -> None:
    with speaking("mistralai") as service:
        ends = ModelTraits(ends="2026-12-01", successor="good-chat")
        keep_provider(replace(service.provider("ending-chat"), traits=ends), 0.1)
        at = opened("settings")
        at.button(key="successor_chat").click()
        run(at)
        used = provider(WRITES)
        assert used is not None
        assert used.chat_model == "good-chat"
        assert not at.warning


def test_a_second_model_is_named_where_it_is_set(fake_provider: FakeProvider) -> None:
    assert "choose a second model" in opened("settings").expander[0].label
    keep_provider(Provider(fake_provider.base_url, SecretStr(KEY), "spare-chat"), 0.1, FALLBACK)
    assert "spare\\-chat answers" in opened("settings").expander[0].label


def test_search_tells_no_price_of_answers_and_what_is_on_offer_already(fake_provider: FakeProvider) -> None:
    keep_provider(Provider(fake_provider.base_url, SecretStr(KEY), "", "fake-embed"), 0.1)
    at = opened("settings")
    at.session_state["search_service"] = True
    said = texts(run(at))
    assert "“fake\\-embed” of the service that writes is on offer" in said
    assert "1,000 answers" not in said

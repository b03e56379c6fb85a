"""The Settings page: a model is tested before it is saved, its key is never shown, things are found and restored."""

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from core import model_connection
from core.assistants import assistants, index_builds, lifecycle, provider_settings
from core.index import rebuilds, request_embedding
from core.schema import Provider
from tests.core.work import work_off
from tests.fake_provider import FakeProvider
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")
KEY = "sk-a-long-secret-key-7Qx9"


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def fill(at: AppTest, address: str, *, key: str = "", model: str = "fake-chat") -> AppTest:
    """Type into the form and press its button."""
    at.text_input(key="model_address").set_value(address)
    at.text_input(key=key_field(at)).set_value(key)
    at.get_by_key("model_name").set_value(model)
    at.button(key="save_provider").click()
    return run(at)


def key_field(at: AppTest) -> str:
    return next(field.key for field in at.text_input if field.key and field.key.startswith("model_key_"))


def everything(at: AppTest) -> str:
    """All that reaches the browser."""
    inputs = [f"{field.value} {field.proto.placeholder}" for field in at.text_input]
    return texts(at) + "\n".join(inputs)


def saved(server: FakeProvider, *, search: str = "") -> None:
    model_connection.save_provider(Provider(server.base_url, SecretStr(KEY), "fake-chat", search))


def test_at_first_nothing_is_set() -> None:
    at = opened("settings")
    assert "**Not set.** Answers are quotes" in texts(at)
    assert at.selectbox(key="preset").value == 0


def test_a_preset_fills_the_form() -> None:
    at = opened("settings")
    at.selectbox(key="preset").select_index(7)
    run(at)
    assert at.text_input(key="model_address").value == "http://localhost:11434"
    assert at.text_input(key="model_name").value == "llama3.2"
    assert "nothing to pay" in texts(at)


def test_a_model_that_works_is_saved_and_its_key_is_not_shown(fake_provider: FakeProvider) -> None:
    at = fill(opened("settings"), fake_provider.base_url, key=KEY)
    assert "**fake\\-chat** works" in texts(at)
    assert "checked just now" in texts(at)
    found = provider_settings.provider()
    assert found is not None
    assert found.api_key.get_secret_value() == KEY
    assert KEY not in everything(at)
    assert "saved, ends in 7Qx9" in everything(at)
    assert KEY not in everything(opened("settings"))


def test_after_a_test_the_models_can_be_chosen(fake_provider: FakeProvider) -> None:
    at = fill(opened("settings"), fake_provider.base_url, key=KEY)
    assert set(at.selectbox(key="model_name").options) == {"fake-chat", "fake-embed"}


def test_a_wrong_key_saves_nothing_and_keeps_what_was_typed(fake_provider: FakeProvider) -> None:
    at = fill(opened("settings"), fake_provider.base_url, key="fail-401", model="fake-chat")
    assert len(at.error) == 1
    assert at.error[0].value
    assert "Nothing was saved." in texts(at)
    assert provider_settings.saved_provider() is None
    assert at.text_input(key="model_address").value == fake_provider.base_url
    assert at.text_input(key=key_field(at)).value == "fail-401"
    assert "fail-401" not in texts(at)


def test_a_change_that_fails_leaves_the_saved_model_in_use(fake_provider: FakeProvider) -> None:
    saved(fake_provider)
    at = fill(opened("settings"), fake_provider.base_url, model="no-such-model")
    assert "no-such-model" in at.error[0].proto.title.replace("\\", "")
    assert "What was saved before is still in use" in texts(at)
    row = provider_settings.saved_provider()
    assert row is not None
    assert row.chat_model == "fake-chat"


def test_an_empty_key_keeps_the_saved_one(fake_provider: FakeProvider) -> None:
    saved(fake_provider)
    fill(opened("settings"), fake_provider.base_url, model="fake-embed")
    found = provider_settings.provider()
    assert found is not None
    assert found.api_key.get_secret_value() == KEY
    assert found.chat_model == "fake-embed"


def test_a_saved_key_is_never_sent_to_another_address(fake_provider: FakeProvider) -> None:
    saved(fake_provider)
    with FakeProvider() as other:
        fill(opened("settings"), other.base_url)
        assert other.requests
        assert all(KEY not in request.key for request in other.requests)


def test_testing_again_says_what_is_wrong_now(fake_provider: FakeProvider) -> None:
    saved(fake_provider)
    at = opened("settings")
    fake_provider.script(["quota"])
    at.button(key="test_provider").click()
    run(at)
    assert len(at.error) == 1
    assert at.error[0].value
    at.button(key="test_provider").click()
    run(at)
    assert not at.error
    assert "**fake\\-chat** works" in texts(at)


def test_removing_asks_first_and_names_what_is_lost(fake_provider: FakeProvider, assistant_id: str) -> None:
    saved(fake_provider, search="fake-embed")
    name = rebuilds()[0].embedding
    found = provider_settings.provider()
    assert found is not None
    request_embedding(f"openai:fake-embed@{fake_provider.base_url}")
    work_off()
    assert rebuilds()[0].embedding != name
    at = opened("settings")
    at.button(key="remove_provider").click()
    run(at)
    assert "1 assistant cannot be searched until you choose the built\\-in search" in texts(at)
    assert provider_settings.saved_provider() is not None


def test_a_search_model_is_offered_once_it_is_set(fake_provider: FakeProvider, assistant_id: str) -> None:
    saved(fake_provider, search="fake-embed")
    at = opened("settings")
    name = f"openai:fake-embed@{fake_provider.base_url}"
    at.radio(key="search_model").set_value(name)
    run(at)
    at.button(key="use_search_model").click()
    run(at)
    assert "1 assistant will be searched anew" in texts(at)
    request_embedding(name)
    run(at)
    assert "Waiting for its turn" in texts(at)
    work_off()
    run(at)
    assert index_builds.live_build(assistant_id).embedding == name
    assert index_builds.live_build(assistant_id).dimension == fake_provider.dimension


def test_it_says_where_things_are_kept(assistant_id: str) -> None:
    said = texts(opened("settings"))
    assert "SQLite" in said
    assert "in the folder “data”" in said
    assert "LanceDB" in said
    assert "Answerbook 0." in said


def test_an_assistant_in_the_bin_is_restored(assistant_id: str) -> None:
    lifecycle.delete_assistant(assistant_id)
    at = opened("settings")
    at.button(key=f"restore_assistant_{assistant_id}").click()
    run(at)
    assert assistants.assistant(assistant_id).name == "Help"
    assert "Empty. An assistant that is deleted stays here for 30 days." in texts(at)


def test_reading_what_was_found_is_a_choice_for_all_assistants_and_those_to_come(assistant_id: str) -> None:
    at = opened("settings")
    assert at.toggle(key="reads_closely").value
    at.toggle(key="reads_closely").set_value(False)
    run(at)
    assert not at.toggle(key="reads_closely").value
    later = lifecycle.create_assistant("Later")
    for each in (assistant_id, later, lifecycle.copy_assistant(assistant_id, "Copy")):
        assert not assistants.search_settings(assistants.assistant(each)).reader
    assert not opened("settings").toggle(key="reads_closely").value
    at.toggle(key="reads_closely").set_value(True)
    run(at)
    assert assistants.search_settings(assistants.assistant(later)).reader


def test_models_are_listed_before_anything_is_saved(fake_provider: FakeProvider) -> None:
    at = opened("settings")
    at.text_input(key="model_address").set_value(fake_provider.base_url)
    at.text_input(key=key_field(at)).set_value(KEY)
    at.button(key="list_models").click()
    run(at)
    assert at.selectbox(key="model_name").value == "fake-chat"
    assert set(at.selectbox(key="model_name").options) == {"fake-chat", "fake-embed"}
    assert provider_settings.provider() is None
    at.button(key="save_provider").click()
    assert "**fake\\-chat** works" in texts(run(at))


def test_a_service_that_cannot_be_listed_says_why(fake_provider: FakeProvider) -> None:
    at = opened("settings")
    at.text_input(key="model_address").set_value(fake_provider.base_url)
    at.text_input(key=key_field(at)).set_value("fail-401")
    at.button(key="list_models").click()
    assert "did not accept the key" in texts(run(at))
    assert at.text_input(key="model_address").value == fake_provider.base_url

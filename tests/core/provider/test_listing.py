"""What a service offers, at the address that was meant, before anything is saved."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from core import model_connection, pipeline
from core.assistants import lifecycle, provider_settings, sources
from core.provider import check_provider, list_models
from core.schema import Answer, ModelTraits, Provider
from tests.core.provider.provider_kit import at
from tests.core.provider.wire_forms import ANSWER, error, json_reply, lists, refusing, streaming
from tests.core.work import work_off
from tests.fake_provider import FakeProvider, Reply, Request


@pytest.fixture(autouse=True)
def _sane_again(server: FakeProvider) -> Iterator[None]:
    yield
    server.behave = None


def test_models_are_listed_without_one_being_chosen(server: FakeProvider) -> None:
    assert list_models(Provider(server.root, SecretStr(""), "")) == ("fake-chat", "fake-embed")
    assert not server.seen()


def test_a_service_with_one_model_is_asked_for_that_one(server: FakeProvider) -> None:
    server.behave = lists({})
    check = check_provider(at(server, "my-model"))
    assert check.chat_model == "fake-chat"
    assert "“fake-chat”" in check.warnings[0]
    assert server.seen()[0].body["model"] == "fake-chat"


def test_a_name_without_its_label_is_left(server: FakeProvider) -> None:
    server.behave = lambda request: (
        json_reply({"data": [{"id": "fake-chat:latest"}]}) if request.path.endswith("/models") else None
    )
    check = check_provider(at(server, "fake-chat"))
    assert (check.chat_model, check.warnings) == ("fake-chat", ())


@pytest.mark.parametrize("chosen", ["", "fake-chat"])
def test_an_old_azure_address_leads_to_the_newer_one(server: FakeProvider, chosen: str) -> None:
    """The old form names one deployment and wants a version with each request; the newer one speaks the protocol."""

    def azure(request: Request) -> Reply | None:
        if request.path == "/openai/v1/models":
            return json_reply({"data": [{"id": "fake-chat"}, {"id": "fake-embed"}]})
        if request.path == "/openai/v1/chat/completions":
            return json_reply({"choices": [{"message": {"content": ANSWER}, "finish_reason": "stop"}]})
        return error(404, "Resource not found", code="404")

    server.behave = azure
    typed = f"{server.root}/openai/deployments/fake-chat/chat/completions?api-version=2024-02-01"
    check = check_provider(Provider(typed, SecretStr("k"), chosen))
    assert (check.base_url, check.chat_model) == (f"{server.root}/openai/v1", "fake-chat")


def test_a_search_model_alone_is_tested_and_named(server: FakeProvider) -> None:
    check = check_provider(at(server, "", embedding="fake-embed"))
    assert (check.chat_model, check.dimension) == ("", 64)
    assert not server.seen(), "no chat model is asked"


def test_what_a_test_learnt_is_kept_and_used(server: FakeProvider, data_folder: object) -> None:
    server.behave = refusing(streaming, error(400, "Streaming is not supported."))
    model_connection.save_provider(at(server))
    kept = provider_settings.provider()
    assert kept is not None
    assert kept.traits == ModelTraits(streams=False)
    server.behave = None
    model_connection.retest_provider()
    kept = provider_settings.provider()
    assert kept is not None
    assert kept.traits == ModelTraits(), "testing again learns again"


def test_without_a_chat_model_answers_stay_quotes(server: FakeProvider, data_folder: object) -> None:
    model_connection.save_provider(at(server, "", embedding="fake-embed"))
    assistant = lifecycle.create_assistant("Help")
    sources.add_files(assistant, [("storage.txt", b"Storage at the depot costs 4 EUR a day.")])
    work_off()
    *_, answer = pipeline.answer(assistant, "What does storage at the depot cost?")
    assert isinstance(answer, Answer)
    assert (answer.kind, answer.text) == ("quotes", "\u201cStorage at the depot costs 4 EUR a day.\u201d [1]")
    assert not server.seen()

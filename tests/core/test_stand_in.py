"""Roles of providers: one writes, another may search, a third answers where the first fails before its first word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from pydantic import SecretStr

from core import model_connection, pipeline
from core.answer.borne_out import BROKE_OFF
from core.assistants import index_builds, lifecycle, sources
from core.assistants.provider_settings import FALLBACK, SEARCHES, WRITES, keep_provider, provider, saved_provider
from core.errors import ModelError
from core.index import cost_of, request_embedding
from core.model_connection import embeddings_of, model_ends, save_provider, take_successor
from core.schema import BUILT_IN_EMBEDDING, Answer, ModelTraits, Provider
from tests.core.work import work_off
from tests.fake_provider import FakeProvider
from tests.protocol_servers import ProtocolServer, speaking

pytestmark = pytest.mark.usefixtures("data_folder")
QUESTION = "How long does a parcel to Norway take?"


@pytest.fixture(autouse=True)
def _nothing_rests() -> Iterator[None]:
    pipeline._failed.clear()
    yield
    pipeline._failed.clear()


@pytest.fixture
def claude() -> Iterator[ProtocolServer]:
    with speaking("anthropic") as service:
        yield service


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("times.md", b"# Times\n\nA parcel to Norway takes two days.\n")])
    work_off()
    return made


def at(server: FakeProvider, model: str = "fake-chat", embedding: str = "", key: str = "sk-first") -> Provider:
    return Provider(server.base_url, SecretStr(key), model, embedding)


def asked(assistant_id: str) -> Answer:
    *_, answer = pipeline.answer(assistant_id, QUESTION)
    assert isinstance(answer, Answer)
    return answer


def test_where_the_first_model_fails_the_second_answers_and_says_so(
    fake_provider: FakeProvider, claude: ProtocolServer, assistant_id: str
) -> None:
    save_provider(at(fake_provider))
    save_provider(claude.provider(), FALLBACK)
    assert "good-chat" not in asked(assistant_id).text
    fake_provider.script(["401"])
    answer = asked(assistant_id)
    assert answer.kind == "written"
    assert answer.text.endswith("Written by “good-chat”: the usual model did not answer.")


def test_one_that_has_just_failed_is_not_waited_for_again(
    fake_provider: FakeProvider, claude: ProtocolServer, assistant_id: str
) -> None:
    save_provider(at(fake_provider))
    save_provider(claude.provider(), FALLBACK)
    fake_provider.script(["401"])
    asked(assistant_id)
    before = len(fake_provider.requests)
    assert "Written by" in asked(assistant_id).text
    assert len(fake_provider.requests) == before


def test_without_a_second_model_the_failure_is_said(fake_provider: FakeProvider, assistant_id: str) -> None:
    save_provider(at(fake_provider))
    fake_provider.script(["401"])
    with pytest.raises(ModelError) as failed:
        asked(assistant_id)
    assert failed.value.code == "key"


def test_after_the_first_word_nobody_takes_over(
    fake_provider: FakeProvider, claude: ProtocolServer, assistant_id: str
) -> None:
    save_provider(at(fake_provider))
    save_provider(claude.provider(), FALLBACK)
    fake_provider.script(["cut:20"])
    answer = asked(assistant_id)
    assert answer.note == BROKE_OFF
    assert "Written by" not in answer.text


def test_where_both_fail_the_failure_of_the_second_is_said(
    fake_provider: FakeProvider, claude: ProtocolServer, assistant_id: str
) -> None:
    save_provider(at(fake_provider))
    save_provider(claude.provider(), FALLBACK)
    fake_provider.script(["401"])
    claude.script(["quota"])
    with pytest.raises(ModelError) as failed:
        asked(assistant_id)
    assert failed.value.code == "quota"


def test_a_model_with_room_for_all_passages_is_not_kept_waiting_by_the_reader(
    fake_provider: FakeProvider, assistant_id: str
) -> None:
    for window, read in ((None, True), (32_000, False)):  # None: on this machine, so a small one
        keep_provider(replace(at(fake_provider), traits=ModelTraits(window=window)), 1.0)
        assert [hit.reading is not None for hit in asked(assistant_id).hits] == [read]
    fake_provider.script(["cut:12"])
    answer = asked(assistant_id)
    assert answer.kind == "quotes"
    assert answer.hits[0].reading is not None  # what is quoted in its place is read all the same


def test_a_provider_for_search_alone_leaves_answers_to_be_quotes(
    fake_provider: FakeProvider, assistant_id: str
) -> None:
    save_provider(at(fake_provider, "", "fake-embed"))
    assert asked(assistant_id).kind == "quotes"


def test_search_and_answers_come_from_two_addresses(
    fake_provider: FakeProvider, claude: ProtocolServer, assistant_id: str
) -> None:
    save_provider(claude.provider())
    save_provider(at(fake_provider, "", "fake-embed"), SEARCHES)
    name = f"openai:fake-embed@{fake_provider.base_url}"
    request_embedding(name)
    work_off()
    assert index_builds.live_build(assistant_id).embedding == name
    assert asked(assistant_id).kind == "written"
    assert not any("embed" in request.path for request in claude.asked)


def test_the_search_model_of_one_row_counts_until_another_is_set(fake_provider: FakeProvider) -> None:
    save_provider(at(fake_provider, embedding="fake-embed"))
    name = f"openai:fake-embed@{fake_provider.base_url}"
    assert embeddings_of(name).embed_query("word")
    with FakeProvider() as other:
        save_provider(at(other, "", "fake-embed"), SEARCHES)
        assert embeddings_of(f"openai:fake-embed@{other.base_url}").embed_query("word")
        assert embeddings_of(name).embed_query("word")  # passages prepared before are searched as ever
        with pytest.raises(ModelError):
            embeddings_of("openai:fake-embed@http://127.0.0.1:1/v1")


def test_a_new_assistant_takes_the_search_model_that_was_chosen_for_all(
    fake_provider: FakeProvider, assistant_id: str
) -> None:
    save_provider(at(fake_provider, "", "fake-embed"), SEARCHES)
    name = f"openai:fake-embed@{fake_provider.base_url}"
    assert index_builds.live_build(lifecycle.create_assistant("Before")).embedding == BUILT_IN_EMBEDDING
    request_embedding(name)
    work_off()
    build = index_builds.live_build(lifecycle.create_assistant("After"))
    assert (build.embedding, build.dimension) == (name, fake_provider.dimension)


def test_what_is_on_this_machine_has_no_price_list() -> None:
    here = cost_of("openai:text-embedding-3-small@http://127.0.0.1:11434/v1")
    assert (here.local, here.dollars) == (True, None)
    there = cost_of("openai:text-embedding-3-small@https://api.openai.com/v1")
    assert (there.local, there.dollars) == (False, 0.0)


def test_a_change_of_search_says_what_it_costs_and_how_long_it_takes(assistant_id: str) -> None:
    name, keep = "text-embedding-3-small", partial(keep_provider, seconds=0.1, role=SEARCHES)
    hosted = Provider("https://api.openai.com/v1", SecretStr("k"), "", name, traits=ModelTraits(embeds=2.0))
    keep(hosted)
    cost = cost_of(f"openai:{name}@{hosted.base_url}")
    assert cost.tokens > 0
    assert cost.dollars == cost.tokens * 0.02 / 1_000_000
    assert cost.seconds == pytest.approx(cost.tokens / (2.0 * 4), abs=0.1)  # four requests at a time
    local = replace(hosted, base_url="http://127.0.0.1:1/v1")
    keep(local)
    slow = cost_of(f"openai:{name}@{local.base_url}")
    assert slow.seconds == pytest.approx(cost.tokens / 2.0, abs=0.1)  # one machine does no four things at once
    keep(replace(local, traits=ModelTraits()))
    assert cost_of(f"openai:{name}@{local.base_url}").seconds is None
    built_in = cost_of(BUILT_IN_EMBEDDING)
    assert built_in.seconds is not None
    assert 0 < built_in.seconds < 1


def test_the_speed_of_a_search_model_is_measured_by_its_test(fake_provider: FakeProvider, assistant_id: str) -> None:
    save_provider(at(fake_provider, "", "fake-embed"), SEARCHES)
    saved = provider(SEARCHES)
    assert saved is not None
    assert saved.traits.embeds > 0
    assert cost_of(f"openai:fake-embed@{fake_provider.base_url}").seconds is not None
    sent = [request.body["input"] for request in fake_provider.seen("/embeddings")]
    assert [len(texts) for texts in sent] == [1, 16]


def test_one_that_takes_no_batch_of_the_test_works_all_the_same(fake_provider: FakeProvider) -> None:
    save_provider(at(fake_provider, "", "fail-few:1"), SEARCHES)
    saved = provider(SEARCHES)
    assert saved is not None
    assert saved.traits.embeds == 0.0


def test_a_key_goes_to_its_own_host_whatever_the_role(fake_provider: FakeProvider) -> None:
    save_provider(at(fake_provider, key="sk-of-this-host"))
    typed = Provider(fake_provider.base_url, SecretStr(""), "", "fake-embed")
    assert model_connection.with_saved_key(typed).api_key.get_secret_value() == "sk-of-this-host"
    elsewhere = replace(typed, base_url="https://api.example.com/v1")
    assert model_connection.with_saved_key(elsewhere).api_key.get_secret_value() == ""


def test_a_model_that_ends_is_told_two_months_before_with_what_follows() -> None:
    with speaking("mistralai") as service:
        save_provider(service.provider("ending-chat"))
        assert model_ends(date(2026, 10, 30)) == []
        (end,) = model_ends(date(2026, 11, 30))
        assert (end.model, end.days, end.successor, end.ours) == ("ending-chat", 32, "good-chat", True)
        assert model_ends(date(2027, 2, 1))[0].days < 0
        take_successor(end)
        used = provider(WRITES)
        assert used is not None
        assert (used.chat_model, used.make) == ("good-chat", "mistralai")
        assert model_ends(date(2026, 11, 30)) == []


def test_a_successor_that_does_not_work_is_not_taken() -> None:
    with speaking("mistralai") as service:
        save_provider(service.provider("ending-chat"))
        (end,) = model_ends(date(2026, 11, 30))
        service.script(["no_model"])
        with pytest.raises(ModelError):
            take_successor(end)
        kept = saved_provider()
        assert kept is not None
        assert kept.chat_model == "ending-chat"


def test_an_end_that_was_announced_is_told_of_what_was_saved_long_ago() -> None:
    keep_provider(Provider("https://api.openai.com/v1", SecretStr("k"), "gpt-4.1-mini", traits=ModelTraits()), 0.1)
    (end,) = model_ends(date(2026, 12, 1))
    assert (end.day, end.successor) == (date(2027, 1, 14), "gpt-6-luna")

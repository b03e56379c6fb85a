"""The seven steps of a demo: each is done when it has happened to real files and answers, and not before."""

import pytest
from pydantic import SecretStr
from sqlmodel import select

from core import model_connection
from core.assistants import conversations, lifecycle, source_rows, sources
from core.assistants.provider_settings import remove_provider
from core.database import DemoRun, session
from core.demo import (
    PRICE_LIST,
    QUESTION,
    Progress,
    add_price_list,
    ask_in_demo,
    ask_plainly,
    begin_run,
    current_run,
    end_run,
    has_model,
    has_price_list,
    note_opened_place,
    progress_of,
    take_file,
)
from core.errors import ModelError, NotFound
from core.metering import host_of
from core.schema import Answer, Provider
from core.spending import save_limits, save_price
from tests.core.work import work_off
from tests.fake_provider import FakeProvider

pytestmark = pytest.mark.usefixtures("data_folder")
OFFER = ("offer.md", b"# Warranty period\n\nThe pump has a warranty of 36 months.\n")
NEW_OFFER = ("offer.md", b"# Warranty period\n\nThe pump has a warranty of 60 months.\n")
WARRANTY = "How long is the warranty of the pump?"
OFF_TOPIC = "Who won the football World Cup in 1998?"


@pytest.fixture
def assistant(data_folder: object) -> str:
    made = lifecycle.create_assistant("Help")
    add(made, ("terms.md", b"# Terms\n\nWe deliver on weekdays only."))
    return made


def add(assistant_id: str, *files: tuple[str, bytes]) -> None:
    sources.add_files(assistant_id, files)
    work_off()


def ask(assistant_id: str, question: str) -> Answer:
    [answer] = [piece for piece in ask_in_demo(assistant_id, question) if isinstance(piece, Answer)]
    return answer


def progress(assistant_id: str) -> Progress:
    run = current_run(assistant_id)
    assert run is not None
    return progress_of(run, has_model=has_model())


def done(assistant_id: str) -> list[int]:
    """The numbers of the steps that have happened, from 1."""
    return [number for number, is_done in enumerate(progress(assistant_id).done, 1) if is_done]


def test_all_steps_without_a_model(assistant: str) -> None:
    ask(assistant, "When do you deliver?")
    ask(assistant, OFF_TOPIC)
    begin_run(assistant)
    assert done(assistant) == []  # what came before it does not count
    ask(assistant, "When do you deliver?")
    assert done(assistant) == []  # there is no file of theirs yet
    add(assistant, OFFER)
    assert done(assistant) == [1]
    ask(assistant, "On which days do you deliver?")
    assert done(assistant) == [1]  # it stands on another file
    ask(assistant, WARRANTY)
    assert done(assistant) == [1, 2]
    seen = progress(assistant)
    assert seen.file is not None
    assert seen.file.name == "offer.md"
    assert seen.cited is not None
    assert "36 months" in seen.cited.text
    assert (seen.has_model, seen.can(2)) == (False, False)
    ask(assistant, OFF_TOPIC)
    assert done(assistant) == [1, 2, 4]
    note_opened_place(assistant, seen.cited.citations[0])
    assert done(assistant) == [1, 2, 4, 5]
    add(assistant, NEW_OFFER)
    stale = progress(assistant).stale
    assert stale is not None
    assert stale.question == WARRANTY
    assert done(assistant) == [1, 2, 4, 5]
    ask(assistant, f" {WARRANTY.upper()} ")
    assert done(assistant) == [1, 2, 4, 5, 6, 7]
    changed = progress(assistant).changed
    assert changed is not None
    assert ("36 months" in changed.before.text, "60 months" in changed.after.text) == (True, True)
    assert 0 <= changed.seconds < 600
    assert progress(assistant).stale is None
    assert (progress(assistant).cost.answers, progress(assistant).cost.micro_euros) == (0, 0)


def test_begun_anew_all_are_open_again_and_a_file_that_is_here_can_be_taken(assistant: str) -> None:
    first = begin_run(assistant)
    add(assistant, OFFER)
    ask(assistant, WARRANTY)
    second = begin_run(assistant)
    assert done(assistant) == []
    offer = next(source.id for source in source_rows.source_names(assistant) if source.name == "offer.md")
    with pytest.raises(NotFound):
        take_file(second, "nowhere")
    take_file(first, offer)  # another window still shows the one before
    assert done(assistant) == []
    take_file(second, offer)
    ask(assistant, WARRANTY)
    assert done(assistant) == [1, 2]
    sources.delete_sources(assistant, [offer])
    assert done(assistant) == []
    end_run(assistant)
    assert current_run(assistant) is None
    note_opened_place(assistant, ask(assistant, "When do you deliver?").citations[0])  # no demo is on: nothing to note
    assert len(conversations.conversations(assistant)) == 3  # what was asked stays


def test_our_price_list_changes_each_time_it_is_added(assistant: str) -> None:
    begin_run(assistant)
    assert not has_price_list(assistant)
    add_price_list(assistant)
    work_off()
    assert has_price_list(assistant)
    assert 1 not in done(assistant)  # it is no file of theirs
    assert "12.50" in ask(assistant, QUESTION).text
    add_price_list(assistant)
    work_off()
    assert "14.90" in ask(assistant, QUESTION).text
    changed = progress(assistant).changed
    assert changed is not None
    assert changed.name == PRICE_LIST
    begin_run(assistant)  # in the next demo the price that is there now changes back
    assert "14.90" in ask(assistant, QUESTION).text
    add_price_list(assistant)
    work_off()
    assert "12.50" in ask(assistant, QUESTION).text
    assert 6 in done(assistant)


def test_the_plain_model_gets_the_question_alone_and_what_it_cost_is_counted(
    assistant: str, fake_provider: FakeProvider
) -> None:
    service = Provider(fake_provider.base_url, SecretStr("key-1"), "fake-chat")
    model_connection.save_provider(service)
    save_price(host_of(service), "fake-chat", (1_000_000, 1_000_000))  # a micro-euro for each token
    run = begin_run(assistant)
    add(assistant, OFFER)
    ask(assistant, WARRANTY)
    assert (done(assistant), progress(assistant).can(2)) == ([1, 2], True)
    fake_provider.requests.clear()
    assert "".join(piece for piece in ask_plainly(run, WARRANTY) if isinstance(piece, str)) == "OK."
    [sent] = fake_provider.requests
    assert [message["content"] for message in sent.body["messages"]] == [WARRANTY]
    plain = progress(assistant).plain
    assert plain is not None
    assert (plain.text, plain.model) == ("OK.", "fake-chat")
    cost = progress(assistant).cost
    assert cost.answers == 2
    assert cost.micro_euros == cost.prompt_tokens + cost.answer_tokens > (plain.spent or 0) > 0
    save_limits({"euros_day": 0})
    with pytest.raises(ModelError):
        list(ask_plainly(run, WARRANTY))
    remove_provider()
    with pytest.raises(ModelError, match="No model"):
        list(ask_plainly(run, WARRANTY))
    assert done(assistant) == [1, 2, 3]  # it has happened, and stays


def test_a_model_that_fails_ticks_nothing(assistant: str, fake_provider: FakeProvider) -> None:
    model_connection.save_provider(Provider(fake_provider.base_url, SecretStr("key-1"), "fake-chat"))
    run = begin_run(assistant)
    fake_provider.script(["401"])
    with pytest.raises(ModelError):
        list(ask_plainly(run, WARRANTY))
    assert done(assistant) == []


def test_a_demo_goes_with_its_assistant(assistant: str) -> None:
    begin_run(assistant)
    lifecycle.delete_assistant(assistant)
    with pytest.raises(NotFound):
        begin_run(assistant)
    lifecycle.erase_assistant(assistant)
    with session() as db:
        assert db.exec(select(DemoRun)).all() == []

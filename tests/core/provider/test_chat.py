"""The model provider, against a real HTTP server that fails in every way a real one does."""

import threading

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from core.answer import system_prompt
from core.answer.prompt import answer_prompt, conversation_text, rewrite_prompt
from core.errors import ModelError
from core.provider import Patience, chat_model, complete_text, stream_text
from core.schema import Turn, Voice
from tests.core.provider.provider_kit import PASSAGES, QUICK, ask, assert_clean, at
from tests.fake_provider import UNKNOWN, FakeProvider


def test_an_answer_comes_in_pieces_with_its_marker(server: FakeProvider) -> None:
    pieces = ask(server)
    assert len(pieces) > 5
    assert "".join(pieces) == "A parcel to France costs 12 euros. [1]"


def test_a_question_nothing_fits_is_not_answered(server: FakeProvider) -> None:
    assert "".join(ask(server, question="Who founded Rome?")) == UNKNOWN


def test_a_follow_up_question_is_rewritten(server: FakeProvider) -> None:
    model = chat_model(at(server))
    messages = [
        SystemMessage("Rewrite the last message as a stand-alone question."),
        HumanMessage("What does a parcel to France cost?"),
        AIMessage("12 euros."),
        HumanMessage("And to Spain?"),
    ]
    assert complete_text(model, messages) == "And to Spain, parcel france cost?"


def test_the_fake_provider_understands_the_prompts_of_the_app(server: FakeProvider) -> None:
    model = chat_model(at(server))
    passages = (
        '[1]\n<source name="How much is a parcel.pdf" page="2"/>\n<text>\nA parcel costs 12 euros.\n</text>\n\n'
        '[2]\n<source name="times.pdf"/>\n<text>\nIt takes a week.\n</text>'
    )
    voice = Voice(unknown="No idea.")
    given = {"system": system_prompt(voice), "history": [], "passages": passages}
    asked = answer_prompt.format_messages(question="How much is a parcel?", **given)
    assert complete_text(model, asked) == "A parcel costs 12 euros. [1]"
    assert complete_text(model, answer_prompt.format_messages(question="Who founded Rome?", **given)) == "No idea."
    turns = [Turn("user", "What does a parcel to France cost?"), Turn("assistant", "12 euros. Is it heavy?")]
    rewrite = rewrite_prompt.format_messages(conversation=conversation_text(turns), question="and to Spain")
    assert complete_text(model, rewrite) == "and to Spain, parcel france cost?"


def test_the_request_holds_nothing_that_other_services_refuse(server: FakeProvider) -> None:
    ask(server)
    assert set(server.seen()[0].body) == {"messages", "model", "stream", "max_tokens"}


def test_trying_again_helps_when_the_service_was_only_busy(server: FakeProvider) -> None:
    server.script(["429:0", "503", "ok"])
    assert "".join(ask(server)).endswith("[1]")
    assert len(server.seen()) == 3


def test_the_wait_the_service_asks_for_is_kept(server: FakeProvider) -> None:
    server.script(["429:1"])
    ask(server)
    first, second = server.seen()
    assert second.seconds - first.seconds > 0.95


@pytest.mark.parametrize("failure", ["cut:20", "cut_clean:20", "stream_error:20", "bad_chunk", "slow:0.3"])
def test_an_answer_that_breaks_keeps_what_came(server: FakeProvider, failure: str) -> None:
    pieces: list[str] = []
    messages = [SystemMessage(PASSAGES), HumanMessage("How much is a parcel?")]
    patience = Patience(silence=5.0, total=5.4) if failure.startswith("slow") else QUICK
    server.script([failure])
    with pytest.raises(ModelError) as caught:
        pieces.extend(stream_text(chat_model(at(server), patience=patience), messages))
    assert caught.value.code == "stopped_early"
    assert pieces
    assert "A parcel to France costs".startswith("".join(pieces).strip())
    assert len(server.seen()) == 1
    assert_clean(caught.value)


@pytest.mark.parametrize("failure", ["hang:30", "drip"])
def test_a_service_that_says_nothing_is_given_up(server: FakeProvider, failure: str) -> None:
    server.script([failure] * 3)
    before = (server.silences_ended, server.answers_sent)
    with pytest.raises(ModelError) as caught:
        list(stream_text(chat_model(at(server), patience=Patience(1.0, 0.3, 0.6)), [HumanMessage("Hello?")]))
    assert caught.value.code == "timeout"
    assert caught.value.passing
    assert (server.silences_ended, server.answers_sent) == before, "it was waited for"


def test_a_stopped_answer_ends_the_request(server: FakeProvider) -> None:
    server.script(["slow:0.05"])
    stream = stream_text(chat_model(at(server)), [SystemMessage(PASSAGES), HumanMessage("How much is a parcel?")])
    assert next(filter(None, stream))
    stream.close()  # type: ignore[attr-defined]
    assert "".join(ask(server)).endswith("[1]")


def test_many_visitors_share_one_client(server: FakeProvider) -> None:
    answers: list[str] = []
    model = chat_model(at(server))
    messages = [SystemMessage(PASSAGES), HumanMessage("How much is a parcel?")]
    threads = [threading.Thread(target=lambda: answers.append(complete_text(model, messages))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["A parcel to France costs 12 euros. [1]"] * 12

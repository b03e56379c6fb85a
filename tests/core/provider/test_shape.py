"""Messages as a model takes them, and an answer's limit under the name that it takes."""

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import SecretStr

from core.provider import chat_model, complete_text
from core.provider.shape import answer_tokens, shaped
from core.schema import ModelTraits, Provider
from tests.fake_provider import FakeProvider

RULES, HELLO, AGAIN = SystemMessage("Rules."), HumanMessage("Hello?"), HumanMessage("And now?")


def said(messages: list[BaseMessage]) -> list[tuple[str, str]]:
    return [(message.type, message.text) for message in messages]


def test_what_a_model_takes_is_left_as_it_is() -> None:
    messages = [RULES, HELLO, AIMessage("Yes."), AGAIN]
    assert shaped(messages, ModelTraits()) == messages


def test_rules_stand_before_the_last_question_where_there_is_no_system_role() -> None:
    messages = shaped([RULES, HELLO, AIMessage("Yes."), AGAIN], ModelTraits(system_role=False))
    assert said(messages) == [("human", "Hello?"), ("ai", "Yes."), ("human", "Rules.\n\nAnd now?")]


def test_rules_alone_become_a_question() -> None:
    assert said(shaped([RULES], ModelTraits(system_role=False))) == [("human", "Rules.")]


@pytest.mark.parametrize("answer", ["", "  "])
def test_a_question_without_an_answer_is_merged_into_the_next(answer: str) -> None:
    messages = shaped([RULES, HELLO, AIMessage(answer), AGAIN], ModelTraits(strict_turns=True))
    assert said(messages) == [("system", "Rules."), ("human", "Hello?\n\nAnd now?")]


def test_a_conversation_cut_off_at_its_beginning_begins_with_a_question() -> None:
    messages = shaped([RULES, AIMessage("Yes."), HELLO], ModelTraits(strict_turns=True))
    assert said(messages) == [("system", "Rules."), ("human", "Hello?")]


def test_an_answer_has_a_limit_and_thoughts_have_room() -> None:
    assert answer_tokens(ModelTraits()) == 1_000
    assert answer_tokens(ModelTraits(thinks=True)) > 2_000
    assert answer_tokens(ModelTraits(window=2_048)) == 512
    assert answer_tokens(ModelTraits(window=32)) == 16


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", ""])
def test_the_limit_goes_along_under_the_name_that_the_model_takes(server: FakeProvider, name: str) -> None:
    provider = Provider(server.base_url, SecretStr("k"), "fake-chat", traits=ModelTraits(limit=name))
    complete_text(chat_model(provider), [HELLO])
    (request,) = server.seen()
    assert {key: value for key, value in request.body.items() if "tokens" in key} == ({name: 1_000} if name else {})

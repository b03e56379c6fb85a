"""The Chat page: what the owner says about an answer is kept until the owner takes it away."""

import pytest
from streamlit.testing.v1 import AppTest

from core.assistants import conversations, lifecycle, sources, voices
from core.assistants.conversations import SavedMessage
from core.schema import Answer
from pages.parts import state
from tests.core.work import work_off
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")
SHOULD_SAY = "It costs 4 euros since May."


@pytest.fixture
def talk() -> tuple[str, str]:
    """An assistant, and a conversation with one answer."""
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("prices.md", b"A parcel costs 3 euros.")])
    work_off()
    made = conversations.start_conversation(assistant_id)
    conversations.add_question(made, "What does a parcel cost?")
    conversations.add_answer(made, Answer("“A parcel costs 3 euros.” [1]", "quotes"))
    return assistant_id, made


def answer_in(conversation_id: str) -> SavedMessage:
    return conversations.messages(conversation_id)[1]


def press(at: AppTest, message_id: str, thumb: int | None) -> None:
    at.feedback(key=state.thumb(message_id).key).set_value(thumb)
    run(at)


def type_in(at: AppTest, message_id: str, words: str) -> None:
    at.text_input(key=state.comment(message_id).key).set_value(words)
    run(at)


def test_a_correction_stays_until_the_owner_clears_it(talk: tuple[str, str]) -> None:
    assistant_id, made = talk
    at = opened("chat", assistant_id, conversation=made)
    message_id = answer_in(made).id
    press(at, message_id, 0)
    type_in(at, message_id, SHOULD_SAY)
    assert (answer_in(made).feedback, answer_in(made).comment) == (-1, SHOULD_SAY)
    for thumb, kept in ((None, 0), (1, 1), (0, -1)):
        press(at, message_id, thumb)
        assert (answer_in(made).feedback, answer_in(made).comment) == (kept, SHOULD_SAY)
    assert at.text_input(key=state.comment(message_id).key).value == SHOULD_SAY
    type_in(at, message_id, "")
    assert (answer_in(made).feedback, answer_in(made).comment) == (-1, "")


def test_what_another_window_has_kept_is_not_written_over(talk: tuple[str, str]) -> None:
    assistant_id, made = talk
    message_id = answer_in(made).id
    conversations.set_feedback(message_id, -1)
    at = opened("chat", assistant_id, conversation=made)
    conversations.set_comment(message_id, SHOULD_SAY)
    run(at)
    press(at, message_id, None)
    assert answer_in(made).comment == SHOULD_SAY


def test_a_conversation_is_deleted_only_after_a_question(talk: tuple[str, str]) -> None:
    assistant_id, made = talk
    at = opened("chat", assistant_id, conversation=made)
    at.session_state["earlier"] = True
    run(at)
    at.button(key=f"forget_{made}").click()
    run(at)
    assert len(conversations.conversations(assistant_id)) == 1
    assert "It cannot be brought back" in texts(at)


def test_a_question_near_is_asked_with_one_click(talk: tuple[str, str]) -> None:
    assistant_id, made = talk
    conversations.add_question(made, "What does a parcel of wine cost in Peru?")
    offering = Answer(
        "I don't know.", "unknown", looked_for=("wine", "*Peru*"), near=("A parcel costs?",), language="en"
    )
    conversations.add_answer(made, offering)
    at = opened("chat", assistant_id, conversation=made)
    assert "I looked for: wine, \\*Peru\\*" in texts(at)
    assert "Perhaps one of these helps:" in texts(at)
    message_id = conversations.messages(made)[-1].id
    at.button(key=f"near_{message_id}_0").click()
    run(at)
    said = conversations.messages(made)
    assert [message.text for message in said[-2:]] == ["A parcel costs?", "“A parcel costs 3 euros.” [1]"]
    run(at)
    assert len(conversations.messages(made)) == len(said), "it was asked once more"


def test_the_words_around_what_is_offered_are_in_the_askers_language(talk: tuple[str, str]) -> None:
    assistant_id, made = talk
    conversations.add_answer(made, Answer("Weiß nicht.", "unknown", looked_for=("Wein",), language="de"))
    assert "Gesucht habe ich nach: Wein" in texts(opened("chat", assistant_id, conversation=made))


def test_a_greeting_is_answered_by_the_greeting(talk: tuple[str, str]) -> None:
    assistant_id, made = talk
    at = opened("chat", assistant_id, conversation=made)
    at.chat_input(key=f"question_{assistant_id}").set_value("hello!")
    run(at)
    answer = conversations.messages(made)[-1]
    assert (answer.kind, answer.text) == ("talk", voices.voice(assistant_id).greeting)

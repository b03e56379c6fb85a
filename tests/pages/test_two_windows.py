"""Two windows on one thing: what one deletes or writes is neither crossed nor undone by the other."""

import pytest

from core.assistants import conversations, lifecycle, sources
from core.schema import Answer
from tests.core.work import work_off
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")
TEXT = "# Returns\n\nParcels can be sent back within 30 days of delivery. The label is in the box."
QUESTION = "When can parcels be sent back?"


def with_sources(name: str) -> str:
    made = lifecycle.create_assistant(name)
    sources.add_files(made, [("returns.md", TEXT.encode())])
    work_off()
    return made


def answered(assistant_id: str) -> tuple[str, str]:
    """A conversation with one wrong answer; returns its id and the answer's."""
    conversation = conversations.start_conversation(assistant_id)
    conversations.add_question(conversation, QUESTION)
    message = conversations.add_answer(conversation, Answer(text="In a year.", kind="written", question=QUESTION))
    conversations.set_feedback(message, -1)
    return conversation, message


def test_a_question_never_goes_to_another_assistant_because_its_own_was_deleted() -> None:
    stays, goes = with_sources("Stays"), with_sources("Goes")
    at = opened("chat", goes)
    lifecycle.delete_assistant(goes)
    at.chat_input[0].set_value(QUESTION)
    run(at)
    assert conversations.conversations(stays) == []
    assert any("not here any more" in toast.value for toast in at.toast)


def test_a_comment_of_another_window_is_not_overwritten_by_looking_at_it() -> None:
    assistant = with_sources("Help")
    conversation, message = answered(assistant)
    first, second = (opened("chat", assistant, conversation=conversation) for _ in range(2))
    first.get_by_key(f"comment_{message}").set_value("Within 30 days.")
    run(first)
    run(second)
    assert conversations.messages(conversation)[-1].comment == "Within 30 days."


def test_a_question_in_a_conversation_that_was_deleted_begins_a_new_one() -> None:
    assistant = with_sources("Help")
    conversation, _ = answered(assistant)
    at = opened("chat", assistant, conversation=conversation)
    conversations.delete_conversation(assistant, conversation)
    at.chat_input[0].set_value(QUESTION)
    run(at)
    assert "Parcels can be sent back" in texts(at)
    assert len(conversations.conversations(assistant)) == 1


def test_a_source_that_was_deleted_in_another_window_is_left_alone_by_an_open_menu() -> None:
    assistant = with_sources("Help")
    at = opened("knowledge", assistant)
    source = next(iter(at.checkbox)).key.removeprefix("choose_")
    sources.delete_sources(assistant, [source])
    at.checkbox[0].check()
    run(at)
    assert "returns.md" in texts(at)
    assert "deleted" in texts(at)

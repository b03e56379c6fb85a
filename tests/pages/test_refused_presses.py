"""A press or a redraw that the database refuses ends in words on the page, and nothing is lost."""

import sys
from pathlib import Path

import pytest

from core import jobs
from core.assistants import assistants, conversations, lifecycle, source_rows, sources
from core.schema import Answer
from tests.core.work import work_off
from tests.locked_database import locked
from tests.pages.kit import opened, run, texts

BUSY = "Another program is using the database just now."


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> Path:
    """Waits a quarter of a second for a lock instead of a minute."""
    monkeypatch.setattr(sys.modules["core.database.engine"], "BUSY_SECONDS", 0.25)
    return data_folder


def test_a_retry_that_the_database_refuses_says_so_and_works_afterwards(data: Path) -> None:
    assistant = lifecycle.create_assistant("Help")
    sources.add_files(assistant, [("broken.pdf", b"%PDF-1.7\nnothing")])
    work_off()
    at = opened("knowledge", assistant)
    retry = next(button for button in at.button if button.label == "Retry")
    with locked(data):
        retry.click()
        run(at)
        assert BUSY in texts(at)
        assert source_rows.source_rows(assistant)[0].state == "failed"
    next(button for button in at.button if button.label == "Retry").click()
    run(at)
    assert BUSY not in texts(at)
    assert jobs.active_count() == 1


def test_a_thumb_that_the_database_refuses_says_so_once(data: Path) -> None:
    assistant = lifecycle.create_assistant("Help")
    sources.add_files(assistant, [("a.md", b"# Returns\n\nReturns are free for 30 days.")])
    work_off()
    conversation = conversations.start_conversation(assistant)
    conversations.add_question(conversation, "Are returns free?")
    message = conversations.add_answer(conversation, Answer(text="Yes.", kind="written", question="Are returns free?"))
    at = opened("chat", assistant, conversation=conversation)
    with locked(data):
        at.feedback[0].set_value(0)
        run(at)
        assert BUSY in texts(at)
    assert conversations.messages(conversation)[-1].feedback == 0
    run(at)
    assert BUSY not in texts(at)
    conversations.set_feedback(message, -1)


def test_a_check_that_the_database_refuses_says_so_and_offers_another_try(data: Path) -> None:
    lifecycle.create_assistant("Help")
    at = opened("settings")
    with locked(data):
        at.get_by_key("check_passages").click()
        run(at)
        assert BUSY in texts(at)
    at.get_by_key("draw_again").click()
    run(at)
    assert BUSY not in texts(at)


def test_a_choice_of_the_reader_that_the_database_refuses_says_so_and_stays_as_it_was(data: Path) -> None:
    lifecycle.create_assistant("Help")
    at = opened("settings")
    with locked(data):
        at.toggle(key="reads_closely").set_value(False)
        run(at)
        assert BUSY in texts(at)
    assert assistants.reads_closely()

"""A change is a line of who made it, whichever part of the program changes it; nobody's changes are none."""

import time

import pytest

from core import log as core_log
from core.assistants.assistants import rename_assistant
from core.assistants.lifecycle import create_assistant, delete_assistant
from core.people import Person, Recorder, create_owner, lines

pytestmark = pytest.mark.usefixtures("database")


def test_changes_to_assistants_are_lines_of_who_made_them(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = create_owner("owner@example.com", "", "correct horse battery")
    actor: list[Person | None] = [owner]
    monkeypatch.setattr(core_log, "_listeners", [])
    Recorder(lambda: actor[0]).start()
    made = create_assistant("Help")
    wait_for_lines(2)
    rename_assistant(made, "Customer help")
    wait_for_lines(3)
    actor[0] = None
    delete_assistant(made)
    actor[0] = owner
    create_assistant("Another")
    wait_for_lines(4)
    assert [(line.who, line.deed, line.about) for line in lines()[:3]] == [
        (owner.email, "assistant.created", "Another"),
        (owner.email, "assistant.renamed", "Customer help"),
        (owner.email, "assistant.created", "Help"),
    ]


def wait_for_lines(count: int) -> None:
    """They are written by a thread of their own."""
    until = time.monotonic() + 30
    while len(lines()) < count and time.monotonic() < until:
        time.sleep(0.02)
    assert len(lines()) == count

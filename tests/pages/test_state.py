"""What a session remembers: each thing under a key of its own, and a sentence of what was done said once."""

import pytest

from core.assistants import lifecycle
from pages.parts import state
from tests.pages.kit import gone_to, opened, run

pytestmark = pytest.mark.usefixtures("data_folder")


def test_no_two_things_are_remembered_under_one_key() -> None:
    keys = [thing.key for thing in vars(state).values() if isinstance(thing, state.Entry)]
    assert len(keys) > 20
    assert len(keys) == len(set(keys))


def test_what_was_done_is_said_once_whatever_page_is_next() -> None:
    at = opened("settings", lifecycle.create_assistant("Help"))
    assert not at.toast
    at.session_state[state.toast.key] = state.Toast("Every assistant is being moved.", ":material/check_circle:")
    gone_to(at, "knowledge")
    assert [toast.value for toast in at.toast] == ["Every assistant is being moved."]
    run(at)
    assert not at.toast

"""What is shown while an answer comes: one line that says what is waited for, and then its words."""

import pytest

from core.provider import sentence
from core.schema import Thought
from pages.parts import live_answer
from pages.parts.live_answer import LOOKING, THINKING, LiveAnswer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(live_answer.time, "monotonic", lambda: now[0])
    return now


def test_a_model_that_still_loads_is_said_until_its_first_word(clock: list[float]) -> None:
    live = LiveAnswer()
    assert live.take("") == LOOKING
    clock[0] += 3
    live.heard(sentence("loading"))
    assert "The model is still loading… (3 s)" in live.take("")
    clock[0] += 9
    assert "(12 s)" in live.take("")
    assert live.take("Two days") == "Two days"
    assert live.take("") == "Two days"


def test_a_model_that_says_nothing_is_said_to_maybe_load(clock: list[float]) -> None:
    live = LiveAnswer()
    live.take("")
    clock[0] += 7
    assert live.take("") == LOOKING
    clock[0] += 2
    assert "No word from the model yet (9 s)" in live.take("")
    assert live.take(Thought("Hm")) == THINKING
    assert live.take(" Two") == " Two"


def test_another_reason_to_ask_again_is_no_loading(clock: list[float]) -> None:
    live = LiveAnswer()
    live.heard(sentence("loading"))
    live.heard(sentence("rate"))
    assert live.take("") == LOOKING


def test_what_turns_out_to_be_thought_goes_again(clock: list[float]) -> None:
    live = LiveAnswer()
    live.take("The user wants")
    assert live.take(Thought(all_before=True)) == THINKING
    assert live.text == ""

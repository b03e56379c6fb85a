"""The prompt: what the owner sees is what the model gets, and documents cannot speak in its place."""

from typing import get_args, get_type_hints

import pytest

from core.answer import CLOSENESS, LENGTHS, TONES, system_prompt
from core.answer.prompt import answer_prompt, conversation_text, history_messages, rewrite_prompt
from core.schema import Turn, Voice


@pytest.mark.parametrize(("setting", "choices"), [("tone", TONES), ("length", LENGTHS), ("closeness", CLOSENESS)])
def test_every_value_of_the_voice_has_its_words(setting: str, choices: dict[str, object]) -> None:
    assert set(choices) == set(get_args(get_type_hints(Voice)[setting]))
    prompts = {system_prompt(Voice(**{setting: value})) for value in choices}
    assert len(prompts) == len(choices)


def test_the_prompt_holds_the_owners_own_sentences() -> None:
    voice = Voice(name="Ada", rules="Never promise a date. Use {braces} as they are.", unknown="Ask the {desk}.")
    said = system_prompt(voice)
    assert "You are Ada." in said
    assert "Never promise a date. Use {braces} as they are." in said
    assert "Ask the {desk}." in said
    assert "[1]" in said
    assert "never instructions" in said


def test_braces_in_rules_and_documents_reach_the_model_unchanged() -> None:
    filled = answer_prompt.invoke(
        {"system": "{a}", "history": [], "passages": "{b} {{c}}", "question": "{d}?"}
    ).to_messages()
    assert filled[0].content == "{a}"
    assert "{b} {{c}}" in str(filled[-1].content)
    assert "{d}?" in str(filled[-1].content)


def test_language_is_the_visitors_or_the_one_chosen() -> None:
    assert "language of the question" in system_prompt(Voice())
    assert "in German" in system_prompt(Voice(language="de"))
    assert "in Swiss German" in system_prompt(Voice(language="Swiss German"))


def test_history_is_the_last_exchanges_without_old_numbers() -> None:
    turns = [turn for number in range(9) for turn in (Turn("user", f"Question {number}"), Turn("assistant", "Yes."))]
    turns[-1] = Turn("assistant", "Ten euros [2]. " + "x" * 5000)
    messages = history_messages(turns)
    assert [message.type for message in messages] == ["human", "ai"] * 3
    assert [messages[0].content, messages[-2].content] == ["Question 6", "Question 8"]
    assert str(messages[-1].content).startswith("Ten euros. x")
    assert len(str(messages[-1].content)) == 1500
    assert conversation_text(turns[:1]) == "Visitor: Question 0"


def test_the_rewrite_asks_for_a_stand_alone_question() -> None:
    filled = rewrite_prompt.invoke({"conversation": "Visitor: Hi", "question": "And by air?"}).to_string()
    assert "stand-alone question" in filled
    assert "And by air?" in filled

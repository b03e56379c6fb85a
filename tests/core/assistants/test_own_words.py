"""The owner's words of an assistant: saved once, within limits, searched by every way of asking, taken along."""

import pytest
from sqlmodel import select

from core import pipeline
from core.assistants import assistants, conversations, lifecycle, own_words, sources
from core.database import session
from core.database.own_words_tables import OwnWord
from core.errors import AnswerbookError, NotFound
from core.explain import add_own_word, proposed_words, search_test
from core.schema import Answer, Turn
from tests.core.work import work_off

BADGES = "# Badges\n\nA lost access badge costs 15 euros. The access badge opens every door of the depot.\n"
HOURS = "# Hours\n\nThe depot is open from 8 to 18 on weekdays, and closed on Sundays. A letter costs 2 euros.\n"
QUESTION = "How much for a lost fob?"


@pytest.fixture
def assistant_id(data_folder: object) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("badges.md", BADGES.encode()), ("hours.md", HOURS.encode())])
    work_off()
    return made


def answered(assistant_id: str, question: str) -> Answer:
    *_, answer = pipeline.answer(assistant_id, question)
    assert isinstance(answer, Answer)
    return answer


def test_chat_and_search_test_find_what_the_documents_call_it_from_the_next_question_on(assistant_id: str) -> None:
    before = search_test(assistant_id, "What does a fob open?")
    assert "access badge opens every door" not in before.answer.text
    own_words.save_own_word(assistant_id, "fob", "access badge")
    test = search_test(assistant_id, "What do FOBs open?")
    assert "access badge opens every door" in test.answer.text
    assert test.own_words == {"FOBs": "access badge"}
    chat = answered(assistant_id, "What do FOBs open?")
    assert chat.text == test.answer.text
    assert chat.understood == ()  # no slip: nothing is said of it
    [row] = own_words.own_words(assistant_id)
    own_words.delete_own_word(assistant_id, row.id)
    assert search_test(assistant_id, "What does a fob open?").answer.text == before.answer.text


def test_a_follow_up_is_read_with_them_too(assistant_id: str) -> None:
    own_words.save_own_word(assistant_id, "fob", "access badge")
    said = (Turn("user", "When is the depot open?"), Turn("assistant", "From 8 to 18."))
    *_, answer = pipeline.answer(assistant_id, "and what does a lost fob cost?", history=said)
    assert isinstance(answer, Answer)
    assert "15 euros" in answer.text


def test_one_word_stands_for_one_thing_however_it_is_written(assistant_id: str) -> None:
    own_words.save_own_word(assistant_id, "Fob", "badge")
    own_words.save_own_word(assistant_id, " fob\n", "access \u200b badge", "owner@example.org")
    [row] = own_words.own_words(assistant_id)
    assert (row.said, row.meant, row.made_by) == ("fob", "access badge", "owner@example.org")


@pytest.mark.parametrize(
    ("said", "meant", "code"),
    [
        ("", "badge", "no_words"),
        ("fob", " \u200b ", "no_words"),
        ("?!", "badge", "no_words"),
        ("f" * 81, "badge", "too_long"),
        ("fob", "b" * 201, "too_long"),
        ("Fob", "fob", "same"),
        ("the", "badge", "every_word"),
    ],
)
def test_what_stands_for_nothing_is_refused(assistant_id: str, said: str, meant: str, code: str) -> None:
    with pytest.raises(AnswerbookError) as refused:
        add_own_word(assistant_id, said, meant)
    assert refused.value.code == code
    assert own_words.own_word_count(assistant_id) == 0


def test_a_word_of_every_sentence_that_a_file_brought_changes_no_question(assistant_id: str) -> None:
    before = search_test(assistant_id, "When is the depot open?").answer.text
    own_words.save_own_word(assistant_id, "the", "access badge")
    test = search_test(assistant_id, "When is the depot open?")
    assert (test.answer.text, test.own_words) == (before, {})


def test_there_are_five_hundred_at_most(assistant_id: str) -> None:
    with session() as db:
        for number in range(own_words.MOST_WORDS):
            said = f"word{number}"
            db.add(OwnWord(assistant_id=assistant_id, known_by=said, said=said, meant="access badge"))
    with pytest.raises(AnswerbookError) as refused:
        own_words.save_own_word(assistant_id, "tag", "badge")
    assert refused.value.code == "too_many"
    own_words.save_own_word(assistant_id, "word7", "letter")  # one that is there may change
    assert "access badge opens every door" in answered(assistant_id, "What does word 499 or word499 open?").text


def test_they_are_copied_and_go_with_their_assistant(assistant_id: str) -> None:
    own_words.save_own_word(assistant_id, "fob", "access badge")
    assistants.set_sureness(assistant_id, "sure")
    copied = lifecycle.copy_assistant(assistant_id, "Copy")
    assert own_words.pairs(copied) == (("fob", "access badge"),)
    assert assistants.sureness(copied) == "sure"
    lifecycle.delete_assistant(assistant_id)
    with pytest.raises(NotFound):
        own_words.save_own_word(assistant_id, "tag", "badge")
    lifecycle.restore_assistant(assistant_id)
    assert own_words.own_word_count(assistant_id) == 1
    lifecycle.erase_assistant(assistant_id)
    with session() as db:
        assert {row.assistant_id for row in db.exec(select(OwnWord)).all()} == {copied}


def ask(assistant_id: str, question: str) -> None:
    conversation = conversations.start_conversation(assistant_id)
    conversations.add_question(conversation, question)
    conversations.add_answer(conversation, answered(assistant_id, question))


def test_words_of_questions_that_found_nothing_are_proposed_until_they_stand_for_something(assistant_id: str) -> None:
    ask(assistant_id, "Who repairs the gizmotron?")
    ask(assistant_id, "Where are Gizmotrons kept?")
    proposed = proposed_words(assistant_id)
    [first] = [each for each in proposed if "gizmotron" in each.word.casefold()]  # in one form and another
    assert (first, first.questions, first.found_nothing) == (proposed[0], 2, True)
    assert "depot" not in [each.word for each in proposed]
    own_words.save_own_word(assistant_id, "gizmotron", "access badge")
    assert not [each for each in proposed_words(assistant_id) if "gizmotron" in each.word.casefold()]

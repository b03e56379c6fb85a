"""The owner's words in a question: what people say put in the documents' words, and both are searched."""

from collections.abc import Sequence

import pytest

from core.schema import Question
from core.text import OwnWords, Vocabulary, as_typed, read_question, search_terms, unknown_words, words_in
from core.text.own_words import is_sayable

SOURCES = """
The access badge opens every door. A lost access badge costs 15 euros. Information technology repairs it.
Research and development is on floor 2. The box AX-4410-B holds 5 kg. Die Rückgabefrist endet am Montag.
"""
OWN: OwnWords = (
    ("fob", "access badge"),
    ("key tag", "access badge"),
    ("IT", "information technology"),
    ("R&D", "Research and development"),
    ("the blue box", "AX-4410-B"),
    ("ZZ-99-X", "AX-4410-B"),
    ("badge holder", "badge"),
    ("门卡", "门禁卡"),
)


def read(text: str, own: OwnWords = OWN, languages: Sequence[str] = ("en",)) -> Question:
    return read_question(text, languages, vocabulary=Vocabulary(words_in(SOURCES)).with_own_words(own))


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("What does a lost fob cost?", "What does a lost access badge cost?"),
        ("lost FOB", "lost access badge"),
        ("Lost fobs?", "Lost access badge?"),
        ("the fob's price", "the access badge's price"),
        ("Key tags, please", "access badge, please"),
        ("Where is IT?", "Where is information technology?"),
        ("Where is R & D?", "Where is Research and development?"),
        ("What does the blue box hold?", "What does AX-4410-B hold?"),
        ("ZZ-99-X holds what?", "AX-4410-B holds what?"),
        ("门卡多少钱", "门禁卡多少钱"),
    ],
)
def test_what_people_say_is_put_in_the_documents_words(text: str, understood: str) -> None:
    question = read(text)
    assert question.understood == understood
    assert question.meant == understood
    assert question.corrected == {}  # nothing is said of it on screen
    assert (question.text, question.alone) == (text, text)
    assert len(question.own_words) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Is it open?",  # "it" is in every question, "IT" is not
        "IS IT OPEN?",
        "Who is fob@office.example?",
        "What is AX-FOB-12?",
        "Is this the key. Tag it",  # two sentences
        "An access badge?",
        "Fobbing off",
    ],
)
def test_what_only_looks_like_a_word_of_the_owners_stays(text: str) -> None:
    question = read(text)
    assert question.own_words == {}
    assert question.meant == text


def test_both_are_searched_and_either_covers_the_word() -> None:
    question = read("What does a lost fob cost?")
    searched = {*question.terms, *question.others}
    assert set(search_terms("fob access badge", ("en",))) <= searched
    for word in ("access", "badge"):
        assert set(search_terms(f"fob {word}", ("en",))) <= set(question.words[word])
    assert "fob" not in question.words


def test_a_code_that_is_meant_is_an_exact_thing_and_the_one_said_is_none() -> None:
    assert [thing.written for thing in read("What does the blue box hold?").exact] == ["AX-4410-B"]
    assert [thing.written for thing in read("What does ZZ-99-X hold?").exact] == ["AX-4410-B"]


def test_a_word_of_the_owners_is_no_slip_and_nor_is_what_it_stands_for() -> None:
    assert read("Where is my badgee?", (("badgee", "tokenn acess"),)).corrected == {}
    assert read("Where is my badgee?", ()).corrected == {"badgee": "badge"}


def test_it_is_put_in_place_once_however_often_it_is_read() -> None:
    own: OwnWords = (("fob", "key fob"), ("badge", "access badge"))
    once = read("Is the fob a badge?", own)
    assert once.understood == "Is the key fob a access badge?"
    assert read(once.understood, own).understood == once.understood
    assert as_typed(once).understood == once.understood


def test_of_two_that_begin_together_the_longer_one_counts() -> None:
    own: OwnWords = (("key", "password"), ("key tag", "access badge"))
    assert read("a key tag and a key", own).understood == "a access badge and a password"


@pytest.mark.parametrize("text", ["What does a lost fob cost?", "insurnace of the badgee", "", "门卡", "AX-4410-B"])
def test_with_an_empty_list_nothing_changes(text: str) -> None:
    vocabulary = Vocabulary(words_in(SOURCES))
    without = read_question(text, ("en",), vocabulary=vocabulary)
    assert read_question(text, ("en",), vocabulary=vocabulary.with_own_words(())) == without
    assert without.meant == without.alone


def test_before_the_sources_words_are_counted_the_owners_are_known() -> None:
    question = read_question("lost fob", ("en",), vocabulary=Vocabulary({}).with_own_words(OWN))
    assert question.understood == "lost access badge"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("(a+)+$", "x"),
        ("[", "\\1"),
        ("fob" * 20, "\\g<0>"),
        ("<b>fob</b>", "<script>alert(1)</script>"),
        ("a\u0301" * 40, "x"),
    ],
)
def test_hostile_words_do_nothing_but_stand_for_others(said: str, meant: str) -> None:
    question = read(f"What is {said} here?", ((said, meant),))
    assert question.own_words in ({}, {said.strip("[(+)$"): meant}) or meant in question.understood
    assert read("x " * 2_000 + said, ((said, meant),)).text


@pytest.mark.parametrize(("said", "may"), [("IT", True), ("it", False), ("the", False), ("C++", False), ("fob", True)])
def test_what_every_sentence_has_stands_for_nothing(said: str, may: bool) -> None:
    assert is_sayable(said) is may


def test_words_that_no_source_has_are_told() -> None:
    vocabulary = Vocabulary(words_in(SOURCES), frozenset(("laptop", "two"))).with_own_words((("lanyard", "strap"),))
    asked = "Where do I return a laptop, my FOB or two lanyards to Berlin, AX-9999-Z, for an access badges door?"
    assert unknown_words(asked, ("en",), vocabulary) == ["return", "laptop", "FOB"]

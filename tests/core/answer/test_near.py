"""Where nothing fits: what was looked for, and questions near it that the documents answer."""

from collections.abc import Sequence

from core.answer.near import looked_for, near_questions
from core.schema import Hit, StoredPassage
from core.text import Vocabulary, read_question, search_terms, words_in

FAQ = """## Lost parcels

When does a parcel count as lost? After 5 working days.

## 3. Opening hours

Can I send a guitar by plane? Yes, in a hard case.
How are refunds paid? By card.
"""


def hit(text: str = FAQ) -> Hit:
    passage = StoredPassage("p", "s", "v", 0, 0, len(text), 1, text, "", " ".join(search_terms(text)))
    return Hit(passage, "faq.md", 1.0)


def near(question: str, *, suggested: Sequence[str] = (), asked: Sequence[str] = ()) -> tuple[str, ...]:
    read = read_question(question, ("en",))
    return near_questions(read, [hit()], answered=lambda _: True, suggested=suggested, asked=asked)


def test_what_was_looked_for_is_said_as_it_was_typed() -> None:
    assert looked_for(read_question("What does a Parcel to Japan cost?")) == ("Parcel", "Japan", "cost")
    assert looked_for(read_question("and to Canada?", alone="Price to Canada?")) == ("Price", "Canada")


def test_what_a_word_was_taken_for_is_neither_said_nor_near_where_nothing_fits() -> None:
    sources = Vocabulary(words_in("You make a booking. How long does delivery take? We make it fast."))
    baking = read_question("how to bake bread", ("en",), vocabulary=sources)
    assert baking.corrected == {"bake": "make"}
    assert looked_for(baking) == ("bake", "bread")
    passage = "How do I make a booking? By phone."
    assert near_questions(baking, [hit(passage)], answered=lambda _: True) == ()


def test_questions_and_headings_with_a_word_in_common_are_near() -> None:
    assert near("What percent duty on an electric guitar?") == ("Can I send a guitar by plane?",)
    assert near("is a lost umbrella found") == ("When does a parcel count as lost?", "Lost parcels")
    assert near("hours of the gym") == ("Opening hours",)


def test_nothing_is_near_what_the_documents_do_not_speak_of() -> None:
    assert near("who won the football yesterday") == ()


def test_the_owners_own_question_is_offered_where_it_is_near() -> None:
    own = ["What does a guitar case cost?", "Do you ship wine?"]
    assert set(near("is my guitar insured", suggested=own)) == {own[0], "Can I send a guitar by plane?"}


def test_the_same_question_and_what_was_asked_before_are_not_offered() -> None:
    assert near("can I send a guitar by plane") == ()
    assert near("is my guitar insured", asked=["Can I send a guitar by plane?"]) == ()


def test_only_what_is_answered_is_offered() -> None:
    tried: list[str] = []

    def answered(text: str) -> bool:
        tried.append(text)
        return text == "Lost parcels"

    read = read_question("is a lost umbrella found", ("en",))
    assert near_questions(read, [hit()], answered=answered) == ("Lost parcels",)
    assert "When does a parcel count as lost?" in tried

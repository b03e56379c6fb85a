"""Whether what was found fits the question at all."""

from dataclasses import replace

import pytest

from core.retrieve import fits, missing_things
from core.text import read_question
from tests.core.retrieve.retrieve_kit import Assistant


@pytest.mark.parametrize("question", ["Who pays the import tax?", "What does the label for a return cost?"])
def test_hits_fit_a_question_that_the_sources_answer(handbook: Assistant, question: str) -> None:
    assert fits(read_question(question), handbook.retriever().find(question))


@pytest.mark.parametrize(
    "question", ["Who won the 1998 world cup final?", "Recommend a vegetarian restaurant", "What is photosynthesis?"]
)
def test_hits_do_not_fit_a_question_about_something_else(handbook: Assistant, question: str) -> None:
    hits = handbook.retriever().find(question)
    assert hits, "else nothing is decided here"
    assert not fits(read_question(question), hits)


def test_nothing_found_does_not_fit() -> None:
    assert not fits(read_question("Who pays?"), [])


@pytest.fixture
def boxes(assistant: Assistant) -> Assistant:
    for letter, price in zip("ABCDEFGH", range(4, 12), strict=True):
        assistant.put(
            f"{letter}.md",
            f"Folding box AX-4410-{letter} costs {price} euros and carries a lot.",
            f"Box number {letter} is in stock. Ask Ann about prices of box 4410.",
        )
    assistant.put("help.md", "Write to help@shipit.example or call 030 / 123 45 67.", "§ 12 Returns. Send it back.")
    assistant.put("days.md", "The fair is on 3 March 2026.", "The depot is closed on 24 December.")
    return assistant


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What does AX-4410-C cost?", "AX-4410-C costs"),
        ("price of ax4410g", "AX-4410-G costs"),
        ("Who reads help@shipit.example?", "help@shipit"),
        ("Whose number is +49 30 1234567?", "123 45 67"),
        ("What does section 12 say?", "§ 12"),
        ("What is on 03.03.2026?", "3 March 2026"),
    ],
)
def test_what_holds_the_named_thing_comes_first(boxes: Assistant, question: str, words: str) -> None:
    hits = boxes.retriever().find(question)
    assert words in hits[0].passage.text
    assert missing_things(read_question(question, ["en"]), hits) == ()


def test_two_things_are_both_among_the_hits(boxes: Assistant) -> None:
    question = "Compare the folding box AX-4410-A with help@shipit.example"
    hits = boxes.retriever().find(question, 2)
    assert missing_things(read_question(question, ["en"]), hits) == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What does AX-9999-B cost?", ("AX-9999-B",)),
        ("What does the folding box AX-4410 cost?", ("AX-4410",)),
        ("Compare AX-4410-A with AX-4410-Z", ("AX-4410-Z",)),
        ("Who reads sales@shipit.example?", ("sales@shipit.example",)),
        ("What does § 13 say about returns?", ("§ 13",)),
    ],
)
def test_nothing_fits_where_no_hit_holds_what_is_named(
    boxes: Assistant, question: str, missing: tuple[str, ...]
) -> None:
    hits, asked = boxes.retriever().find(question), read_question(question, ["en"])
    assert missing_things(asked, hits) == missing
    assert not fits(asked, hits)


def test_a_date_that_is_nowhere_refuses_nothing(boxes: Assistant) -> None:
    question = "Is the depot closed on 26 December?"
    hits, asked = boxes.retriever().find(question), read_question(question, ["en"])
    assert (missing_things(asked, hits), fits(asked, hits)) == ((), True)


def test_a_passage_stored_before_codes_were_terms_holds_them_too(boxes: Assistant) -> None:
    hits = boxes.retriever().find("What does AX-4410-C cost?")
    old = [replace(hit, passage=replace(hit.passage, terms="fold box ax 4410 c")) for hit in hits]
    assert missing_things(read_question("What does AX4410C cost?", ["en"]), old) == ()

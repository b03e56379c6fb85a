"""Whether what was found fits the question at all."""

import pytest

from core.retrieve import fits
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

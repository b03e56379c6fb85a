"""A question in another language about English passages is read in English words where tables answer."""

from dataclasses import replace

import pytest

from core.answer.in_english import as_asked, in_english_words
from core.answer.table_reading import table_answers
from core.text import Vocabulary, read_question
from tests.core.answer.table_hits import PARCELS, cells_of, hit

FOUND = [replace(hit(PARCELS), language="en", asked_in="es")]


def test_a_table_answers_in_whatever_language_it_is_asked() -> None:
    question = read_question("cuánto cuesta un paquete de 3 kg a la zona 2", ("en",), vocabulary=Vocabulary({}))
    assert table_answers(question, FOUND) == []
    asked, hits = in_english_words(question, FOUND)
    assert "how much cost" in asked.alone
    assert cells_of(table_answers(asked, hits)) == ["Zone 2 · 14.90"]
    assert [(each.language, each.asked_in) for each in hits] == [("", "")]
    assert as_asked(hits, FOUND) == FOUND


@pytest.mark.parametrize("told", [("", ""), ("de", "es"), ("en", "zh")])
def test_what_is_not_about_english_passages_or_in_a_language_without_a_list_stays(told: tuple[str, str]) -> None:
    question = read_question("cuánto cuesta", ("en",))
    found = [replace(hit(PARCELS), language=told[0], asked_in=told[1])]
    assert in_english_words(question, found) == (question, found)

"""What is shown of a written answer that the documents do not bear out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.answer.borne_out import CHECK_IT, NOT_FOUND, QUOTED_INSTEAD, borne_out
from core.schema import Answer, Citation, Voice

PLACE = Citation(1, "a", "a1", "a.md", None, 0, 5, "words", 0, 5)
WRITTEN = Answer("It costs 5 EUR [1].", "written", (replace(PLACE, supported=False),))
QUOTES = Answer("“words” [1]", "quotes", (PLACE,))


def quoting(answer: Answer) -> Callable[[], Answer]:
    return lambda: answer


def test_with_one_true_citation_it_is_shown_as_it_is() -> None:
    answer = replace(WRITTEN, citations=(PLACE, replace(PLACE, number=2, supported=False)))
    assert borne_out(answer, Voice(), quoting(QUOTES)) == answer


def test_a_voice_that_keeps_to_the_documents_shows_the_quotes_and_says_why() -> None:
    shown = borne_out(replace(WRITTEN, stopped_early="It broke off."), Voice(closeness="strict"), quoting(QUOTES))
    assert (shown.text, shown.kind, shown.note) == (QUOTES.text, "quotes", QUOTED_INSTEAD)
    assert shown.stopped_early == "It broke off."
    nothing = borne_out(WRITTEN, Voice(), quoting(Answer("I don't know.", "unknown")))
    assert (nothing.kind, nothing.note) == ("unknown", NOT_FOUND)


@pytest.mark.parametrize("closeness", ["balanced", "open"])
def test_any_other_voice_shows_it_with_a_note(closeness: str) -> None:
    voice = Voice(closeness=closeness)  # type: ignore[arg-type]
    assert borne_out(WRITTEN, voice, quoting(QUOTES)) == replace(WRITTEN, note=CHECK_IT)

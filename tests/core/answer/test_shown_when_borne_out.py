"""What is shown of a written answer that the documents do not bear out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

from core.answer import ask
from core.answer.borne_out import BROKE_OFF, CHECK_IT, NOT_FOUND, QUOTED_INSTEAD, borne_out
from core.schema import Answer, Citation, Voice
from tests.core.answer.test_asking import retriever_over

PLACE = Citation(1, "a", "a1", "a.md", None, 0, 5, "words", 0, 5)
WRITTEN = Answer("It costs 5 EUR [1].", "written", (replace(PLACE, supported=False),))
QUOTES = Answer("“words” [1]", "quotes", (PLACE,))


def quoting(answer: Answer) -> Callable[[], Answer]:
    return lambda: answer


def test_with_one_true_citation_it_is_shown_as_it_is() -> None:
    answer = replace(WRITTEN, citations=(PLACE, replace(PLACE, number=2, supported=False)))
    assert borne_out(answer, Voice(), quoting(QUOTES)) == answer


def test_a_voice_that_keeps_to_the_documents_shows_the_quotes_and_says_why() -> None:
    shown = borne_out(WRITTEN, Voice(closeness="strict"), quoting(QUOTES))
    assert (shown.text, shown.kind, shown.note) == (QUOTES.text, "quotes", QUOTED_INSTEAD)
    broken = borne_out(replace(WRITTEN, stopped_early="What came is kept."), Voice(), quoting(QUOTES))
    assert (broken.stopped_early, broken.note) == ("", BROKE_OFF)  # nothing that came of it is shown
    nothing = borne_out(WRITTEN, Voice(), quoting(Answer("I don't know.", "unknown")))
    assert (nothing.kind, nothing.note) == ("unknown", NOT_FOUND)


@pytest.mark.parametrize("closeness", ["balanced", "open"])
def test_any_other_voice_shows_it_with_a_note(closeness: str) -> None:
    voice = Voice(closeness=closeness)  # type: ignore[arg-type]
    assert borne_out(WRITTEN, voice, quoting(QUOTES)) == replace(WRITTEN, note=CHECK_IT)


DOCUMENT = {"storage.md": "Storage at the depot costs 4 EUR a day. After ten days the parcel goes back to its sender."}


def written(tmp_path: Path, voice: Voice, text: str) -> Answer:
    over = retriever_over(tmp_path, DOCUMENT)
    model = FakeListChatModel(responses=[text])
    *_, answer = ask(
        "What does storage at the depot cost?", retriever=over, voice=voice, model=model, languages=("en",)
    )
    assert isinstance(answer, Answer)
    return answer


def test_an_answer_with_another_number_than_the_documents_have_is_not_shown(tmp_path: Path) -> None:
    answer = written(tmp_path, Voice(closeness="strict"), "Storage at the depot costs 9 EUR a day [1].")
    assert (answer.kind, answer.note) == ("quotes", QUOTED_INSTEAD)
    assert "4 EUR" in answer.text
    assert "9 EUR" not in answer.text


def test_one_that_they_bear_out_is_shown_in_other_words_too(tmp_path: Path) -> None:
    answer = written(tmp_path, Voice(closeness="strict"), "Keeping a parcel at the depot costs €4 per day [1].")
    assert (answer.kind, answer.note) == ("written", "")
    assert [citation.supported for citation in answer.citations] == [True]


def test_a_refusal_in_other_words_is_an_i_dont_know(tmp_path: Path) -> None:
    answer = written(tmp_path, Voice(), "Sorry, the passages do not mention what storage costs.")
    assert (answer.kind, answer.text, answer.citations) == ("unknown", Voice().unknown, ())

"""The first test set: what quote mode answers from the ShipIt sample, built as an owner builds it.

The floors are what was measured in November 2026 (33 of 52, 5 of 9), less a little; they may rise, not fall.
"""

from pathlib import Path

import pytest

from core import pipeline
from core.assistants import documents, source_rows
from core.sample import SampleQuestion, sample_assistant, sample_files, sample_questions
from core.schema import Answer, Turn
from tests.core.work import work_off

pytestmark = pytest.mark.slow  # real imports, one after the other


@pytest.fixture
def assistant_id(data_folder: Path) -> str:
    made = sample_assistant()
    work_off()
    return made


def answered(assistant_id: str, question: SampleQuestion) -> Answer:
    history = [Turn(role, text) for role, text in question.history]
    *_, last = pipeline.answer(assistant_id, question.question, history=history)
    assert isinstance(last, Answer)
    return last


def is_right(question: SampleQuestion, answer: Answer) -> bool:
    said = " ".join(answer.text.casefold().split())
    return all(" ".join(part.casefold().split()) in said for part in question.answer_contains)


def test_every_sample_file_is_read_and_building_it_again_gives_the_same_assistant(assistant_id: str) -> None:
    rows = source_rows.source_rows(assistant_id)
    assert {row.name for row in rows} == {path.name for path in sample_files()}
    assert {row.state for row in rows} == {"ready"}
    assert sample_assistant() == assistant_id


def test_quotes_answer_the_samples_questions_and_stand_where_they_say(assistant_id: str) -> None:
    right: list[SampleQuestion] = []
    silent = 0
    for question in sample_questions():
        answer = answered(assistant_id, question)
        for citation in answer.citations:
            document = documents.document(citation.version_id)
            assert document is not None
            said = document.text[citation.start : citation.end]
            assert said.split() == citation.quote.split(), "a quote is the document's own words at its own place"
        if question.kind == "not_in_documents":
            silent += answer.kind == "unknown"
        elif is_right(question, answer):
            right.append(question)
    asked = [question for question in sample_questions() if question.kind != "not_in_documents"]
    assert {q.id for q in asked if q.suggested} <= {q.id for q in right}, "what Chat suggests must be answered"
    assert len(right) >= 30, sorted(q.id for q in asked if q not in right)
    assert sum(q.kind == "table" for q in right) >= 13
    assert silent >= 4

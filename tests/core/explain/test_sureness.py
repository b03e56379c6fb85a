"""How sure an assistant is before it answers: as measured nothing changes, what answers when sure always answers."""

import pytest

from core import pipeline
from core.assistants import assistants, lifecycle, saved_questions, sources
from core.explain import request_run, search_test
from core.pipeline import answers_at
from core.retrieve import fit_from, fits, none_answers
from core.schema import SURENESS, Answer, Sureness
from core.text import read_question
from tests.core.work import work_off

FEES = "# Fees\n\nA parcel to Norway costs 19 euros. A parcel to Spain costs 14 euros.\n"
HOURS = "# Hours\n\nThe depot is open from 8 to 18 on weekdays, and closed on Sundays.\n"
CLEAR = "When is the depot open?"
FAR = "Who won the 1998 world cup final?"
LIKELY, NEAR = "how late can I drop by", "until when are you there on Friday"
QUESTIONS = (CLEAR, LIKELY, NEAR, FAR)


@pytest.fixture
def assistant_id(data_folder: object) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("fees.md", FEES.encode()), ("hours.md", HOURS.encode())])
    work_off()
    return made


def answered(assistant_id: str, question: str) -> Answer:
    *_, answer = pipeline.answer(assistant_id, question)
    assert isinstance(answer, Answer)
    return answer


def test_as_measured_is_where_it_always_was() -> None:
    assert fit_from("measured") == 0.5
    assert none_answers("measured") == -0.2
    assert fit_from("readily") < 0.5 < fit_from("sure")
    assert none_answers("readily") < -0.2 < none_answers("sure")


def test_a_score_is_held_to_the_very_log_odds(assistant_id: str) -> None:
    """What the reader read at these log-odds is on the one side, a hair below on the other."""
    question = read_question(CLEAR, ("en",))
    from dataclasses import replace

    hits = [replace(hit, reading=None) for hit in pipeline.search(assistant_id, CLEAR)]
    for sureness in SURENESS:
        least = none_answers(sureness)
        assert fits(question, [replace(hit, reading=least + 1e-6) for hit in hits], sureness)
        assert not fits(question, [replace(hit, reading=least - 1e-6) for hit in hits], sureness)


def test_a_new_assistant_answers_as_measured_and_so_does_one_of_before(assistant_id: str) -> None:
    assert assistants.sureness(assistant_id) == "measured"
    before = {question: answered(assistant_id, question).text for question in QUESTIONS}
    assistants.set_sureness(assistant_id, "sure")
    assistants.set_sureness(assistant_id, "measured")
    assert {question: answered(assistant_id, question).text for question in QUESTIONS} == before
    assert {question: pipeline.traced(assistant_id, question).answer.text for question in QUESTIONS} == before
    assistants.change(assistant_id, sureness="what is this")
    assert assistants.sureness(assistant_id) == "measured"


def test_the_surer_the_fewer_are_answered_and_chat_and_search_test_agree(assistant_id: str) -> None:
    counts = []
    for sureness in SURENESS:
        assistants.set_sureness(assistant_id, sureness)
        known = [question for question in QUESTIONS if answered(assistant_id, question).kind != "unknown"]
        assert known == [q for q in QUESTIONS if search_test(assistant_id, q).answer.kind != "unknown"]
        assert known == [q for q in QUESTIONS if answers_at(assistant_id, q, sureness)]
        counts.append(set(known))
    assert counts[0] >= counts[1] >= counts[2]
    assert counts == [{CLEAR, LIKELY, NEAR}, {CLEAR, LIKELY}, {CLEAR}]


@pytest.mark.parametrize("now", SURENESS)
def test_a_run_says_for_each_test_question_at_which_setting_it_is_answered(assistant_id: str, now: Sureness) -> None:
    for question in QUESTIONS:
        saved_questions.save_question(assistant_id, question, "open from 8 to 18")
    assert {row.surest for row in saved_questions.saved_questions(assistant_id)} == {None}
    assistants.set_sureness(assistant_id, now)
    request_run(assistant_id)
    work_off()
    for row in saved_questions.saved_questions(assistant_id):
        known = [each for each in SURENESS if answers_at(assistant_id, row.question, each)]
        assert row.surest == (known[-1] if known else "")


def test_a_code_that_is_nowhere_stays_unknown_however_readily_it_answers(assistant_id: str) -> None:
    assistants.set_sureness(assistant_id, "readily")
    assert answered(assistant_id, "What does AX-4410-B cost to Norway?").kind == "unknown"

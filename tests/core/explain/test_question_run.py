"""Test questions: saved once, asked in the background, at which place each was found, now and before."""

import pytest

from core import jobs
from core.assistants import lifecycle, saved_questions, source_rows, sources
from core.errors import AnswerbookError, Cancelled
from core.explain import request_run, run_job, run_questions
from core.schema import JobKind, JobState
from tests.core.work import work_off

FEES = "# Fees\n\nA parcel to Norway costs 19 euros. A parcel to Spain costs 14 euros.\n"
HOURS = "# Hours\n\nThe depot is open from 8 to 18 on weekdays, and closed on Sundays.\n"


@pytest.fixture
def assistant_id(data_folder: object) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("fees.md", FEES.encode()), ("hours.md", HOURS.encode())])
    work_off()
    return made


def source_id(assistant_id: str, name: str) -> str:
    return next(row.id for row in source_rows.source_rows(assistant_id) if row.name == name)


def test_a_run_says_where_each_was_found(assistant_id: str) -> None:
    saved_questions.save_question(assistant_id, "What does a parcel to Norway cost?", "norway COSTS 19 euros")
    saved_questions.save_question(assistant_id, "When is the depot open?", "open from 8 to 18", made_by="a@example.com")
    saved_questions.save_question(assistant_id, "May I bring a dog?", "Dogs wait outside the depot door")
    assert [row.rank for row in saved_questions.saved_questions(assistant_id)] == [None, None, None]
    request_run(assistant_id)
    request_run(assistant_id)  # a second press
    work_off()
    [run] = saved_questions.runs(assistant_id)
    assert run.ended_at is not None
    assert (run.asked, run.questions, run.passages) == (3, 3, 6)
    assert run.hit_rate == pytest.approx(2 / 3)
    assert run.reciprocal == pytest.approx(2 / 3)
    assert run.quoted == pytest.approx(2 / 3)
    rows = {row.question: row for row in saved_questions.saved_questions(assistant_id)}
    assert rows["When is the depot open?"].rank == 1
    assert rows["When is the depot open?"].quoted
    assert rows["When is the depot open?"].made_by == "a@example.com"
    assert rows["May I bring a dog?"].rank == 0


def test_the_place_of_the_run_before_stays(assistant_id: str) -> None:
    saved_questions.save_question(assistant_id, "What does a parcel to Norway cost?", "Norway costs 19 euros")
    request_run(assistant_id)
    work_off()
    sources.delete_sources(assistant_id, [source_id(assistant_id, "fees.md")])
    work_off()
    request_run(assistant_id)
    work_off()
    [row] = saved_questions.saved_questions(assistant_id)
    assert (row.rank, row.before) == (0, 1)
    assert [round(run.hit_rate) for run in saved_questions.runs(assistant_id)] == [0, 1]


def test_only_the_named_source_counts(assistant_id: str) -> None:
    hours = source_id(assistant_id, "hours.md")
    saved_questions.save_question(assistant_id, "What does a parcel to Norway cost?", "Norway costs 19 euros", hours)
    request_run(assistant_id)
    work_off()
    [row] = saved_questions.saved_questions(assistant_id)
    assert row.rank == 0
    assert row.source_name == "hours.md"


def test_a_run_that_was_stopped_keeps_what_it_asked_and_goes_on(assistant_id: str) -> None:
    for number in range(25):
        saved_questions.save_question(
            assistant_id, f"What does parcel {number} to Norway cost?", "Norway costs 19 euros"
        )
    job_id = jobs.enqueue(JobKind.TEST, assistant_id)
    job = jobs.claim([JobKind.TEST])
    assert job is not None

    def stopped(_stage: str, done: int, _total: int) -> None:
        if done == 15:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_questions(job, stopped)
    [run] = saved_questions.runs(assistant_id)
    assert (run.asked, run.ended_at) == (10, None)
    asked: list[int] = []
    run_questions(job, lambda _stage, done, _total: asked.append(done))
    [run] = saved_questions.runs(assistant_id)
    assert (run.id, run.asked, run.job_id) == (run.id, 25, job_id)
    assert run.ended_at is not None


def test_stop_is_heard(assistant_id: str) -> None:
    saved_questions.save_question(assistant_id, "What does a parcel to Norway cost?", "Norway costs 19 euros")
    request_run(assistant_id)
    job = run_job(assistant_id)
    assert job is not None
    jobs.stop([job.id])
    work_off()
    job = run_job(assistant_id)
    assert job is not None
    assert job.state == JobState.STOPPED
    assert not saved_questions.runs(assistant_id)


def test_the_same_question_is_saved_once(assistant_id: str) -> None:
    first = saved_questions.save_question(assistant_id, "What  does it cost?", " 19 euros ")
    assert saved_questions.save_question(assistant_id, "What does it cost?", "19 euros") == first
    assert saved_questions.question_count(assistant_id) == 1


@pytest.mark.parametrize(
    ("question", "words", "code"),
    [
        ("", "19 euros", "no_words"),
        ("What?", " … ", "no_words"),
        ("a" * 2_001, "b", "too_long"),
        ("a", "b" * 4_001, "too_long"),
    ],
)
def test_what_is_no_test_question_is_refused(assistant_id: str, question: str, words: str, code: str) -> None:
    with pytest.raises(AnswerbookError) as refused:
        saved_questions.save_question(assistant_id, question, words)
    assert refused.value.code == code


@pytest.mark.usefixtures("database")
def test_questions_and_runs_go_with_their_assistant_and_are_copied() -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("fees.md", FEES.encode())])
    saved_questions.save_question(made, "What does it cost?", "19 euros", source_id(made, "fees.md"))
    run, _ = saved_questions.run_of_job(made, "job", 1, 6)
    saved_questions.keep_results(run, {"q": 1}, {"q": 1}, {"q": "sure"}, ended=True)
    copied = lifecycle.copy_assistant(made, "Copy")
    [row] = saved_questions.saved_questions(copied)
    assert (row.question, row.source_name) == ("What does it cost?", "fees.md")
    assert row.source_id != saved_questions.saved_questions(made)[0].source_id
    assert not saved_questions.runs(copied)
    lifecycle.delete_assistant(made)
    lifecycle.restore_assistant(made)
    assert saved_questions.question_count(made) == 1
    lifecycle.erase_assistant(made)
    assert saved_questions.question_count(made) == 0
    assert not saved_questions.runs(made)

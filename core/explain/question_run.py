"""All test questions of an assistant asked, in the background: at which place the expected words were found."""

from collections.abc import Callable

from core import jobs
from core.assistants import assistants, saved_questions
from core.assistants.saved_questions import QuestionRow
from core.database import Job
from core.explain.search import SearchTest, search_test
from core.jobs import JobCard
from core.pipeline import answers_at
from core.schema import SURENESS, JobKind, StoredPassage
from core.text import find_words

BATCH = 10  # results written down together: what a stop or a killed process loses at most

Progress = Callable[[str, int, int], None]


def request_run(assistant_id: str) -> None:
    """Have all test questions asked in the background, unless that is at work already."""
    job = run_job(assistant_id)
    if job is None or not job.active:
        jobs.enqueue(JobKind.TEST, assistant_id)


def run_job(assistant_id: str) -> JobCard | None:
    """Return the newest run's job, whatever became of it; None where none was ever wanted."""
    job = jobs.latest(assistant_id, JobKind.TEST)
    return jobs.card_of(job) if job else None


def run_questions(job: Job, progress: Progress) -> dict[str, object]:
    """Ask an assistant's test questions for a job; returns what was counted. Raises StoreError, ModelError, Cancelled.

    Each batch is written down when it is done, and a job that begins anew goes on with what is left.
    """
    assistant_id = job.assistant_id
    questions = saved_questions.saved_questions(assistant_id)[::-1]
    passages = assistants.search_settings(assistants.assistant(assistant_id)).passages
    run_id, asked = saved_questions.run_of_job(assistant_id, job.id, len(questions), passages)
    ranks: dict[str, int] = {}
    quoted: dict[str, int] = {}
    surest: dict[str, str] = {}
    for number, question in enumerate(questions):
        progress("Asking the test questions", number, len(questions))
        if question.id in asked:
            continue
        test = search_test(assistant_id, question.question)
        surest[question.id] = surest_answered(assistant_id, test)
        ranks[question.id], quoted[question.id] = rank_of(test, question), int(is_quoted(test, question))
        if len(ranks) >= BATCH:
            saved_questions.keep_results(run_id, ranks, quoted, surest)
            ranks, quoted, surest = {}, {}, {}
    saved_questions.keep_results(run_id, ranks, quoted, surest, ended=True)
    return {"questions": len(questions)}


def rank_of(test: SearchTest, question: QuestionRow) -> int:
    """Return at which place, from 1, a passage with the expected words came; 0 where none of them was looked at."""
    for number, passage in enumerate(test.order, 1):
        if question.source_id in ("", passage.source_id) and _holds(passage, question.expected):
            return number
    return 0


def surest_answered(assistant_id: str, test: SearchTest) -> str:
    """Return the surest setting at which a question is answered with quotes; "" where it is at none.

    What answers at one answers at each that is less sure. Raises NotFound, StoreError, ModelError.
    """
    at = SURENESS.index(test.settings.sureness)
    if test.answer.kind == "unknown":
        less_sure = SURENESS[:at][::-1]
        return next((each for each in less_sure if answers_at(assistant_id, test.question, each)), "")
    best = test.settings.sureness
    for each in SURENESS[at + 1 :]:
        if not answers_at(assistant_id, test.question, each):
            break
        best = each
    return best


def is_quoted(test: SearchTest, question: QuestionRow) -> bool:
    """Tell whether the answer quotes the expected words, or a part of them."""
    for placed in test.hits:
        if placed.sentence is None or question.source_id not in ("", placed.passage.source_id):
            continue
        start, end = placed.sentence
        found = find_words(question.expected, placed.passage.text)
        if any(stands.start < end and start < stands.end for stands in found):
            return True
    return False


def _holds(passage: StoredPassage, words: str) -> bool:
    return bool(find_words(words, passage.text) or find_words(words, f"{passage.context}\n{passage.text}"))

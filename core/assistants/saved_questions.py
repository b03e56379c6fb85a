"""An assistant's test questions: what is asked, which words should be found, and what each run of them gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.assistants.assistants import assistant
from core.database import QuestionRun, SavedQuestion, Source, new_id, now, session, writing
from core.errors import AnswerbookError, NotFound
from core.log import log

QUESTION_CHARACTERS = 2_000  # as many as the chat's field takes
EXPECTED_CHARACTERS = 4_000
MOST_QUESTIONS = 1_000
KEPT_RUNS = 50


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A test question. ``rank`` is at which place its words were found in the last run that asked it, ``before`` in the
    one before that: 0 for not found, None for never asked. ``quoted``: the last answer quoted them. ``surest`` is the
    surest setting at which it was answered then, "" for none, None where no run found that out.

    ``source_name`` is empty where any source may answer, or the source is gone.
    """

    id: str
    question: str
    expected: str
    source_id: str
    source_name: str
    made_by: str
    created_at: datetime
    rank: int | None
    before: int | None
    quoted: bool
    surest: str | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of the test questions: how many of how many were asked, and how well their words were found.

    ``hit_rate`` is the share of them among the ``passages`` that the chat is given, ``reciprocal`` the mean of one over
    the place (MRR; what is not among them counts 0), ``quoted`` the share that the answer quoted; each 0 to 1.
    ``ended_at`` is None while it goes on, and where it was stopped.
    """

    id: str
    job_id: str
    started_at: datetime
    ended_at: datetime | None
    asked: int
    questions: int
    passages: int
    hit_rate: float
    reciprocal: float
    quoted: float


def save_question(assistant_id: str, question: str, expected: str, source_id: str = "", made_by: str = "") -> str:
    """Save a test question and return its id; the same one again is the one that is there.

    Raises AnswerbookError (code "no_words", "too_long", "too_many"), NotFound.
    """
    asked, words = " ".join(question.split()), expected.strip()
    if not asked or not any(map(str.isalnum, words)):
        raise AnswerbookError(
            "A test question needs a question and the words that should be found.", "Type both.", code="no_words"
        )
    if len(asked) > QUESTION_CHARACTERS or len(words) > EXPECTED_CHARACTERS:
        raise AnswerbookError(
            f"A test question has at most {QUESTION_CHARACTERS:,} characters, the words that should be found "
            f"{EXPECTED_CHARACTERS:,}.",
            "Shorten it to what matters.",
            code="too_long",
        )
    assistant(assistant_id)
    with writing() as db:
        here = select(SavedQuestion.id).where(SavedQuestion.assistant_id == assistant_id)
        same = here.where(SavedQuestion.question == asked, SavedQuestion.expected == words)
        if known := db.exec(same.where(SavedQuestion.source_id == source_id)).first():
            return known
        if _count(db, assistant_id) >= MOST_QUESTIONS:
            raise AnswerbookError(
                f"There are {MOST_QUESTIONS:,} test questions already.", "Delete some first.", code="too_many"
            )
        row = SavedQuestion(
            id=new_id(),
            assistant_id=assistant_id,
            question=asked,
            expected=words,
            source_id=source_id,
            made_by=made_by[:254],
        )
        db.add(row)
        log("question.saved", assistant=assistant_id)
        return row.id


def delete_question(assistant_id: str, question_id: str) -> None:
    """Delete a test question; what runs found of it stays in their numbers."""
    chosen = (col(SavedQuestion.assistant_id) == assistant_id, col(SavedQuestion.id) == question_id)
    with session() as db:
        db.execute(delete(SavedQuestion).where(*chosen))


def question_count(assistant_id: str) -> int:
    """Count an assistant's test questions."""
    with session() as db:
        return _count(db, assistant_id)


def _count(db: Session, assistant_id: str) -> int:
    return db.exec(
        select(func.count()).select_from(SavedQuestion).where(SavedQuestion.assistant_id == assistant_id)
    ).one()


def saved_questions(assistant_id: str) -> list[QuestionRow]:
    """List an assistant's test questions, the newest first, with what the last two runs gave for each."""
    with session() as db:
        named = select(SavedQuestion, Source.name).outerjoin(Source, col(Source.id) == col(SavedQuestion.source_id))
        mine = named.where(SavedQuestion.assistant_id == assistant_id)
        rows = db.exec(mine.order_by(col(SavedQuestion.created_at).desc(), col(SavedQuestion.id))).all()
        runs = db.exec(_runs(assistant_id)).all()
    listed = []
    for row, name in rows:
        ranks = [run.ranks[row.id] for run in runs if row.id in run.ranks]
        quoted = next((run.quoted.get(row.id, 0) for run in runs if row.id in run.ranks), 0)
        surest = next((run.answered.get(row.id) for run in runs if row.id in run.ranks), None)
        rank, before = (*ranks, None, None)[:2]
        listed.append(
            QuestionRow(
                row.id, row.question, row.expected, row.source_id, name or "", row.made_by, row.created_at,
                rank, before, bool(quoted), surest,
            )
        )  # fmt: skip
    return listed


def runs(assistant_id: str) -> list[RunRow]:
    """List the runs of an assistant's test questions that are kept, the newest first."""
    with session() as db:
        return [_run_row(run) for run in db.exec(_runs(assistant_id)).all()]


def _runs(assistant_id: str) -> SelectOfScalar[QuestionRun]:
    chosen = select(QuestionRun).where(QuestionRun.assistant_id == assistant_id)
    return chosen.order_by(col(QuestionRun.started_at).desc(), col(QuestionRun.id)).limit(KEPT_RUNS)


def _run_row(run: QuestionRun) -> RunRow:
    passages = int(run.search.get("passages", 0))
    among = [rank for rank in run.ranks.values() if 0 < rank <= passages]
    asked = max(1, len(run.ranks))
    return RunRow(
        id=run.id,
        job_id=run.job_id,
        started_at=run.started_at,
        ended_at=run.ended_at,
        asked=len(run.ranks),
        questions=run.questions,
        passages=passages,
        hit_rate=len(among) / asked,
        reciprocal=sum(1 / rank for rank in among) / asked,
        quoted=sum(run.quoted.values()) / asked,
    )


def run_of_job(assistant_id: str, job_id: str, questions: int, passages: int) -> tuple[str, set[str]]:
    """Return the run that a job makes and the ids of the questions it has asked; begins it where it is new.

    A job that was taken up again after its process died goes on where it was.
    """
    with writing() as db:
        run = db.exec(select(QuestionRun).where(QuestionRun.job_id == job_id)).first()
        if run is None or run.ended_at is not None:
            run = QuestionRun(id=new_id(), assistant_id=assistant_id, job_id=job_id)
        run.questions, run.search = questions, {"passages": passages}
        db.add(run)
        return run.id, set(run.ranks)


def keep_results(
    run_id: str,
    ranks: Mapping[str, int],
    quoted: Mapping[str, int],
    answered: Mapping[str, str],
    *,
    ended: bool = False,
) -> None:
    """Add what some questions of a run found. Raises NotFound where the run is gone, with its assistant."""
    with writing() as db:
        run = db.get(QuestionRun, run_id)
        if run is None:
            raise NotFound("This run does not exist any more.", "Start a new one.", code="no_run")
        run.ranks, run.quoted = {**run.ranks, **ranks}, {**run.quoted, **quoted}
        run.answered = {**run.answered, **answered}
        if ended:
            run.ended_at = now()
        db.add(run)
        if ended:
            older = select(QuestionRun.id).where(QuestionRun.assistant_id == run.assistant_id)
            older = older.order_by(col(QuestionRun.started_at).desc(), col(QuestionRun.id)).offset(KEPT_RUNS)
            gone = db.exec(older).all()
            db.execute(delete(QuestionRun).where(col(QuestionRun.id).in_(gone)))


def copy_questions(from_assistant: str, to_assistant: str) -> None:
    """Give another assistant the same test questions; what is bound to a source is bound to its own of that name."""
    with session() as db:
        own = dict(db.exec(select(Source.name, Source.id).where(Source.assistant_id == to_assistant)).all())
        named = select(SavedQuestion, Source.name).outerjoin(Source, col(Source.id) == col(SavedQuestion.source_id))
        for row, name in db.exec(named.where(SavedQuestion.assistant_id == from_assistant)).all():
            db.add(
                SavedQuestion(
                    id=new_id(),
                    assistant_id=to_assistant,
                    question=row.question,
                    expected=row.expected,
                    source_id=own.get(name or "", "") if row.source_id else "",
                    made_by=row.made_by,
                    created_at=row.created_at,
                )
            )

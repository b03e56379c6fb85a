"""The tables of an assistant's test questions: what is asked, what should be found, and what each run of them gave."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from core.database.tables import ID_LENGTH, _id, _json, _refers, _text, _time


class SavedQuestion(SQLModel, table=True):
    """A question with the words that should be found for it, in ``source_id`` alone where that is not empty.

    ``made_by`` is who saved it, as an e-mail address; empty where nobody is signed in.
    """

    __tablename__ = "test_question"
    __table_args__ = (Index("ix_test_question_assistant_id_created_at", "assistant_id", "created_at"),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    question: str = _text()
    expected: str = _text()
    source_id: str = Field(default="", max_length=ID_LENGTH)
    made_by: str = Field(default="", max_length=254)
    created_at: datetime = _time()


class QuestionRun(SQLModel, table=True):
    """A run of an assistant's test questions, by the job ``job_id``; ``ended_at`` is None until all were asked.

    ``ranks`` holds, by the question's id, at which place its words were found (0: not), and ``quoted`` whether the
    answer quoted them (1) or not (0); ``answered`` the surest setting (core.schema.Sureness) at which it answers, ""
    where it does at none. ``search`` are the settings it was run with.
    """

    __tablename__ = "test_run"
    __table_args__ = (Index("ix_test_run_assistant_id_started_at", "assistant_id", "started_at"),)

    id: str = _id()
    assistant_id: str = _refers("assistant.id")
    job_id: str = Field(default="", max_length=ID_LENGTH, index=True)
    questions: int = 0
    ranks: dict[str, int] = _json(dict)
    quoted: dict[str, int] = _json(dict)
    search: dict[str, Any] = _json(dict)
    answered: dict[str, str] = _json(dict)
    started_at: datetime = _time()
    ended_at: datetime | None = _time(nullable=True)

"""A data folder of an earlier Answerbook opens, answers at once, and is brought up to date while it answers on."""

import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from core import jobs, pipeline
from core.assistants import assistants, conversations, source_rows, voices
from core.assistants.index_builds import live_build
from core.chunk import CUTTER_VERSION
from core.database import Assistant, Conversation, Indexed, Job, Parsed, Source, session
from core.index import check_index, update_notice
from core.load import READER_VERSION
from core.schema import Answer
from core.text import TERMS_VERSION
from tests.core.work import wait_until

BEFORE_ROOMS = Path(__file__).parent / "folders" / "before-rooms.zip"
# What each assistant could answer before: the question, and words of the source that the answer must cite.
QUESTIONS = {
    "Parcel help": [
        ("How many days do I have to send something back?", "returns-policy.docx"),
        ("What does the tracking page show?", "delivery-and-tracking.md"),
    ],
    "Prices": [
        ("What does Japan cost?", "zones.csv"),
        ("Which import tax does Norway have?", "import-tax-by-country.html"),
    ],
}


@pytest.fixture
def old_folder(data_folder: Path) -> Path:
    """The folder as that Answerbook left it."""
    with zipfile.ZipFile(BEFORE_ROOMS) as archive:
        archive.extractall(data_folder.parent)
    assert (data_folder / "answerbook.db").is_file()
    return data_folder


def assistant_ids() -> dict[str, str]:
    return {card.name: card.id for card in assistants.assistant_cards()}


def answer_to(assistant_id: str, question: str) -> Answer:
    *_, last = pipeline.answer(assistant_id, question)
    assert isinstance(last, Answer)
    return last


def every_question() -> Iterator[tuple[str, str, str]]:
    ids = assistant_ids()
    for name, questions in QUESTIONS.items():
        for question, source_name in questions:
            yield ids[name], question, source_name


def what_is_wrong() -> list[str]:
    """Ask everything once; what could be answered before and cannot now, in words."""
    wrong = []
    for assistant_id, question, source_name in every_question():
        answer = answer_to(assistant_id, question)
        names = {citation.source_name for citation in answer.citations}
        if answer.kind == "unknown" or source_name not in names:
            wrong.append(f"{question} {answer.kind}: {sorted(names)}")
    return wrong


def what_the_owner_made() -> dict[str, object]:
    """All of the folder that an update must not change."""
    kept: dict[str, object] = {}
    for name, assistant_id in assistant_ids().items():
        with session() as db:
            talks = db.exec(select(Conversation.id).where(Conversation.assistant_id == assistant_id)).all()
        rows = source_rows.source_rows(assistant_id)
        kept[name] = (
            [version.voice for version in voices.voice_versions(assistant_id)],
            [[(m.role, m.text, m.feedback, m.comment, m.citations) for m in conversations.messages(t)] for t in talks],
            [(row.id, row.name, row.size, row.added_at, row.warnings, row.answering) for row in rows],
            [row.name for row in rows],
        )
    return kept


def is_up_to_date() -> bool:
    return not any(update_notice(assistant_id) for assistant_id in assistant_ids().values())


@pytest.mark.usefixtures("old_folder")
def test_it_opens_and_answers_at_once_from_the_old_index() -> None:
    assert what_is_wrong() == []
    with session() as db:
        assert set(db.exec(select(Parsed.reader_version)).all()) == {0}
        assert set(db.exec(select(Indexed.cutter_version)).all()) == {0}


@pytest.mark.usefixtures("old_folder")
def test_the_owner_is_told_what_goes_on() -> None:
    assert update_notice(assistant_ids()["Prices"]) == (
        "Answerbook was updated: 2 sources are read again. Questions are answered as before meanwhile."
    )


@pytest.mark.usefixtures("old_folder")
def test_it_is_brought_up_to_date_and_answers_all_the_while() -> None:
    from core.worker import Worker

    before, made = what_the_owner_made(), []
    done = threading.Event()

    def ask_on() -> None:
        while not done.is_set():
            made.append(what_is_wrong())

    asking = threading.Thread(target=ask_on)
    worker = Worker()
    asking.start()
    worker.start()
    try:
        wait_until(lambda: is_up_to_date() and jobs.active_count() == 0)
        wait_until(lambda: len(made) > 3)
    finally:
        done.set()
        asking.join()
        worker.stop()
    assert [wrong for wrong in made if wrong] == []
    assert what_is_wrong() == []
    assert what_the_owner_made() == before
    assert_made_by_todays_code()


def assert_made_by_todays_code() -> None:
    """Every text, passage and pointer is of this Answerbook, read once each, and nothing was built beside."""
    with session() as db:
        answering = select(Source.version_id)
        readers = db.exec(select(Parsed.reader_version).where(Parsed.version_id.in_(answering))).all()
        entries = db.exec(
            select(Indexed)
            .join(Assistant, Assistant.build_id == Indexed.build_id)
            .where(Indexed.version_id.in_(answering))
        ).all()
        queued = db.exec(select(Job.kind, Job.state)).all()
    assert readers == [READER_VERSION] * 4
    assert {(e.cutter_version, e.terms_version) for e in entries} == {(CUTTER_VERSION, TERMS_VERSION)}
    assert sorted(queued) == [("read", "done")] * 9
    for assistant_id in assistant_ids().values():
        assert live_build(assistant_id).number == 1
        checked = check_index(assistant_id, repair=False)
        assert (checked["missing"], checked["extra"], checked["orphans"]) == (0, 0, 0)

"""Data outlives its clock: with a clock set back or forward by days, the newest upload answers and no job waits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import update
from sqlmodel import select

from core import jobs, pipeline
from core.assistants import conversations, documents, lifecycle, source_rows, sources
from core.assistants.suggested_questions import suggested_questions
from core.database import Job, Source, Version, new_id, session
from core.errors import StoreError
from core.index import checks, request_check
from core.schema import JobKind
from tests.core.work import work_off

DAYS = [-400, -1, 1, 400]
SetClock = Callable[[float], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock of Answerbook so many days before or behind the true one; its functions read it as ever."""

    def set_to(days: float) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + timedelta(days=days)

        monkeypatch.setattr("core.database.tables.datetime", Clock)

    return set_to


@pytest.fixture
def assistant_id(data_folder: object) -> str:
    return lifecycle.create_assistant("Help")


def price(euros: int) -> bytes:
    return f"# Prices\n\nA parcel to Norway costs {euros} euros.\n".encode()


def upload(assistant_id: str, euros: int) -> str:
    outcome = sources.add_files(assistant_id, [("prices.md", price(euros))])[0].outcome
    work_off()
    return outcome


def answers(assistant_id: str) -> str:
    return pipeline.search(assistant_id, "What does a parcel to Norway cost?")[0].passage.text


def assert_newest(assistant_id: str, euros: int) -> None:
    row = source_rows.source_rows(assistant_id)[0]
    assert row.state == "ready"
    assert f"{euros} euros" in answers(assistant_id)
    assert documents.original_bytes(assistant_id, row.id) == price(euros)


@pytest.mark.slow
@pytest.mark.parametrize("days", [-1, 1])
def test_the_newest_upload_counts_whatever_the_clock_says(assistant_id: str, set_clock: SetClock, days: int) -> None:
    upload(assistant_id, 10)
    set_clock(days)
    assert upload(assistant_id, 20) == "version"
    assert_newest(assistant_id, 20)
    set_clock(0)
    assert upload(assistant_id, 20) == "unchanged"
    assert upload(assistant_id, 10) == "version"
    assert_newest(assistant_id, 10)
    set_clock(days)
    assert upload(assistant_id, 30) == "version"
    set_clock(-days)
    source_id = source_rows.source_rows(assistant_id)[0].id
    sources.read_again(assistant_id, [source_id])
    work_off()
    assert_newest(assistant_id, 30)
    sources.delete_sources(assistant_id, [source_id])
    work_off()
    sources.restore_source(assistant_id, source_id)
    work_off()
    assert_newest(assistant_id, 30)
    copied = lifecycle.copy_assistant(assistant_id, "Copy")
    work_off()
    assert_newest(copied, 30)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("days", DAYS)
def test_jobs_run_in_the_order_they_were_put(set_clock: SetClock, days: int) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    made = [jobs.enqueue("check", assistant_id)]
    for shift in (days, 0, -days, days / 2):
        set_clock(shift)
        made.append(jobs.enqueue("check", assistant_id))
    newest = jobs.latest(assistant_id, JobKind.CHECK)
    assert newest is not None
    assert newest.id == made[-1]
    assert [job.id for job in iter(jobs.claim, None)] == made


@pytest.mark.usefixtures("database")
def test_rows_of_one_moment_and_one_transaction_keep_their_order() -> None:
    """As when many sources are deleted at once; and as an Answerbook before numbers puts a row."""
    assistant_id = lifecycle.create_assistant("Help")
    made = [new_id() for _ in range(40)]
    with session() as db:
        db.add_all([Job(id=job_id, kind="check", assistant_id=assistant_id) for job_id in made])
    with session() as db:
        numbers = db.exec(select(Job.number).order_by(Job.number)).all()
    assert (len(set(numbers)), min(numbers) > 0) == (40, True)
    assert [job.id for job in iter(jobs.claim, None)] == made


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("days", DAYS)
def test_a_job_that_waits_for_a_moment_never_waits_for_days(set_clock: SetClock, days: int) -> None:
    made = jobs.enqueue("check", lifecycle.create_assistant("Help"))
    job = jobs.claim()
    assert job is not None
    assert jobs.postpone(job, StoreError("Away.", "", code="away", passing=True))
    assert jobs.claim() is None
    with session() as db:
        wrong = datetime.now(UTC) + timedelta(days=abs(days))
        db.execute(update(Job).where(Job.id == made).values(not_before=wrong))
    assert jobs.claim() is not None


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("days", DAYS)
def test_a_lease_from_a_wrong_clock_does_not_live_for_days(days: int) -> None:
    made = jobs.enqueue("check", lifecycle.create_assistant("Help"))
    assert jobs.claim() is not None
    with session() as db:
        wrong = datetime.now(UTC) + timedelta(days=days)
        db.execute(update(Job).where(Job.id == made).values(worker=new_id(), seen_at=wrong))
    assert jobs.take_back() == 1
    assert jobs.claim() is not None


@pytest.mark.parametrize("days", DAYS)
def test_lists_go_by_what_came_last(assistant_id: str, set_clock: SetClock, days: int) -> None:
    talks, names = [], []
    for number, shift in enumerate((0, days, 0, -days)):
        set_clock(shift)
        talks.append(conversations.start_conversation(assistant_id))
        conversations.add_question(talks[-1], f"Question {number}?")
        conversations.add_question(talks[-1], "And then?")
        names.append(f"{number}.md")
        sources.add_files(assistant_id, [(names[-1], b"Text %d" % number)])
    assert [row.id for row in conversations.conversations(assistant_id)] == talks[::-1]
    assert [message.text for message in conversations.messages(talks[1])] == ["Question 1?", "And then?"]
    rows = source_rows.source_rows(assistant_id)
    assert [row.name for row in rows] == names[::-1]
    for row, shift in zip(rows, (0, days, -days, 0), strict=True):
        set_clock(shift)
        sources.delete_sources(assistant_id, [row.id])
    assert [removed.name for removed in source_rows.removed_rows(assistant_id)] == names
    request_check()
    set_clock(-days)
    while job := jobs.claim():
        jobs.finish(job.id)
    request_check()
    newest = checks()[0].job
    assert newest is not None
    assert newest.active


def test_questions_to_begin_with_come_from_the_newest_source(assistant_id: str, set_clock: SetClock) -> None:
    from core.schema import Block, Document

    for number, shift in enumerate((0, -1, 1, -2)):
        set_clock(shift)
        sources.add_files(assistant_id, [(f"{number}.md", b"%d" % number)])
        job = jobs.claim()
        assert job is not None
        assert job.version_id is not None
        heading = f"About number {number}"
        blocks = (Block("heading", 0, len(heading)), Block("paragraph", len(heading) + 1, len(heading) + 6))
        documents.keep_document(job.version_id, Document(f"{heading}\nText.", blocks, "md"), 1)
        with session() as db:
            db.execute(update(Source).where(Source.id == job.source_id).values(version_id=job.version_id))
        jobs.finish(job.id)
    assert [question[-3] for question in suggested_questions(assistant_id)] == ["3", "2", "1"]


def test_the_bin_is_not_emptied_by_a_clock_a_day_ahead(assistant_id: str, set_clock: SetClock) -> None:
    sources.add_files(assistant_id, [("a.md", b"Alpha")])
    set_clock(-1)
    sources.delete_sources(assistant_id, [source_rows.source_rows(assistant_id)[0].id])
    set_clock(1)
    assert sources.erase_expired() == 0
    assert len(source_rows.removed_rows(assistant_id)) == 1


@pytest.mark.usefixtures("database")
def test_versions_are_numbered_as_they_came_from_many_threads_at_once() -> None:
    import threading

    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("a.md", b"first")])
    source_id = source_rows.source_rows(assistant_id)[0].id

    def add(thread: int) -> None:
        for number in range(10):
            sources.add_files(assistant_id, [("a.md", b"%d %d" % (thread, number))])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session() as db:
        numbers = db.exec(select(Version.number).where(Version.source_id == source_id)).all()
        waiting = db.exec(select(Job.version_id).where(Job.state == "waiting")).all()
        newest = sources.newest_version(db, source_id)
    assert (len(numbers), len(set(numbers))) == (41, 41)
    assert newest is not None
    assert waiting == [newest.id]

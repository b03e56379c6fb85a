"""After an update: what older code read is read again, what it cut is built again; once, behind everything else."""

import threading

import pytest
from sqlalchemy import update
from sqlmodel import select

from core import jobs, pipeline
from core.assistants import documents, lifecycle, source_rows, sources
from core.assistants.index_builds import live_build, settings_of
from core.chunk import CUTTER_VERSION
from core.database import (
    Assistant,
    Indexed,
    Job,
    Original,
    Parsed,
    Source,
    Version,
    session,
)
from core.errors import Cancelled, NotFound
from core.index import go_back, rebuild_index, renew_next, request_cut, update_notice, ways_back
from core.load import READER_VERSION
from core.schema import CutSettings, Document, JobKind, JobState
from core.store import store_named
from core.text import TERMS_VERSION
from tests.core.work import wait_until, work_off

pytestmark = pytest.mark.slow  # real imports, one after the other

PRICES = b"# Prices\n\nA parcel to Japan costs 32 euros.\n"
ZONES = b"# Zones\n\nNorway lies in zone 2, and Chile in zone 5.\n"
NOTICE = "Answerbook was updated: {}. Questions are answered as before meanwhile."


@pytest.fixture
def assistant_id(data_folder: object) -> str:
    """An assistant whose two sources were read and cut by today's code."""
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("prices.md", PRICES), ("zones.md", ZONES)])
    work_off()
    return made


def read_by_an_older_answerbook() -> None:
    with session() as db:
        db.execute(update(Parsed).values(reader_version=0))


def cut_by_an_older_answerbook() -> None:
    with session() as db:
        db.execute(update(Indexed).values(cutter_version=0))


def renew() -> None:
    """Let the worker do what the update left, to the end."""
    from core.worker import Worker

    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: not any(update_notice(owner) for owner in owners()) and jobs.active_count() == 0)
    finally:
        worker.stop()


def owners() -> list[str]:
    with session() as db:
        return list(db.exec(select(Assistant.id)).all())


def queued() -> list[tuple[str, str]]:
    with session() as db:
        return list(db.exec(select(Job.kind, Job.state).order_by(Job.created_at, Job.id)).all())


def readers() -> set[int]:
    with session() as db:
        return set(db.exec(select(Parsed.reader_version).join(Source, Source.version_id == Parsed.version_id)).all())


def makers(assistant_id: str) -> set[tuple[int, int]]:
    """The cutters and term-makers of what answers."""
    with session() as db:
        live = select(Indexed.cutter_version, Indexed.terms_version).where(
            Indexed.build_id == live_build(assistant_id).id
        )
        return {(row[0], row[1]) for row in db.execute(live).all()}


def found_for(assistant_id: str, question: str) -> set[str]:
    return {hit.source_name for hit in pipeline.search(assistant_id, question)}


def row(assistant_id: str, name: str) -> source_rows.SourceRow:
    return next(row for row in source_rows.source_rows(assistant_id) if row.name == name)


def test_what_is_of_today_is_left_alone(assistant_id: str) -> None:
    assert update_notice(assistant_id) == ""
    assert not renew_next()
    assert (readers(), makers(assistant_id)) == ({READER_VERSION}, {(CUTTER_VERSION, TERMS_VERSION)})


def test_texts_of_an_older_reader_are_read_again_and_nothing_is_built(assistant_id: str) -> None:
    read_by_an_older_answerbook()
    cut_by_an_older_answerbook()
    before = [(row.id, row.name, row.added_at) for row in source_rows.source_rows(assistant_id)]
    assert update_notice(assistant_id) == NOTICE.format("2 sources are read again")
    renew()
    assert queued() == [("read", "done")] * 4
    assert (readers(), makers(assistant_id)) == ({READER_VERSION}, {(CUTTER_VERSION, TERMS_VERSION)})
    assert [(row.id, row.name, row.added_at) for row in source_rows.source_rows(assistant_id)] == before
    assert not renew_next()


def test_an_index_of_an_older_cutter_is_built_again_as_it_was(assistant_id: str) -> None:
    cut_by_an_older_answerbook()
    before = live_build(assistant_id)
    assert update_notice(assistant_id) == NOTICE.format("the passages are prepared again")
    renew()
    after = live_build(assistant_id)
    assert (after.number, settings_of(after)) == (before.number + 1, settings_of(before))
    assert queued() == [("read", "done")] * 2 + [("rebuild", "done")]
    assert makers(assistant_id) == {(CUTTER_VERSION, TERMS_VERSION)}
    assert "prices.md" in found_for(assistant_id, "What does a parcel to Japan cost?")
    assert ways_back(assistant_id) == []
    with pytest.raises(NotFound):
        go_back(assistant_id)


def test_the_way_back_of_before_an_update_stays(assistant_id: str) -> None:
    request_cut(assistant_id, CutSettings(600, 60))
    work_off()
    cut_by_an_older_answerbook()
    renew()
    assert [way.before.cut.size for way in ways_back(assistant_id)] == [1600]
    go_back(assistant_id)
    work_off()
    assert live_build(assistant_id).cut_size == 1600
    assert makers(assistant_id) == {(CUTTER_VERSION, TERMS_VERSION)}
    assert "prices.md" in found_for(assistant_id, "What does a parcel to Japan cost?")


def test_a_file_that_cannot_be_read_any_more_answers_on_and_is_tried_once(assistant_id: str) -> None:
    read_by_an_older_answerbook()
    cut_by_an_older_answerbook()
    with session() as db:
        lost = select(Version.original_hash).where(
            Version.id == select(Source.version_id).where(Source.name == "zones.md").scalar_subquery()
        )
        db.execute(update(Original).where(Original.hash.in_(lost)).values(body=b"   "))
    renew()
    assert sorted(queued()) == [("read", "done")] * 3 + [("read", "failed"), ("rebuild", "done")]
    zones = row(assistant_id, "zones.md")
    assert (zones.state, zones.answering) == ("failed", True)
    assert zones.error
    assert found_for(assistant_id, "In which zone does Norway lie?") >= {"zones.md"}
    assert found_for(assistant_id, "What does a parcel to Japan cost?") >= {"prices.md"}
    assert makers(assistant_id) == {(CUTTER_VERSION, TERMS_VERSION)}
    assert not renew_next()


def test_what_is_in_the_bin_is_left_alone_until_it_comes_back(assistant_id: str) -> None:
    read_by_an_older_answerbook()
    cut_by_an_older_answerbook()
    lifecycle.delete_assistant(assistant_id)
    assert not renew_next()
    lifecycle.restore_assistant(assistant_id)
    sources.delete_sources(assistant_id, [row(assistant_id, "zones.md").id])
    work_off()
    renew()
    assert [state for kind, state in queued() if kind == "read"] == ["done"] * 3
    assert makers(assistant_id) == {(CUTTER_VERSION, TERMS_VERSION)}


def test_what_is_being_built_is_not_disturbed_and_ends_of_one_code(assistant_id: str) -> None:
    request_cut(assistant_id, CutSettings(600, 60))
    building = fill_half_of_it()
    cut_by_an_older_answerbook()
    assert update_notice(assistant_id) == NOTICE.format("the passages are prepared again")
    assert not renew_next()
    renew()
    assert [kind for kind, _ in queued()] == ["read", "read", "rebuild"]
    assert live_build(assistant_id).id == building
    assert makers(assistant_id) == {(CUTTER_VERSION, TERMS_VERSION)}


def fill_half_of_it() -> str:
    """Fill a build with its first source, as a process that is ended then; returns the build."""
    job, stages = jobs.claim(), []
    assert job is not None

    def progress(stage: str, _done: int, _total: int) -> None:
        stages.append(stage)
        if stages.count("Preparing source") == 2:
            raise Cancelled

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.index.build.AT_ONCE", 1)  # else the second is done by then
        with pytest.raises(Cancelled):
            rebuild_index(job, store_named, progress)
    assert jobs.give_back() == 1
    assert job.build_id is not None
    with session() as db:
        assert len(db.exec(select(Indexed).where(Indexed.build_id == job.build_id)).all()) == 1
    return job.build_id


def test_a_newer_upload_that_the_owner_stopped_stays_stopped(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 40 euros.\n")])
    jobs.stop([row(assistant_id, "prices.md").job_id])
    read_by_an_older_answerbook()
    renew()
    assert row(assistant_id, "prices.md").state == "stopped"
    assert [state for kind, state in queued() if kind == "read"] == ["done", "done", "stopped", "done"]


def test_an_upload_wins_over_an_update_that_waits(assistant_id: str) -> None:
    read_by_an_older_answerbook()
    assert renew_next()
    assert renew_next()
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 40 euros.\n")])
    renew()
    assert "40 euros" in pipeline.search(assistant_id, "What does a parcel to Japan cost?")[0].passage.text
    assert sorted(queued()) == [("read", "done")] * 4 + [("read", "stopped")]


@pytest.mark.usefixtures("database")
def test_threads_that_look_at_once_queue_each_source_and_each_index_once() -> None:
    assistant_ids = [lifecycle.create_assistant(name) for name in ("Help", "Prices")]
    for assistant_id in assistant_ids:
        read_without_a_reader(assistant_id, 4)
    look_from_many_threads()
    assert queued() == [("read", "done")] * 8 + [("read", "waiting")] * 8
    with session() as db:
        db.execute(update(Job).values(state=JobState.FAILED))
    look_from_many_threads()
    assert [kind for kind, _ in queued()] == ["read"] * 16 + ["rebuild"] * 2


def look_from_many_threads() -> None:
    def look() -> None:
        for _ in range(12):
            renew_next()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def read_without_a_reader(assistant_id: str, count: int) -> None:
    """Keep texts and rows as an Answerbook without versions left them."""
    sources.add_files(
        assistant_id, [(f"{number}.txt", b"%s %d" % (assistant_id.encode(), number)) for number in range(count)]
    )
    while job := jobs.claim((JobKind.READ,)):
        assert job.version_id is not None
        documents.keep_document(job.version_id, Document("text", (), "txt"), 0)
        with session() as db:
            db.execute(update(Source).where(Source.id == job.source_id).values(version_id=job.version_id))
            db.add(Indexed(build_id=live_build(assistant_id).id, version_id=job.version_id, passages=1))
        jobs.finish(job.id)

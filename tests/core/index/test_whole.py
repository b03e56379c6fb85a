"""A damaged index says so and is put right by itself: tables, files and indexes taken away behind our back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import func, select

from core import jobs, pipeline
from core.assistants import index_builds, sources
from core.database import Job, session
from core.errors import StoreError
from core.index import check_index, has_lost_passages, repair_lost, request_repair
from core.load import Sandbox
from core.schema import Answer
from core.settings import settings
from core.store import close_stores, store_named
from tests.core.index.check_kit import assert_equal, filled, live, lose, stored, version_of
from tests.core.work import work_off

QUESTION = "What does the parcel rule on customs say?"


def answered(assistant_id: str, question: str = QUESTION) -> Answer:
    return next(piece for piece in pipeline.answer(assistant_id, question) if isinstance(piece, Answer))


def checks_waiting() -> int:
    with session() as db:
        return db.exec(select(func.count()).select_from(Job).where(Job.kind == "check", Job.state == "waiting")).one()


def table() -> Path:
    return next((settings().data / "passages.lance").glob("a_*.lance"))


def without_all() -> None:
    shutil.rmtree(settings().data / "passages.lance")


def without_the_table() -> None:
    shutil.rmtree(table())


def without(part: str) -> Callable[[], None]:
    def take() -> None:
        shutil.rmtree(table() / part)

    return take


def with_holes_in(part: str) -> Callable[[], None]:
    """Every file there is cut to a half, as a disk that was full or torn off leaves it."""

    def cut() -> None:
        for path in (table() / part).rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return cut


def with_flipped_bits_in(part: str) -> Callable[[], None]:
    def flip() -> None:
        for path in (table() / part).rglob("*"):
            if path.is_file():
                path.write_bytes(bytes(byte ^ 0x55 for byte in path.read_bytes()))

    return flip


def with_empty(part: str) -> Callable[[], None]:
    def empty() -> None:
        for path in (table() / part).rglob("*"):
            if path.is_file():
                path.write_bytes(b"")

    return empty


def with_a_file_in_its_place() -> None:
    place = table()
    shutil.rmtree(place)
    place.write_bytes(b"not a table")


DAMAGES = {
    "all gone": without_all,
    "table gone": without_the_table,
    "word index gone": without("_indices"),
    "word index cut": with_holes_in("_indices"),
    "word index flipped": with_flipped_bits_in("_indices"),
    "word index empty": with_empty("_indices"),
    "data gone": without("data"),
    "data cut": with_holes_in("data"),
    "data flipped": with_flipped_bits_in("data"),
    "data empty": with_empty("data"),
    "versions gone": without("_versions"),
    "versions flipped": with_flipped_bits_in("_versions"),
    "a file in its place": with_a_file_in_its_place,
}


@pytest.fixture
def here(data_folder: Path, sandbox: Sandbox) -> str:
    """An assistant with two files in LanceDB."""
    return filled(sandbox)


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_chat_says_what_is_wrong_and_it_is_put_right(here: str, damage: str) -> None:
    before = answered(here)
    close_stores()
    DAMAGES[damage]()
    for _ in range(3):
        with pytest.raises(StoreError) as caught:
            answered(here)
        assert caught.value.code == "mending"
        assert "ask again in a minute" in caught.value.remedy
    assert checks_waiting() == 1
    work_off()
    assert_equal(here)
    assert answered(here).text == before.text
    assert (jobs.active_count(), repair_lost()) == (0, [])


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_start_finds_it_by_itself(here: str, damage: str) -> None:
    before = answered(here)
    close_stores()
    DAMAGES[damage]()
    assert repair_lost() == [here]
    assert repair_lost() == [here]
    assert checks_waiting() == 1
    work_off()
    assert_equal(here)
    assert answered(here).text == before.text


@pytest.mark.parametrize("damage", ["word index gone", "word index flipped"])
def test_a_check_says_that_the_search_index_was_damaged(here: str, damage: str) -> None:
    close_stores()
    DAMAGES[damage]()
    look = str(check_index(here, repair=False)["sentence"])
    assert "The search index is damaged." in look
    done = str(check_index(here)["sentence"])
    assert "all there. The search index was damaged and was made anew." in done
    assert str(check_index(here)["sentence"]).endswith("all there.")
    assert pipeline.search(here, QUESTION)


def test_an_older_copy_of_the_passages_is_noticed(here: str, sandbox: Sandbox) -> None:
    close_stores()
    folder = settings().data / "passages.lance"
    shutil.copytree(folder, folder.with_name("copy"))
    sources.add_files(here, [("duty.md", b"# Duty\n\nThe duty on xylophones is nine percent.\n")])
    work_off()
    assert "nine percent" in answered(here, "What is the duty on xylophones?").text
    close_stores()
    shutil.rmtree(folder)
    folder.with_name("copy").rename(folder)
    with pytest.raises(StoreError, match="missing"):
        answered(here, "What is the duty on xylophones?")
    work_off()
    assert "nine percent" in answered(here, "What is the duty on xylophones?").text


def test_what_is_still_there_answers_while_the_rest_comes_back(here: str) -> None:
    version = version_of(here, "letter.md")
    build, scope = live(here)
    store_named(build.store).delete_versions(scope, [version])
    assert "parcel rule" in answered(here).text
    assert checks_waiting() == 1
    work_off()
    assert_equal(here)


def test_the_start_of_the_worker_brings_lost_passages_back(here: str) -> None:
    close_stores()
    without_all()
    from core.worker import Worker
    from tests.core.work import wait_until

    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: not has_lost_passages(index_builds.live_build(here)) and jobs.active_count() == 0)
    finally:
        worker.stop()
    assert_equal(here)


def test_on_each_store_lost_passages_are_no_i_do_not_know(assistant_id: str) -> None:
    build, scope = live(assistant_id)
    store = store_named(build.store)
    store.drop(scope)
    with pytest.raises(StoreError) as caught:
        answered(assistant_id)
    assert caught.value.code == "mending"
    work_off()
    assert_equal(assistant_id)
    assert "parcel rule" in answered(assistant_id).text
    lose(assistant_id, stored(assistant_id)[:4])
    assert repair_lost() == [assistant_id]
    work_off()
    assert_equal(assistant_id)


def test_a_sound_index_is_counted_once_a_minute_and_where_nothing_was_found(
    here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    store = store_named("lancedb")
    count = store.count
    monkeypatch.setattr(store, "count", lambda *scope: counts.append(scope) or count(*scope))
    for _ in range(5):
        answered(here)
    assert len(counts) == 1
    assert answered(here, "Who invented the xylophone?").kind == "unknown"
    assert (len(counts), checks_waiting()) == (2, 0)


def test_what_a_job_works_on_is_not_missed(here: str) -> None:
    build, scope = live(here)
    sources.delete_sources(here, [source.id for source in _sources(here)][:1])
    store_named(build.store).delete_versions(scope, [version_of(here, "parcel.md")])
    assert not has_lost_passages(build)


def _sources(assistant_id: str) -> list[object]:
    from core.database import Source

    with session() as db:
        return list(
            db.exec(select(Source).where(Source.assistant_id == assistant_id).order_by(Source.name.desc())).all()
        )


def test_where_the_check_fails_the_chat_says_why_and_does_not_queue_another(here: str) -> None:
    close_stores()
    without_all()
    request_repair(here)
    job = jobs.claim()
    assert job is not None
    jobs.fail(job.id, StoreError("The disk is full.", "Free some space.", code="full"))
    with pytest.raises(StoreError, match="The disk is full") as caught:
        answered(here)
    assert (caught.value.code, checks_waiting()) == ("full", 0)
    with session() as db:
        db.execute(delete(Job))
    with pytest.raises(StoreError, match="being built again"):
        answered(here)
    assert checks_waiting() == 1

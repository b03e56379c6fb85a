"""An index is checked while files are read, replaced and deleted: nothing is harmed, nothing comes back."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import update

from core import jobs, pipeline
from core.assistants import lifecycle, source_rows, sources
from core.database import Source, now, session
from core.errors import Cancelled, NotFound
from core.index import check, ingest
from core.index.check import check_index
from core.index.compare import look
from core.load import Sandbox
from core.store import store_named
from core.worker import Worker
from tests.core.index.check_kit import assert_equal, expected, live, lose, stored, text_of, version_of
from tests.core.work import wait_until, work_off


def test_a_version_being_written_is_left_alone(assistant_id: str, sandbox: Sandbox) -> None:
    sources.add_files(assistant_id, [("parcel.md", text_of("parcel", 12)), ("new.md", text_of("new"))])
    build, _ = live(assistant_id)
    taken = [jobs.claim(), jobs.claim()]
    written = []
    for job in taken:
        assert job is not None
        assert job.version_id is not None
        document = ingest._load(job, sandbox, lambda *_: None)
        counted = ingest.index_version(build, job.version_id, document, store_named, lambda *_: None)
        written += [ingest.passage_id(build.id, job.version_id, n) for n in range(counted["passages"])]
    lose(assistant_id, [ingest.passage_id(build.id, version_of(assistant_id, "letter.md"), 0)])
    result = check_index(assistant_id)
    assert (result["missing"], result["extra"], result["busy"]) == (1, 0, 2)
    assert "2 files being worked on just now" in str(result["sentence"])
    assert set(written) <= set(stored(assistant_id))
    for job in taken:
        ingest.read_source(job, sandbox, store_named, lambda *_: None)
        jobs.finish(job.id)
    assert check_index(assistant_id)["sentence"] == f"{len(expected(assistant_id))} passages: all there."
    assert_equal(assistant_id)


@pytest.mark.slow
def test_checking_all_the_while_files_are_read_replaced_and_deleted_harms_none(assistant_id: str) -> None:
    worker = Worker()
    worker.start()
    try:
        for round_ in range(3):
            sources.add_files(assistant_id, [(f"file{n}.md", text_of(f"word{n}x{round_}", 6)) for n in range(8)])
            if round_ == 2:
                chosen = [r.id for r in source_rows.source_rows(assistant_id) if r.name in ("letter.md", "file7.md")]
                sources.delete_sources(assistant_id, chosen)
            while jobs.active_count():
                check_index(assistant_id)
        wait_until(lambda: jobs.active_count() == 0)
    finally:
        worker.stop()
    assert {row.state for row in source_rows.source_rows(assistant_id)} == {"ready"}
    assert check_index(assistant_id)["sentence"] == f"{len(expected(assistant_id))} passages: all there."
    assert_equal(assistant_id)
    for n in range(7):
        assert pipeline.search(assistant_id, f"word{n}x2 rule on customs")[0].source_name == f"file{n}.md"


def test_a_source_deleted_while_it_is_brought_back_leaves_nothing(
    assistant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_id = version_of(assistant_id, "parcel.md")
    lose(assistant_id, [ingest.passage_id(live(assistant_id)[0].id, version_id, 0)])
    real: Callable[..., dict[str, int]] = check.index_version

    def index_then_delete(*arguments: object) -> dict[str, int]:
        counted = real(*arguments)
        with session() as db:
            db.execute(update(Source).where(Source.name == "parcel.md").values(deleted_at=now()))
        return counted

    monkeypatch.setattr(check, "index_version", index_then_delete)
    check_index(assistant_id)
    assert_equal(assistant_id)
    build, scope = live(assistant_id)
    assert store_named(build.store).count(scope, version_id) == 0


def test_an_assistant_erased_while_it_is_checked_leaves_no_index(
    assistant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, scope = live(assistant_id)
    lose(assistant_id, stored(assistant_id)[:1])
    real: Callable[..., dict[str, int]] = check.index_version

    def index_then_erase(*arguments: object) -> dict[str, int]:
        counted = real(*arguments)
        lifecycle.erase_assistant(assistant_id)
        return counted

    monkeypatch.setattr(check, "index_version", index_then_erase)
    check_index(assistant_id)
    assert scope.name not in store_named(build.store).scopes()


def test_what_changes_while_it_looks_is_neither_missing_nor_left_over(assistant_id: str) -> None:
    build, _ = live(assistant_id)
    changed: list[int] = []

    def change_once(*_: object) -> None:
        if not changed:
            changed.append(1)
            sources.add_files(assistant_id, [("parcel.md", text_of("parcel", 12)), ("new.md", text_of("new"))])
            sources.delete_sources(
                assistant_id, [r.id for r in source_rows.source_rows(assistant_id) if r.name == "letter.md"]
            )
            work_off()

    found = look(build, change_once)
    assert changed
    assert found.equal, "the ids were read before the change, and are not held against it"
    assert look(build, change_once).equal
    assert_equal(assistant_id)


def test_it_can_be_stopped_and_an_assistant_that_is_gone_is_said(assistant_id: str) -> None:
    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        check_index(assistant_id, stop)
    with pytest.raises(NotFound):
        check_index(uuid4().hex)

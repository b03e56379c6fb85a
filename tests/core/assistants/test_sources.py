"""Files in, rows out: what the Knowledge page stands on, on SQLite and on a real Postgres."""

import pytest

from core import jobs
from core.assistants import documents, lifecycle, source_rows, sources
from core.database import Job, Version, session
from core.document_json import document_from_json, document_to_json
from core.errors import AnswerbookError, LoadError, NotFound
from core.schema import Block, Document, Shortfall

pytestmark = pytest.mark.usefixtures("database")
DOCUMENT = Document(
    text="Title\nname | price\nbox | 3 €",
    blocks=(Block("heading", 0, 5, page=1, level=1), Block("table", 6, 28, 1, 0, "name | price", ((6, 18), (19, 28)))),
    kind="docx",
    page_starts=(0,),
    warnings=(Shortfall("One picture was left out.", "Add it."),),
)


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def run_waiting() -> list[Job]:
    """Take every waiting job and end it as read, as the worker would."""
    taken = []
    while job := jobs.claim():
        if job.kind == "read" and job.version_id:
            documents.keep_document(job.version_id, DOCUMENT, 1)
            with session() as db:
                version = db.get_one(Version, job.version_id)
                source = db.get_one(sources.Source, version.source_id)
                source.version_id = version.id
                db.add(source)
        jobs.finish(job.id, {"left": 0})
        taken.append(job)
    return taken


def test_a_file_is_kept_and_queued(assistant_id: str) -> None:
    assert sources.add_files(assistant_id, [("prices.txt", b"One parcel: 3 EUR")])[0].outcome == "new"
    row = source_rows.source_rows(assistant_id)[0]
    assert (row.name, row.state, row.size, row.answering) == ("prices.txt", "waiting", 17, False)
    assert documents.original_bytes(assistant_id, row.id) == b"One parcel: 3 EUR"


def test_the_same_file_again_changes_nothing(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    run_waiting()
    again = sources.add_files(assistant_id, [("a.txt", b"Alpha"), ("b.txt", b"Alpha")])
    assert [added.outcome for added in again] == ["unchanged", "duplicate"]
    assert len(source_rows.source_rows(assistant_id)) == 1
    assert jobs.active_count() == 0


def test_other_content_under_a_name_is_a_new_version_of_that_source(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    run_waiting()
    before = source_rows.source_rows(assistant_id)[0]
    assert sources.add_files(assistant_id, [("a.txt", b"Beta")])[0].outcome == "version"
    after = source_rows.source_rows(assistant_id)[0]
    assert (after.id, after.state) == (before.id, "waiting")
    assert documents.original_bytes(assistant_id, after.id) == b"Beta"


def test_a_second_upload_stops_the_first_that_still_waits(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    sources.add_files(assistant_id, [("a.txt", b"Beta")])
    assert len(run_waiting()) == 1
    assert documents.original_bytes(assistant_id, source_rows.source_rows(assistant_id)[0].id) == b"Beta"


def test_a_file_over_the_limit_is_refused_with_the_limit(assistant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERBOOK_FILE_MEGABYTES", "1")
    sources.settings.cache_clear()
    added = sources.add_files(assistant_id, [("big.txt", b"x" * 1_100_000), ("small.txt", b"x")])
    assert [a.outcome for a in added] == ["refused", "new"]
    assert "1 MB" in added[0].sentence


def test_a_failure_stays_on_the_row_until_retry(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("scan.pdf", b"%PDF-1.4")])
    job = jobs.claim()
    assert job is not None
    jobs.fail(job.id, LoadError("This looks like a scan.", "Run text recognition first.", code="scanned"))
    row = source_rows.source_rows(assistant_id)[0]
    assert (row.state, row.error, row.remedy, row.code) == (
        "failed",
        "This looks like a scan.",
        "Run text recognition first.",
        "scanned",
    )
    jobs.retry([row.job_id])
    assert source_rows.source_rows(assistant_id)[0].state == "waiting"


def test_deleted_sources_are_gone_at_once_and_proven_later(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.txt", b"Alpha"), ("b.txt", b"Beta")])
    run_waiting()
    gone = next(row for row in source_rows.source_rows(assistant_id) if row.name == "a.txt")
    sources.delete_sources(assistant_id, [gone.id])
    assert [row.name for row in source_rows.source_rows(assistant_id)] == ["b.txt"]
    assert source_rows.removed_rows(assistant_id)[0].left is None
    run_waiting()
    assert source_rows.removed_rows(assistant_id)[0].left == 0
    sources.restore_source(assistant_id, gone.id)
    assert {row.name for row in source_rows.source_rows(assistant_id)} == {"a.txt", "b.txt"}


def test_a_restored_name_that_is_taken_is_refused(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    run_waiting()
    first = source_rows.source_rows(assistant_id)[0]
    sources.delete_sources(assistant_id, [first.id])
    sources.add_files(assistant_id, [("a.txt", b"Another")])
    with pytest.raises(AnswerbookError):
        sources.restore_source(assistant_id, first.id)


def test_another_assistants_source_does_not_exist(assistant_id: str) -> None:
    other = lifecycle.create_assistant("Other")
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    row = source_rows.source_rows(assistant_id)[0]
    with pytest.raises(NotFound):
        documents.original_bytes(other, row.id)
    with pytest.raises(NotFound):
        sources.rename_source(other, row.id, "mine.txt")
    sources.delete_sources(other, [row.id])
    assert len(source_rows.source_rows(assistant_id)) == 1


def test_a_document_comes_back_as_it_was_kept(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.txt", b"Alpha")])
    run_waiting()
    with session() as db:
        version_id = db.get_one(sources.Source, source_rows.source_rows(assistant_id)[0].id).version_id
    assert documents.document(version_id) == DOCUMENT
    assert document_from_json(document_to_json(DOCUMENT)) == DOCUMENT

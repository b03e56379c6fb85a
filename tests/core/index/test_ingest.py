"""From files to passages that answer: replaced atomically, resumed after a kill, forgotten to the last passage."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from core import jobs, pipeline
from core.assistants import documents, index_builds, lifecycle, source_rows, sources
from core.database import IndexBuild, Indexed, Job, Source, Version, now, session
from core.errors import NotFound, StoreError
from core.index import build, go_back, ingest, request_cut
from core.load import Sandbox
from core.schema import CutSettings, Scope
from core.settings import settings
from core.store import PassageStore, store_named
from tests.core.work import wait_until, work_off

pytestmark = pytest.mark.usefixtures("data_folder")
PROJECT = Path(__file__).resolve().parents[3]
TOPICS = ("customs", "returns", "claims", "prices", "batteries", "tracking", "insurance", "holidays")


def pages(word: str, sections: int = 12) -> bytes:
    """A Markdown file of several passages, each section about another topic and all about ``word``."""
    body = "\n\n".join(
        f"## {topic.title()} part {number}\n\n"
        + " ".join(
            f"The {word} rule {number}.{line} on {topic} says that item {line} is checked." for line in range(20)
        )
        for number, topic in enumerate(TOPICS * (sections // len(TOPICS) + 1))
        if number < sections
    )
    return f"# {word.title()} handbook\n\n{body}\n".encode()


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def scope(assistant_id: str) -> Scope:
    return index_builds.scope_of(index_builds.live_build(assistant_id))


def row(assistant_id: str, name: str) -> source_rows.SourceRow:
    return next(r for r in source_rows.source_rows(assistant_id) if r.name == name)


def assert_consistent(assistant_id: str) -> None:
    """Database and store agree to the id: nothing missing, nothing extra, nothing twice."""
    build = index_builds.live_build(assistant_id)
    with session() as db:
        indexed = db.exec(
            select(Indexed)
            .join(Version, Version.id == Indexed.version_id)
            .join(Source, Source.version_id == Version.id)
            .where(Indexed.build_id == build.id, Source.deleted_at.is_(None))
        ).all()
    wanted = sorted(ingest.passage_id(build.id, i.version_id, n) for i in indexed for n in range(i.passages))
    assert sorted(store_named(build.store).ids(index_builds.scope_of(build))) == wanted


def test_a_file_becomes_passages_that_are_found(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("parcel"))])
    work_off()
    found = row(assistant_id, "handbook.md")
    assert found.state == "ready"
    assert found.passages > 3
    hits = pipeline.search(assistant_id, "What does the parcel rule on batteries say?")
    assert "batteries" in hits[0].passage.text
    document = documents.document(hits[0].passage.version_id)
    assert document is not None
    assert document.text[hits[0].passage.start : hits[0].passage.end] == hits[0].passage.text
    assert_consistent(assistant_id)


def test_bad_files_end_as_a_sentence_and_the_others_go_on(assistant_id: str) -> None:
    files = [("empty.pdf", b""), ("noise.pdf", os.urandom(5000)), ("blank.txt", b"  \n "), ("good.md", pages("parcel"))]
    sources.add_files(assistant_id, files)
    work_off()
    states = {r.name: r.state for r in source_rows.source_rows(assistant_id)}
    assert states == {"empty.pdf": "failed", "noise.pdf": "failed", "blank.txt": "failed", "good.md": "ready"}
    for name in ("empty.pdf", "noise.pdf", "blank.txt"):
        assert row(assistant_id, name).error.endswith(".")
        assert row(assistant_id, name).remedy.endswith(".")
    assert_consistent(assistant_id)


def test_a_new_version_embeds_only_what_changed(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("parcel"))])
    work_off()
    before = row(assistant_id, "handbook.md").passages
    changed = pages("parcel") + b"\n## Quantum drones\n\nDeliveries by quantum drone cost 900 florins.\n"
    sources.add_files(assistant_id, [("handbook.md", changed)])
    work_off()
    with session() as db:
        result = db.exec(select(Job).where(Job.kind == "read").order_by(Job.created_at.desc())).first().result
    assert result["reused"] >= before - 2
    assert result["embedded"] <= 3
    assert "florins" in pipeline.search(assistant_id, "What do quantum drone deliveries cost?")[0].passage.text
    assert_consistent(assistant_id)


def test_a_version_that_cannot_be_read_leaves_the_old_one_answering(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("parcel"))])
    work_off()
    sources.add_files(assistant_id, [("handbook.md", b"   ")])
    work_off()
    found = row(assistant_id, "handbook.md")
    assert (found.state, found.answering) == ("failed", True)
    assert pipeline.search(assistant_id, "parcel rule on customs")
    assert_consistent(assistant_id)


def test_a_deleted_source_leaves_no_passage_and_no_answer(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.md", pages("alpha")), ("b.md", pages("beta"))])
    work_off()
    sources.delete_sources(assistant_id, [row(assistant_id, "a.md").id])
    assert {hit.source_name for hit in pipeline.search(assistant_id, "alpha rule on customs")} <= {"b.md"}
    work_off()
    assert source_rows.removed_rows(assistant_id)[0].left == 0
    assert_consistent(assistant_id)
    sources.restore_source(assistant_id, source_rows.removed_rows(assistant_id)[0].id)
    work_off()
    assert pipeline.search(assistant_id, "alpha rule on customs")[0].source_name == "a.md"
    assert_consistent(assistant_id)


@pytest.mark.slow
def test_stopping_a_file_leaves_nothing_of_it(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("long.md", pages("parcel", 3000))])
    job_id = row(assistant_id, "long.md").job_id
    from core.worker import Worker

    worker = Worker()
    worker.start()
    wait_until(lambda: row(assistant_id, "long.md").stage != "")
    jobs.stop([job_id])
    wait_until(lambda: jobs.active_count() == 0)
    worker.stop()
    assert row(assistant_id, "long.md").state == "stopped"
    assert store_named(settings().preferred_store).count(scope(assistant_id)) == 0
    jobs.retry([job_id])
    work_off()
    assert row(assistant_id, "long.md").state == "ready"
    assert_consistent(assistant_id)


def test_another_cut_is_built_aside_and_switched_at_once(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("parcel"))])
    work_off()
    before, old = row(assistant_id, "handbook.md").passages, scope(assistant_id)
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    assert pipeline.search(assistant_id, "parcel rule on customs")
    work_off()
    assert row(assistant_id, "handbook.md").passages > before
    assert scope(assistant_id) != old
    assert old.name in store_named(settings().preferred_store).scopes()
    assert states() == ["old", "live"]
    assert_consistent(assistant_id)


def states() -> list[str]:
    with session() as db:
        return list(db.exec(select(IndexBuild.state).order_by(IndexBuild.number)).all())


@pytest.mark.slow
def test_what_answered_before_is_kept_a_day_and_can_come_back_with_what_changed_since(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.md", pages("alpha")), ("b.md", pages("beta")), ("c.md", pages("gamma"))])
    work_off()
    before, old = row(assistant_id, "a.md").passages, scope(assistant_id)
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    work_off()
    sources.add_files(assistant_id, [("a.md", pages("omega")), ("d.md", pages("delta"))])
    sources.delete_sources(assistant_id, [row(assistant_id, "b.md").id])
    work_off()
    go_back(assistant_id)
    assert pipeline.search(assistant_id, "omega rule on customs")[0].source_name == "a.md"
    work_off()
    assert (scope(assistant_id), states()) == (old, ["live", "old"])
    assert row(assistant_id, "a.md").passages == before
    for word, name in (("omega", "a.md"), ("gamma", "c.md"), ("delta", "d.md")):
        assert pipeline.search(assistant_id, f"{word} rule on customs")[0].source_name == name
    assert {hit.source_name for hit in pipeline.search(assistant_id, "beta rule on customs")} <= {
        "a.md",
        "c.md",
        "d.md",
    }
    assert_consistent(assistant_id)


def test_what_answered_before_is_removed_after_a_day(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.md", pages("alpha"))])
    work_off()
    old = scope(assistant_id)
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    work_off()
    assert build.retire_expired(store_named) == 0
    with session() as db:
        db.execute(update(IndexBuild).where(IndexBuild.state == "old").values(retired_at=now() - build.RETENTION))
    assert build.retire_expired(store_named) == 1
    assert store_named(settings().preferred_store).scopes() == [scope(assistant_id).name] != [old.name]
    assert states() == ["gone", "live"]
    with pytest.raises(NotFound):
        go_back(assistant_id)
    assert pipeline.search(assistant_id, "alpha rule on customs")
    assert_consistent(assistant_id)


def test_a_given_up_index_is_removed(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.md", pages("alpha"))])
    work_off()
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    request_cut(assistant_id, CutSettings(size=900, overlap=60))
    work_off()
    assert states() == ["old", "gone", "live"]
    assert_consistent(assistant_id)


class NthCallFails:
    """The real store, but its Nth call fails as a full disk or a lost connection would."""

    def __init__(self, fatal: int) -> None:
        self.calls, self._fatal, self._store = 0, fatal, store_named(settings().preferred_store)

    def __getattr__(self, name: str) -> object:
        real = getattr(self._store, name)

        def call(*arguments: object, **named: object) -> object:
            self.calls += 1
            if self.calls == self._fatal:
                raise StoreError("The store failed.", "Try again.", passing=False)
            return real(*arguments, **named)

        return call


def always(store: NthCallFails) -> Callable[[str], PassageStore]:
    """This store, whatever its name."""
    return lambda _: store  # type: ignore[return-value]


@pytest.mark.slow
def test_whichever_store_call_fails_nothing_is_half_visible_and_a_second_run_ends_well(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("old"))])
    work_off()
    for fatal in range(1, 20):
        sources.add_files(assistant_id, [("handbook.md", pages(f"word{fatal}"))])
        job = jobs.claim()
        assert job is not None
        sandbox, store = Sandbox(), NthCallFails(fatal)
        try:
            ingest.read_source(job, sandbox, always(store), lambda *_: None)
            jobs.finish(job.id)
            failed = False
        except StoreError as error:
            jobs.fail(job.id, error)
            failed = True
        finally:
            sandbox.close()
        texts = {hit.passage.text[:40] for hit in pipeline.search(assistant_id, "rule on customs")}
        assert texts, "an answer must stay possible at every moment"
        if failed:
            jobs.retry([job.id])
            work_off()
        assert_consistent(assistant_id)
        if not failed and store.calls < fatal:
            return
    raise AssertionError("a run made more store calls than were tried")


def test_reading_again_that_fails_leaves_what_answered_answering(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("parcel"))])
    work_off()
    before = row(assistant_id, "handbook.md").passages
    for fatal in range(1, 6):
        sources.read_again(assistant_id, [row(assistant_id, "handbook.md").id])
        job = jobs.claim()
        assert job is not None
        sandbox = Sandbox()
        try:
            ingest.read_source(job, sandbox, always(NthCallFails(fatal)), lambda *_: None)
            jobs.finish(job.id)
        except StoreError as error:
            jobs.fail(job.id, error)
        finally:
            sandbox.close()
        assert "customs" in pipeline.search(assistant_id, "parcel rule on customs")[0].passage.text
        assert row(assistant_id, "handbook.md").passages == before
    sources.read_again(assistant_id, [row(assistant_id, "handbook.md").id])
    work_off()
    assert row(assistant_id, "handbook.md").state == "ready"
    assert_consistent(assistant_id)


def test_a_job_killed_after_the_switch_touches_nothing_when_it_is_taken_up_again(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("parcel"))])
    work_off()
    with session() as db:
        job = db.exec(select(Job).where(Job.kind == "read")).one()
        job.state = "running"
        db.add(job)
    assert jobs.give_back() == 1
    taken = jobs.claim()
    assert taken is not None
    store = NthCallFails(1)
    result = ingest.read_source(taken, Sandbox(), always(store), lambda *_: None)
    jobs.finish(taken.id)
    assert (store.calls, result["embedded"]) == (0, 0)
    assert pipeline.search(assistant_id, "parcel rule on customs")
    assert_consistent(assistant_id)


def test_a_source_restored_before_it_was_forgotten_stays(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("parcel"))])
    work_off()
    source_id = row(assistant_id, "handbook.md").id
    sources.delete_sources(assistant_id, [source_id])
    sources.restore_source(assistant_id, source_id)
    work_off()
    assert pipeline.search(assistant_id, "parcel rule on customs")
    assert_consistent(assistant_id)


def test_a_version_read_while_another_index_goes_live_answers_from_that_one(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", pages("old")), ("other.md", pages("other"))])
    work_off()
    before = scope(assistant_id)
    sources.add_files(assistant_id, [("handbook.md", pages("new"))])
    job, stages, sandbox = jobs.claim(), [], Sandbox()
    assert job is not None

    def progress(stage: str, _done: int, _total: int) -> None:
        stages.append(stage)
        if stages.count("Saving passages") == 1 and stage == "Saving passages":
            rebuild_now(assistant_id)

    try:
        jobs.finish(job.id, ingest.read_source(job, sandbox, store_named, progress))
    finally:
        sandbox.close()
    assert scope(assistant_id) != before
    assert stages.count("Saving passages") == 2
    with session() as db:
        entries = db.exec(select(Indexed.build_id).where(Indexed.version_id == job.version_id)).all()
    assert entries == [index_builds.live_build(assistant_id).id]
    assert pipeline.search(assistant_id, "new rule on customs")[0].source_name == "handbook.md"
    assert_consistent(assistant_id)


def rebuild_now(assistant_id: str) -> None:
    """Another index is asked for, filled and goes live, as by another lane."""
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    job = jobs.claim()
    assert job is not None
    assert job.kind == "rebuild"
    jobs.finish(job.id, build.rebuild_index(job, store_named, lambda *_: None))


WORKER = """
import sys, time
from core.worker import Worker
worker = Worker()
worker.start()
time.sleep(120)
"""


@pytest.mark.slow
def test_a_killed_process_goes_on_where_it_was(assistant_id: str, data_folder: Path) -> None:
    sources.add_files(assistant_id, [(f"file{n}.md", pages(f"word{n}", 120)) for n in range(12)])
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", WORKER], cwd=PROJECT, stderr=subprocess.DEVNULL)
        ready = sum(r.state == "ready" for r in source_rows.source_rows(assistant_id))
        wait_until(lambda done=ready: sum(r.state == "ready" for r in source_rows.source_rows(assistant_id)) > done)
        time.sleep(0.05)
        child.kill()
        child.wait()
    work_off()
    assert {r.state for r in source_rows.source_rows(assistant_id)} == {"ready"}
    assert_consistent(assistant_id)

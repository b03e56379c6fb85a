"""Database and store made equal again: whatever was taken from the store, put into it or broken behind our back."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import delete, update
from sqlmodel import select

from core import jobs, pipeline
from core.assistants import index_builds, lifecycle, source_rows, sources
from core.check import main
from core.database import Assistant, IndexBuild, Indexed, Job, Parsed, Source, Version, now, session
from core.errors import Cancelled, NotFound, StoreError
from core.index import check, ingest, request_cut
from core.index.check import check_index
from core.index.compare import look
from core.load import Sandbox
from core.schema import CutSettings, Scope, StoredPassage
from core.settings import settings
from core.store import close_stores, store_named
from core.worker import Worker
from tests.core.store.weaviate_server import WeaviateServer
from tests.core.work import wait_until, work_off

PROJECT = Path(__file__).resolve().parents[3]
QUESTION = "What does the parcel rule on customs say?"


def text_of(word: str, sections: int = 8) -> bytes:
    topics = ("customs", "returns", "claims", "prices")
    parts = [
        f"## {topics[n % 4].title()} part {n}\n\n"
        + " ".join(f"The {word} rule {n}.{line} on {topics[n % 4]} says that item {line} counts." for line in range(20))
        for n in range(sections)
    ]
    return "\n\n".join([f"# {word.title()} handbook", *parts]).encode()


@pytest.fixture(params=["lancedb", "weaviate"])
def kept_in(request: pytest.FixtureRequest) -> Iterator[str]:
    """A data folder whose passages are in one of the stores; what a test leaves in a shared server is removed."""
    request.getfixturevalue("data_folder" if request.param == "lancedb" else "weaviate_data_folder")
    yield request.param
    with session() as db:
        builds = db.exec(select(IndexBuild)).all()
    for build in builds:
        store_named(request.param).drop(index_builds.scope_of(build))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One child process that reads the files of all tests: starting it takes longer than reading."""
    with closing(Sandbox()) as opened:
        yield opened


@pytest.fixture
def assistant_id(kept_in: str, sandbox: Sandbox) -> str:
    """An assistant with two files that answer."""
    return filled(sandbox)


def filled(sandbox: Sandbox) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("parcel.md", text_of("parcel")), ("letter.md", text_of("letter"))])
    while job := jobs.claim():
        jobs.finish(job.id, ingest.read_source(job, sandbox, store_named, lambda *_: None))
    return made


def live(assistant_id: str) -> tuple[IndexBuild, Scope]:
    build = index_builds.live_build(assistant_id)
    return build, index_builds.scope_of(build)


def expected(assistant_id: str) -> list[str]:
    build, _ = live(assistant_id)
    with session() as db:
        held = db.exec(
            select(Indexed)
            .join(Source, Source.version_id == Indexed.version_id)
            .where(Indexed.build_id == build.id, Source.deleted_at.is_(None))
        ).all()
    return sorted(ingest.passage_id(build.id, i.version_id, n) for i in held for n in range(i.passages))


def stored(assistant_id: str) -> list[str]:
    build, scope = live(assistant_id)
    return sorted(store_named(build.store).ids(scope))


def assert_equal(assistant_id: str) -> None:
    assert stored(assistant_id) == expected(assistant_id) != []


def lose(assistant_id: str, ids: list[str]) -> None:
    """Take passages out of the store by its own client, past Answerbook."""
    build, scope = live(assistant_id)
    store = store_named(build.store)
    if build.store == "lancedb":
        import lancedb

        listed = ", ".join(f"'{each}'" for each in ids)
        lancedb.connect(settings().data / "passages.lance").open_table(scope.name).delete(f"id IN ({listed})")
        return
    from weaviate.classes.query import Filter

    async def remove(client: object) -> None:
        held = client.collections.use(store._collection(scope)).with_tenant(scope.name)
        await held.data.delete_many(where=Filter.by_id().contains_any(ids))

    store.nodes.run(remove, seconds=10)


def put(assistant_id: str, version_id: str, ordinals: range, *, build: IndexBuild | None = None) -> None:
    """Write passages that nobody asked for."""
    chosen = build or live(assistant_id)[0]
    passages = [
        StoredPassage(
            ingest.passage_id(chosen.id, version_id, n), "f" * 32, version_id, n, 0, 9, None, f"stray {n}", "", "stray"
        )
        for n in ordinals
    ]
    vectors = np.random.default_rng(1).normal(size=(len(passages), 256)).astype(np.float32)
    store_named(chosen.store).add(index_builds.scope_of(chosen), passages, vectors)


def version_of(assistant_id: str, name: str) -> str:
    with session() as db:
        return db.exec(select(Source.version_id).where(Source.assistant_id == assistant_id, Source.name == name)).one()


def test_where_all_is_there_nothing_is_done(assistant_id: str) -> None:
    before = stored(assistant_id)
    result = check_index(assistant_id)
    assert result["sentence"] == f"{len(before)} passages: all there."
    assert (result["missing"], result["extra"], result["orphans"]) == (0, 0, 0)
    assert stored(assistant_id) == before


def test_missing_passages_are_back_and_found(assistant_id: str) -> None:
    best = pipeline.search(assistant_id, QUESTION)[0].passage
    lost = [best.id, *[each for each in stored(assistant_id) if each != best.id][:2]]
    lose(assistant_id, lost)
    assert best.id not in {hit.passage.id for hit in pipeline.search(assistant_id, QUESTION, 40)}
    result = check_index(assistant_id)
    assert result["missing"] == 3
    assert "3 were missing and are back." in str(result["sentence"])
    assert_equal(assistant_id)
    assert pipeline.search(assistant_id, QUESTION)[0].passage == best


def test_only_looking_changes_nothing(assistant_id: str) -> None:
    lose(assistant_id, stored(assistant_id)[:1])
    put(assistant_id, uuid4().hex, range(2))
    before = stored(assistant_id)
    result = check_index(assistant_id, repair=False)
    assert "1 is missing, 2 left over." in str(result["sentence"])
    assert stored(assistant_id) == before


def test_passages_of_an_older_version_and_of_no_version_go(assistant_id: str) -> None:
    with session() as db:
        old = Version(source_id=db.exec(select(Source.id)).first(), original_hash="0" * 64, size=1)
        db.add(old)
    put(assistant_id, old.id, range(5))
    put(assistant_id, uuid4().hex, range(7))
    put(assistant_id, uuid4().hex, range(2000, 2003))
    result = check_index(assistant_id)
    assert (result["missing"], result["extra"]) == (0, 15)
    assert "15 left over were removed." in str(result["sentence"])
    assert_equal(assistant_id)


def test_passages_of_a_deleted_source_that_stayed_go(assistant_id: str) -> None:
    with session() as db:
        db.execute(update(Source).where(Source.name == "letter.md").values(deleted_at=now()))
    assert check_index(assistant_id)["extra"] > 0
    assert_equal(assistant_id)


def test_a_version_with_more_passages_than_were_cut_is_made_anew(assistant_id: str) -> None:
    put(assistant_id, version_of(assistant_id, "parcel.md"), range(500, 503))
    assert check_index(assistant_id)["extra"] == 3
    assert_equal(assistant_id)
    assert pipeline.search(assistant_id, QUESTION)[0].source_name == "parcel.md"


def test_a_version_that_was_cut_otherwise_once_is_made_anew_and_counted_anew(assistant_id: str) -> None:
    version_id = version_of(assistant_id, "parcel.md")
    with session() as db:
        count = db.exec(select(Indexed.passages).where(Indexed.version_id == version_id)).one()
        db.execute(update(Indexed).where(Indexed.version_id == version_id).values(passages=count + 4))
    put(assistant_id, version_id, range(count, count + 3))
    check_index(assistant_id)
    assert_equal(assistant_id)
    with session() as db:
        assert db.exec(select(Indexed.passages).where(Indexed.version_id == version_id)).one() == count


def test_a_current_version_that_is_in_no_index_is_indexed(assistant_id: str) -> None:
    build, scope = live(assistant_id)
    version_id = version_of(assistant_id, "parcel.md")
    store_named(build.store).delete_versions(scope, [version_id])
    with session() as db:
        db.execute(delete(Indexed).where(Indexed.version_id == version_id))
    check_index(assistant_id)
    assert_equal(assistant_id)
    assert pipeline.search(assistant_id, QUESTION)[0].source_name == "parcel.md"


def test_a_source_whose_text_is_not_kept_is_read_again(assistant_id: str) -> None:
    version_id = version_of(assistant_id, "parcel.md")
    with session() as db:
        db.execute(delete(Parsed).where(Parsed.version_id == version_id))
    lose(assistant_id, [ingest.passage_id(live(assistant_id)[0].id, version_id, 0)])
    assert "1 file read again in the background." in str(check_index(assistant_id)["sentence"])
    work_off()
    assert check_index(assistant_id)["missing"] == 0
    assert_equal(assistant_id)


def test_an_index_that_vanished_is_made_again(assistant_id: str) -> None:
    build, scope = live(assistant_id)
    store_named(build.store).drop(scope)
    assert check_index(assistant_id)["missing"] == len(expected(assistant_id))
    assert_equal(assistant_id)


def test_the_folder_of_passages_vanished(data_folder: Path, sandbox: Sandbox) -> None:
    assistant_id = filled(sandbox)
    shutil.rmtree(data_folder / "passages.lance")
    check_index(assistant_id)
    assert_equal(assistant_id)


def test_a_damaged_table_is_made_again(data_folder: Path, sandbox: Sandbox) -> None:
    assistant_id = filled(sandbox)
    for path in (data_folder / "passages.lance").rglob("*.lance"):
        if path.is_file():
            path.write_bytes(b"noise")
    close_stores()
    with pytest.raises(StoreError):
        store_named("lancedb").vectors(live(assistant_id)[1], expected(assistant_id))
    check_index(assistant_id)
    assert_equal(assistant_id)
    assert pipeline.search(assistant_id, QUESTION)


def test_the_collection_was_removed_behind_our_back(server: WeaviateServer, sandbox: Sandbox) -> None:
    assistant_id = filled(sandbox)
    store = store_named("weaviate")

    async def remove_all(client: object) -> None:
        await client.collections.delete_all()

    store.nodes.run(remove_all, seconds=30)
    assert stored(assistant_id) == []
    check_index(assistant_id)
    assert_equal(assistant_id)
    assert pipeline.search(assistant_id, QUESTION)


def test_an_index_of_another_embedding_in_the_way_is_removed(assistant_id: str) -> None:
    build, scope = live(assistant_id)
    store = store_named(build.store)
    store.drop(scope)
    close_stores()
    other = Scope(scope.assistant_id, scope.build, "another-8", 8)
    stray = StoredPassage(str(uuid4()), "f" * 32, uuid4().hex, 0, 0, 5, None, "stray", "", "stray")
    store_named(build.store).add(other, [stray], np.ones((1, 8), np.float32))
    close_stores()
    check_index(assistant_id)
    assert_equal(assistant_id)


def test_an_index_of_a_generation_that_is_gone_is_dropped(assistant_id: str) -> None:
    build, scope = live(assistant_id)
    store = store_named(build.store)
    gone = Scope(assistant_id, 77, scope.embedding, scope.dimension)
    stray = StoredPassage(str(uuid4()), "f" * 32, uuid4().hex, 0, 0, 5, None, "stray", "", "stray")
    store.add(gone, [stray], np.ones((1, 256), np.float32))
    assert "1 forgotten index found." in str(check_index(assistant_id, repair=False)["sentence"])
    assert gone.name in store.scopes()
    assert "1 forgotten index removed." in str(check_index(assistant_id)["sentence"])
    assert gone.name not in store.scopes()
    assert_equal(assistant_id)


def test_an_index_that_was_given_up_is_dropped_once_no_job_fills_it(assistant_id: str) -> None:
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    with session() as db:
        building = db.exec(select(IndexBuild).where(IndexBuild.state == "building")).one()
        db.execute(update(IndexBuild).where(IndexBuild.id == building.id).values(state="old"))
    scope, store = index_builds.scope_of(building), store_named(building.store)
    put(assistant_id, uuid4().hex, range(3), build=building)
    assert check_index(assistant_id)["orphans"] == 0
    assert scope.name in store.scopes()
    with session() as db:
        db.execute(update(Job).where(Job.kind == "rebuild").values(state="stopped"))
    assert check_index(assistant_id)["orphans"] == 1
    assert scope.name not in store.scopes()
    assert_equal(assistant_id)


def test_what_is_kept_for_going_back_is_cleaned_and_stays(assistant_id: str) -> None:
    old, _ = live(assistant_id)
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    work_off()
    before = sorted(store_named(old.store).ids(index_builds.scope_of(old)))
    assert before, "else nothing is kept"
    put(assistant_id, uuid4().hex, range(4), build=old)
    result = check_index(assistant_id)
    assert (result["missing"], result["extra"]) == (0, 4)
    assert sorted(store_named(old.store).ids(index_builds.scope_of(old))) == before
    store_named(old.store).drop(index_builds.scope_of(old))
    assert check_index(assistant_id)["missing"] == 0, "what answers no more is filled again when it is wanted"
    assert_equal(assistant_id)


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


def test_the_button_puts_each_assistant_into_the_queue_once(data_folder: Path) -> None:
    first, second = lifecycle.create_assistant("One"), lifecycle.create_assistant("Two")
    lifecycle.delete_assistant(second)
    check.request_check()
    check.request_check()
    with session() as db:
        assert [(job.kind, job.assistant_id) for job in db.exec(select(Job)).all()] == [("check", first)]
    assert [(each.name, each.job is not None) for each in check.checks()] == [("One", True)]


def test_the_worker_runs_it_and_the_row_says_what_it_did(data_folder: Path, sandbox: Sandbox) -> None:
    assistant_id = filled(sandbox)
    lose(assistant_id, stored(assistant_id)[:1])
    check.request_check()
    work_off()
    (checked,) = check.checks()
    assert checked.job is not None
    assert checked.job.state == "done"
    assert "1 was missing and is back." in checked.job.result["sentence"]
    assert_equal(assistant_id)


@pytest.mark.slow
def test_the_command_says_a_line_for_each_assistant(data_folder: Path, sandbox: Sandbox) -> None:
    assistant_id = filled(sandbox)
    lifecycle.create_assistant("Empty")
    lose(assistant_id, stored(assistant_id)[:2])
    stray = StoredPassage(str(uuid4()), "f" * 32, uuid4().hex, 0, 0, 5, None, "stray", "", "stray")
    unknown = Scope(uuid4().hex, 1, "wordllama-256", 256)
    store_named("lancedb").add(unknown, [stray], np.ones((1, 256), np.float32))
    count = len(expected(assistant_id))
    looked = [
        f"Help: {count} passages: 2 are missing.",
        "Empty: 0 passages: all there.",
        "1 index of assistants that do not exist any more found.",
    ]
    assert command("--look") == (0, looked)
    done = [
        f"Help: {count} passages: 2 were missing and are back.",
        "Empty: 0 passages: all there.",
        "1 index of assistants that do not exist any more removed.",
    ]
    assert command() == (0, done)
    assert command() == (0, [f"Help: {count} passages: all there.", "Empty: 0 passages: all there."])
    assert unknown.name not in store_named("lancedb").scopes()
    assert_equal(assistant_id)


def command(*arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "core.check", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout.splitlines()


def test_indexes_of_unknown_assistants_go_only_where_this_database_keeps_its_own(
    server: WeaviateServer, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    store = store_named("weaviate")
    stray = StoredPassage(str(uuid4()), "f" * 32, uuid4().hex, 0, 0, 5, None, "stray", "", "stray")
    unknown = Scope(uuid4().hex, 1, "wordllama-256", 256)
    store.add(unknown, [stray], np.ones((1, 256), np.float32))
    assert main([]) == 0
    assert unknown.name in store_named("weaviate").scopes(), "it may be another Answerbook's"
    filled(sandbox)
    assert main([]) == 0
    assert unknown.name not in store_named("weaviate").scopes()
    assert "1 index of assistants that do not exist any more removed." in capsys.readouterr().out


def test_a_store_that_is_away_changes_nothing_and_is_said(
    server: WeaviateServer, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assistant_id = filled(sandbox)
    lose(assistant_id, stored(assistant_id)[:2])
    with session() as db:
        before = db.exec(select(Indexed).order_by(Indexed.version_id)).all()
    server.kill()
    assert main([]) == 1
    told = capsys.readouterr().out
    assert told.startswith("Help: ")
    assert server.key not in told
    with pytest.raises(StoreError) as caught:
        check_index(assistant_id)
    assert caught.value.passing
    with session() as db:
        assert db.exec(select(Indexed).order_by(Indexed.version_id)).all() == before
        assert db.exec(select(Assistant.build_id)).one()
    server.start()
    close_stores()
    assert main([]) == 0
    assert "2 were missing and are back." in capsys.readouterr().out
    assert_equal(assistant_id)

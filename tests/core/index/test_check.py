"""Database and store made equal again: whatever was taken from the store, put into it or broken behind our back."""

import shutil
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import delete, update
from sqlmodel import select

from core import pipeline
from core.assistants import index_builds, lifecycle
from core.database import IndexBuild, Indexed, Job, Parsed, Source, Version, now, session
from core.errors import StoreError
from core.index import check, ingest, request_cut
from core.index.check import check_index
from core.load import Sandbox
from core.schema import CutSettings, Scope, StoredPassage
from core.store import close_stores, store_named
from tests.core.index.check_kit import assert_equal, expected, filled, live, lose, stored, version_of
from tests.core.store.weaviate_server import WeaviateServer
from tests.core.work import work_off

QUESTION = "What does the parcel rule on customs say?"


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

"""A new index is filled by several sources at a time, can be stopped in the middle, and goes on where it was."""

import threading

import pytest
from sqlmodel import select

from core import jobs
from core.database import Indexed, session
from core.errors import Cancelled, StoreError
from core.index import build, request_cut
from core.load import Sandbox
from core.schema import CutSettings
from core.store import store_named
from tests.core.index.check_kit import assert_equal, filled, text_of

FILES = 12


@pytest.fixture
def assistant_id(data_folder: object, sandbox: Sandbox) -> str:
    from core.assistants import sources
    from core.index import read_source

    made = filled(sandbox)
    sources.add_files(made, [(f"file{n}.md", text_of(f"word{n}", 3)) for n in range(FILES - 2)])
    while job := jobs.claim():
        jobs.finish(job.id, read_source(job, sandbox, store_named, lambda *_: None))
    request_cut(made, CutSettings(size=600, overlap=60))
    return made


def claimed() -> object:
    job = jobs.claim()
    assert job is not None
    return job


def held(job: object) -> int:
    with session() as db:
        return len(db.exec(select(Indexed).where(Indexed.build_id == job.build_id)).all())  # type: ignore[attr-defined]


def test_several_sources_are_put_in_at_the_same_time(assistant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    together, real = threading.Barrier(build.AT_ONCE), build.index_version

    def index_version(*arguments: object) -> dict[str, int]:
        together.wait(60)  # broken where they come one after another
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "index_version", index_version)
    job, seen = claimed(), []
    result = build.rebuild_index(job, store_named, lambda *progress: seen.append(progress))  # type: ignore[arg-type]
    done = [count for stage, count, total in seen if stage == "Preparing source" and total == FILES]
    assert done == sorted(done)
    assert (result["sources"], done[0], done[-1]) == (FILES, 0, FILES - 1)
    assert_equal(assistant_id)


def test_one_that_is_stopped_ends_soon_and_goes_on_where_it_was(assistant_id: str) -> None:
    def stop_after_three(_stage: str, done: int, _total: int) -> None:
        if done == 3:
            raise Cancelled

    job = claimed()
    with pytest.raises(Cancelled):
        build.rebuild_index(job, store_named, stop_after_three)  # type: ignore[arg-type]
    assert 3 <= held(job) < FILES
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("rebuild")]
    before = held(job)
    result = build.rebuild_index(job, store_named, lambda *_: None)  # type: ignore[arg-type]
    assert (result["sources"], before < FILES) == (FILES, True)
    assert_equal(assistant_id)


def test_a_source_that_fails_ends_it_and_leaves_what_was_done(
    assistant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, count = build.index_version, iter(range(100))

    def index_version(*arguments: object) -> dict[str, int]:
        if next(count) == 5:
            raise StoreError("Away.", code="away", passing=True)
        return real(*arguments)  # type: ignore[arg-type]

    job = claimed()
    with monkeypatch.context() as patch:
        patch.setattr(build, "index_version", index_version)
        with pytest.raises(StoreError, match="Away"):
            build.rebuild_index(job, store_named, lambda *_: None)  # type: ignore[arg-type]
    assert held(job) < FILES
    build.rebuild_index(job, store_named, lambda *_: None)  # type: ignore[arg-type]
    assert_equal(assistant_id)

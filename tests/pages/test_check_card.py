"""Check passages in Settings: a button, what it is doing, and what it did."""

import pytest

from core import jobs
from core.assistants import index_builds, lifecycle, sources
from core.errors import StoreError
from core.index.check import check_index
from core.store import store_named
from tests.core.work import work_off
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")


def test_without_an_assistant_there_is_nothing_to_press() -> None:
    at = opened("settings")
    assert "There is no assistant yet." in texts(at)
    assert "check_passages" not in [button.key for button in at.button]


def test_a_check_is_asked_for_followed_and_told() -> None:
    assistant_id = lifecycle.create_assistant("Help [desk]")
    sources.add_files(assistant_id, [("note.md", b"# Note\n\nThe depot opens at eight.\n")])
    work_off()
    build = index_builds.live_build(assistant_id)
    store_named(build.store).drop(index_builds.scope_of(build))
    at = opened("settings")
    assert not at.button(key="check_passages").disabled
    at.button(key="check_passages").click()
    run(at)
    assert at.button(key="check_passages").disabled
    assert "Waiting for its turn" in texts(at)
    job = jobs.claim()
    assert job is not None
    assert (job.kind, job.assistant_id) == ("check", assistant_id)
    run(at)
    assert "Starting" in texts(at)
    jobs.finish(job.id, check_index(job))
    run(at)
    assert "1 passage: 1 was missing and is back." in texts(at).replace("\\", "")
    assert not at.button(key="check_passages").disabled


def test_a_check_that_failed_says_why_and_can_be_asked_for_again() -> None:
    lifecycle.create_assistant("Help")
    at = opened("settings")
    at.button(key="check_passages").click()
    run(at)
    job = jobs.claim()
    assert job is not None
    jobs.fail(job.id, StoreError("The index is damaged.", "Check the disk.", code="damaged"))
    run(at)
    assert "Help: The index is damaged. Check the disk." in texts(at).replace("\\", "")
    at.button(key="check_passages").click()
    run(at)
    assert jobs.active_count() == 1

"""The worker does what it knows, and leaves the rest to whoever knows it."""

import pytest

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.database import Job, new_id, session
from core.schema import JobKind, JobState
from core.worker import HANDLERS
from tests.core.work import work_off


def test_there_is_a_handler_for_every_kind_of_job() -> None:
    assert set(HANDLERS) == set(JobKind)


@pytest.mark.usefixtures("data_folder")
def test_a_job_of_a_newer_answerbook_waits_and_holds_up_nobody() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    source_id = source_rows.source_rows(assistant_id)[0].id
    with session() as db:
        unknown = Job(id=new_id(), kind="publish", assistant_id=assistant_id, source_id=source_id)
        db.add(unknown)
    sources.add_files(assistant_id, [("zones.md", b"# Zones\n\nJapan is in zone 4.\n")])
    work_off()
    assert [row.state for row in source_rows.source_rows(assistant_id)] == ["ready", "ready"]
    with session() as db:
        assert db.get_one(Job, unknown.id).state == JobState.WAITING
    assert jobs.active_count() == 0

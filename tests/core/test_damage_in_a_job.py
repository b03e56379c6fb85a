"""A database that is damaged in the middle of a job: a copy is brought back under the worker, and it works on."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.errors import DataFolderError
from core.operate import bring_back, copies, make_daily_copy, state_of_database
from core.schema import JobKind
from core.worker import HANDLERS, Worker
from tests.core.database.damage_kit import overwrite_the_middle
from tests.core.work import wait_until, work_off


def states(assistant_id: str) -> dict[str, str]:
    return {row.name: row.state for row in source_rows.source_rows(assistant_id)}


@pytest.mark.parametrize("read_first", [False, True])
def test_a_job_that_meets_damage_waits_and_the_worker_goes_on_with_the_copy(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, read_first: bool
) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("kept.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    work_off()
    for copy in (data_folder / "backups").iterdir():
        copy.unlink()  # the worker's own, made before anything was read
    make_daily_copy()
    in_the_middle, go_on, met = threading.Event(), threading.Event(), list[str]()
    real: Callable[..., dict[str, object]] = HANDLERS[JobKind.READ]

    def read(*arguments: object) -> dict[str, object]:
        result = real(*arguments) if read_first else {}
        in_the_middle.set()
        go_on.wait(60)
        try:
            return result or real(*arguments)
        except DataFolderError as error:
            met.append(error.code)
            raise

    monkeypatch.setattr("core.worker.AGAIN_SECONDS", 0.1)
    monkeypatch.setattr("core.worker.HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr("core.worker.HANDLERS", {**HANDLERS, JobKind.READ: read})
    sources.add_files(assistant_id, [("late.md", b"# Late\n\nA parcel to Peru costs 40 euros.\n")])
    worker = Worker()
    worker.start()
    try:
        assert in_the_middle.wait(60)
        overwrite_the_middle(data_folder)
        go_on.set()
        with pytest.raises(DataFolderError):
            states(assistant_id)
        bring_back(copies()[0], state_of_database())
        assert states(assistant_id)["kept.md"] == "ready"
        sources.add_files(assistant_id, [("new.md", b"# New\n\nA parcel to Chile costs 41 euros.\n")])
        wait_until(lambda: set(states(assistant_id).items()) >= {("kept.md", "ready"), ("new.md", "ready")}, 60)
        wait_until(lambda: jobs.active_count() == 0, 60)
    finally:
        go_on.set()
        worker.stop()
    assert met == ([] if read_first else ["damaged"])
    assert states(assistant_id) == {"kept.md": "ready", "new.md": "ready"}

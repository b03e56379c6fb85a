"""A server whose disk is emptied at each start, with its database elsewhere: nothing of the owner's is lost."""

import shutil
from pathlib import Path

import pytest

from core import jobs
from core.assistants import lifecycle, sources
from core.assistants.index_builds import live_build, scope_of
from core.database import engine
from core.pipeline import answer
from core.schema import Answer
from core.settings import settings
from core.store import close_stores, store_named
from core.worker import Worker
from tests.core.work import wait_until, work_off


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_passages_are_made_again_from_the_database_at_the_next_start(database: str, data_folder: Path) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_file(assistant_id, "terms.txt", b"A parcel may weigh 31 kilograms at most. Shops close at six.")
    work_off()
    assert "31 kilograms" in answered(assistant_id)

    close_stores()
    engine().dispose()
    engine.cache_clear()
    settings.cache_clear()
    shutil.rmtree(data_folder)

    worker = Worker()
    worker.start()
    try:
        # Nobody asks until they are there: a question would have them made again, too.
        wait_until(lambda: store_named(live_build(assistant_id).store).count(scope_of(live_build(assistant_id))) > 0)
        wait_until(lambda: jobs.active_count() == 0)
        assert "31 kilograms" in answered(assistant_id)
    finally:
        worker.stop()


def answered(assistant_id: str) -> str:
    """The answer's text to a question about the weight."""
    *_, last = answer(assistant_id, "How much may a parcel weigh?")
    assert isinstance(last, Answer)
    return last.text

"""Files that fail with the same words share them on the Knowledge page."""

import pytest

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.errors import LoadError

pytestmark = pytest.mark.usefixtures("database")
LOCKED = LoadError("This file is locked with a password.", "Save a copy without.", code="encrypted")
EMPTY = LoadError("This file is empty.", "Upload a file that has text in it.", code="empty")


def test_what_failed_with_the_same_words_stands_together() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [(f"{name}.docx", name.encode()) for name in "abcd"])
    for error in (LOCKED, EMPTY, LOCKED):
        job = jobs.claim()
        assert job is not None
        jobs.fail(job.id, error)
    rows = source_rows.source_page(assistant_id, sort="name").rows
    groups = [[row.name for row in group] for group in source_rows.failed_alike(rows)]
    assert groups == [["a.docx", "c.docx"], ["b.docx"], ["d.docx"]]

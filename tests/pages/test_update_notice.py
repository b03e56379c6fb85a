"""While an update is at work, Knowledge and Passages say so in one line."""

import pytest
from sqlalchemy import update

from core.assistants import lifecycle, sources
from core.database import Parsed, session
from core.index import renew_next
from tests.core.work import work_off
from tests.pages.kit import opened, texts

pytestmark = pytest.mark.usefixtures("data_folder")
NOTICE = "Answerbook was updated: 1 source is read again. Questions are answered as before meanwhile."


@pytest.mark.parametrize("page", ["knowledge", "passages"])
def test_the_owner_sees_that_sources_are_read_again_until_they_are(page: str) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    work_off()
    assert NOTICE not in texts(opened(page, assistant_id))
    with session() as db:
        db.execute(update(Parsed).values(reader_version=0))
    assert NOTICE in texts(opened(page, assistant_id))
    assert renew_next()
    assert NOTICE in texts(opened(page, assistant_id))
    work_off()
    assert NOTICE not in texts(opened(page, assistant_id))

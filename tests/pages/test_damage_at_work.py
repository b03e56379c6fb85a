"""A database that is damaged while a page is open: it says so, and one click brings a copy back."""

from pathlib import Path

from sqlmodel import select

from core.assistants import lifecycle
from core.database import Assistant, session
from core.operate import copies, make_daily_copy, state_of_database
from tests.core.database.damage_kit import overwrite_the_middle
from tests.pages.kit import opened, run, texts

CLOSED = "The database cannot be used"


def names() -> list[str]:
    with session() as db:
        return sorted(db.exec(select(Assistant.name)).all())


def test_damage_under_an_open_page_is_said_and_one_click_mends_it(data_folder: Path) -> None:
    lifecycle.create_assistant("Help")
    make_daily_copy()
    at = opened("home")
    assert "Help" in texts(at)
    overwrite_the_middle(data_folder)
    run(at)
    assert CLOSED in texts(at)
    at.button(key=f"bring_back_{copies()[0].name}_{state_of_database()}").click()
    run(at)
    assert CLOSED not in texts(at)
    assert names() == ["Help"]
    assert len(list(data_folder.glob("answerbook.damaged-*.db"))) == 1

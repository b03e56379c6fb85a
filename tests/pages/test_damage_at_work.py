"""A database that is damaged while a page is open: it says so, and one click brings a copy back."""

from pathlib import Path

from sqlmodel import select

from core.assistants import lifecycle
from core.database import Assistant, engine, session
from core.operate import copies, make_daily_copy, state_of_database
from tests.pages.kit import opened, run, texts

CLOSED = "The database cannot be used"
PAGE = 4096


def overwrite_the_middle(folder: Path) -> None:
    """Garbage over every page but the first, as a bad disk does under a server that runs; nobody closes anything."""
    with engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = folder / "answerbook.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xff" * (size - PAGE))
    engine().dispose()  # what an open connection has in its memory is still right: a new one meets the disk


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

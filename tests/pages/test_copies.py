"""Copies of the database on the pages: where it is damaged, one click; in Settings, a question first."""

from pathlib import Path

import pytest
from sqlmodel import select

from core.assistants import lifecycle
from core.database import Assistant, engine, session
from core.operate import copies, make_daily_copy, state_of_database
from tests.pages.kit import opened, run, texts


@pytest.fixture
def folder(data_folder: Path) -> Path:
    lifecycle.create_assistant("Help")
    make_daily_copy()
    return data_folder


def damage(folder: Path, body: bytes = b"garbage" * 1000) -> None:
    engine().dispose()
    engine.cache_clear()
    (folder / "answerbook.db").write_bytes(body)


def names() -> list[str]:
    with session() as db:
        return sorted(db.exec(select(Assistant.name)).all())


def test_a_damaged_database_is_said_and_one_click_mends_it(folder: Path) -> None:
    damage(folder)
    at = opened("home")
    assert "The database cannot be used" in texts(at)
    assert "The database is damaged and cannot be read." in texts(at).replace("\\", "")
    assert "copy of the day" in texts(at)
    (copy,) = copies()
    at.button(key=f"bring_back_{copy.name}_{state_of_database()}").click()
    run(at)
    assert "The database cannot be used" not in texts(at)
    assert "Help" in texts(at)
    assert names() == ["Help"]


def test_a_copy_that_is_bad_too_is_said_and_the_next_one_can_be_chosen(folder: Path) -> None:
    (copy,) = copies()
    good = (folder / "backups" / copy.name).read_bytes()
    (folder / "backups" / "answerbook-2026-01-02.db").write_bytes(good)
    (folder / "backups" / copy.name).write_bytes(good[:5000])
    damage(folder, b"")
    at = opened("chat")
    at.button(key=f"bring_back_{copy.name}_{state_of_database()}").click()
    run(at)
    assert "This copy cannot be read." in texts(at).replace("\\", "")
    at.button(key=f"bring_back_answerbook-2026-01-02.db_{state_of_database()}").click()
    run(at)
    assert names() == ["Help"]


def test_without_a_copy_it_says_where_one_belongs(folder: Path) -> None:
    (folder / "backups" / copies()[0].name).unlink()
    damage(folder)
    at = opened("home")
    assert "There is no copy here." in texts(at)
    assert [button.label for button in at.button] == ["Try again"]


def test_settings_lists_the_copies_and_asks_before_it_goes_back(folder: Path) -> None:
    lifecycle.create_assistant("Later")
    at = opened("settings")
    assert "Copies of the database" in texts(at)
    (copy,) = copies()
    at.button(key=f"bring_back_{copy.name}_{state_of_database()}").click()
    run(at)
    assert r"Not in it\: 1 assistant, 1 voice that came since." in texts(at)
    at.button(key="confirm_yes").click()
    run(at)
    assert names() == ["Help"]
    assert "before another copy was brought back" in texts(at)


def test_a_question_that_is_no_longer_true_changes_nothing(folder: Path) -> None:
    """Two windows ask; the first has gone back, and something was done since."""
    lifecycle.create_assistant("Later")
    (copy,) = copies()
    first, second = opened("settings"), opened("settings")
    for at in (first, second):
        at.button(key=f"bring_back_{copy.name}_{state_of_database()}").click()
        run(at)
    first.button(key="confirm_yes").click()
    run(first)
    lifecycle.create_assistant("After")
    second.button(key="confirm_yes").click()
    run(second)
    assert "A copy was brought back already." in texts(second).replace("\\", "")
    assert names() == ["After", "Help"]


def test_a_copy_that_could_not_be_made_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.operate.backups.RESERVE", 10**18)
    (folder / "backups" / copies()[0].name).unlink()
    make_daily_copy()
    at = opened("settings")
    assert "There is too little free space for a copy of the database." in texts(at)
    monkeypatch.undo()
    monkeypatch.setenv("ANSWERBOOK_DATA", str(folder))
    make_daily_copy()
    run(at)
    assert "too little free space" not in texts(at)

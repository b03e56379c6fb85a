"""Before the first upload the owner reads what becomes of it; nobody else does, and nobody where it is kept."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.assistants import lifecycle
from core.operate import Disk, Fate
from core.people import Person, Role, Standing
from pages.parts import person
from tests.pages.kit import opened, texts

pytestmark = pytest.mark.usefixtures("data_folder")
LOST = Disk(Fate.LOST, "All is lost at the next restart.", "Attach a disk at /data_1.")


def judged(found: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.operate.disk_fate._disk", found)


def bars(at: AppTest) -> list[tuple[str, str]]:
    return [("error", bar.proto.title) for bar in at.error] + [("info", bar.proto.title) for bar in at.info]


def test_home_says_it_before_there_is_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bars(opened("home")) == []
    judged(LOST, monkeypatch)
    at = opened("home")
    assert bars(at) == [("error", "All is lost at the next restart.")]
    assert "Attach a disk at /data" in texts(at)


def test_knowledge_says_it_and_chat_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    judged(Disk(Fate.UNKNOWN, "Not known yet.", "Start it anew once."), monkeypatch)
    assert bars(opened("knowledge", assistant_id)) == [("info", "Not known yet.")]
    assert bars(opened("voice", assistant_id)) == []


def test_an_editor_who_can_change_nothing_about_it_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assistant_id = lifecycle.create_assistant("Help")
    judged(LOST, monkeypatch)
    editor = Person("e", "e@example.com", "", Role.EDITOR, active=True, created_at=datetime.now(UTC), has_password=True)
    monkeypatch.setattr(person, "standing", lambda _token: Standing(owner=True, person=editor))
    assert bars(opened("knowledge", assistant_id)) == []

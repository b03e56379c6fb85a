"""What a change costs, said before it, and the way back, offered for a day after it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.assistants import lifecycle, source_rows, sources
from core.database import IndexBuild, now, session
from core.index import build, cost_of, request_cut, ways_back
from core.schema import BUILT_IN_EMBEDDING, CutSettings
from core.store import store_named
from pages.parts.words import cost_words
from tests.core.work import work_off
from tests.pages.kit import opened, texts

pytestmark = pytest.mark.usefixtures("data_folder")
HANDBOOK = "# Handbook\n\n" + "\n\n".join(f"Rule {number} says what a clerk does." for number in range(200))
OTHER = "openai:text-embedding-3-small@https://api.openai.com/v1"


@pytest.fixture
def changed() -> str:
    """An assistant whose cut was changed."""
    assistant_id = lifecycle.create_assistant("Help [desk]")
    sources.add_files(assistant_id, [("handbook.md", HANDBOOK.encode())])
    work_off()
    request_cut(assistant_id, CutSettings(size=600, overlap=60))
    work_off()
    return assistant_id


@pytest.mark.parametrize("page", ["passages", "settings"])
def test_the_way_back_is_offered_with_what_was_different(changed: str, page: str) -> None:
    at = opened(page, changed)
    said = texts(at).replace("\\", "")
    assert "Help [desk]** answered from other passages before: up to 1,600 characters" in said
    assert at.button(key=f"go_back_{changed}")


def test_after_a_day_it_is_offered_no_more(changed: str) -> None:
    with session() as db:
        old = db.exec(select(IndexBuild).where(IndexBuild.state == "old")).one()
        old.retired_at = now() - build.RETENTION - timedelta(minutes=1)
        db.add(old)
    assert ways_back() == []
    assert "answered from other passages before" not in texts(opened("settings", changed))
    build.retire_expired(store_named)


def test_while_a_change_is_under_way_there_is_no_way_back(changed: str) -> None:
    assert [way.assistant_id for way in ways_back(changed)] == [changed]
    request_cut(changed, CutSettings(size=800, overlap=60))
    assert ways_back(changed) == []


def test_what_it_costs_is_counted_from_what_is_there(changed: str) -> None:
    free, paid = cost_of(BUILT_IN_EMBEDDING), cost_of(OTHER, changed)
    passages = source_rows.source_rows(changed)[0].passages
    assert (free.passages, paid.passages, free.service) == (passages, passages, "")
    assert len(HANDBOOK) // 4 < paid.tokens < len(HANDBOOK)
    assert "costs nothing and takes less than a minute" in cost_words(free)
    assert "text-embedding-3-small at api.openai.com. Less than $0.10, at its prices of" in cost_words(paid)
    assert cost_of(OTHER, lifecycle.create_assistant("Empty")).passages == 0

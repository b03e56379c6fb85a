"""Assistants on SQLite and on a real Postgres."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from core import jobs
from core.assistants import assistants, index_builds, lifecycle, source_rows, sources, voices
from core.assistants.lifecycle import copy_assistant
from core.database import Assistant, LeftoverIndex, now, session
from core.errors import AnswerbookError, NotFound

pytestmark = pytest.mark.usefixtures("database")


def test_a_new_assistant_is_listed_with_nothing_in_it() -> None:
    made = lifecycle.create_assistant("  Customer   help ")
    card = assistants.assistant_cards()[0]
    assert (card.id, card.name, card.sources, card.passages) == (made, "Customer help", 0, 0)


def test_a_card_counts_a_file_as_failed_until_it_was_read_after_all() -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("a.md", b"# Prices\n\nOne euro."), ("b.md", b"# Rules\n\nNone.")])
    card = assistants.assistant_cards()[0]
    assert (card.working, card.failed) == (2, 0)
    while job := jobs.claim():
        jobs.fail(job.id, AnswerbookError("It is broken.", "Mend it."))
    card = assistants.assistant_cards()[0]
    assert (card.working, card.failed) == (0, 2)
    sources.add_files(made, [("a.md", b"# Prices\n\nTwo euro.")])
    again = jobs.claim()
    assert again is not None
    jobs.finish(again.id)
    assert assistants.assistant_cards()[0].failed == 1


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "x" * 81])
def test_a_bad_name_is_refused_in_words(name: str) -> None:
    with pytest.raises(AnswerbookError) as refused:
        lifecycle.create_assistant(name)
    assert refused.value.remedy
    assert assistants.assistant_cards() == []


@pytest.mark.parametrize("name", ["O'Brien; DROP TABLE assistant;--", "日本語 ✓", "<b>bold</b>", "a" * 80])
def test_any_other_name_is_kept_as_typed(name: str) -> None:
    made = lifecycle.create_assistant(name)
    assert assistants.assistant(made).name == name
    assistants.rename_assistant(made, name[::-1])
    assert assistants.assistant(made).name == name[::-1]


def test_the_bin_gives_back_what_was_deleted() -> None:
    made = lifecycle.create_assistant("Help")
    lifecycle.delete_assistant(made)
    assert assistants.assistant_cards() == []
    assert [card.id for card in assistants.assistant_cards(binned=True)] == [made]
    with pytest.raises(NotFound):
        assistants.assistant(made)
    lifecycle.restore_assistant(made)
    assert assistants.assistant(made).name == "Help"


def test_only_after_thirty_days_is_an_assistant_erased() -> None:
    fresh, old = lifecycle.create_assistant("Fresh"), lifecycle.create_assistant("Old")
    for made, days in ((fresh, 29), (old, 31)):
        with session() as db:
            gone = now() - timedelta(days=days)
            db.execute(update(Assistant).where(col(Assistant.id) == made).values(deleted_at=gone))
    assert lifecycle.bin_expired() == [old]
    lifecycle.erase_assistant(old)
    with session() as db:
        left = db.exec(select(LeftoverIndex)).all()
    assert [(index.store, index.assistant_id, index.number) for index in left] == [("lancedb", old, 1)]
    assert [card.id for card in assistants.assistant_cards(binned=True)] == [fresh]


def test_every_saved_voice_is_kept_and_can_come_back() -> None:
    made = lifecycle.create_assistant("Help")
    first = voices.voice(made)
    voices.save_voice(made, replace(first, tone="plain", unknown="No idea."))
    voices.save_voice(made, replace(first, tone="plain", unknown="No idea."))
    assert [version.number for version in voices.voice_versions(made)] == [2, 1]
    voices.save_voice(made, first)
    assert voices.voice(made) == first


def test_a_copy_has_the_same_sources_and_voice_and_an_index_of_its_own() -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("a.txt", b"Alpha text."), ("b.txt", b"Beta text.")])
    voices.save_voice(made, replace(voices.voice(made), tone="plain"))
    copied = copy_assistant(made, "Help two")
    assert {row.name for row in source_rows.source_rows(copied)} == {"a.txt", "b.txt"}
    assert voices.voice(copied).tone == "plain"
    assert voices.voice(copied).name == "Help two"
    assert (
        index_builds.scope_of(index_builds.live_build(copied)).name
        != index_builds.scope_of(index_builds.live_build(made)).name
    )

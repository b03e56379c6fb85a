"""Folders, tags and filters: what an owner sorts sources by, and what is left of them to be looked at."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from core.assistants import lifecycle, source_filter, source_folders, source_order, source_rows, sources
from core.assistants.source_filter import SourceFilter
from core.assistants.source_order import Days
from core.database import Source, Version, now, session

pytestmark = pytest.mark.usefixtures("database")
NAMES = ("Prices/2025/list.md", "Prices/2026/list.md", "Prices old.md", "terms.txt", "100%/a_b.md")


@pytest.fixture
def made(database: str) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [(name, name.encode()) for name in NAMES])
    return made


def ids(assistant_id: str) -> dict[str, str]:
    return {row.name: row.id for row in source_rows.source_rows(assistant_id)}


def left(assistant_id: str, only: SourceFilter) -> set[str]:
    """The names of the sources that a filter leaves, by both ways to ask."""
    page = source_rows.source_page(assistant_id, only)
    assert {row.id for row in page.rows} == set(source_rows.matching_ids(assistant_id, only))
    assert page.matching == len(page.rows)
    return {row.name for row in page.rows}


def test_the_folder_that_a_file_came_in_is_proposed(made: str) -> None:
    assert source_folders.folders(made) == {"100%": 1, "Prices": 2, "Prices/2025": 1, "Prices/2026": 1}
    assert source_rows.source_row(made, ids(made)["terms.txt"]).folder == ""  # type: ignore[union-attr]


def test_a_folder_holds_what_lies_in_the_folders_in_it_and_nothing_that_is_called_alike(made: str) -> None:
    source_folders.move_sources(made, [ids(made)["terms.txt"]], "Prices 2")
    source_folders.move_sources(made, [ids(made)["Prices old.md"]], "100x")
    assert left(made, SourceFilter(folder="Prices")) == set(NAMES[:2])
    assert left(made, SourceFilter(folder="Prices/2026")) == {NAMES[1]}
    assert left(made, SourceFilter(folder="100%")) == {NAMES[4]}
    assert left(made, SourceFilter("LIST 2025", folder="Prices")) == {NAMES[0]}


@pytest.mark.parametrize(
    ("typed", "folder"),
    [(" / Prices //2027/ ", "Prices/2027"), ("../..", ""), ("a\x00b\n", "a b"), ("x" * 300, "x" * 200), ("", "")],
)
def test_a_folder_is_cleaned_as_it_is_typed(made: str, typed: str, folder: str) -> None:
    one = ids(made)["terms.txt"]
    source_folders.move_sources(made, [one, "nowhere"], typed)
    row = source_rows.source_row(made, one)
    assert row is not None
    assert row.folder == folder


def test_several_get_tags_and_lose_them_at_once(made: str) -> None:
    every = ids(made)
    source_folders.tag_sources(made, list(every.values()), ["Public", " ", "new\nest"])
    source_folders.tag_sources(made, [every["terms.txt"]], ["PUBLIC", "law"], ["new est"])
    assert source_folders.tags(made) == {"law": 1, "new est": 4, "Public": 5}
    assert source_rows.source_row(made, every["terms.txt"]).tags == ("law", "Public")  # type: ignore[union-attr]
    assert left(made, SourceFilter(tag="law")) == {"terms.txt"}
    sources.delete_sources(made, [every["terms.txt"]])
    assert source_folders.tags(made) == {"new est": 4, "Public": 4}


def test_nothing_is_moved_or_tagged_in_another_assistant_or_in_the_bin(made: str) -> None:
    other = lifecycle.create_assistant("Other")
    every = ids(made)
    sources.delete_sources(made, [every["terms.txt"]])
    for assistant_id, source_id in ((other, every["Prices old.md"]), (made, every["terms.txt"])):
        source_folders.move_sources(assistant_id, [source_id], "Elsewhere")
        source_folders.tag_sources(assistant_id, [source_id], ["mine"])
    sources.restore_source(made, every["terms.txt"])
    assert "Elsewhere" not in source_folders.folders(made)
    assert source_folders.tags(made) == {}


def test_a_copy_of_an_assistant_has_the_same_folders_and_tags(made: str) -> None:
    source_folders.tag_sources(made, [ids(made)["terms.txt"]], ["law"])
    source_folders.move_sources(made, [ids(made)["terms.txt"]], "Law")
    copied = lifecycle.copy_assistant(made, "Copy")
    assert source_folders.folders(copied) == source_folders.folders(made)
    assert left(copied, SourceFilter(tag="law", folder="Law")) == {"terms.txt"}


def test_sources_are_told_apart_by_how_they_are_and_how_old(made: str) -> None:
    every = ids(made)
    with session() as db:
        for source_id in every.values():
            version = db.query(Version).filter(Version.source_id == source_id).one()
            db.execute(update(Source).where(col(Source.id) == source_id).values(version_id=version.id))
            db.execute(update(Version).where(col(Version.id) == version.id).values(kind="txt"))
        old = col(Version.source_id).in_([every[NAMES[0]], every[NAMES[3]]])
        db.execute(update(Version).where(old).values(created_at=now() - timedelta(days=400), kind="pdf"))
    source_order.prefer(made, [every[NAMES[2]]], on=True)
    source_order.set_days(made, [every[NAMES[3]]], Days(None, now().date() - timedelta(days=3)))
    assert left(made, SourceFilter(how="preferred")) == {NAMES[2]}
    assert left(made, SourceFilter(how="rests")) == {NAMES[3]}
    assert left(made, SourceFilter(how="answers")) == {*NAMES} - {NAMES[3]}
    assert left(made, SourceFilter(how="old")) == {NAMES[0]}
    assert left(made, SourceFilter(how="reading")) == {*NAMES}
    assert left(made, SourceFilter(how="problems")) == set()
    assert left(made, SourceFilter(kinds=("pdf",))) == {NAMES[0], NAMES[3]}
    assert source_filter.kinds(made) == ["pdf", "txt"]


def test_what_a_source_may_come_to_replace_is_offered_and_nothing_that_would_be_a_circle(made: str) -> None:
    every = ids(made)
    source_order.set_replaces(made, every[NAMES[1]], [every[NAMES[0]]])
    offered = source_filter.replaceable(made, every[NAMES[0]], "", 10)
    assert set(offered.values()) == {*NAMES[2:]}
    assert set(source_filter.replaceable(made, every[NAMES[1]], "list", 10).values()) == {NAMES[0]}
    assert len(source_filter.replaceable(made, every[NAMES[1]], "", 2)) == 2


def test_the_row_says_what_it_replaces_and_what_replaces_it(made: str) -> None:
    every = ids(made)
    source_order.set_replaces(made, every[NAMES[1]], [every[NAMES[0]], every[NAMES[2]]])

    def standing(name: str) -> source_order.Standing:
        row = source_rows.source_row(made, every[name])
        assert row is not None
        return row.standing

    assert standing(NAMES[1]).replaces == (NAMES[2], NAMES[0])
    assert (standing(NAMES[0]).rests, standing(NAMES[0]).missing) == (None, "unread")
    with session() as db:
        db.execute(update(Source).values(version_id="v"))
    assert (standing(NAMES[0]).rests, standing(NAMES[0]).replaced_by) == ("replaced", NAMES[1])
    tomorrow = now().date() + timedelta(days=2)
    source_order.set_days(made, [every[NAMES[1]]], Days(tomorrow))
    assert (standing(NAMES[0]).rests, standing(NAMES[0]).missing) == (None, "early")
    assert (standing(NAMES[1]).rests, standing(NAMES[1]).days) == ("early", Days(tomorrow))
    sources.delete_sources(made, [every[NAMES[1]]])
    assert (standing(NAMES[0]).rests, standing(NAMES[0]).missing) == (None, "deleted")

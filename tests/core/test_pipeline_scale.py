"""What a question costs with many sources, and that nothing of what was remembered is ever stale."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from core import pipeline
from core.assistants import lifecycle, source_order, sources
from core.assistants.source_order import Days
from core.database import Original, Source, Version, new_id, now, session
from tests.core.counting import calls
from tests.core.work import work_off


def with_sources(count: int) -> str:
    """An assistant with this many sources that were read, as rows alone."""
    made = lifecycle.create_assistant("Many")
    with session() as db:
        digest = new_id()
        db.add(Original(hash=digest, size=1, body=b"x"))
        db.flush()
        for number in range(count):
            source = Source(id=new_id(), assistant_id=made, name=f"Report {number} of 2024.txt", version_id=new_id())
            db.add(source)
            db.flush()
            db.add(
                Version(
                    id=source.version_id, source_id=source.id, original_hash=digest, size=1, language="en",
                    identity=f"Words of page {number}", read_at=now(),
                )
            )  # fmt: skip
    return made


@pytest.mark.usefixtures("database")
def test_a_question_reads_no_source_again_that_did_not_change() -> None:
    few, many = with_sources(20), with_sources(1_000)
    for made in (few, many):
        assert len(pipeline.retriever(made).sources) in (20, 1_000)
    work_of_few, work_of_many = (calls(lambda made=made: pipeline.retriever(made)) for made in (few, many))
    assert work_of_many < 1.5 * work_of_few


@pytest.mark.usefixtures("database")
def test_the_sources_are_the_same_object_until_one_changes() -> None:
    made = with_sources(3)
    before = pipeline.retriever(made).sources
    assert pipeline.retriever(made).sources is before
    sources.rename_source(made, next(iter(before)), "other.txt")
    assert pipeline.retriever(made).sources is not before


def renamed(made: str, one: str, other: str) -> None:
    sources.rename_source(made, one, "renamed.txt")


def names_exchanged(made: str, one: str, other: str) -> None:
    first, second = (sources.source(made, source_id).name for source_id in (one, other))
    sources.rename_source(made, one, "for a moment.txt")
    sources.rename_source(made, other, first)
    sources.rename_source(made, one, second)


def deleted(made: str, one: str, other: str) -> None:
    sources.delete_sources(made, [one])


def deleted_and_restored(made: str, one: str, other: str) -> None:
    sources.delete_sources(made, [one])
    pipeline.retriever(made)
    sources.restore_source(made, one)
    work_off()


def read_again(made: str, one: str, other: str) -> None:
    sources.read_again(made, [one])
    work_off()


def another_came(made: str, one: str, other: str) -> None:
    sources.add_files(made, [("third.txt", b"A third text of its own.")])
    work_off()


def a_new_version_came(made: str, one: str, other: str) -> None:
    sources.add_files(made, [("one.txt", b"The first text, said in other words.")])
    work_off()


def all_deleted(made: str, one: str, other: str) -> None:
    sources.delete_sources(made, [one, other])


def preferred(made: str, one: str, other: str) -> None:
    source_order.prefer(made, [one], on=True)


def replaced(made: str, one: str, other: str) -> None:
    source_order.set_replaces(made, one, [other])


def over(made: str, one: str, other: str) -> None:
    source_order.set_days(made, [one], Days(None, date(2020, 1, 1)))


CHANGES = [
    preferred, replaced, over,
    renamed, names_exchanged, deleted, deleted_and_restored, read_again, another_came, a_new_version_came, all_deleted,
]  # fmt: skip


@pytest.mark.usefixtures("data_folder")
@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_holds_for_the_next_question(
    change: Callable[[str, str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lifecycle.create_assistant("Two")
    sources.add_files(made, [("one.txt", b"The first text."), ("other.txt", b"The second text.")])
    work_off()
    by_name = {source.name: source.id for source in pipeline.retriever(made).sources.values()}
    change(made, by_name["one.txt"], by_name["other.txt"])
    remembered = dict(pipeline.retriever(made).sources)
    monkeypatch.setattr(pipeline, "_remembered", {})
    assert remembered == dict(pipeline.retriever(made).sources)


def test_what_another_process_changed_holds_for_the_next_question(data_folder: Path) -> None:
    made = with_sources(3)
    one = next(iter(pipeline.retriever(made).sources))
    with closing(sqlite3.connect(data_folder / "answerbook.db")) as other, other:
        other.execute("update source set name = 'elsewhere.txt' where id = ?", (one,))
    assert pipeline.retriever(made).sources[one].name == "elsewhere.txt"


@pytest.mark.usefixtures("data_folder")
def test_more_assistants_than_are_remembered_answer_as_well() -> None:
    made = [with_sources(2) for _ in range(pipeline.REMEMBERED + 3)]
    for _ in range(2):
        assert all(len(pipeline.retriever(one).sources) == 2 for one in made)
    assert len(pipeline._remembered) <= pipeline.REMEMBERED

"""Thousands of sources and many assistants: what is read and asked stays the same, counted and not timed."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from core.assistants import assistants, lifecycle, source_rows, sources
from core.assistants.source_filter import PROBLEMS, SourceFilter
from core.assistants.source_rows import SourceRow
from core.database import Assistant, Indexed, Job, Original, Source, Version, engine, new_id, now, session
from core.schema import JobKind, JobState

pytestmark = pytest.mark.usefixtures("database")
STATES = [*JobState, None]
WORDS = ["", "prices", "PRICES 1", "ärzte", "ÄRZTE", "10%", "_", "été", "\\", "报", "nowhere", " 1  txt "]
NAMES = ["Ärzte", "straße", "10%_off", "Prices", "prices", "größe", "ÉTÉ", "back\\slash", "报告", "İstanbul"]


@dataclass
class Work:
    """What a piece of work asked of the database: statements and rows that came."""

    statements: int = 0
    rows: int = 0


@contextmanager
def counted_work() -> Iterator[Work]:
    work = Work()

    def note(_connection: Any, cursor: Any, *_: Any) -> None:
        work.statements += 1

    def loaded(_target: Any, _context: Any) -> None:
        work.rows += 1

    kinds = (Source, Version, Job)
    event.listen(engine(), "after_cursor_execute", note)
    for kind in kinds:
        event.listen(kind, "load", loaded)
    try:
        yield work
    finally:
        event.remove(engine(), "after_cursor_execute", note)
        for kind in kinds:
            event.remove(kind, "load", loaded)


def filled(count: int, seed: int = 1) -> str:
    """An assistant with this many sources in all the states there are, some read twice, some in the bin."""
    shaker = random.Random(seed)
    made = lifecycle.create_assistant("Many")
    began = now() - timedelta(days=30)
    rows: dict[Any, list[dict[str, Any]]] = {Original: [], Source: [], Version: [], Job: [], Indexed: []}
    with session() as db:
        build_id = db.get_one(Assistant, made).build_id
    for number in range(count):
        source_id, digests = new_id(), [new_id() for _ in range(2)]
        rows[Original] += [{"hash": digest, "size": 1, "body": b"x"} for digest in digests]
        moments = sorted(began + timedelta(seconds=shaker.randrange(10**6)) for _ in range(shaker.randrange(4)))
        versions: list[dict[str, Any]] = [
            {"id": new_id(), "source_id": source_id, "original_hash": shaker.choice(digests), "created_at": moment}
            for moment in moments
        ]
        for version in versions:
            version |= {"size": shaker.randrange(9), "kind": "txt"}
            version["warnings"] = [["One row was hidden.", "Show it."]] if shaker.randrange(3) == 0 else []
        answering = shaker.choice([*(version["id"] for version in versions), ""])
        rows[Source].append(
            {"id": source_id, "assistant_id": made, "name": f"{shaker.choice(NAMES)} {number}.txt",
             "version_id": answering, "created_at": began, "deleted_at": now() if number % 11 == 5 else None}
        )  # fmt: skip
        rows[Version] += versions
        rows[Indexed] += [{"build_id": build_id, "version_id": answering, "passages": number}] if answering else []
        for version in versions:
            if state := shaker.choice(STATES):
                wrong = "The store is away." if state == JobState.WAITING and number % 2 else ""
                rows[Job].append(
                    {"id": new_id(), "kind": JobKind.READ, "assistant_id": made, "source_id": source_id,
                     "version_id": version["id"], "state": state, "error": wrong, "created_at": version["created_at"]}
                )  # fmt: skip
    with session() as db:
        for table, values in rows.items():
            for begin in range(0, len(values), 500):
                db.execute(insert(table), [table(**row).model_dump() for row in values[begin : begin + 500]])
    return made


def order_of(sort: str) -> Callable[[SourceRow], Any]:
    keys: dict[str, Callable[[SourceRow], Any]] = {
        "newest": lambda row: 0,
        "name": lambda row: row.name.casefold(),
        "size": lambda row: -row.size,
        "problems": lambda row: 0 if row.state in PROBLEMS else 1 if row.warnings else 2,
    }
    return keys[sort]


@pytest.mark.parametrize("sort", ["newest", "name", "size", "problems"])
def test_the_pages_together_are_all_sources_in_their_order(sort: str, database: str) -> None:
    made = filled(60)
    rows = source_rows.source_rows(made)
    for words in WORDS:
        matching = [row for row in rows if all(word in row.name.casefold() for word in words.casefold().split())]
        expected = sorted(matching, key=order_of(sort))
        count = max(1, -(-len(expected) // 7))
        pages = [
            source_rows.source_page(made, SourceFilter(words), sort=sort, page=page, size=7) for page in range(1, 10)
        ]
        assert {page.matching for page in pages} == {len(expected)}, words
        shown = [row.id for page in pages[:count] for row in page.rows]
        if sort == "name" and database == "postgres":  # it orders names as its language does
            shown.sort()
            expected.sort(key=lambda row: row.id)
        assert shown == [row.id for row in expected], words
        assert pages[-1].page == count


@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_are_those_of_the_rows(seed: int) -> None:
    made = filled(80, seed)
    rows, numbers = source_rows.source_rows(made), source_rows.source_numbers(made)
    assert (numbers.sources, numbers.size) == (len(rows), sum(row.size for row in rows))
    assert numbers.passages == sum(row.passages for row in rows)
    assert all(source_rows.source_row(made, row.id) == row for row in rows)
    names = source_rows.source_names(made)
    assert {(name.id, name.name, name.answering) for name in names} == {(r.id, r.name, r.answering) for r in rows}


def test_what_is_read_is_counted_until_it_is_read() -> None:
    made = lifecycle.create_assistant("Help")
    assert not source_rows.has_sources(made)
    sources.add_files(made, [(f"{n}.txt", f"text {n}".encode()) for n in range(3)])
    assert source_rows.has_sources(made)
    assert source_rows.source_numbers(made).working == source_rows.reading(made) == 3
    sources.delete_sources(made, [source_rows.source_rows(made)[0].id])
    assert (source_rows.reading(made), source_rows.removing(made), source_rows.removed_count(made)) == (2, True, 1)


def test_a_page_of_thousands_of_sources_reads_that_page() -> None:
    few, many = filled(100), filled(1_500)

    def draw(made: str) -> Work:
        with counted_work() as work:
            source_rows.has_sources(made)
            source_rows.source_numbers(made)
            source_rows.source_page(made, size=20)
            source_rows.removed_rows(made)
            source_rows.removed_count(made)
            source_rows.removing(made)
        return work

    of_few, of_many = draw(few), draw(many)
    assert of_many.statements == of_few.statements
    assert of_many.rows <= 20 * 3 + source_rows.REMOVED_ROWS * 2


def test_adding_a_file_asks_as_much_with_many_sources_as_with_few() -> None:
    few, many = filled(10), filled(500)
    counts = []
    for made in (few, many):
        with counted_work() as work:
            sources.add_files(made, [("entirely new.txt", b"entirely new" + made.encode())])
        counts.append(work)
    assert counts[1] == counts[0]


def test_thousands_of_sources_are_deleted_at_once() -> None:
    made = filled(1_500)
    ids = [name.id for name in source_rows.source_names(made)]
    with counted_work() as work:
        sources.delete_sources(made, ids)
    assert work.statements < len(ids) / 10
    assert not source_rows.has_sources(made)
    assert source_rows.removing(made)
    assert len(source_rows.removed_rows(made)) == source_rows.REMOVED_ROWS


def test_a_source_deleted_twice_has_the_proof_of_the_second_time() -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("a.txt", b"Alpha")])
    source_id = source_rows.source_rows(made)[0].id
    sources.delete_sources(made, [source_id])
    with session() as db:
        for job in db.query(Job).filter(Job.kind == JobKind.FORGET):
            job.state, job.result = JobState.DONE, {"left": 0}
    assert source_rows.removed_rows(made)[0].left == 0
    sources.restore_source(made, source_id)
    sources.delete_sources(made, [source_id])
    assert source_rows.removed_rows(made)[0].left is None


def test_an_added_file_is_looked_for_by_its_name_and_by_its_bytes_alone(database: str) -> None:
    if database != "sqlite":
        pytest.skip("Postgres chooses by what it knows of the rows")
    made, statements = filled(20), []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    event.listen(engine(), "after_cursor_execute", note)
    sources.add_files(made, [("new.txt", b"entirely new")])
    event.remove(engine(), "after_cursor_execute", note)
    with engine().connect() as connection:
        plans = [
            " ".join(row[-1] for row in connection.exec_driver_sql(f"explain query plan {statement}", parameters))
            for statement, parameters in statements
            if statement.startswith("SELECT") and "FROM source" in statement
        ]
    assert len(plans) == 2
    assert "ix_source_assistant_id_name (assistant_id=? AND name=?)" in plans[0]
    assert "ix_version_original_hash (original_hash=?)" in plans[1]
    assert "SEARCH source USING INDEX sqlite_autoindex_source_1 (id=?)" in plans[1]


def test_the_cards_of_some_of_many_assistants_are_those_of_all() -> None:
    ids = [lifecycle.create_assistant(f"Help {number}") for number in range(5)]
    sources.add_files(ids[3], [("a.txt", b"Alpha")])
    lifecycle.delete_assistant(ids[0])
    cards = assistants.assistant_cards()
    assert list(assistants.assistant_names()) == [card.id for card in cards] == ids[1:]
    assert assistants.assistant_cards(ids[2:4]) == cards[1:3]
    assert [card.sources for card in cards] == [0, 0, 1, 0]
    assert assistants.assistant_cards([]) == []

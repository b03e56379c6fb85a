"""Preferred, between two days, in place of others: what questions find then, and what becomes of it all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import update
from sqlmodel import col

from core import pipeline
from core.assistants import assistants, conversations, lifecycle, source_order, source_rows, sources
from core.assistants.source_order import Days
from core.assistants.suggested_questions import suggested_questions
from core.database import Source, now, session
from core.errors import AnswerbookError, NotFound
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("data_folder")
QUESTION = "What does a parcel to Norway cost?"
SetClock = Callable[[timedelta], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock of Answerbook so far before or behind the true one."""

    def set_to(ahead: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + ahead

        monkeypatch.setattr("core.database.tables.datetime", Clock)

    return set_to


def price(euros: int) -> bytes:
    return f"# Prices\n\nA parcel to Norway costs {euros} euros.\n".encode()


def with_lists(*years: int) -> tuple[str, dict[int, str]]:
    """An assistant with a price list for each of these years; a list's price is its year's last two digits."""
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [(f"prices-{year}.md", price(year % 100)) for year in years])
    work_off()
    ids = {row.name: row.id for row in source_rows.source_rows(made)}
    return made, {year: ids[f"prices-{year}.md"] for year in years}


def found(assistant_id: str) -> set[str]:
    """The years of the lists that a question finds."""
    return {hit.source_name[7:11] for hit in pipeline.search(assistant_id, QUESTION)}


def today() -> date:
    return now().date()


def test_a_replaced_source_is_found_by_no_question() -> None:
    made, ids = with_lists(2024, 2025)
    assert found(made) == {"2024", "2025"}
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    assert found(made) == {"2025"}
    assert source_order.replaces(made, ids[2025]) == {ids[2024]: "prices-2024.md"}
    source_order.set_replaces(made, ids[2025], [])
    assert found(made) == {"2024", "2025"}


def test_no_answer_quotes_a_replaced_source() -> None:
    made, ids = with_lists(2024, 2025)
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    *_, answer = pipeline.answer(made, QUESTION)
    assert isinstance(answer, pipeline.Answer)
    assert "25 euros" in answer.text
    assert "24 euros" not in answer.text
    assert {citation.source_id for citation in answer.citations} == {ids[2025]}


def test_one_source_may_replace_several_and_takes_over_from_another() -> None:
    made, ids = with_lists(2023, 2024, 2025, 2026)
    source_order.set_replaces(made, ids[2025], [ids[2023], ids[2024]])
    assert found(made) == {"2025", "2026"}
    source_order.set_replaces(made, ids[2026], [ids[2024]])
    assert source_order.replaces(made, ids[2025]) == {ids[2023]: "prices-2023.md"}
    sources.delete_sources(made, [ids[2025]])
    assert found(made) == {"2023", "2026"}


def test_when_the_replacing_source_is_deleted_the_old_one_answers_until_it_is_back() -> None:
    made, ids = with_lists(2024, 2025)
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    sources.delete_sources(made, [ids[2025]])
    assert found(made) == {"2024"}
    work_off()
    sources.restore_source(made, ids[2025])
    assert found(made) == {"2024"}, "it is not read yet"
    work_off()
    assert found(made) == {"2025"}


def test_in_a_chain_the_last_answers_and_what_is_in_the_middle_may_go() -> None:
    made, ids = with_lists(2023, 2024, 2025)
    source_order.set_replaces(made, ids[2024], [ids[2023]])
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    assert found(made) == {"2025"}
    sources.delete_sources(made, [ids[2024]])
    assert found(made) == {"2025"}, "what is old already must not come back"
    with session() as db:
        long_ago = now() - timedelta(days=31)
        db.execute(update(Source).where(col(Source.id) == ids[2024]).values(deleted_at=long_ago))
    sources.erase_expired()
    assert found(made) == {"2025"}
    sources.delete_sources(made, [ids[2025]])
    assert found(made) == {"2023"}


def test_a_circle_is_refused_and_changes_nothing() -> None:
    made, ids = with_lists(2023, 2024, 2025)
    source_order.set_replaces(made, ids[2024], [ids[2023]])
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    for source_id, replaced in ((ids[2023], ids[2025]), (ids[2023], ids[2024]), (ids[2025], ids[2025])):
        with pytest.raises(AnswerbookError) as refused:
            source_order.set_replaces(made, source_id, [replaced])
        assert refused.value.code == "circle"
    assert found(made) == {"2025"}


def test_a_circle_through_the_bin_is_refused_too() -> None:
    made, ids = with_lists(2023, 2024, 2025)
    source_order.set_replaces(made, ids[2024], [ids[2023]])
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    sources.delete_sources(made, [ids[2024]])
    with pytest.raises(AnswerbookError, match=r"prices-2025\.md replaces this source already"):
        source_order.set_replaces(made, ids[2023], [ids[2025]])


def test_what_is_deleted_or_of_another_assistant_neither_replaces_nor_is_replaced() -> None:
    made, ids = with_lists(2024, 2025)
    other, others = with_lists(2024)
    source_order.set_replaces(made, ids[2025], [others[2024], "nowhere"])
    assert found(other) == {"2024"}
    with pytest.raises(NotFound):
        source_order.set_replaces(other, ids[2025], [others[2024]])


def test_a_source_that_was_never_read_replaces_nothing_yet() -> None:
    made, ids = with_lists(2024)
    sources.add_files(made, [("prices-2025.md", price(25))])
    new = next(row.id for row in source_rows.source_rows(made) if row.name == "prices-2025.md")
    source_order.set_replaces(made, new, [ids[2024]])
    assert found(made) == {"2024"}
    work_off()
    assert found(made) == {"2025"}


def test_a_source_answers_on_its_days_alone_and_days_begin_without_a_change(set_clock: SetClock) -> None:
    made, ids = with_lists(2024, 2025)
    tomorrow = today() + timedelta(days=1)
    source_order.set_days(made, [ids[2024]], Days(None, today()))
    source_order.set_days(made, [ids[2025]], Days(tomorrow, tomorrow))
    days: list[tuple[int, set[str]]] = [(0, {"2024"}), (1, {"2025"}), (2, set()), (0, {"2024"}), (-1, {"2024"})]
    for ahead, expected in days:
        set_clock(timedelta(days=ahead))
        assert found(made) == expected, ahead


def test_a_day_is_a_day_where_the_owner_is(set_clock: SetClock) -> None:
    made, ids = with_lists(2025)
    source_order.set_days(made, [ids[2025]], Days(date(2030, 1, 1), date(2030, 1, 1)), "Pacific/Auckland")
    begins = datetime(2029, 12, 31, 11, tzinfo=UTC)  # midnight there, in summer
    for moment, expected in ((begins, {"2025"}), (begins + timedelta(hours=23, minutes=59), {"2025"})):
        set_clock(moment - datetime.now(UTC) + timedelta(seconds=5))
        assert found(made) == expected
    for moment in (begins - timedelta(minutes=1), begins + timedelta(days=1)):
        set_clock(moment - datetime.now(UTC) + timedelta(seconds=5))
        assert found(made) == set()
    with session() as db:
        assert source_order.days_of(db.get_one(Source, ids[2025])) == Days(date(2030, 1, 1), date(2030, 1, 1))


def test_a_new_list_with_a_first_day_replaces_the_old_one_from_that_day_on(set_clock: SetClock) -> None:
    made, ids = with_lists(2024, 2025)
    source_order.set_days(made, [ids[2025]], Days(today() + timedelta(days=3), today() + timedelta(days=5)))
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    for ahead, expected in ((0, {"2024"}), (3, {"2025"}), (6, {"2024"})):
        set_clock(timedelta(days=ahead))
        assert found(made) == expected


@pytest.mark.parametrize(
    "days", [Days(date(2026, 2, 1), date(2026, 1, 31)), Days(date(1, 1, 1)), Days(None, date(9999, 12, 31))]
)
def test_days_that_cannot_be_are_refused(days: Days) -> None:
    made, ids = with_lists(2025)
    with pytest.raises(AnswerbookError) as refused:
        source_order.set_days(made, [ids[2025]], days)
    assert refused.value.code == "bad_days"
    assert found(made) == {"2025"}


@pytest.mark.parametrize("zone", ["", "Nowhere/At all", "../etc/passwd", "x" * 300])
def test_a_zone_that_nobody_knows_is_taken_for_utc(zone: str) -> None:
    made, ids = with_lists(2025)
    source_order.set_days(made, [ids[2025]], Days(today(), today()), zone)
    assert found(made) == {"2025"}


def test_all_of_it_stays_with_the_source_through_a_new_version_and_the_bin() -> None:
    made, ids = with_lists(2024, 2025)
    source_order.set_replaces(made, ids[2025], [ids[2024]])
    source_order.prefer(made, [ids[2025]], on=True)
    sources.add_files(made, [("prices-2024.md", price(94)), ("prices-2025.md", price(95))])
    work_off()
    assert found(made) == {"2025"}
    sources.delete_sources(made, [ids[2024]])
    sources.restore_source(made, ids[2024])
    work_off()
    assert found(made) == {"2025"}
    assert pipeline.retriever(made).sources[ids[2025]].preferred


def test_a_copy_of_an_assistant_has_its_sources_in_the_same_order() -> None:
    made, ids = with_lists(2022, 2023, 2024, 2025, 2026)
    for newer, older in ((2024, 2022), (2025, 2024)):
        source_order.set_replaces(made, ids[newer], [ids[older]])
    source_order.prefer(made, [ids[2026]], on=True)
    source_order.set_days(made, [ids[2023]], Days(None, today() - timedelta(days=1)), "Europe/Berlin")
    sources.delete_sources(made, [ids[2024]])  # what it stood in place of stays replaced by the next one
    copied = lifecycle.copy_assistant(made, "Copy")
    work_off()
    assert found(copied) == found(made) == {"2025", "2026"}
    by_name = {source.name: source for source in pipeline.retriever(copied).sources.values()}
    assert by_name["prices-2026.md"].preferred
    assert ids[2026] not in {source.id for source in by_name.values()}
    sources.delete_sources(copied, [by_name["prices-2025.md"].id])
    assert found(copied) == {"2022", "2026"}
    assert found(made) == {"2025", "2026"}


def test_no_question_is_suggested_that_only_a_source_at_rest_answers() -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("old.md", b"# Prices of old parcels\n\nA parcel costs 3 euros.\n")])
    work_off()
    assert suggested_questions(made)
    source_order.set_days(made, [source_rows.source_rows(made)[0].id], Days(None, date(2020, 1, 1)))
    assert suggested_questions(made) == []


def test_assistants_stand_in_the_order_of_their_last_use() -> None:
    first, second, third = (lifecycle.create_assistant(name) for name in ("First", "Second", "Third"))
    assert list(assistants.names_by_use()) == [third, second, first]
    conversations.add_question(conversations.start_conversation(first), "When do you open?")
    assert list(assistants.names_by_use()) == [first, third, second]
    sources.add_files(second, [("prices.md", price(3))])
    assert list(assistants.names_by_use()) == [second, first, third]
    lifecycle.delete_assistant(first)
    assert assistants.names_by_use() == {second: "Second", third: "Third"}


MAIL = (
    b"From: a@example.com\nSubject: Prices\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    b"Content-Type: text/plain\n\nOur prices are attached.\n--b\nContent-Type: text/plain\n"
    b'Content-Disposition: attachment; filename="list.txt"\n\nA parcel to Norway costs 77 euros.\n--b--\n'
)


def test_what_is_attached_stands_as_that_to_which_it_is_attached() -> None:
    made, ids = with_lists(2025)
    sources.add_files(made, [("offer.eml", MAIL)])
    work_off()
    rows = {row.name: row.id for row in source_rows.source_rows(made)}
    assert any("77" in hit.passage.text for hit in pipeline.search(made, QUESTION))
    source_order.prefer(made, [rows["offer.eml"]], on=True)
    assert pipeline.retriever(made).sources[rows["offer.eml/list.txt"]].preferred
    source_order.set_replaces(made, ids[2025], [rows["offer.eml"]])
    assert found(made) == {"2025"}


def test_another_owner_who_changes_it_at_the_same_time_loses_nothing() -> None:
    made, ids = with_lists(2024, 2025)
    source_order.prefer(made, list(ids.values()), on=True)
    source_order.set_days(made, [ids[2024]], Days(None, today()))
    sources.delete_sources(made, [ids[2024]])
    source_order.prefer(made, list(ids.values()), on=False)
    sources.restore_source(made, ids[2024])
    with session() as db:
        row = db.get_one(Source, ids[2024])
    assert row.preferred, "what is in the bin is left as it was"
    assert source_order.days_of(row) == Days(None, today())

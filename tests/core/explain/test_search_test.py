"""Why each passage came where it did, told from what the retriever kept of its own search."""

import pytest

from core.assistants import lifecycle, sources
from core.errors import StoreError
from core.explain import Read, Reason, SearchTest, expected, search_test
from core.explain.expected import Cause
from core.store import store_named
from tests.core.work import work_off

FEES = "# Fees\n\nA parcel to Norway costs 19 euros. A parcel to Spain costs 14 euros.\n"
RULES = "# Rules\n\n" + "\n\n".join(
    f"## Rule {number}\n\n" + f"A parcel of kind {number} is kept at the depot for {number} days. " * 30
    for number in range(2, 14)
)
HOSTILE = "# <script>alert(1)</script>\n\nThe **parcel** of <b>Norway</b> & :material/home: costs $5$ <img src=x>.\n"


@pytest.fixture
def assistant_id(data_folder: object) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("fees.md", FEES.encode()), ("rules.md", RULES.encode()), ("h.md", HOSTILE.encode())])
    work_off()
    return made


@pytest.fixture
def found(assistant_id: str) -> SearchTest:
    return search_test(assistant_id, "What does a parcel to Norway cost?")


def test_the_parts_of_a_score_add_up_to_it(found: SearchTest) -> None:
    assert found.hits
    for placed in found.hits:
        assert sum(placed.shares.values()) == pytest.approx(placed.score)
        assert set(placed.shares) == {"words", "meaning", "source", "named", "reader"}


def test_places_go_on_from_the_hits_to_what_was_cut_off(found: SearchTest) -> None:
    placed = [*found.hits, *found.cut_off]
    assert [each.place for each in placed] == list(range(1, len(placed) + 1))
    assert [each.passage for each in placed] == list(found.order)
    assert len(found.order) > len(found.hits)
    assert all(each.reason is None for each in found.hits)
    assert all(isinstance(each.reason, Reason) for each in found.cut_off)


def test_words_that_matched_are_lit_and_missing_ones_are_named(found: SearchTest) -> None:
    fees = next(each for each in found.hits if each.source_name == "fees.md")
    lit = {fees.passage.text[start:end] for start, end in fees.lit}
    assert {"Norway", "parcel", "costs"} <= lit
    assert "Spain" not in lit
    assert not fees.lacking
    rules = next(each for each in (*found.hits, *found.cut_off) if each.source_name == "rules.md")
    assert "norway" in rules.lacking


def test_the_sentence_that_the_answer_quotes_is_marked(found: SearchTest) -> None:
    fees = next(each for each in found.hits if each.source_name == "fees.md")
    assert fees.sentence is not None
    assert fees.passage.text[slice(*fees.sentence)] == "A parcel to Norway costs 19 euros."
    assert fees.read in (Read.ANSWERS, Read.MAY)
    assert "19 euros" in found.answer.text


def test_what_the_reader_did_not_look_at_says_so(assistant_id: str) -> None:
    many = "\n\n".join(f"# Part {n}\n\n" + f"The depot {n} keeps a parcel. " * 60 for n in range(40))
    sources.add_files(assistant_id, [("many.md", many.encode())])
    work_off()
    found = search_test(assistant_id, "What does a parcel to Norway cost?")
    unread = [each for each in found.cut_off if each.read == Read.UNREAD]
    assert unread
    assert {each.reason for each in unread} == {Reason.NOT_READ}


def test_small_talk_is_not_searched(assistant_id: str) -> None:
    found = search_test(assistant_id, "hello")
    assert found.answer.kind == "talk"
    assert not found.order


def test_a_question_of_ten_thousand_signs_is_cut_and_not_refused(assistant_id: str) -> None:
    found = search_test(assistant_id, "<img src=x onerror=alert(1)> parcel " * 300)
    assert len(found.question) <= 2_000
    assert found.hits


def test_a_store_that_is_away_says_so(assistant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = search_test(assistant_id, "What does a parcel to Norway cost?")

    def away(*_: object, **__: object) -> None:
        raise StoreError("The store is away.", "Start it.", code="away", passing=True)

    monkeypatch.setattr(type(store_named("lancedb")), "search", away)
    with pytest.raises(StoreError):
        search_test(assistant_id, "What does a parcel to Norway cost?")
    with pytest.raises(StoreError):
        expected(assistant_id, found, "A parcel to Spain costs 14 euros")


def test_a_source_that_was_deleted_meanwhile_is_told_of(assistant_id: str, found: SearchTest) -> None:
    from core.assistants import source_rows

    words = "A parcel to Norway costs 19 euros"
    told = expected(assistant_id, found, words)
    assert told is not None
    assert told.cause == Cause.NOTHING
    fees = next(row.id for row in source_rows.source_rows(assistant_id) if row.name == "fees.md")
    sources.delete_sources(assistant_id, [fees])
    told = expected(assistant_id, search_test(assistant_id, found.question), words)
    assert told is not None
    assert told.cause == Cause.IN_BIN
    assert told.places[0].source_name == "fees.md"


def test_a_passage_that_the_store_has_lost_is_told_of(assistant_id: str, found: SearchTest) -> None:
    from core.assistants import index_builds, source_rows

    build = index_builds.live_build(assistant_id)
    rules = next(row.id for row in source_rows.source_rows(assistant_id) if row.name == "rules.md")
    version = sources.source(assistant_id, rules).version_id
    words = "A parcel of kind 9 is kept at the depot for 9 days"
    store_named(build.store).delete_versions(index_builds.scope_of(build), [version])
    without = SearchTest(**{field: getattr(found, field) for field in SearchTest.__slots__} | {"order": ()})
    told = expected(assistant_id, without, words)
    assert told is not None
    assert told.cause == Cause.LOST


def test_too_few_letters_are_not_looked_for(assistant_id: str, found: SearchTest) -> None:
    assert expected(assistant_id, found, " a. ") is None

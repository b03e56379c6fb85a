"""A country leads over the zone that one table gives for it to the row of another table that answers."""

import pytest

from core.answer.by_key import quotes_by_key
from core.schema import Hit, StoredPassage
from core.text import read_question, search_terms

ZONES = """Zone | Destinations
Zone 1 | Belgium, Germany, Luxembourg
Zone 2 | Norway, Switzerland, United Kingdom
Zone 3 | Japan, Singapore
"""
TIMES = """How long does delivery take?

Zone | Standard | Express
Zone 1 | 1 to 2 working days | next working day
Zone 2 | 4 to 6 working days | 2 to 3 working days
Zone 3 | 8 to 12 working days | 3 to 5 working days
"""
REST = """Zone | Destinations
Zone 1 | Belgium, Germany, Luxembourg
Zone 3 | All other countries of the European Union
"""
PRICES = """Zone | Destinations | Service | Up to 2 kg | Up to 5 kg
Zone 1 | Belgium, Germany, Luxembourg | Standard | 7.45 | 8.95
Zone 3 | All other countries of the European Union | Standard | 14.45 | 17.95
"""
CLEARANCE = """How long does customs clearance take?

Clearance at customs is not included; allow 1 to 2 working days for it in zone 2 and zone 3.
"""
TAXES = """Country | Standard VAT rate
Norway | 25%
United Kingdom | 20%
"""


def hit(text: str) -> Hit:
    terms = " ".join(search_terms(text))
    return Hit(StoredPassage(text[:9], "s", text[:9], 0, 0, len(text), 1, text, "", terms), "help.md", 1.0)


def told(question: str, found: list[str], beside: list[str]) -> list[str]:
    hits = [hit(text) for text in found]
    asked = read_question(question, ("en",))
    _, quotes = quotes_by_key(asked, hits, lambda _: [hit(text) for text in beside], embeddings=None)
    return [quote.display for quote in quotes]


@pytest.mark.parametrize(
    ("question", "time", "zone"),
    [
        ("how long does express to the UK take", "Zone: Zone 2 · Standard: 4 to 6", "Switzerland, United Kingdom"),
        ("delivery time japan", "Zone: Zone 3 · Standard: 8 to 12", "Japan, Singapore"),
    ],
)
@pytest.mark.parametrize(("found", "beside"), [([TIMES, ZONES], []), ([TIMES], [ZONES]), ([ZONES], [TIMES])])
def test_the_row_of_the_zone_answers_with_the_one_that_tells_the_zone(
    question: str, time: str, zone: str, found: list[str], beside: list[str]
) -> None:
    row, key = told(question, found, beside)
    assert row.startswith(time)
    assert zone in key


def test_what_a_country_has_a_row_of_its_own_for_needs_no_zone() -> None:
    assert told("what is the vat rate in norway", [TAXES, ZONES, TIMES], []) == []


@pytest.mark.parametrize("question", ["how long does express to portugal take", "how long does express take"])
def test_without_a_country_that_has_a_zone_there_is_none(question: str) -> None:
    assert told(question, [TIMES, ZONES], []) == []


def test_where_a_row_of_the_country_surely_answers_nothing_is_looked_up() -> None:
    looked: list[str] = []

    def look(text: str) -> list[Hit]:
        looked.append(text)
        return []

    found = [hit(TAXES), hit(TIMES)]
    quotes_by_key(read_question("what is the vat rate in norway", ("en",)), found, look, embeddings=None)
    assert looked == []
    quotes_by_key(read_question("how long does express to norway take", ("en",)), found, look, embeddings=None)
    assert looked


@pytest.mark.parametrize("question", ["how long does express to spain take", "delivery time poland"])
def test_a_country_in_no_row_has_the_zone_of_all_others(question: str) -> None:
    row, key = told(question, [TIMES, REST], [])
    assert row.startswith("Zone: Zone 3 · Standard: 8 to 12")
    assert "All other countries" in key


def test_a_country_outside_the_union_has_not_the_zone_of_its_other_countries() -> None:
    assert told("how long does express to brazil take", [TIMES, REST], []) == []


def test_a_row_that_is_itself_for_the_country_stands_alone() -> None:
    (row,) = told("what is a 2 kg parcel to germany", [PRICES], [])
    assert "7.45" in row


def test_what_a_sentence_says_of_the_zone_goes_before_a_row() -> None:
    first, *_ = told("how long does customs clearance take in norway", [TIMES, ZONES, CLEARANCE], [])
    assert "Clearance at customs is not included" in first

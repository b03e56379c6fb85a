"""Cities and countries' codes in a question: the country that the sources name stands in their place."""

import pytest

from core.text import Vocabulary, read_question, words_in

PRICES = "Prices by country: Portugal, Switzerland, Australia, United Kingdom, South Korea, Canada, Netherlands, France"


def understood(question: str, sources: str = PRICES) -> str:
    return read_question(question, ("en",), vocabulary=Vocabulary(words_in(sources))).understood


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9 kg to Lisbon", "9 kg to Portugal"),
        ("a letter to lyon", "a letter to France"),
        ("Paket nach Lissabon", "Paket nach Portugal"),
        ("CH vat free limit", "Switzerland vat free limit"),
        ("900g express AU eur?", "900g express Australia eur?"),
        ("ddp to KR possible", "ddp to South Korea possible"),
        ("moving back to nl from toronto", "moving back to Netherlands from Canada"),
        ("GB duty threshold", "United Kingdom duty threshold"),
    ],
)
def test_a_country_stands_for_its_city_and_code(typed: str, meant: str) -> None:
    assert understood(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "5 GB of data",  # no Great Britain after a number
        "is IT in the office",
        "CA-4410 price",  # a piece of a code
        "THE CH LIMIT",  # all is shouted: capitals say nothing
        "a nice coat for reading",
        "my friend charlotte",
        "to Monaco",  # a country, too
        "to New York",  # the sources do not name the United States
    ],
)
def test_what_may_be_another_word_stays(typed: str) -> None:
    assert understood(typed) == typed


def test_a_city_that_the_sources_name_stays() -> None:
    assert (
        understood("hotel limit in Lisbon", f"{PRICES}. Hotels: Lisbon 120, other cities 90") == "hotel limit in Lisbon"
    )


def test_all_other_countries_may_be_meant_by_a_city() -> None:
    assert understood("3 kg to Madrid", "Zone 3: all other countries of the European Union") == "3 kg to Spain"

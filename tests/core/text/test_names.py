"""Names of countries, months and days: in English, as a text has them, or with something else in their place."""

import pytest

from core.text import english_names, for_others, named_as_in, with_countries_as

PRICES = "Zone 4: United Kingdom, Norway. Zone 5: Canada, United States. Zone 1: Netherlands"


@pytest.mark.parametrize(
    ("typed", "language", "english"),
    [
        ("el lunes a los estados unidos", "es", ["el", "monday", "a", "los", "united states"]),
        ("im märz nach südkorea", "de", ["im", "march", "nach", "south korea"]),
        ("en mars au royaume uni", "fr", ["en", "march", "au", "united kingdom"]),
        ("3 kg info", "es", ["3", "kg", "info"]),  # units and abbreviations stay
        ("", "es", []),
    ],
)
def test_names_in_english(typed: str, language: str, english: list[str]) -> None:
    assert english_names(typed.split(), language) == english


@pytest.mark.parametrize(
    ("question", "as_there"),
    [
        ("what does express to the USA cost", "what does express to the united states cost"),
        ("2 kg to the uk", "2 kg to the united kingdom"),
        ("nach Großbritannien und Kanada", "nach united kingdom und canada"),
        ("to Norway", "to Norway"),
        ("to Japan", "to Japan"),  # stands there by no name
        ("can you tell us", "can you tell us"),
    ],
)
def test_countries_as_a_text_calls_them(question: str, as_there: str) -> None:
    assert named_as_in(PRICES, question) == as_there


def test_a_name_inside_a_word_is_no_name() -> None:
    assert named_as_in("The Netherlandish painters", "to holland") == "to holland"


def test_a_key_in_the_place_of_countries() -> None:
    assert with_countries_as("Zone 5", "how long to the United States or canada") == "how long to the Zone 5 or Zone 5"
    assert with_countries_as("Zone 5", "how long") == "how long"


@pytest.mark.parametrize(
    ("cell", "country", "told"),
    [
        ("All other countries of the European Union", "ES", "these"),
        ("All other countries of the European Union", "BR", "not these"),
        ("Rest of the world", "BR", "these"),
        ("Übrige Länder der EU", "PL", "these"),
        ("Other countries in Europe", "CH", "not these"),  # whether it lies there is not known
        ("Norway, Switzerland", "CH", ""),
    ],
)
def test_a_cell_for_all_others(cell: str, country: str, told: str) -> None:
    assert for_others(cell, frozenset({f"country:{country}"})) == told

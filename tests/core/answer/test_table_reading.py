"""Tables read as tables: the row that a question names, the column that answers, and nothing where it is not clear."""

import re

import pytest

from core.answer.table_reading import table_answers
from core.schema import Hit, StoredPassage
from core.text import read_question
from tests.core.answer.table_hits import PARCELS, asked, cells_of, hit, hits_of
from tests.core.counting import calls

COUNTRIES = """Countries and their zones

| Country | Zone | Working days |
| Germany | 1 | 1 to 2 |
| Ireland | 2 | 3 to 5 |
| Iceland | 3 | 5 to 9 |
| Japan | 3 | 6 to 10 |

Islands take longer."""
BY_WEIGHT = """What a parcel costs

| Weight | Zone 1 | Zone 2 |
| up to 500 g | 3.10 | 6.20 |
| up to 2 kg | 5.90 | 11.30 |
| up to 10 kg | 9.80 | 21.60 |

We weigh again."""
LONG_FORM = """Fares

| Service | Weight | Price |
| Standard | 2 kg | €4.00 |
| Standard | 5 kg | €6.00 |
| Standard | 10 kg | €9.00 |
| Express | 2 kg | €14.00 |
| Express | 5 kg | €16.00 |
| Express | 10 kg | €19.00 |

Prices hold until May."""
LOCKERS = """Sizes of the lockers

| | Nova 12 | Nova 24 |
| Width | 96 cm | 148 cm |
| Weight, empty | 128 kg | 202 kg |
| Price | 900 EUR | 1,600 EUR |

Made of steel."""
ROOMS = """Habitaciones

| Noches | Individual | Doble |
| 1-3 noches | 80 € | 120 € |
| 4-7 noches | 70 € | 105 € |
| más de 7 noches | 60 € | 90 € |

El desayuno está incluido."""
GERMAN = """Preise für Pakete

| Zone | bis 2 kg | bis 5 kg | bis 31,5 kg |
| Inland | 6,19 | 7,69 | 23,99 |
| Zone 1 | 14,49 | 16,99 | 44,99 |
| Zone 2 | 17,49 | 20,49 | 57,99 |
| Zone 3 | 41,49 | 56,99 | nicht möglich |

Alle Preise in Euro."""
LAENDER = """Länder

| Land | Zone | Laufzeit in Werktagen |
| Österreich | 1 | 2 bis 3 |
| Finnland | 2 | 4 bis 6 |

Stand 2026."""
WAGES = """Wages of our drivers

| Vehicle | Licence | Starting wage | After 3 years | After 8 years |
| Cargo bike | none | €15.10 | €15.90 | €16.80 |
| Lorry up to 12 t | C1 or C | €18.70 | €19.95 | €21.40 |

Each hour that a driver works counts."""
CLAIMS = """Deadlines

| What happened | Claim after |
| Damaged parcel | 1 day |
| Lost parcel, zones 1 to 3 | 10 days |
| Lost parcel, zones 4 to 6 | 20 days |

Claim online."""
STORED = """Storage

| Stored | Temperature |
| With battery | -10 to +35 °C |
| Without battery | -30 to +60 °C |

Keep dry."""


@pytest.mark.parametrize(
    ("question", "table", "cell"),
    [
        ("How much is 3 kg to zone 2?", PARCELS, "Zone 2 · 14.90"),
        ("zone 3, 5 kg", PARCELS, "Zone 3 · 48.00"),
        ("price for 5 kg in zone 2", PARCELS, "Zone 2 · 14.90"),
        ("What does 800 g to zone 1 cost?", PARCELS, "Zone 1 · 5.90"),
        ("10.5 kg zone 1", PARCELS, "Zone 1 · 18.20"),
        ("20 lb to zone 1", PARCELS, "Zone 1 · 9.80"),
        ("two kilos to zone 2 how much", PARCELS, "Zone 2 · 11.30"),
        ("How many working days to Iceland?", COUNTRIES, "Iceland · 5 to 9"),
        ("How long does it take to Ireland?", COUNTRIES, "Ireland · 3 to 5"),
        ("Which zone is Japan in?", COUNTRIES, "Japan · 3"),
        ("What does 400 grams to zone 2 cost?", BY_WEIGHT, "up to 500 g · 6.20"),
        ("price for 3 kg, zone 1", BY_WEIGHT, "up to 10 kg · 9.80"),
        ("How much is express for 4 kg?", LONG_FORM, "Express · €16.00"),
        ("standard 10 kg price", LONG_FORM, "Standard · €9.00"),
        ("How wide is the Nova 24?", LOCKERS, "Width · 148 cm"),
        ("width of nova 12", LOCKERS, "Width · 96 cm"),
        ("What is the price of a Nova 24?", LOCKERS, "Price · 1,600 EUR"),
        ("cuánto cuesta la doble por 5 noches", ROOMS, "4-7 noches · 105 €"),
        ("precio individual 10 noches", ROOMS, "más de 7 noches · 60 €"),
        ("Was kostet ein Paket mit 3 kg in Zone 1?", GERMAN, "Zone 1 · 16,99"),
        ("2,5 kg Inland Preis", GERMAN, "Inland · 7,69"),
        ("31,5 Kilo Zone 2", GERMAN, "Zone 2 · 57,99"),
        ("Wie lange dauert es nach Finnland?", LAENDER, "Finnland · 4 bis 6"),
        ("What does a lorry driver earn after 4 years?", WAGES, "Lorry up to 12 t · €19.95"),
        ("starting wage cargo bike", WAGES, "Cargo bike · €15.10"),
        ("When can I claim for a lost parcel in zone 2?", CLAIMS, "Lost parcel, zones 1 to 3 · 10 days"),
        ("When can I claim for a lost parcel in zone 5?", CLAIMS, "Lost parcel, zones 4 to 6 · 20 days"),
        ("At what temperature is it stored without battery?", STORED, "Without battery · -30 to +60 °C"),
        ("Was kosten 31 kg in Zone 3?", GERMAN, "Zone 3 · nicht möglich"),
    ],
)
def test_a_cell_is_found_by_its_row_and_its_column(question: str, table: str, cell: str) -> None:
    assert asked(question, table) == [cell]


@pytest.mark.parametrize(
    ("question", "tables"),
    [
        ("How much is 50 kg to zone 2?", [PARCELS]),  # beyond the last step
        ("How much is 3 kg?", [PARCELS]),  # no zone
        ("How much is zone 2?", [PARCELS]),  # no weight: four cells could be meant
        ("What does 3 kg to zone 7 cost?", [PARCELS]),
        ("What does 3 kg to Brazil cost?", [PARCELS, COUNTRIES]),
        ("What does 3 kg to Brazil cost by express?", [LONG_FORM]),
        ("How many working days to Finland?", [COUNTRIES]),
        ("Who painted the Mona Lisa in Japan?", [COUNTRIES]),
        ("How much tax is due in Japan?", [COUNTRIES]),
        ("What does a letter to Japan cost?", [COUNTRIES]),
        ("What does 12 kg by express cost?", [LONG_FORM]),
        ("How wide is the Nova 36?", [LOCKERS]),
        ("How deep is the Nova 24?", [LOCKERS]),
        ("cuánto cuesta la suite por 5 noches", [ROOMS]),
        ("Was kosten 40 kg in Zone 1?", [GERMAN]),
        ("What is the weather in Germany?", [COUNTRIES]),
    ],
)
def test_where_it_is_not_clear_there_is_no_answer(question: str, tables: list[str]) -> None:
    assert asked(question, *tables) == []


@pytest.mark.parametrize(
    ("question", "tables", "cells", "over"),
    [
        ("How much is 3 kg to Japan?", [PARCELS, COUNTRIES], ["Zone 3 · 48.00"], ["Japan · 3"]),
        ("4 kg to Ireland price", [COUNTRIES, PARCELS], ["Zone 2 · 14.90"], ["Ireland · 2"]),
        ("300 g to Germany", [COUNTRIES, BY_WEIGHT], ["up to 500 g · 3.10"], ["Germany · 1"]),
        ("Was kosten 4 kg nach Finnland?", [LAENDER, GERMAN], ["Zone 2 · 20,49"], ["Finnland · 2"]),
    ],
)
def test_a_table_that_gives_the_key_to_another_is_joined_to_it(
    question: str, tables: list[str], cells: list[str], over: list[str]
) -> None:
    found = table_answers(read_question(question, ["en", "de"]), hits_of(*tables))
    assert cells_of(found) == cells
    assert [answer.how for answer in found] == ["joined"]
    assert cells_of(found[0].over) == over


def test_a_join_that_leads_to_two_prices_is_no_answer() -> None:
    letters = PARCELS.replace("Parcel prices", "Other parcel prices").replace("48.00", "31.00")
    assert asked("How much is 3 kg to Japan?", COUNTRIES, PARCELS, letters) == []


def test_a_joined_weight_beyond_the_last_step_is_no_answer() -> None:
    assert asked("How much is 50 kg to Japan?", PARCELS, COUNTRIES) == []


def test_the_second_table_is_looked_for_once_where_it_is_not_among_the_hits() -> None:
    looked: list[str] = []

    def look(text: str) -> list[Hit]:
        looked.append(text)
        return [hit(PARCELS, name="prices")]

    countries = hits_of(COUNTRIES)
    found = table_answers(read_question("How much is 3 kg to Japan?", ["en"]), countries, look)
    assert cells_of(found) == ["Zone 3 · 48.00"]
    assert found[0].hit.source_name == "prices"
    assert len(looked) == 1
    assert "zone 3" in looked[0]
    looked.clear()
    assert table_answers(read_question("Which zone is Japan in?", ["en"]), countries, look)
    assert not table_answers(read_question("Do you ship furniture?", ["en"]), countries, look)
    assert looked == []


def test_the_first_table_is_looked_for_where_only_the_second_is_among_the_hits() -> None:
    looked: list[str] = []

    def look(text: str) -> list[Hit]:
        looked.append(text)
        return [hit(COUNTRIES, name="countries")]

    found = table_answers(read_question("How much is 3 kg to Japan?", ["en"]), hits_of(PARCELS), look)
    assert cells_of(found) == ["Zone 3 · 48.00"]
    assert cells_of(found[0].over) == ["Japan · 3"]
    assert looked == ["japan Zone"]


def test_two_columns_that_answer_alike_are_both_shown() -> None:
    table = (
        "Prices\n\n| Article | Old price | New price |\n"
        "| Carton | 3.00 € | 3.50 € |\n| Tape | 1.00 € | 1.20 € |\n\nEnd."
    )
    assert asked("What is the price of tape?", table) == ["Tape · 1.00 € · 1.20 €"]
    assert asked("What is the new price of tape?", table) == ["Tape · 1.20 €"]


def test_of_names_within_names_the_longer_that_is_said_is_meant() -> None:
    table = (
        "Zones\n\n| Country | Zone |\n| Guinea | 4 |\n| Equatorial Guinea | 5 |\n"
        "| Ireland | 1 |\n| Iceland | 2 |\n\nEnd."
    )
    assert asked("Which zone is Equatorial Guinea?", table) == ["Equatorial Guinea · 5"]
    assert asked("Which zone is Guinea?", table) == ["Guinea · 4"]
    assert asked("Which zone is Iceland?", table) == ["Iceland · 2"]


def test_a_list_of_names_in_a_cell_names_its_row() -> None:
    table = (
        "| Zone | Destinations | Service | Up to 2 kg | Up to 5 kg | Up to 30 kg |\n"
        "| Zone 1 | Belgium, France, New Zealand | Standard | 9.45 | 10.95 | 33.95 |\n"
        "| Zone 1 | Belgium, France, New Zealand | Express | 24.45 | 27.95 | 89.95 |\n"
        "| Zone 2 | Old Zealand, Spain | Standard | 19.45 | 20.95 | 43.95 |"
    )
    assert asked("3 kg to France, express, how much?", table) == ["Zone 1 · 27.95"]
    both = table_answers(read_question("3 kg to New Zealand, how much?"), hits_of(table))
    assert cells_of(both) == ["Zone 1 · 10.95", "Zone 1 · 27.95"]
    assert [[answer.names[column] for column in answer.shown] for answer in both] == [
        ["Zone", "Destinations", "Service", "Up to 5 kg"]
    ] * 2


def test_a_table_of_keys_and_values_answers_by_its_key() -> None:
    table = "Facts\n\n| Parking fee | 4 EUR |\n| Lost key | 25 EUR |\n| Opening hours | 9:00 to 18:00 |\n\nEnd."
    facts = [hit(table, header=None)]
    assert cells_of(table_answers(read_question("How much is the parking fee?"), facts)) == ["Parking fee · 4 EUR"]
    assert cells_of(table_answers(read_question("what are the opening hours"), facts)) == [
        "Opening hours · 9:00 to 18:00"
    ]
    assert not table_answers(read_question("How much is the parking fine?"), facts)


def test_a_table_cut_over_passages_is_one_table() -> None:
    first, second = COUNTRIES[: COUNTRIES.index("| Iceland")], COUNTRIES[COUNTRIES.index("| Iceland") :]
    header = "Country | Zone | Working days"
    cut = [hit(second, name="f", start=len(first), header=header), hit(first, name="f", header=header)]
    assert cells_of(table_answers(read_question("How many working days to Iceland?"), cut)) == ["Iceland · 5 to 9"]
    joined = table_answers(read_question("How much is 3 kg to Japan?"), [*cut, hit(PARCELS, name="prices")])
    assert cells_of(joined) == ["Zone 3 · 48.00"]


def test_rows_of_csv_are_read_and_their_cells_found_in_the_file() -> None:
    text = 'code,name,"max_load_kg",price_eur\nAX-1,"Box, small",5,9.80\nAX-2,"Box, large",40,38.90\n'
    rows = tuple(match.span() for match in re.finditer(r".+", text))
    passage = StoredPassage(
        "p", "s", "v", 0, 0, len(text), None, text, "", "", "code | name | max_load_kg | price_eur", rows
    )
    found = table_answers(read_question("AX-2 price"), [Hit(passage, "boxes.csv", 1.0)])
    assert cells_of(found) == ["AX-2 · 38.90"]
    assert not table_answers(read_question("AX-3 price"), [Hit(passage, "boxes.csv", 1.0)])


def test_four_times_the_rows_are_four_times_the_work() -> None:
    def work(rows_each: int) -> int:
        words = ["alpha", "beta", "gamma", "delta"]
        header = "| Place | Zone | Weight | Price |\n"
        passages = []
        for number in range(12):
            rows = "\n".join(
                f"| Place {number}-{row} {words[row % 4]} | {row} | {row} kg | {row}.50 |" for row in range(rows_each)
            )
            passages.append(hit(header + rows, name=f"file {number}"))
        question = read_question("How much is 3 kg to Place 7-13 beta?", ["en", "de"])
        assert cells_of(table_answers(question, passages)) == ["Place 7-13 beta · 13.50"]
        return calls(lambda: table_answers(question, passages))

    assert work(192) < 6 * work(48)


LIMITS = """What is free of tax

| Destination | Tax-free up to | Duty-free up to |
| Japan | €60 | €60 |
| Norway | €0 | €270 |

All else is taxed."""
REFUSED = """What is not accepted

| Destination | Not accepted |
| Norway | Potatoes |
| Japan | Plants |

Ask first."""


@pytest.mark.parametrize(
    "question", ["what does it cost to japan", "how much to send something to japan", "price norway"]
)
def test_a_limit_is_no_price(question: str) -> None:
    assert asked(question, LIMITS) == []


def test_a_limit_that_is_asked_for_is_told() -> None:
    assert asked("how much is duty-free to norway", LIMITS) == ["Norway · €270"]


def test_a_table_says_nothing_of_what_only_other_passages_speak_of() -> None:
    assert asked("can I send perfume to norway", REFUSED) == ["Norway · Potatoes"]
    assert asked("can I send perfume to norway", REFUSED, "Perfume travels within limits.") == []


def test_how_much_is_never_how_long() -> None:
    times = """Delivery times

| Zone | Standard | Express |
| Zone 1 | 2 days | 1 day |
| Zone 2 | 6 to 9 days | 2 to 4 days |

No promise."""
    assert asked("how much is express to zone 2", times) == []
    assert asked("how long does express to zone 2 take", times) == ["Zone 2 · 2 to 4 days"]


FARES = """Passengers

| Age | To the island | To the city |
| 0 to 3 years | free | free |
| 4 to 11 years | 4.80 | 16.00 |
| 12 to 17 years | 6.90 | 23.50 |
| 65 years and over | 8.20 | 27.50 |

One way."""
SURCHARGES = """Fuel surcharge

| Month | Road, percent | Air, percent |
| April 2026 | 11 | 18.50 |
| May 2026 | 12 | 19.75 |

Until it changes."""


@pytest.mark.parametrize("aged", ["8 year old", "8-year-old", "8yo"])
def test_an_age_falls_into_the_years_of_a_row(aged: str) -> None:
    assert asked(f"price to the city for a {aged}", FARES) == ["4 to 11 years · 16.00"]


def test_what_is_said_not_to_be_meant_names_no_row() -> None:
    assert asked("price for 5 kg, standard and not express", LONG_FORM) == ["Standard · €6.00"]


def test_a_row_of_another_month_does_not_answer() -> None:
    assert asked("fuel surcharge may 2026 road", SURCHARGES) == ["May 2026 · 12"]
    assert asked("fuel surcharge sept 2026 road", SURCHARGES) == []


def test_what_counts_as_a_thing_is_not_asked_of_its_row() -> None:
    assert asked("price of zone 2 up to 5 kg", PARCELS) == ["Zone 2 · 14.90"]
    assert asked("what counts as a zone 2 parcel up to 5 kg", PARCELS) == []

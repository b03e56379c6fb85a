"""The cheapest, the latest, how many: told by the rows of a whole table."""

import pytest

from core.answer.table_reading import extreme_around, table_answers
from core.text import read_question
from tests.core.answer.table_hits import PARCELS, asked, cells_of, hit, hits_of

VERSIONS = """Firmware

| Version | Date | Changes |
| 3.0.1 | 12 May 2025 | First version |
| 3.2.1 | 9 February 2026 | Corrects the display |
| 3.2.0 | 19 January 2026 | Spoken instructions |

Updates are loaded at night."""


@pytest.mark.parametrize(
    ("question", "table", "cells", "how"),
    [
        ("Which is the cheapest carton?", "C", ["Small · 1.69 €"], "lowest"),
        ("Was ist der teuerste Karton?", "D", ["Groß · 2,99"], "highest"),
        ("Was ist der billigste Karton?", "D", ["Klein · 1,69"], "lowest"),
        ("¿Cuál es la caja más barata?", "S", ["Pequeña · 1,69 €"], "lowest"),
        ("Which carton carries the most?", "C", ["Large · 30 kg"], "highest"),
        ("What is the latest version?", "V", ["2.1 · 9 February 2026"], "highest"),
    ],
)
def test_the_cheapest_and_the_highest_are_told_by_their_rows(
    question: str, table: str, cells: list[str], how: str
) -> None:
    tables = {
        "C": "Cartons\n\n| Carton | Holds | Price |\n| Medium | 20 kg | 2.49 € |\n| Small | 5 kg | 1.69 € |\n"
        "| Large | 30 kg | 12.99 € |\n\nEnd.",
        "D": "Kartons\n\n| Karton | Preis |\n| Mittel | 2,49 |\n| Klein | 1,69 |\n| Groß | 2,99 |\n\nEnde.",
        "S": "Cajas\n\n| Caja | Precio |\n| Mediana | 2,49 € |\n| Pequeña | 1,69 € |\n| Grande | 12,99 € |\n\nFin.",
        "V": "Versions\n\n| Version | Date |\n| 2.0 | 19 January 2026 |\n| 2.1 | 9 February 2026 |\n"
        "| 1.9 | 30 December 2025 |\n\nEnd.",
    }
    found = table_answers(read_question(question, ["en", "de", "es"]), hits_of(tables[table]))
    assert cells_of(found) == cells
    assert {answer.how for answer in found} == {how}


def test_no_extreme_is_told_of_a_table_of_which_rows_may_be_missing() -> None:
    head = "Cartons\n\n| Carton | Price |\n| Medium | 2.49 € |\n| Small | 1.69 € |"
    assert asked("Which is the cheapest carton?", head) == []
    tail = hit("| Tiny | 0.99 € |\n| Huge | 8.99 € |\n\nEnd.", name="file", start=100, header="Carton | Price")
    found = table_answers(read_question("Which is the cheapest carton?"), [hit(head), tail])
    assert cells_of(found) == ["Tiny · 0.99 €"]
    assert not table_answers(read_question("Which is the cheapest carton?"), [tail])


def test_how_many_is_told_by_the_rows_themselves() -> None:
    found = table_answers(read_question("How many zones are there?"), hits_of(PARCELS))
    assert [answer.cells[0].text for answer in found] == ["Zone 1", "Zone 2", "Zone 3"]
    assert {answer.how for answer in found} == {"count"}
    assert asked("How many elephants are there?", PARCELS) == []
    assert asked("How many zones does the moon have?", PARCELS) == []


def test_of_the_table_that_a_reader_chose_the_row_at_its_end_is_taken() -> None:
    hits = [hit(VERSIONS)]
    start = VERSIONS.index("| 3.0.1")
    assert table_answers(read_question("latest software version", ("en",)), hits) == []
    (row,) = extreme_around(read_question("latest software version", ("en",)), hits, 0, start)
    assert row.cells[0].text == "3.2.1"
    assert extreme_around(read_question("which software version", ("en",)), hits, 0, start) == []
    assert extreme_around(read_question("latest software version", ("en",)), hits, 0, 0) == []


@pytest.mark.parametrize(
    ("sizes", "smallest"),
    [
        (("300 x 200 x 100 mm", "20 x 10 x 5 cm"), ["B · 20 x 10 x 5 cm"]),  # by what they measure, not by the figures
        (("300 x 200", "20 x 10 x 5"), []),  # an area and a room cannot be compared
        (("300 x 200 mm", "20 x 10"), []),  # nor what has no unit with what has one
    ],
)
def test_sizes_are_compared_by_what_they_measure(sizes: tuple[str, str], smallest: list[str]) -> None:
    rows = "".join(f"| {name} | {size} |\n" for name, size in zip("AB", sizes, strict=True))
    assert asked("Which is the smallest carton?", f"Cartons\n\n| Carton | Size |\n{rows}\nEnd.") == smallest

"""The cheapest of a catalogue that is cut over many passages."""

from collections.abc import Sequence

import pytest

from core.answer.table_reading import asks_for_an_end, table_answers
from core.answer.whole_tables import MOST_PASSAGES, with_rest_of_tables
from core.schema import Hit, StoredPassage
from core.text import read_question
from tests.core.answer.table_hits import cells_of, hit

HEADER = "Carton | Size | Price"


def catalogue(rows: int) -> list[Hit]:
    """A catalogue, dear to cheap and small to large, two rows to a passage; the header stands in the first."""
    lines = [f"Box {number} | {200 + number} x 150 x 100 mm | {90 - number / 10:.2f} €" for number in range(rows)]
    lines.insert(0, HEADER)
    hits, start = [], 0
    for ordinal, first in enumerate(range(0, len(lines), 2)):
        text = "\n".join(lines[first : first + 2])
        made = hit(text, name="catalogue", start=start, header=HEADER)
        hits.append(Hit(_at(made.passage, ordinal), "catalogue.csv", 1.0, coverage=0.8))
        start += len(text) + 1
    return hits


def _at(passage: StoredPassage, ordinal: int) -> StoredPassage:
    values = {name: getattr(passage, name) for name in passage.__slots__}
    return StoredPassage(**{**values, "ordinal": ordinal, "id": f"catalogue-{ordinal}"})


def cheapest(question: str, every: Sequence[Hit], found: Sequence[Hit]) -> list[str]:
    by_place = {each.passage.ordinal: each.passage for each in every}

    def neighbours(hits: Sequence[Hit]) -> list[StoredPassage]:
        wanted = {each.passage.ordinal + step for each in hits for step in (-1, 1)}
        return [by_place[place] for place in sorted(wanted) if place in by_place]

    asked = read_question(question, ("en",))
    assert asks_for_an_end(asked)
    return cells_of(table_answers(asked, with_rest_of_tables(found, neighbours)))


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("which is the cheapest box", "Box 9 · 89.10 €"),
        ("what is the most expensive box", "Box 0 · 90.00 €"),
        ("what is the smallest box", "Box 0 · 200 x 150 x 100 mm"),
        ("how much is the biggest box", "Box 9 · 89.10 €"),
    ],
)
def test_all_rows_are_looked_at_wherever_the_search_began(question: str, cell: str) -> None:
    every = catalogue(10)
    for found in (every[:1], every[2:3], every[-1:], every):
        assert cheapest(question, every, found) == [cell]


def test_of_a_table_too_long_to_be_looked_at_none_is_told() -> None:
    every = catalogue(4 * MOST_PASSAGES)
    assert cheapest("which is the cheapest box", every, every[40:41]) == []
    assert not asks_for_an_end(read_question("how much is a box", ("en",)))

"""Rows for other amounts than the one that is asked about."""

import numpy as np
import pytest

from core.reader.candidates import candidates
from core.reader.ranges import out_of_range
from core.schema import Hit, StoredPassage
from core.text import read_question, search_terms

NOTICE = """Length of service | Notice by the employee
Up to 5 years | 1 month
More than 5, up to 10 years | 2 months
More than 10 years | 3 months
"""
PRICES = """Weight | Zone 1 | Zone 2
up to 2 kg | €4.90 | €9.80
up to 5 kg | €6.90 | €13.50
up to 10 kg | €8.90 | €17.00
"""
TIMES = """Zone | Delivery
Zone 1 | 1 to 3 days
Zone 2 | 2 to 5 days
"""
BOXES = """Box | Load
Small | 10 kg
Large | 30 kg
"""


def left(table: str, question: str) -> list[str]:
    hit = Hit(StoredPassage("p", "s", "v", 0, 0, len(table), 1, table, "", " ".join(search_terms(table))), "a.md", 1.0)
    _, pool = candidates([hit], ("en",))
    out = out_of_range(read_question(question, ("en",)), pool)
    return [candidate.shown.split(" · ")[0].partition(": ")[2] for candidate in np.array(pool)[~out]]


@pytest.mark.parametrize(
    ("table", "question", "row"),
    [
        (NOTICE, "been here 7 years and want to quit, how long do i have to stay", "More than 5, up to 10 years"),
        (NOTICE, "notice after 12 years", "More than 10 years"),
        (PRICES, "what does a 3 kg parcel cost", "up to 5 kg"),
        (PRICES, "what does a 1500 g parcel cost", "up to 2 kg"),
    ],
)
def test_rows_for_other_amounts_are_told(table: str, question: str, row: str) -> None:
    assert left(table, question) == [row]


@pytest.mark.parametrize(
    ("table", "question"),
    [
        (NOTICE, "how long is the notice"),
        (NOTICE, "what do 3 parcels cost"),  # counted in something else
        (PRICES, "what does a 40 kg parcel cost"),  # beyond them all: nothing is told apart
        (PRICES, "what does it cost for 7 days"),
        (TIMES, "will it be here in 3 days"),  # these are answers, and reach into each other
        (BOXES, "does 20 kg go into a box"),  # what a row has is no range
    ],
)
def test_nothing_is_told_where_no_one_range_is_meant(table: str, question: str) -> None:
    assert len(left(table, question)) == table.count("\n") - 1

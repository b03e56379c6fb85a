"""A table with running text beside it: neither takes the other's words."""

from collections.abc import Callable

import pytest

from core.load import LoadLimits, Sandbox
from tests.core.load.makers import make_pdf
from tests.core.load.pdf.test_cells import Part, read, tables

ROWS = [["Item", "Weight"], ["Anvil", "48 kg"], ["Bench", "31 kg"], ["Crate", "12 kg"], ["Drum", "20 kg"]]
TABLE = [" | ".join(row) for row in ROWS]
TEXT = [
    "All that stands in the yard has been",
    "weighed by the clerk, who wrote what",
    "he found into the book. Of the drums",
    "there are two, of which the older is",
    "kept for the feast and was not moved",
    "since the roof came down in a storm.",
    "Whoever lends a bench has to carry it",
    "back before the rain, as the wood of",
    "it is not painted on the lower side.",
]
SIZE = 10.0
Rule = tuple[float, float, float, float]


def row_parts(left: float, step: float) -> list[list[Part]]:
    return [
        [(left + 110 * column, 660 - step * number, SIZE, cell) for column, cell in enumerate(row)]
        for number, row in enumerate(ROWS)
    ]


def text_parts(left: float, step: float) -> list[list[Part]]:
    return [[(left, 660 - step * number, SIZE, line)] for number, line in enumerate(TEXT)]


def after(first: list[list[Part]], second: list[list[Part]]) -> list[Part]:
    return [part for line in [*first, *second] for part in line]


def by_height(first: list[list[Part]], second: list[list[Part]]) -> list[Part]:
    return sorted(after(first, second), key=lambda part: (-part[1], part[0]))


def rules(left: float, right: float, step: float) -> list[Rule]:
    return [(left - 4, 672 - step * number, right, 672 - step * number) for number in range(len(ROWS) + 1)]


@pytest.mark.parametrize("order", [after, by_height])
@pytest.mark.parametrize("step", [18.0, 16.0, 14.0])
@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("table_first", [True, False])
def test_text_beside_a_table_is_read_on_its_own(
    table_first: bool,
    ruled: bool,
    step: float,
    order: Callable[[list[list[Part]], list[list[Part]]], list[Part]],
    sandbox: Sandbox,
    limits: LoadLimits,
) -> None:
    table_left, text_left = (60.0, 330.0) if table_first else (330.0, 60.0)
    parts = row_parts(table_left, step), text_parts(text_left, 14.0)
    page = order(*parts) if table_first else order(*parts[::-1])
    drawn = rules(table_left, table_left + 150, step) if ruled else []
    document = read(make_pdf([page], rules=[drawn]), sandbox, limits)
    assert tables(document) == [TABLE]
    assert " ".join(TEXT) in " ".join(document.text.split())
    assert all("|" not in document.text[b.start : b.end] for b in document.blocks if b.kind != "table")


@pytest.mark.parametrize("ruled", [True, False])
def test_a_column_of_sentences_stays_in_its_table(ruled: bool, sandbox: Sandbox, limits: LoadLimits) -> None:
    rows = [["Noise", "at night"], ["Litter", "in the yard"], ["Boats", "on the lawn"]]
    page: list[Part] = [
        (60.0, 660.0, SIZE, "Rule"),
        (120.0, 660.0, SIZE, "Where"),
        (220.0, 660.0, SIZE, "What it says"),
    ]
    for number, row in enumerate(rows):
        top = 640.0 - 42 * number
        page += [(60.0 + 60 * column, top, SIZE, cell) for column, cell in enumerate(row)]
        page += [(220.0, top - 12 * line, SIZE, TEXT[3 * number + line]) for line in range(3)]
    drawn = [(56.0, height, 400.0, height) for height in (672.0, 652.0, 610.0, 568.0, 526.0)] if ruled else []
    assert tables(read(make_pdf([page], rules=[drawn]), sandbox, limits)) == [
        [
            "Rule | Where | What it says",
            *(f"{row[0]} | {row[1]} | {' '.join(TEXT[3 * n : 3 * n + 3])}" for n, row in enumerate(rows)),
        ]
    ]

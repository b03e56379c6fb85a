"""Cells merged over several rows of a ruled table in a PDF: their text stands in each of these rows."""

import pytest

from core.load import LoadLimits, Sandbox
from core.load.pdf.text import character_indices
from tests.core.load.makers import make_pdf
from tests.core.load.pdf.test_cells import Part, first_page, read, tables
from tests.core.load.pdf.test_page import words_at

SIZE = 10.0
COLUMNS = (60.0, 220.0, 400.0)
HEAD = ("Region", "Size", "Rate")
ROWS = [
    ("Small", "5.10"),
    ("Middle", "6.20"),
    ("Large", "7.90"),
    ("Small", "4.60"),
    ("Middle", "5.40"),
    ("Large", "7.20"),
]
Rule = tuple[float, float, float, float]


def page_of(regions: list[Part]) -> list[Part]:
    page = [(x, 660.0, SIZE, name) for x, name in zip(COLUMNS, HEAD, strict=True)]
    for number, row in enumerate(ROWS):
        page += [(x, 642.0 - 18 * number, SIZE, cell) for x, cell in zip(COLUMNS[1:], row, strict=True)]
    return sorted(page + regions, key=lambda part: (-part[1], part[0]))


def rules(first_column: tuple[int, ...] = (0, 1, 4, 7)) -> list[Rule]:
    heights = [673.0 - 18 * row for row in range(8)]
    across = [(56.0 if row in first_column else 216.0, height, 560.0, height) for row, height in enumerate(heights)]
    return across + [(x, heights[0], x, heights[-1]) for x in (56.0, 216.0, 396.0, 560.0)]


def table(north: str, south: str) -> list[str]:
    return [
        " | ".join(HEAD),
        *(f"{north if number < 3 else south} | {size} | {rate}" for number, (size, rate) in enumerate(ROWS)),
    ]


@pytest.mark.parametrize(
    ("regions", "names"),
    [
        ([(60.0, 642.0, SIZE, "North"), (60.0, 588.0, SIZE, "South")], ("North", "South")),
        ([(60.0, 624.0, SIZE, "North"), (60.0, 570.0, SIZE, "South")], ("North", "South")),
        (
            [
                (60.0, 631.0, SIZE, "All of the"), (60.0, 619.0, SIZE, "north"),
                (60.0, 583.0, SIZE, "The south of"), (60.0, 571.0, SIZE, "the land and"), (60.0, 559.0, SIZE, "isles"),
            ],
            ("All of the north", "The south of the land and isles"),
        ),
    ],
    ids=["at the top", "in the middle", "over lines"],
)  # fmt: skip
def test_a_merged_cell_stands_in_each_of_its_rows(
    regions: list[Part], names: tuple[str, str], sandbox: Sandbox, limits: LoadLimits
) -> None:
    document = read(make_pdf([page_of(regions)], rules=[rules()]), sandbox, limits)
    assert tables(document) == [table(*names)]
    assert [block.header for block in document.blocks] == [" | ".join(HEAD)]


def test_words_repeated_are_highlighted_where_they_stand() -> None:
    data = make_pdf([page_of([(60.0, 642.0, SIZE, "North"), (60.0, 588.0, SIZE, "South")])], rules=[rules()])
    textpage, page = first_page(data)
    places = [place for place in range(len(page.text)) if page.text.startswith("North", place)]
    assert len(places) == 3
    assert {words_at(textpage, character_indices(textpage, page, place, place + 5)) for place in places} == {"North"}


def test_a_cell_that_no_rule_holds_together_is_not_repeated(sandbox: Sandbox, limits: LoadLimits) -> None:
    names: list[Part] = [(60.0, 642.0, SIZE, "North"), (60.0, 588.0, SIZE, "South")]
    all_rules = make_pdf([page_of(names)], rules=[rules(tuple(range(8)))])
    (found,) = tables(read(all_rules, sandbox, limits))
    assert found[1:3] == ["North | Small | 5.10", " | Middle | 6.20"]


def test_each_row_keeps_its_own_words_where_only_its_first_column_has_no_rules(
    sandbox: Sandbox, limits: LoadLimits
) -> None:
    names: list[Part] = [(60.0, 642.0 - 18 * number, SIZE, f"Place {number}") for number in range(6)]
    (found,) = tables(read(make_pdf([page_of(names)], rules=[rules()]), sandbox, limits))
    assert found[1:] == [f"Place {number} | {size} | {rate}" for number, (size, rate) in enumerate(ROWS)]


def test_a_column_that_most_rows_leave_empty_is_a_column(sandbox: Sandbox, limits: LoadLimits) -> None:
    columns = (60.0, 96.0, 240.0, 340.0, 440.0)
    rows = [["North" if number in (1, 4) else "", f"Hall {number}", "open", "free", "5.10"] for number in range(6)]
    page = [
        (x, 642.0 - 18 * number, SIZE, cell)
        for number, row in enumerate(rows)
        for x, cell in zip(columns, row, strict=True)
        if cell
    ]
    heights = [655.0 - 18 * row for row in range(7)]
    drawn = [(56.0 if row in (0, 3, 6) else 91.0, height, 560.0, height) for row, height in enumerate(heights)]
    (found,) = tables(read(make_pdf([page], rules=[drawn]), sandbox, limits))
    assert found == [f"North | Hall {number} | open | free | 5.10" for number in range(6)]

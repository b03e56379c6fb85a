"""Which first row names the columns: one judge for readers of files, for quotes and for what counts as an answer."""

import pytest

from core.text import cells, has_header, names_columns


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("| Norway | 25% |", ["Norway", "25%"]),
        ("Norway\t25%", ["Norway", "25%"]),
        (" | Large | 7.90", ["", "Large", "7.90"]),
        ("| | Large | 7.90 |", ["", "Large", "7.90"]),
        ('"Korea, South",USD 150', ["Korea, South", "USD 150"]),
        ("Norway;25,5", ["Norway;25", "5"]),
        ("Norway", []),
    ],
)
def test_a_row_is_cut_into_its_cells(line: str, parts: list[str]) -> None:
    assert cells(line) == parts


def test_a_row_that_has_not_as_many_cells_has_none() -> None:
    assert cells("Norway;25,5", 2) == ["Norway;25", "5"]
    assert cells("a;b;c", 3) == ["a", "b", "c"]
    assert cells("a;b;c", 2) == []
    assert cells(" | Large | 7.90", 3) == ["", "Large", "7.90"]
    assert cells("| Large | 7.90", 2) == ["Large", "7.90"]


@pytest.mark.parametrize(
    "rows",
    [
        ["Country | Rate", "Norway | 25%"],
        ["Service | Price in 2026", "Express | €12.50"],
        # Quotes took a year for an amount, and a row of years for one of them.
        ["Revenue | 2023 | 2022", "Sales | 5,100 | 4,800"],
        # The same for names that hold an amount with its unit, where the cells below are made otherwise.
        ["Zone | 1 kg | 5 kg", "Zone 1 | 6.95 | 9.95"],
        ["Name | Address 1 | Q1", "Smith | Main St 5 | none"],
        ["Item | 2023 | 2022", "Income | | ", "Sales | 5 | 4"],
    ],
)
def test_a_first_row_names_the_columns(rows: list[str]) -> None:
    assert has_header([cells(row) for row in rows])


@pytest.mark.parametrize(
    "rows",
    [
        ["Zone 1 | 6.95", "Zone 2 | 9.95"],
        # Readers of files took every row without a bare number for a header: also those whose numbers have a unit.
        ["Damaged parcel | 7 calendar days", "Lost parcel | 60 calendar days"],
        ["Storage | 12 EUR", "Pickup | 4.50 EUR"],
        ["Zone 1 | standard", "Zone 2 | express"],
        ["Founded | 1998", "Moved | 2004"],
        ["8517.12.00 | Phones", "8518.10 | Loudspeakers"],
        ["Patents | 4 - 20 years", "Trademarks | 12 - 30 years"],
        ["Zone 1 to 3 | standard", "Zone 4 | express | 3"],
        ["Prices | | ", "Norway | 5 | 6"],
        ["Country | Rate"],
        [],
    ],
)
def test_a_first_row_is_a_row_like_the_others(rows: list[str]) -> None:
    assert not has_header([cells(row) for row in rows])


def test_a_line_without_cells_names_no_columns() -> None:
    assert names_columns("Country | Rate", "Norway | 25%")
    assert not names_columns("Norway", "Sweden")

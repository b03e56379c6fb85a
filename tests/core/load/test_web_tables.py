"""How much of the labelled tables stands in the right row and column."""

import pytest

from core.load import LoadLimits, Sandbox, load
from tests.core.load.labelled_web_tables import TABLES
from tests.core.load.test_real_files import check_contract


def share_in_place(read: list[list[str]], expected: list[list[str]]) -> float:
    """Return the share of the expected cells with words that stand where they belong."""
    cells = [(row, column) for row, cells in enumerate(expected) for column, cell in enumerate(cells) if cell]
    placed = sum(
        row < len(read) and column < len(read[row]) and read[row][column] == expected[row][column]
        for row, column in cells
    )
    return placed / len(cells)


@pytest.mark.parametrize(("page", "expected"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_every_cell_stands_in_its_row_and_column(
    page: bytes, expected: list[list[str]], sandbox: Sandbox, limits: LoadLimits
) -> None:
    document = load(b"<html><body><h1>Table</h1>" + page + b"</body></html>", "a.html", limits=limits, sandbox=sandbox)
    check_contract(document)
    table = next(block for block in document.blocks if block.kind == "table")
    read = [document.text[start:end].split(" | ") for start, end in table.rows]
    assert share_in_place(read, expected) == 1.0
    assert table.header == " | ".join(expected[0])
    assert len(read) == len(expected)


def test_a_cell_that_claims_to_reach_over_everything_costs_nothing(sandbox: Sandbox, limits: LoadLimits) -> None:
    wide = b"<td rowspan=10000 colspan=100>" + b"long words " * 20 + b"</td>"
    page = b"<table><tr>" + wide * 60 + b"</tr>" + b"<tr><td>x</td><td>y</td></tr>" * 8000 + b"</table>"
    document = load(b"<html><body>" + page + b"</body></html>", "a.html", limits=limits, sandbox=sandbox)
    assert document.text.count("x | y") + document.text.count("x") >= 8000

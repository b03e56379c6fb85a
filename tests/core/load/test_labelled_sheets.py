"""How many cells of the labelled tables stand in the right row and column."""

import csv

import pytest

from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.labelled_sheets import LABELLED, Labelled, Rows


def rows_read(document: Document, place: int) -> Rows:
    """Return the cells of one table of a document, its header row first where it has one."""
    table = [block for block in document.blocks if block.kind == "table"][place]
    lines = [document.text[start:end] for start, end in table.rows]
    if document.kind != "csv":
        return [line.split(" | ") for line in lines]
    width = table.header.count(" | ") + 1
    ways = ([next(csv.reader([line], delimiter=mark)) for line in lines] for mark in ",;\t|")
    return next(rows for rows in ways if len(rows[0]) == width)


def share_in_place(rows: Rows, wanted: Rows) -> float:
    """Return the share of the wanted cells that stand in the row and the column where they belong."""
    count = max(sum(map(len, wanted)), sum(map(len, rows)))
    pairs = (pair for line, right in zip(rows, wanted, strict=False) for pair in zip(line, right, strict=False))
    return sum(cell == right for cell, right in pairs) / count


@pytest.mark.parametrize("labelled", LABELLED, ids=[labelled.name for labelled in LABELLED])
def test_every_cell_stands_in_its_row_and_column(labelled: Labelled, sandbox: Sandbox, limits: LoadLimits) -> None:
    document = load(labelled.make(), labelled.name, limits=limits, sandbox=sandbox)
    rows = rows_read(document, labelled.place)
    assert share_in_place(rows, labelled.rows) == 1.0
    tables = [block for block in document.blocks if block.kind == "table"]
    assert tables[labelled.place].header.split(" | ") == labelled.rows[0]

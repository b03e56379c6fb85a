"""How many cells of the labelled tables stand in the right row and column."""

import pytest

from core.load import LoadLimits, Sandbox, load
from tests.core.load.labelled_pdf_tables import LabelledTable, labelled_tables
from tests.core.load.table_score import cells_right, rows_found
from tests.core.load.test_real_files import check_contract


@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in labelled_tables()])
def test_cells_stand_in_their_row_and_column(table: LabelledTable, sandbox: Sandbox, limits: LoadLimits) -> None:
    document = load(table.pdf, "a.pdf", limits=limits, sandbox=sandbox)
    check_contract(document)
    found = rows_found(document)
    right, of = cells_right(table.rows, found)
    assert right >= 0.99 * of, found

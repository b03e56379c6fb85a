"""Every cell of the labelled Word tables stands in the right row and column."""

import pytest

from core.load import LoadLimits, Sandbox, load
from tests.core.load.labelled_word_tables import Rows, labelled_tables
from tests.core.load.table_score import cells_right, rows_found
from tests.core.load.test_real_files import check_contract

TABLES = labelled_tables()


@pytest.mark.parametrize(("file", "rows"), [each[1:] for each in TABLES], ids=[name for name, *_ in TABLES])
def test_every_cell_stands_in_its_row_and_column(file: bytes, rows: Rows, sandbox: Sandbox, limits: LoadLimits) -> None:
    document = load(file, "a.docx", limits=limits, sandbox=sandbox)
    check_contract(document)
    right, of = cells_right(rows, rows_found(document))
    assert right == of, rows_found(document)

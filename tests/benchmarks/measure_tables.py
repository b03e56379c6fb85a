"""How well tables are read: of 40 labelled ones, the share of cells that stand in the right row and column."""

from collections.abc import Iterator

from tests.benchmarks.measured import Line
from tests.core.load.labelled_pdf_tables import labelled_tables as pdf_tables
from tests.core.load.labelled_sheets import LABELLED
from tests.core.load.labelled_web_tables import TABLES
from tests.core.load.labelled_word_tables import labelled_tables as word_tables
from tests.core.load.table_score import Rows, cells_right, rows_found


def in_place(quick: bool) -> list[Line]:
    """Read every labelled table as an upload is read."""
    from core.errors import LoadError
    from core.load import Sandbox, load, load_limits

    sandbox, limits = Sandbox(), load_limits()
    lines = []
    for kind, tables in (
        ("Word", _word()),
        ("spreadsheets and CSV", _sheets()),
        ("PDF", _pdf()),
        ("web pages", _web()),
    ):
        right = of = count = 0
        for name, data, rows in tables:
            try:
                found = rows_found(load(data, name, limits=limits, sandbox=sandbox))
            except LoadError:
                found = []
            placed, cells = cells_right(rows, found)
            right, of, count = right + placed, of + cells, count + 1
        lines.append(Line(f"cells in place, {kind}", right / of, "", note=f"{right} of {of} in {count} tables"))
    sandbox.close()
    return lines


def _word() -> Iterator[tuple[str, bytes, Rows]]:
    for name, data, rows in word_tables():
        yield f"{name}.docx", data, rows


def _sheets() -> Iterator[tuple[str, bytes, Rows]]:
    for labelled in LABELLED:
        yield labelled.name, labelled.make(), labelled.rows


def _pdf() -> Iterator[tuple[str, bytes, Rows]]:
    for table in pdf_tables():
        yield f"{table.name}.pdf", table.pdf, table.rows


def _web() -> Iterator[tuple[str, bytes, Rows]]:
    for name, page, rows in TABLES:
        yield f"{name}.html", b"<html><body><h1>Table</h1>" + page + b"</body></html>", rows

"""Excel workbooks (.xlsx, .xlsm, .xltx): each sheet a page, each table on it a table block, every cell as shown.

openpyxl is not used: read in a streaming way it gives neither merged cells nor what is hidden, no strict Open XML and
no formulas without a value, and it refuses whole workbooks for a fault in their colours.
"""

import zipfile
from collections.abc import Iterator

from lxml import etree

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.sheets.cells import CellReader
from core.load.sheets.controls import control_lines
from core.load.sheets.grid import Grid
from core.load.sheets.layout import (
    add_sheet,
    damaged_warning,
    hidden_warning,
    left_out_warning,
    more_sheets_warning,
    uncalculated_warning,
)
from core.load.sheets.notes import drawings, notes
from core.load.sheets.words import own_words
from core.load.sheets.workbook import SheetPart, Workbook, open_workbook, stated_title
from core.schema import Document

__all__ = ["own_words", "read"]


def read(data: bytes, reading: Reading) -> Document:
    """Read a workbook: the values saved last, never formulas; hidden sheets, rows and columns are named but not read.

    Raises LoadError (broken, too_large).
    """
    try:
        book = open_workbook(data)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise LoadError(
            "This workbook is incomplete or damaged and could not be opened.",
            "Open it in Excel, save it again as .xlsx and upload the new copy.",
            code="broken",
        ) from error
    builder = Builder()
    reader = CellReader(book)
    shown = [sheet for sheet in book.sheets if sheet.shown]
    read_sheets: list[tuple[str, Grid]] = []
    for number, sheet in enumerate(shown[: reading.pages], 1):
        reading.tell("Reading sheet", number, len(shown))
        grid = Grid(builder.length)
        if not _filled(reader, book, sheet, grid):
            builder.warnings.append(damaged_warning(sheet.name))
        read_sheets.append((sheet.name, grid))
        add_sheet(builder, sheet.name, grid, list(_besides(book, sheet, grid)))
    builder.warnings.extend(uncalculated_warning(reader.uncalculated))
    builder.warnings.extend(hidden_warning([sheet.name for sheet in book.sheets if not sheet.shown]))
    builder.warnings.extend(left_out_warning(read_sheets))
    builder.warnings.extend(more_sheets_warning(len(shown), reading.pages))
    return builder.document("xlsx", title=stated_title(book), page_word="sheet")


def _filled(reader: CellReader, book: Workbook, sheet: SheetPart, grid: Grid) -> bool:
    if not book.holds(sheet.path):
        return False
    with book.open(sheet.path) as stream:
        return reader.fill(grid, stream)


def _besides(book: Workbook, sheet: SheetPart, grid: Grid) -> Iterator[str]:
    parts = list(book.related(sheet.path).values())
    yield from drawings(book, parts)
    yield from control_lines(book, parts)
    yield from notes(book, parts, grid)

"""Old Excel workbooks (.xls) through xlrd, read like the new ones."""

import io
from collections.abc import Iterator
from typing import Any

from core.errors import LoadError
from core.load.builder import Builder
from core.load.detect import locked
from core.load.limits import Reading
from core.load.sheets import Row, add_sheet, hidden_warning, shown
from core.schema import Document


def read(data: bytes, reading: Reading) -> Document:
    """Read an old workbook. Raises LoadError (encrypted, broken)."""
    import xlrd

    try:
        # Left alone it prints what it thinks of a file.
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), formatting_info=False)
    except (xlrd.XLRDError, AssertionError, IndexError, ValueError) as error:
        if "encrypted" in str(error).lower():
            raise locked("workbook") from error
        raise LoadError(
            "This workbook is incomplete or damaged and could not be opened.",
            "Open it in Excel, save it as .xlsx and upload that.",
            code="broken",
        ) from error
    builder = Builder()
    sheets = [sheet for sheet in book.sheets() if not sheet.visibility]
    for number, sheet in enumerate(sheets[: reading.pages], 1):
        reading.tell("Reading sheet", number, len(sheets))
        add_sheet(builder, sheet.name, _rows(sheet, book.datemode))
    builder.warnings.extend(hidden_warning([sheet.name for sheet in book.sheets() if sheet.visibility]))
    return builder.document("xls", page_word="sheet")


def _rows(sheet: Any, datemode: int) -> Iterator[Row]:
    for index in range(sheet.nrows):
        yield [_shown(cell, datemode) for cell in sheet.row(index)]


def _shown(cell: Any, datemode: int) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return shown(xlrd.xldate_as_datetime(cell.value, datemode))
        except (xlrd.xldate.XLDateError, OverflowError):
            return shown(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    return shown(cell.value)

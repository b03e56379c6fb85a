"""Old Excel workbooks (.xls) through xlrd, read like the new ones; XML Spreadsheet 2003 is its text form."""

import io
import struct
from array import array
from collections.abc import Iterator
from typing import Any

from core.errors import LoadError
from core.load.builder import Builder
from core.load.containers import locked
from core.load.limits import Reading
from core.load.sheets.cells import reference_of
from core.load.sheets.grid import Grid
from core.load.sheets.layout import add_sheet, hidden_warning, left_out_warning, more_sheets_warning
from core.load.sheets.notes import note_line
from core.load.sheets.number_format import Formatter, formatter, general, text_formatter
from core.load.sheets.old_records import older_boxes, own_texts, shapes_and_charts, workbook_stream
from core.schema import Document, Shortfall

_FAULTS = (
    AssertionError, AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError,
    struct.error,
)  # fmt: skip


def read(data: bytes, reading: Reading) -> Document:
    """Read an old workbook. Raises LoadError (encrypted, broken)."""
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ").startswith((b"<", b"\x00<")):
        from core.load.sheets import sheet_xml

        return sheet_xml.read(data, reading)
    book = _opened(data)
    builder = Builder()
    shown = [sheet for sheet in book.sheets() if not sheet.visibility]
    besides = shapes_and_charts(data)
    grids: list[tuple[str, Grid]] = []
    for number, sheet in enumerate(shown[: reading.pages], 1):
        reading.tell("Reading sheet", number, len(shown))
        grid = _grid(book, sheet, builder.length)
        grids.append((sheet.name, grid))
        add_sheet(builder, sheet.name, grid, [*besides.get(sheet.name, ()), *_notes(sheet, grid)])
    builder.warnings.extend(hidden_warning([sheet.name for sheet in book.sheets() if sheet.visibility]))
    builder.warnings.extend(left_out_warning(grids))
    if boxes := older_boxes(data):
        what = "The words in a text box of it were" if boxes == 1 else f"The words in {boxes:,} text boxes of it were"
        builder.warnings.append(Shortfall(f"{what} not read.", "Open it in Excel, save it as .xlsx and upload that."))
    builder.warnings.extend(more_sheets_warning(len(shown), reading.pages))
    return builder.document("xls", page_word="sheet")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the shared texts of the workbook's cells, read from its records without xlrd."""
    yield from own_texts(data)


def _opened(data: bytes) -> Any:
    """Open a workbook with its formats; one whose formats are faulty is read without them."""
    import xlrd

    fault: Exception | None = None
    # Out of its container: in one with faults xlrd refuses what olefile reads, or looks for the end without end.
    contents = workbook_stream(data) or data
    for formats in (True, False):
        try:
            # Left alone it prints what it thinks of a file.
            return xlrd.open_workbook(
                file_contents=contents, logfile=io.StringIO(), formatting_info=formats, ragged_rows=True,
                ignore_workbook_corruption=not formats,
            )  # fmt: skip
        except (xlrd.XLRDError, xlrd.compdoc.CompDocError, xlrd.formula.FormulaError) as error:
            if "encrypted" in str(error).lower():
                raise locked("workbook") from error
            fault = error
        except _FAULTS as error:
            fault = error
    raise LoadError(
        "This workbook is incomplete or damaged and could not be opened.",
        "Open it in Excel, save it as .xlsx and upload that.",
        code="broken",
    ) from fault


def _grid(book: Any, sheet: Any, length: int) -> Grid:
    grid = Grid(length)
    for column, info in sheet.colinfo_map.items():
        if info.hidden or not info.width:
            grid.hide_columns(column, column)
    shows = _Shows(book)
    for number in range(sheet.nrows):
        columns, cells = array("H"), []
        for column, cell in enumerate(sheet.row(number)):
            if cell.ctype not in (0, 6) and (text := shows.text(cell)):
                columns.append(column)
                cells.append(text)
        info = sheet.rowinfo_map.get(number)
        grid.add_row(number, columns, cells, hidden=bool(info and info.hidden))
    grid.merges.extend((top, left, below - 1, right - 1) for top, below, left, right in sheet.merged_cells)
    grid.finish()
    return grid


class _Shows:
    """Shows cells of a workbook, each by the format of its style."""

    def __init__(self, book: Any) -> None:
        self.from_1904 = bool(book.datemode)
        codes = {key: made.format_str or "General" for key, made in book.format_map.items()}
        self.codes = [codes.get(style.format_key, "General") for style in book.xf_list]
        self.shows: list[Formatter] = [formatter(code, from_1904=self.from_1904) for code in self.codes]
        self.text_shows = [text_formatter(code) for code in self.codes]

    def text(self, cell: Any) -> str:
        """Return what a cell shows."""
        import xlrd

        style, kind, value = cell.xf_index, cell.ctype, cell.value
        known = style is not None and 0 <= style < len(self.codes)
        if kind == xlrd.XL_CELL_TEXT:
            show = self.text_shows[style] if known else None
            return (show(value) if show else value).strip()
        if kind == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if kind == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(value, ""))
        if known:
            return self.shows[style](value)
        plain_date = formatter("yyyy-mm-dd hh:mm", from_1904=self.from_1904)
        return (plain_date if kind == xlrd.XL_CELL_DATE else general)(value)


def _notes(sheet: Any, grid: Grid) -> Iterator[str]:
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        yield from note_line(grid, reference_of(row, column), note.text or "")

"""XML Spreadsheet 2003, which programs write under the name .xls."""

from array import array
from typing import Any

from lxml import etree

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.office.elements import parsed
from core.load.sheets.cells import reference_of
from core.load.sheets.date_format import serial_of
from core.load.sheets.grid import MOST_COLUMN, Grid
from core.load.sheets.layout import add_sheet, hidden_warning, left_out_warning, more_sheets_warning
from core.load.sheets.notes import note_line
from core.load.sheets.number_format import BUILT_IN, formatter, text_formatter
from core.schema import Document

_NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MOST_ROW = 10_000_000
_MOST_MERGES = 200_000
# Formats are written out, or by these names.
_NAMED = {
    "General Number": "General", "General Date": BUILT_IN[22], "Long Date": "yyyy-mm-dd", "Medium Date": "yyyy-mm-dd",
    "Short Date": "yyyy-mm-dd", "Long Time": BUILT_IN[19], "Medium Time": BUILT_IN[18], "Short Time": BUILT_IN[20],
    "Currency": BUILT_IN[7], "Euro Currency": "[$€-2]#,##0.00", "Fixed": "0.00", "Standard": "#,##0.00",
    "Percent": "0.00%", "Scientific": BUILT_IN[11], "Yes/No": '"Yes";"Yes";"No"', "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
}  # fmt: skip


def read(data: bytes, reading: Reading) -> Document:
    """Read a workbook of one XML file. Raises LoadError (broken)."""
    if b"<!entity" in data[:100_000].replace(b"\x00", b"").lower():
        raise _broken()
    try:
        tree = parsed(data)
    except etree.XMLSyntaxError as error:
        raise _broken() from error
    builder = Builder()
    codes = _formats(tree)
    sheets = list(tree.iterfind("{*}Worksheet"))
    shown = [sheet for sheet in sheets if not _hidden_sheet(sheet)]
    grids: list[tuple[str, Grid]] = []
    for number, sheet in enumerate(shown[: reading.pages], 1):
        reading.tell("Reading sheet", number, len(shown))
        name, grid = sheet.get(f"{_NAMESPACE}Name", ""), Grid(builder.length)
        notes = _fill(grid, sheet, codes)
        grid.finish()
        grids.append((name, grid))
        add_sheet(builder, name, grid, [line for place, text in notes for line in note_line(grid, place, text)])
    hidden = [sheet.get(f"{_NAMESPACE}Name", "") for sheet in sheets if _hidden_sheet(sheet)]
    builder.warnings.extend(hidden_warning(hidden))
    builder.warnings.extend(left_out_warning(grids))
    builder.warnings.extend(more_sheets_warning(len(shown), reading.pages))
    return builder.document("xls", page_word="sheet")


def _fill(grid: Grid, sheet: Any, codes: dict[str, str]) -> list[tuple[str, str]]:
    """Read a sheet's rows into ``grid``; return its notes, each with its cell."""
    table = sheet.find("{*}Table")
    notes: list[tuple[str, str]] = []
    column = -1
    for entry in table.iterfind("{*}Column") if table is not None else ():
        column = _number(entry, "Index", column + 2) - 1
        last = column + _number(entry, "Span", 0)
        if entry.get(f"{_NAMESPACE}Hidden") == "1" or entry.get(f"{_NAMESPACE}Width") == "0":
            grid.hide_columns(column, last)
        column = last
    row = -1
    for entry in table.iterfind("{*}Row") if table is not None else ():
        row = _number(entry, "Index", row + 2) - 1
        if row > _MOST_ROW:
            break
        columns, cells = array("H"), []
        for column, cell in _placed(entry):
            across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
            if (across or down) and len(grid.merges) < _MOST_MERGES:
                grid.merges.append((row, column, row + down, column + across))
            if text := _text(cell, codes):
                columns.append(column)
                cells.append(text)
            comment = cell.find("{*}Comment/{*}Data")
            if comment is not None:
                notes.append((reference_of(row, column), "".join(comment.itertext())))
        grid.add_row(row, columns, cells, hidden=entry.get(f"{_NAMESPACE}Hidden") == "1")
        row += _number(entry, "Span", 0)
    return notes


def _placed(row: Any) -> list[tuple[int, Any]]:
    placed, column = [], -1
    for cell in row.iterfind("{*}Cell"):
        column = _number(cell, "Index", column + 2) - 1
        if column > MOST_COLUMN:
            break
        placed.append((column, cell))
        column += _number(cell, "MergeAcross", 0)
    return placed


def _text(cell: Any, codes: dict[str, str]) -> str:
    """Return what a cell shows."""
    data = cell.find("{*}Data")
    if data is None:
        return ""
    text = "".join(data.itertext()).strip()
    kind = data.get(f"{_NAMESPACE}Type", "String")
    code = codes.get(cell.get(f"{_NAMESPACE}StyleID", ""), "General")
    if kind == "Number":
        try:
            return formatter(code)(float(text)) if code != "General" or not text.isdigit() else text
        except ValueError:
            return text
    if kind == "DateTime" and (serial := serial_of(text)) is not None:
        return formatter(code if code != "General" else "yyyy-mm-dd hh:mm")(serial)
    if kind == "Boolean":
        return "TRUE" if text == "1" else "FALSE"
    show = text_formatter(code) if kind == "String" else None
    return show(text) if show else text


def _formats(tree: Any) -> dict[str, str]:
    """Return the format code of each style; a style without one has that of its parent."""
    codes: dict[str, str] = {}
    for style in tree.iterfind("{*}Styles/{*}Style"):
        made = style.find("{*}NumberFormat")
        code = made.get(f"{_NAMESPACE}Format") if made is not None else codes.get(style.get(f"{_NAMESPACE}Parent", ""))
        if code:
            codes[style.get(f"{_NAMESPACE}ID", "")] = _NAMED.get(code, code)
    return codes


def _hidden_sheet(sheet: Any) -> bool:
    return (sheet.findtext("{*}WorksheetOptions/{*}Visible") or "") in ("SheetHidden", "SheetVeryHidden")


def _number(element: Any, name: str, otherwise: int) -> int:
    text = element.get(f"{_NAMESPACE}{name}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _broken() -> LoadError:
    return LoadError(
        "This workbook is incomplete or damaged and could not be opened.",
        "Open it in Excel, save it as .xlsx and upload that.",
        code="broken",
    )

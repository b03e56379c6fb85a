"""Binary Excel workbooks (.xlsb): the parts of an .xlsx whose sheets are records instead of XML ([MS-XLSB]).

python-calamine reads them too, but tells neither formats nor merged nor hidden cells, so nothing would be as shown.
"""

import struct
import zipfile
from array import array
from collections.abc import Callable, Iterator

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.sheets.cells import reference_of
from core.load.sheets.controls import control_lines
from core.load.sheets.grid import MOST_COLUMN, Grid
from core.load.sheets.layout import add_sheet, damaged_warning, hidden_warning, left_out_warning, more_sheets_warning
from core.load.sheets.notes import drawings, note_line
from core.load.sheets.number_format import BUILT_IN, Formatter, formatter, text_formatter
from core.load.sheets.workbook import Part, SheetPart, Workbook, open_archive, stated_title
from core.schema import Document

_ROW, _SHARED_TEXT, _FORMAT, _STYLE, _COLUMNS, _RICH_TEXT, _WORKBOOK, _SHEET, _MERGE = (
    0, 19, 44, 47, 60, 62, 153, 156, 176,
)  # fmt: skip
_STYLES_BEGIN, _STYLES_END, _NOTE, _NOTE_TEXT = 617, 618, 635, 637
_FIRST_SHORT, _LAST_SHORT = 12, 18  # as 1 to 7, in the column after the cell before
_ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA",
}  # fmt: skip
_MOST_MERGES = 200_000
_LAST_ROW = 1_048_575
Record = tuple[int, memoryview]


def read(data: bytes, reading: Reading) -> Document:
    """Read a binary workbook like an .xlsx. Raises LoadError (broken, too_large)."""
    builder = Builder()
    grids: list[tuple[str, Grid]] = []
    try:
        book = open_archive(data)
        sheets = _sheets(book)
        shown = [sheet for sheet in sheets if sheet.shown]
        show = _shows(book)
        for number, sheet in enumerate(shown[: reading.pages], 1):
            reading.tell("Reading sheet", number, len(shown))
            grid = Grid(builder.length)
            try:
                _fill(grid, _records(book, sheet.path), show)
            except (struct.error, IndexError):
                builder.warnings.append(damaged_warning(sheet.name))
            grid.finish()
            grids.append((sheet.name, grid))
            parts = list(book.related(sheet.path).values())
            add_sheet(
                builder,
                sheet.name,
                grid,
                [*drawings(book, parts), *control_lines(book, parts), *_notes(book, parts, grid)],
            )
    except (struct.error, IndexError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise LoadError(
            "This workbook is incomplete or damaged and could not be opened.",
            "Open it in Excel, save it again and upload the new copy.",
            code="broken",
        ) from error
    builder.warnings.extend(hidden_warning([sheet.name for sheet in sheets if not sheet.shown]))
    builder.warnings.extend(left_out_warning(grids))
    builder.warnings.extend(more_sheets_warning(len(shown), reading.pages))
    return builder.document("xlsb", title=stated_title(book), page_word="sheet")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the shared texts in cells of the sheets that are shown, but those in hidden rows and columns, each once."""
    book = open_archive(data)
    used: set[int] = set()
    try:
        for sheet in _sheets(book):
            used |= _shared_texts(_records(book, sheet.path)) if sheet.shown else set()
        strings = _strings(book)
    except (struct.error, IndexError):
        return  # the reader says that it is damaged
    yield from (("", text) for number, text in enumerate(strings) if number in used)


def _shared_texts(records: Iterator[Record]) -> set[int]:
    """Return the numbers of the shared texts in a sheet's cells that are shown."""
    hidden, grid, used = False, Grid(), set[int]()
    for code, body in records:
        if code == _ROW:
            hidden = _is_hidden_row(body)
        elif code == _COLUMNS and _is_hidden_column(body):
            grid.hide_columns(*struct.unpack_from("<II", body))
        elif code == 7 and not hidden:
            column, _, number = struct.unpack_from("<III", body)
            used.update([number] if column not in grid.hidden_columns else [])
    return used


def _records(book: Workbook, path: str) -> Iterator[Record]:
    """Yield the code and the body of each record of a part."""
    if not book.holds(path):
        return
    with book.open(path) as stream:
        content = memoryview(stream.read())
    place, end = 0, len(content)
    while place < end:
        code = content[place]
        place += 1
        if code & 0x80:
            code = (code & 0x7F) | (content[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while shift < 28:
            byte = content[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield code, content[place : place + size]
        place += size


def _sheets(book: Workbook) -> list[SheetPart]:
    parts = book.related(book.main)
    sheets = []
    for code, body in _records(book, book.main):
        if code == _WORKBOOK:
            book.from_1904 = bool(body[0] & 1)
        elif code == _SHEET:
            identifier, after = _wide(body, 8 if body[14] else 12)  # a beta of Excel 2007 wrote one number more
            name, _ = _wide(body, after)
            part = parts.pop(identifier, None)
            if part is not None and part.kind in ("worksheet", "chartsheet"):
                sheets.append(SheetPart(name, part.path, not body[0]))
    return sheets


def _wide(body: memoryview, place: int) -> tuple[str, int]:
    """Return the text that begins at ``place`` with its length, and where it ends."""
    (length,) = struct.unpack_from("<I", body, place)
    if length == 0xFFFFFFFF:
        return "", place + 4
    end = place + 4 + 2 * length
    return bytes(body[place + 4 : end]).decode("utf-16-le", errors="replace"), end


def _strings(book: Workbook) -> list[str]:
    path = next((part.path for part in book.related(book.main).values() if part.kind == "sharedStrings"), "")
    return [_wide(body, 1)[0].strip() for code, body in _records(book, path) if code == _SHARED_TEXT]


def _shows(book: Workbook) -> Callable[[int, int, memoryview, int], str]:
    """Return what shows a cell, given its code, its style, its record and where in it the value begins."""
    strings, shows, text_shows = _strings(book), list[Formatter](), list[Callable[[str], str] | None]()
    own: dict[int, str] = {}
    cell_styles = False
    path = next((part.path for part in book.related(book.main).values() if part.kind == "styles"), "")
    for code, body in _records(book, path):
        cell_styles = code == _STYLES_BEGIN or (cell_styles and code != _STYLES_END)
        if code == _FORMAT:
            own[body[0] | body[1] << 8] = _wide(body, 2)[0]
        elif code == _STYLE and cell_styles:
            number = body[2] | body[3] << 8
            made = own.get(number) or BUILT_IN.get(number, "General")
            shows.append(formatter(made, from_1904=book.from_1904))
            text_shows.append(text_formatter(made))
    plain = formatter("General")

    def show(code: int, style: int, body: memoryview, place: int) -> str:
        if code in (2, 5, 9):
            value = _packed(body, place) if code == 2 else struct.unpack_from("<d", body, place)[0]
            return (shows[style] if style < len(shows) else plain)(value)
        if code in (3, 11):
            return _ERRORS.get(body[place], "")
        if code in (4, 10):
            return "TRUE" if body[place] else "FALSE"
        if code == 7:
            (number,) = struct.unpack_from("<I", body, place)
            text = strings[number] if number < len(strings) else ""
        else:
            text = _wide(body, place + (code == _RICH_TEXT))[0].strip()
        text_show = text_shows[style] if style < len(text_shows) else None
        return text_show(text) if text_show else text

    return show


def _packed(body: memoryview, place: int) -> float:
    """Return a number kept in 30 bits: whole or the head of a float, maybe in hundredths."""
    (packed,) = struct.unpack_from("<i", body, place)
    if packed & 2:
        value: float = packed >> 2
    else:
        (value,) = struct.unpack("<d", struct.pack("<q", (packed & ~3) << 32))
    return value / 100 if packed & 1 else value


def _fill(grid: Grid, records: Iterator[Record], show: Callable[[int, int, memoryview, int], str]) -> None:
    row, column, hidden = 0, -1, False
    columns, cells = array("H"), list[str]()
    for code, body in records:
        if code == _ROW:
            grid.add_row(row, columns, cells, hidden=hidden)
            columns, cells, column = array("H"), [], -1
            (row,) = struct.unpack_from("<I", body)
            row, hidden = min(row, _LAST_ROW), _is_hidden_row(body)
        elif 1 <= code <= 11 or code == _RICH_TEXT:
            column, style = struct.unpack_from("<II", body)
            if code != 1 and column <= MOST_COLUMN and (text := show(code, style & 0xFFFFFF, body, 8)):
                columns.append(column)
                cells.append(text)
        elif _FIRST_SHORT <= code <= _LAST_SHORT:
            column += 1
            (style,) = struct.unpack_from("<I", body)
            if code > _FIRST_SHORT and column <= MOST_COLUMN and (text := show(code - 11, style & 0xFFFFFF, body, 4)):
                columns.append(column)
                cells.append(text)
        elif code == _COLUMNS and _is_hidden_column(body):
            grid.hide_columns(*struct.unpack_from("<II", body))
        elif code == _MERGE and len(grid.merges) < _MOST_MERGES:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            grid.merges.append((top, left, bottom, right))
    grid.add_row(row, columns, cells, hidden=hidden)


def _is_hidden_row(body: memoryview) -> bool:
    return len(body) > 11 and bool(body[11] & 0x10)


def _is_hidden_column(body: memoryview) -> bool:
    return len(body) > 16 and (bool(body[16] & 1) or not any(body[8:12]))


def _notes(book: Workbook, parts: list[Part], grid: Grid) -> Iterator[str]:
    for part in parts:
        place = (0, 0)
        for code, body in _records(book, part.path) if part.kind == "comments" else ():
            if code == _NOTE:
                row, _, column, _ = struct.unpack_from("<IIII", body, 4)
                place = (row, min(column, MOST_COLUMN))
            elif code == _NOTE_TEXT:
                yield from note_line(grid, reference_of(*place), _wide(body, 1)[0])

"""The rows of one sheet of an .xlsx, streamed from its XML into a Grid."""

import datetime
import re
from array import array
from collections.abc import Callable
from typing import Any

from lxml import etree

from core.load.sheets.grid import MOST_COLUMN, Grid
from core.load.sheets.number_format import Formatter, formatter, general, text_formatter
from core.load.sheets.workbook import Workbook, rich_text, rows_of, unescaped

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_MOST_MERGES = 200_000
_TRUE = ("1", "true")
_COLUMNS: dict[str, int] = {}


class CellReader:
    """Shows the cells of a workbook's sheets. ``uncalculated`` counts formulas without a value."""

    def __init__(self, book: Workbook) -> None:
        self.strings = book.strings
        self.shows: dict[str, Formatter] = {}
        self.text_shows: dict[str, Callable[[str], str]] = {}
        for number, code in enumerate(book.formats):
            show = formatter(code, from_1904=book.from_1904)
            if show is not general:
                self.shows[str(number)] = show
            if text_show := text_formatter(code):
                self.text_shows[str(number)] = text_show
        self.date = formatter("yyyy-mm-dd hh:mm", from_1904=False)
        self.uncalculated = 0

    def fill(self, grid: Grid, stream: Any) -> bool:
        """Read a sheet's XML into ``grid``; return whether it was whole."""
        try:
            before = -1
            for element in rows_of(stream, "row", "col", "mergeCell"):
                if element.tag.endswith("}row"):
                    before = self._add_row(grid, element, before)
                elif element.tag.endswith("}col"):
                    if element.get("hidden") in _TRUE or element.get("width") == "0":
                        grid.hide_columns(_whole(element.get("min"), 1) - 1, _whole(element.get("max"), 1) - 1)
                elif len(grid.merges) < _MOST_MERGES and (area := merged_area(element.get("ref", ""))):
                    grid.merges.append(area)
        except etree.XMLSyntaxError:
            return False
        finally:
            grid.finish()
        return True

    def _add_row(self, grid: Grid, row: Any, before: int) -> int:
        number = _whole(row.get("r"), before + 2) - 1
        hidden = row.get("hidden") in _TRUE or (row.get("ht") == "0" and row.get("customHeight") in _TRUE)
        columns, cells = array("H"), []
        column = -1
        for cell in row:
            reference = cell.get("r")
            column = column_of(reference) if reference else column + 1
            if not 0 <= column <= MOST_COLUMN or not len(cell):
                continue
            if text := self._text(cell):
                columns.append(column)
                cells.append(text)
        grid.add_row(number, columns, cells, hidden=hidden)
        return number

    def _text(self, cell: Any) -> str:
        """Return what a cell shows."""
        kind, style = cell.get("t", "n"), cell.get("s", "0")
        value, inline, formula = None, None, False
        for child in cell:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag.endswith("}v"):
                value = child.text
            elif tag.endswith("}is"):
                inline = child
            elif tag.endswith("}f"):
                formula = True
        if value is None:
            if inline is not None:
                return self._words(rich_text(inline), style)
            self.uncalculated += formula and kind != "str"
            return ""
        if kind == "s":
            place = _whole(value, -1)
            return self._words(self.strings[place], style) if 0 <= place < len(self.strings) else ""
        if kind == "n":
            return self._number(value, style)
        if kind == "b":
            return "TRUE" if value.strip() in _TRUE else "FALSE"
        if kind == "d":
            return _iso_date(value)
        return self._words(unescaped(value), style) if kind == "str" else value.strip()

    def _words(self, text: str, style: str) -> str:
        show = self.text_shows.get(style)
        return show(text) if show else text

    def _number(self, text: str, style: str) -> str:
        show = self.shows.get(style)
        if show is None and text.isdigit():
            return text
        try:
            number = float(text)
        except ValueError:
            return text.strip()
        return (show or general)(number)


def column_of(reference: str) -> int:
    """Return the column, from 0, of a cell's reference ("AB12"); -1 where it is none."""
    letters = reference.rstrip("0123456789")
    column = _COLUMNS.get(letters)
    if column is None:
        match = _REFERENCE.fullmatch(letters + "1")
        column = -1
        for letter in match[1].upper() if match else "":
            column = (column + 1) * 26 + ord(letter) - 65
        if len(_COLUMNS) <= MOST_COLUMN:
            _COLUMNS[letters] = column
    return column


def place_of(reference: str) -> tuple[int, int] | None:
    """Return row and column, from 0, of a cell's reference; None where it is none."""
    match = _REFERENCE.fullmatch(reference)
    return (int(match[2]) - 1, column_of(match[1])) if match else None


def reference_of(row: int, column: int) -> str:
    """Return a cell's reference ("AB12") from its row and column, which count from 0."""
    letters = ""
    left = column + 1
    while left > 0:
        left, letter = divmod(left - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def merged_area(reference: str) -> tuple[int, int, int, int] | None:
    """Return first row, first column, last row, last column of an area ("A1:B3"); None where it is none."""
    first, _, last = reference.partition(":")
    begin, end = place_of(first), place_of(last)
    if begin is None or end is None or begin[0] > end[0] or begin[1] > end[1]:
        return None
    return (*begin, *end)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _iso_date(text: str) -> str:
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return text.strip()
    midnight = moment.time() == datetime.time()
    return moment.date().isoformat() if midnight else moment.isoformat(sep=" ", timespec="minutes")

"""OpenDocument spreadsheets (.ods): each cell as the program that saved it showed it."""

import re
from array import array
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml import etree

from core.errors import LoadError
from core.load.builder import Builder
from core.load.containers import locked
from core.load.limits import Reading
from core.load.sheets.cells import reference_of
from core.load.sheets.grid import MOST_COLUMN, Grid
from core.load.sheets.layout import (
    add_sheet,
    hidden_warning,
    left_out_warning,
    more_sheets_warning,
    uncalculated_warning,
)
from core.load.sheets.notes import note_line
from core.load.sheets.number_format import general
from core.load.sheets.workbook import Workbook, open_archive, stated_title
from core.schema import Document

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_MANIFEST = "META-INF/manifest.xml"
_LINK = "{http://www.w3.org/1999/xlink}href"
_TAGS = (
    f"{_TABLE}table", f"{_TABLE}table-column", f"{_TABLE}table-row", f"{_TABLE}shapes", f"{_STYLE}table-properties",
)  # fmt: skip
_SPACES = (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break")
_HIDDEN = ("collapse", "filter")
_WHOLE_DATE = re.compile(r"\D*\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\b.*", re.DOTALL)
_MOST_MERGES = 200_000
_MOST_ROWS = 20_000_000
_MARKUP = re.compile(rb"<[^<>]{0,2000}>")
_HIDDEN_ROW = re.compile(rb'<table:table-row\b[^<>]{0,300}visibility="(?:collapse|filter)"')
_HIDDEN_MORE = re.compile(rb'<table:table-column\b[^<>]{0,300}visibility="(?:collapse|filter)"|table:display="false"')


class _Sheet:
    """What is read of one sheet until its end."""

    def __init__(self, element: Any, length: int) -> None:
        self.name = element.get(f"{_TABLE}name", "")
        self.style = element.get(f"{_TABLE}style-name", "")
        self.grid = Grid(length)
        self.row = self.column = self.uncalculated = 0
        self.notes: list[tuple[str, str]] = []
        self.besides: list[str] = []
        self.objects: list[str] = []


def read(data: bytes, reading: Reading) -> Document:
    """Read a spreadsheet. Raises LoadError (encrypted, broken, too_large)."""
    book = open_archive(data)
    if book.holds(_MANIFEST):
        with book.open(_MANIFEST) as stream:
            if b"encryption-data" in stream.read():
                raise locked("file")
    builder = Builder()
    sheets: list[_Sheet] = []
    hidden: list[str] = []
    shown = 0
    try:
        with book.open("content.xml") as stream:
            for sheet, is_shown in _sheets(stream, builder):
                shown += is_shown
                if not is_shown:
                    hidden.append(sheet.name)
                elif shown <= reading.pages:
                    reading.tell("Reading sheet", shown, shown)
                    sheets.append(sheet)
                    notes = (line for place, text in sheet.notes for line in note_line(sheet.grid, place, text))
                    charts = [_chart(book, place) for place in sheet.objects]
                    add_sheet(builder, sheet.name, sheet.grid, [*sheet.besides, *filter(None, charts), *notes])
    except (etree.XMLSyntaxError, KeyError) as error:
        raise LoadError(
            "This spreadsheet is incomplete or damaged and could not be opened.",
            "Open it in LibreOffice, save it again and upload the new copy.",
            code="broken",
        ) from error
    builder.warnings.extend(uncalculated_warning(sum(sheet.uncalculated for sheet in sheets)))
    builder.warnings.extend(hidden_warning(hidden))
    builder.warnings.extend(left_out_warning((sheet.name, sheet.grid) for sheet in sheets))
    builder.warnings.extend(more_sheets_warning(shown, reading.pages))
    return builder.document("ods", title=stated_title(book, "meta.xml"), page_word="sheet")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs with words in them; none where columns or sheets are hidden, whose words are among them."""
    with open_archive(data).open("content.xml") as stream:
        content: bytes = stream.read()
    if _HIDDEN_MORE.search(content):
        return
    content = content[content.find(b"<office:body") :]
    if _HIDDEN_ROW.search(content):
        content = b"".join(row for row in content.split(b"</table:table-row>") if not _HIDDEN_ROW.search(row))
    pieces = (piece[piece.rfind(b"<text:p") :] for piece in content.split(b"</text:p>")[:-1])
    for paragraph in dict.fromkeys(pieces):
        text = unescape(_MARKUP.sub(b"", paragraph).decode(errors="replace"))
        if any(map(str.isalpha, text)):
            yield "", text


def _sheets(stream: Any, builder: Builder) -> Iterator[tuple[_Sheet, bool]]:
    """Yield each sheet when it ends, and whether it is shown."""
    hidden: set[str] = set()
    sheet: _Sheet | None = None
    depth = 0
    parser = etree.iterparse(
        stream, events=("start", "end"), tag=_TAGS, resolve_entities=False, no_network=True, huge_tree=True
    )
    for event, element in parser:
        kind = element.tag.rpartition("}")[2]
        if kind == "table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                sheet = _Sheet(element, builder.length)
            elif event == "end" and depth == 0 and sheet is not None:
                sheet.grid.finish()
                yield sheet, sheet.style not in hidden
                sheet = None
                element.clear()
        elif event == "start":
            continue
        elif kind == "table-properties":
            if element.get(f"{_TABLE}display") == "false":
                hidden.add(element.getparent().get(f"{_STYLE}name", ""))
        elif sheet is not None and depth == 1:
            if kind == "table-column":
                _add_column(sheet, element)
            elif kind == "shapes":
                _add_drawn(sheet, element)
            else:
                _add_row(sheet, element)
                element.clear()
                parent = element.getparent()
                while (earlier := element.getprevious()) is not None:
                    parent.remove(earlier)


def _add_column(sheet: _Sheet, element: Any) -> None:
    count = _number(element, "number-columns-repeated")
    if element.get(f"{_TABLE}visibility") in _HIDDEN:
        sheet.grid.hide_columns(sheet.column, sheet.column + count - 1)
    sheet.column += count


def _add_row(sheet: _Sheet, row: Any) -> None:
    columns, cells = array("H"), []
    column = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") or column > MOST_COLUMN:
            continue
        count = _number(cell, "number-columns-repeated")
        if len(cell) or cell.get(f"{_OFFICE}value-type"):
            text = _shown(cell)
            _add_besides(sheet, cell, column)
            places = range(column, min(column + count, MOST_COLUMN + 1)) if text else ()
            columns.extend(places)
            cells.extend([text] * len(places))
        elif cell.get(f"{_TABLE}formula"):
            sheet.uncalculated += 1
        across, down = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
        if (across > 1 or down > 1) and len(sheet.grid.merges) < _MOST_MERGES:
            sheet.grid.merges.append((sheet.row, column, sheet.row + down - 1, column + across - 1))
        column += count
    count = _number(row, "number-rows-repeated")
    hidden = row.get(f"{_TABLE}visibility") in _HIDDEN
    for number in range(sheet.row, sheet.row + (count if cells else 0)):
        sheet.grid.add_row(number, columns, cells, hidden=hidden)
    if hidden and not cells:
        sheet.grid.hidden_rows.extend(range(sheet.row, sheet.row + min(count, 10_000)))
    sheet.row = min(sheet.row + count, _MOST_ROWS)


def _add_besides(sheet: _Sheet, cell: Any, column: int) -> None:
    """Keep what hangs at a cell: a note, text boxes, charts."""
    for child in cell:
        if child.tag == f"{_OFFICE}annotation":
            text = "\n".join(_words(paragraph) for paragraph in child.iter(f"{_TEXT}p"))
            sheet.notes.append((reference_of(sheet.row, column), text))
        elif isinstance(child.tag, str) and child.tag.startswith(_DRAW):
            _add_drawn(sheet, child)


def _add_drawn(sheet: _Sheet, element: Any) -> None:
    """Keep the texts of shapes, and the places of charts."""
    lines = [_words(paragraph) for paragraph in element.iter(f"{_TEXT}p")]
    if any(lines):
        sheet.besides.append("\n".join(filter(None, lines)))
    sheet.objects.extend(drawn.get(_LINK, "") for drawn in element.iter(f"{_DRAW}object"))


def _shown(cell: Any) -> str:
    """Return what a cell shows; a whole date as 2024-03-31, whatever order it is shown in."""
    text = "\n".join(_words(paragraph) for paragraph in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")).strip()
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "date" and (_WHOLE_DATE.fullmatch(text) or not text):
        date, _, time = cell.get(f"{_OFFICE}date-value", "").partition("T")
        return f"{date} {time[:5]}" if time.strip("0:.") and (":" in text or not text) else date or text
    if text or not kind:
        return text
    value = cell.get(f"{_OFFICE}value") or cell.get(f"{_OFFICE}string-value") or cell.get(f"{_OFFICE}time-value") or ""
    try:
        return general(float(value))
    except ValueError:
        return value or (cell.get(f"{_OFFICE}boolean-value") or "").upper()


def _words(paragraph: Any) -> str:
    """Return a paragraph's text, notes and readings in small letters left out."""
    if not len(paragraph):
        return (paragraph.text or "").strip()
    pieces: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            pieces.append(element.tail or "" if element is not paragraph else "")
        elif element.tag in (f"{_OFFICE}annotation", f"{_TEXT}ruby-text"):
            walk.skip_subtree()
        elif isinstance(element.tag, str):
            pieces.append(" " if element.tag in _SPACES else element.text or "")
    return "".join(pieces).strip()


def _chart(book: Workbook, place: str) -> str:
    """Return the titles of a chart as one line; "" where it has none."""
    tree = book.tree_once(f"{place.removeprefix('./')}/content.xml")
    if tree is None:
        return ""
    titles = [_words(text) for title in tree.iter("{*}title", "{*}subtitle") for text in title.iter(f"{_TEXT}p")]
    titles = list(dict.fromkeys(filter(None, titles)))
    return f"Chart: {', '.join(titles)}" if titles else ""


def _number(element: Any, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1

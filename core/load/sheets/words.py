"""The words that an .xlsx itself holds, found in its XML without the reader, to tell whether all of them were read."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

from core.load.office.charts import is_field
from core.load.sheets.cells import column_of, reference_of
from core.load.sheets.grid import Grid
from core.load.sheets.notes import INSTEAD
from core.load.sheets.workbook import Workbook, add_sheets, open_archive, unescaped

# Of a tag no more is looked at than this: markup without an end must not be searched through again and again.
_PREFIX = rb"(?:\w{1,20}:)?"
_REST = rb"[^<>]{0,300}"
_REST_OF_CELL = rb"[^<>]{0,99}+"
_FORMULA = rb"(?:<%bf\b%b>[^<]*</%bf>|<%bf\b%b/>)?" % (_PREFIX, _REST, _PREFIX, _PREFIX, _REST)
_PLACED = rb'<%bc\b[^<>]{0,99}?\br="([A-Z]{1,3})\d{1,7}"[^<>]{0,99}?' % _PREFIX
_SHARED_TEXT = rb' t="s"%b>\s*+%b\s*+<%bv>(\d{1,8})<' % (_REST_OF_CELL, _FORMULA, _PREFIX)
_FORMULA_TEXT = rb' t="str"%b>\s*+%b\s*+<%bv\b%b>([^<]*)<' % (_REST_OF_CELL, _FORMULA, _PREFIX, _REST)
# Where no column is hidden it does not matter in which a text stands, and a search without it is far quicker.
_ANYWHERE = [re.compile(rb"()" + pattern) for pattern in (_SHARED_TEXT, _FORMULA_TEXT)]
_BY_COLUMN = [re.compile(_PLACED + pattern) for pattern in (_SHARED_TEXT, _FORMULA_TEXT)]
_TEXT = re.compile(rb"<%bt(?:\s%b)?>([^<]*)<" % (_PREFIX, _REST))
_HIDDEN = re.compile(rb'\b(?:hidden="(?:1|true)"|ht="0")')
_HIDDEN_NUMBER = re.compile(rb'<%brow\b[^<>]{0,99}?\br="(\d{1,7})"[^<>]{0,300}?\bhidden="(?:1|true)"' % _PREFIX)
_END_OF_SHARED = re.compile(rb"</%bsi>|<%bsi/>" % (_PREFIX, _PREFIX))
_END_OF_INLINE = re.compile(rb"</%bis>" % _PREFIX)
_END_OF_ROW = re.compile(rb"</%brow>" % _PREFIX)
_CONTROL = re.compile(rb'ObjectType="(?!Note"|Pict")')
_TAG = re.compile(rb"<[^<>]*+>")
_COLUMN = re.compile(rb"<%bcol\b%b>" % (_PREFIX, _REST))


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts in the cells of the sheets that are shown, and those in notes and drawings; no numbers."""
    try:
        book = open_archive(data)
        add_sheets(book)
        shared = _shared(book)
        for sheet in book.sheets:
            if sheet.shown and book.holds(sheet.path):
                xml = _bytes(book, sheet.path)
                yield from (("", text) for text in _cells(xml, shared))
                yield from _beside(book, sheet.path, _hidden_columns(xml), set(_HIDDEN_NUMBER.findall(xml)))
    except (zipfile.BadZipFile, KeyError, ValueError):
        return  # what the reader makes of such a file it says itself


def _bytes(book: Workbook, path: str) -> bytes:
    with book.open(path) as stream:
        content: bytes = stream.read()
    return content


def _shared(book: Workbook) -> list[bytes]:
    path = next((part.path for part in book.related(book.main).values() if part.kind == "sharedStrings"), "")
    if not book.holds(path):
        return []
    return _END_OF_SHARED.split(_bytes(book, path))


def _cells(xml: bytes, shared: list[bytes]) -> Iterator[str]:
    """Yield the texts of a sheet's cells, each once, but those in hidden rows and columns."""
    columns = {reference_of(0, column)[:-1].encode() for column in _hidden_columns(xml)}
    if b"hidden=" in xml or b'ht="0"' in xml:
        xml = _without_hidden_rows(xml)
    shared_texts, results = (set(pattern.findall(xml)) for pattern in (_BY_COLUMN if columns else _ANYWHERE))
    numbers = {int(number) for letters, number in shared_texts if letters not in columns}
    yield from (_plain(shared[number]) for number in numbers if number < len(shared))
    yield from (_decoded(text) for letters, text in results if letters not in columns)
    if b"inlineStr" in xml and not columns:
        yield from map(_plain, _END_OF_INLINE.split(xml))


def _without_hidden_rows(xml: bytes) -> bytes:
    rows = _END_OF_ROW.split(xml)
    starts = [max(row.rfind(b"<row "), row.rfind(b":row ")) for row in rows]
    return b"".join(
        row for row, start in zip(rows, starts, strict=True) if not _HIDDEN.search(row[start : row.find(b">", start)])
    )


def _plain(xml: bytes) -> str:
    if b"rPh" in xml:
        xml = b"".join(xml.split(b"rPh")[::2])  # what stands between its tags is how a word is read aloud
    return _decoded(b"".join(_TEXT.findall(xml)))


def _decoded(text: bytes) -> str:
    return unescaped(unescape(text.decode(errors="replace")))


def _hidden_columns(xml: bytes) -> set[int]:
    grid = Grid()
    for column in _COLUMN.findall(xml[: xml.find(b"sheetData")]):
        first, last = re.search(rb'min="(\d{1,5})"', column), re.search(rb'max="(\d{1,5})"', column)
        if re.search(rb'hidden="(1|true)"|width="0"', column) and first and last:
            grid.hide_columns(int(first[1]) - 1, int(last[1]) - 1)
    return grid.hidden_columns


def _beside(book: Workbook, path: str, columns: set[int], rows: set[bytes]) -> Iterator[tuple[str, str]]:
    """Yield what stands in the shapes and charts of a sheet, and in notes at cells that are not hidden."""
    for part in book.related(path).values():
        if part.kind == "drawing" and (tree := book.tree_once(part.path)) is not None:
            shapes = tree.xpath('.//*[local-name()="sp"][not(.//*[local-name()="cNvPr"][@hidden="1"])]')
            yield from (("text boxes", text) for shape in shapes for text in shape.itertext("{*}t"))
            for linked in book.related(part.path).values():
                chart = book.tree_once(linked.path) if linked.kind == "chart" else None
                titles = chart.iter("{*}title", "{*}dLbl") if chart is not None else ()
                texts = (text for title in titles for text in title.iter("{*}t") if not is_field(text))
                yield from (("charts", text.text or "") for text in texts)
        if part.kind == "vmlDrawing" and book.holds(part.path):
            yield from (("form controls", text) for text in _captions(_bytes(book, part.path)))
        if part.kind == "comments" and (tree := book.tree_once(part.path)) is not None:
            for comment in tree.iter("{*}comment"):
                text, place = "".join(comment.itertext("{*}t")), comment.get("ref", "")
                row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").encode()
                if INSTEAD not in text and column_of(place) not in columns and row not in rows:
                    yield "notes", text


def _captions(xml: bytes) -> Iterator[str]:
    """Yield what is written on the form controls of an older drawing, which also holds the boxes around notes."""
    for shape in xml.split(b"<v:shape ")[1:]:
        if _CONTROL.search(shape) and b"visibility:hidden" not in shape:
            box = shape[shape.find(b"<v:textbox") : shape.find(b"</v:textbox>")]
            yield unescape(_TAG.sub(b"", box).decode(errors="replace"))

"""The words that an .xlsx itself holds, found in its XML without the reader, to tell whether all of them were read."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

from core.load.sheet_cells import column_of
from core.load.sheet_notes import INSTEAD
from core.load.workbook import Workbook, add_sheets, open_archive, unescaped

_PREFIX = rb"(?:\w+:)?"
_CELL = re.compile(rb'<%bc\b[^>]*?\br="([A-Z]{1,3})\d+".*?(?:</%bc>|/>)' % (_PREFIX, _PREFIX), re.DOTALL)
_NUMBERED = re.compile(rb'\bt="s"[^>]*>\s*(?:<%bf\b[^>]*>[^<]*</%bf>\s*)?<%bv>(\d{1,8})<' % (_PREFIX, _PREFIX, _PREFIX))
_RESULT = re.compile(rb'\bt="str"[^>]*>.*?<%bv\b[^>]*>([^<]*)<' % _PREFIX, re.DOTALL)
_TEXT = re.compile(rb"<%bt(?:\s[^>]*)?>([^<]*)<" % _PREFIX)
_READING = re.compile(rb"<%brPh\b.*?</%brPh>" % (_PREFIX, _PREFIX), re.DOTALL)
_HIDDEN_ROW = re.compile(
    rb'<%brow\b[^>]*\b(?:hidden="(?:1|true)"|ht="0")[^>]*(?:/>|>.*?</%brow>)' % (_PREFIX, _PREFIX), re.DOTALL
)
_HIDDEN_NUMBER = re.compile(rb'<%brow\b[^>]*\br="(\d+)"[^>]*\bhidden="(?:1|true)"' % _PREFIX)
_COLUMN = re.compile(rb"<%bcol\b[^>]*>" % _PREFIX)


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
    return re.split(rb"</%bsi>|<%bsi/>" % (_PREFIX, _PREFIX), _bytes(book, path))


def _cells(xml: bytes, shared: list[bytes]) -> Iterator[str]:
    """Yield the texts of a sheet's cells, each once, but those in hidden rows and columns."""
    columns = _hidden_columns(xml)
    if b"hidden=" in xml or b'ht="0"' in xml:
        xml = _HIDDEN_ROW.sub(b"", xml)
    if columns:
        xml = _CELL.sub(lambda cell: b"" if column_of(cell[1].decode()) in columns else cell[0], xml)
    numbers = set(map(int, _NUMBERED.findall(xml)))
    yield from (_plain(shared[number]) for number in numbers if number < len(shared))
    yield from (_decoded(text) for text in set(_RESULT.findall(xml)))
    if b"inlineStr" in xml:
        yield from map(_plain, re.split(rb"</%bis>" % _PREFIX, xml))


def _plain(xml: bytes) -> str:
    if b"rPh" in xml:
        xml = _READING.sub(b"", xml)
    return _decoded(b"".join(_TEXT.findall(xml)))


def _decoded(text: bytes) -> str:
    return unescaped(unescape(text.decode(errors="replace")))


def _hidden_columns(xml: bytes) -> set[int]:
    columns: set[int] = set()
    for column in _COLUMN.findall(xml[: xml.find(b"sheetData")]):
        first, last = re.search(rb'min="(\d{1,5})"', column), re.search(rb'max="(\d{1,5})"', column)
        if re.search(rb'hidden="(1|true)"|width="0"', column) and first and last:
            columns.update(range(int(first[1]) - 1, min(int(last[1]), 16384)))
    return columns


def _beside(book: Workbook, path: str, columns: set[int], rows: set[bytes]) -> Iterator[tuple[str, str]]:
    """Yield what stands in the shapes and charts of a sheet, and in notes at cells that are not hidden."""
    for part in book.related(path).values():
        if part.kind == "drawing" and (tree := book.tree(part.path)) is not None:
            shapes = tree.xpath('.//*[local-name()="sp"][not(.//*[local-name()="cNvPr"][@hidden="1"])]')
            yield from (("text boxes", text) for shape in shapes for text in shape.itertext("{*}t"))
            for linked in book.related(part.path).values():
                chart = book.tree(linked.path) if linked.kind == "chart" else None
                titles = chart.iter("{*}title") if chart is not None else ()
                yield from (("charts", text) for title in titles for text in title.itertext("{*}t"))
        if part.kind == "comments" and (tree := book.tree(part.path)) is not None:
            for comment in tree.iter("{*}comment"):
                text, place = "".join(comment.itertext("{*}t")), comment.get("ref", "")
                row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").encode()
                if INSTEAD not in text and column_of(place) not in columns and row not in rows:
                    yield "notes", text

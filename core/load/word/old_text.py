"""The text of an old Word document: put together from the pieces that lie about in the file (MS-DOC, 2.4.1).

Offsets into the text ("cp" in Microsoft's paper) stay as Word counts them: what a reader does not see becomes NUL.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from core.load.limits import check_length
from core.load.office.elements import PAGE_NUMBER
from core.load.word.old_formats import Format, Formats, read_formats
from core.load.word.symbols import symbol

_PARTS = ("body", "footnotes", "headers", "macros", "comments", "endnotes", "text boxes", "header boxes")
_FIELD_MARK = re.compile("[\x13\x14\x15]")
_PAGE_FIELD = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES|SECTION)\b", re.I)
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_WRITTEN = re.compile(r"\s*EQ\b", re.I)
_SWITCHES = re.compile(r"^\s*EQ|\\\*\s*(\"[^\"]*\"|\S+)|\\[a-z]+\s*\d*", re.I)
_COMPRESSED = 0x40000000
# The code page of old texts by the language that the file says it is in.
_PAGES = {
    0x19: "cp1251", 0x02: "cp1251", 0x22: "cp1251", 0x23: "cp1251", 0x2F: "cp1251", 0x05: "cp1250", 0x0E: "cp1250",
    0x15: "cp1250", 0x18: "cp1250", 0x1A: "cp1250", 0x1B: "cp1250", 0x24: "cp1250", 0x08: "cp1253", 0x1F: "cp1254",
    0x0D: "cp1255", 0x01: "cp1256", 0x25: "cp1257", 0x26: "cp1257", 0x27: "cp1257", 0x1E: "cp874", 0x11: "cp932",
    0x12: "cp949", 0x04: "cp936",
}  # fmt: skip


class Piece(NamedTuple):
    """Some of the text: where it begins in the text, its length, where it lies in the file, bytes a letter."""

    start: int
    length: int
    offset: int
    width: int


@dataclass
class OldText:
    """A document's whole text, the lengths of its parts (the body first), and how its paragraphs are made."""

    text: str
    lengths: dict[str, int]
    pieces: list[Piece]
    formats: Formats
    hidden: int = 0
    starts: list[int] = field(default_factory=list)

    def parts(self) -> dict[str, tuple[int, str]]:
        """Return each part's text with where it begins, without the instructions of fields."""
        parts, start = {}, 0
        for name, length in self.lengths.items():
            words = self.text[start : start + length]
            parts[name] = start, _without_fields(words, page_numbers=name not in ("headers", "header boxes"))
            start += length
        return parts

    def format_at(self, place: int) -> Format:
        """Return how the paragraph is made whose mark stands at ``place`` in the text."""
        self.starts = self.starts or [piece.start for piece in self.pieces]
        number = bisect_right(self.starts, place) - 1
        if number < 0:
            return Format()
        piece = self.pieces[number]
        return self.formats.paragraph(piece.offset + (place - piece.start) * piece.width)


def text_of_pieces(main: bytes, table: bytes, *, older: bool) -> OldText:
    """Put the text together. ``older``: Word 6 and 95. Raises struct.error, IndexError and ValueError (damaged)."""
    lengths = struct.unpack_from("<8i", main, 0x34 if older else 0x4C)
    if min(lengths) < 0 or sum(lengths) > len(main):
        raise ValueError("a text that is longer than the file")
    check_length(sum(lengths))
    pieces = list(_pieces(main, table, sum(lengths), older))
    formats = Formats() if older else read_formats(main, table)
    code_page = code_page_of(main) if older else "cp1252"
    text, hidden = _joined(main, pieces, formats, code_page)
    return OldText(text, dict(zip(_PARTS, lengths, strict=True)), pieces, formats, hidden)


def code_page_of(main: bytes) -> str:
    """Return the code page of a Word 6 or 95 document, by its language."""
    language = struct.unpack_from("<H", main, 6)[0]
    return "cp950" if language in (0x0404, 0x0C04) else _PAGES.get(language & 0x3FF, "cp1252")


def _pieces(main: bytes, table: bytes, total: int, older: bool) -> Iterator[Piece]:
    """Yield the pieces in the order of the text, none longer than what is left of it."""
    begin, size = struct.unpack_from("<II", main, 0x160 if older else 0x1A2)
    listed = _piece_table(table[begin : begin + size])
    if older and not listed:
        yield Piece(0, total, struct.unpack_from("<I", main, 0x18)[0], 1)
        return
    count = (len(listed) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", listed)
    for number in range(count):
        start, end = places[number], min(places[number + 1], total + 3)
        if not start < end:
            continue
        offset = struct.unpack_from("<I", listed, 4 * (count + 1) + 8 * number + 2)[0]
        if older:
            yield Piece(start, end - start, offset, 1)
        elif offset & _COMPRESSED:
            yield Piece(start, end - start, (offset & ~_COMPRESSED) // 2, 1)
        else:
            yield Piece(start, end - start, offset, 2)


def _piece_table(listed: bytes) -> bytes:
    place = 0
    while place < len(listed) and listed[place] == 1:
        place += 3 + struct.unpack_from("<H", listed, place + 1)[0]
    if place >= len(listed) or listed[place] != 2:
        return b""
    return listed[place + 5 : place + 5 + struct.unpack_from("<I", listed, place + 1)[0]]


def _joined(main: bytes, pieces: list[Piece], formats: Formats, code_page: str) -> tuple[str, int]:
    """Return the text, with what is deleted or hidden as NULs, and how many letters are hidden."""
    words: list[str] = []
    hidden = length = 0
    for piece in pieces:
        if piece.start != length:
            raise ValueError("pieces that do not follow one another")
        length += piece.length
        for start, end, form in formats.runs(piece.offset, piece.offset + piece.length * piece.width):
            data = main[start:end]
            text = data.decode("utf-16-le", "replace") if piece.width == 2 else _narrow(data, code_page)
            # Signs that take two places in the file keep them, and what is missing at the end leaves its place.
            text = _of_length(text, (end - start) // piece.width)
            if form.deleted or form.hidden:
                hidden += 0 if form.deleted else sum(map(str.isprintable, text))
                text = "\x00" * len(text)
            elif form.symbol:
                text = _of_length(symbol(*form.symbol) * len(text), len(text))
            elif _PRIVATE.search(text):
                text = _PRIVATE.sub(lambda sign: symbol("Symbol", ord(sign.group())) or "\x00", text)
            words.append(text)
    return "".join(words), hidden


def _narrow(data: bytes, code_page: str) -> str:
    if code_page.startswith("cp12"):
        # One letter a byte, also for the bytes that the code page knows no letter for.
        return data.decode(code_page, "replace").replace("\ufffd", "\x00")
    return data.decode(code_page, "replace")


def _written(instruction: str) -> str:
    """Return what a field's instruction itself shows: the terms of an equation, a word and its reading beside it."""
    return _SWITCHES.sub("", instruction).strip() if _WRITTEN.match(instruction) else ""


def _of_length(text: str, length: int) -> str:
    return (text + "\x00" * (length - len(text)))[:length]


def _without_fields(words: str, *, page_numbers: bool) -> str:
    """Blank the instructions of fields and keep what they show; page numbers too where they are not wanted."""
    pieces: list[str] = []
    open_fields: list[bool] = []
    place, begun = 0, 0
    if words.count("\x13") != words.count("\x15"):
        return words
    for mark in _FIELD_MARK.finditer(words):
        between = words[place : mark.start()]
        pieces.append(_of_length(_written(between), len(between)) if any(open_fields) else between)
        place = mark.end()
        shown = "\x00"
        if mark.group() == "\x13":
            open_fields.append(True)
            begun = place
        elif open_fields and mark.group() == "\x14":
            open_fields[-1] = not page_numbers and bool(_PAGE_FIELD.match(words[begun : mark.start()]))
            shown = PAGE_NUMBER if open_fields[-1] else shown
        elif open_fields:
            open_fields.pop()
        pieces.append(shown)
    return "".join((*pieces, words[place:]))

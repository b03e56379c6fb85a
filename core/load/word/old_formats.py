"""What an old Word document says of its letters (deleted, hidden, a symbol) and its paragraphs (heading, cell)."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_PAGE = 512
_DELETED, _VANISH, _SYMBOL, _STYLE = 0x0800, 0x083C, 0x6A09, 0x4A30
_IN_TABLE, _ROW_END, _LEVEL = 0x2416, 0x2417, 0x2640
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG_TABLE, _TABS = 0xD608, 0xC615
_BODY_LEVEL = 9


class Form(NamedTuple):
    """How letters are: deleted, hidden, or each a place in a symbol font (font, code)."""

    deleted: bool = False
    hidden: bool = False
    symbol: tuple[str, int] | None = None


class Format(NamedTuple):
    """How a paragraph is: in a table, the mark of a row's end, a heading of a level; ``unknown``: nothing is said."""

    in_table: bool = False
    row_end: bool = False
    level: int = 0
    unknown: bool = True


@dataclass
class Formats:
    """Forms of letters and paragraphs by where they lie in the file: each begins at ``starts`` and ends at ``ends``."""

    letters: list[tuple[int, int, Form]] = field(default_factory=list)
    paragraphs: list[tuple[int, int, Format]] = field(default_factory=list)

    def paragraph(self, offset: int) -> Format:
        """Return the format of the paragraph whose mark lies at ``offset``."""
        number = bisect_right(self.paragraphs, offset, key=lambda each: each[0]) - 1
        if number < 0 or not self.paragraphs[number][0] <= offset < self.paragraphs[number][1]:
            return Format()
        return self.paragraphs[number][2]

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int, Form]]:
        """Yield the stretch from ``start`` to ``end`` cut where the form of its letters changes."""
        number = bisect_right(self.letters, start, key=lambda each: each[1])
        while start < end and number < len(self.letters):
            first, last, form = self.letters[number]
            if first >= end:
                break
            if first > start:
                yield start, first, Form()
            yield max(first, start), min(last, end), form
            start = max(start, min(last, end))
            number += 1
        if start < end:
            yield start, end, Form()


def read_formats(main: bytes, table: bytes) -> Formats:
    """Read the formats of a Word 97 to 2003 document; what is damaged of them is passed over."""
    formats = Formats()
    fonts = _fonts(_named(main, table, 15))
    levels = _style_levels(_named(main, table, 1))
    for page in _pages(main, _named(main, table, 12)):
        for start, end, data in _entries(page, 1):
            if (form := _form(data[1 : 1 + data[0]] if data else b"", fonts)) != Form():
                formats.letters.append((start, end, form))
    for page in _pages(main, _named(main, table, 13)):
        for start, end, data in _entries(page, 13):
            formats.paragraphs.append((start, end, _format(data, levels)))
    formats.letters = _apart(formats.letters)
    formats.paragraphs.sort(key=lambda each: each[:2])
    return formats


def _apart(letters: list[tuple[int, int, Form]]) -> list[tuple[int, int, Form]]:
    """Return forms in order, none beginning before the one ahead of it ends."""
    kept: list[tuple[int, int, Form]] = []
    for each in sorted(letters, key=lambda one: one[:2]):
        if each[0] < each[1] and (not kept or each[0] >= kept[-1][1]):
            kept.append(each)
    return kept


def _named(main: bytes, table: bytes, number: int) -> bytes:
    begin, size = struct.unpack_from("<II", main, 154 + 8 * number)
    return table[begin : begin + size]


def _pages(main: bytes, listed: bytes) -> Iterator[bytes]:
    count = max(0, (len(listed) - 4) // 8)
    numbers = struct.unpack_from(f"<{count}I", listed, 4 * (count + 1)) if count else ()
    for number in dict.fromkeys(numbers):
        start = (number & 0x3FFFFF) * _PAGE
        page = main[start : start + _PAGE]
        if len(page) == _PAGE:
            yield page


def _entries(page: bytes, width: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield the stretches of a page of formats with what is said of each; ``width``: bytes of an entry's head."""
    count = page[_PAGE - 1]
    if 4 * (count + 1) + width * count >= _PAGE:
        return
    places = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        offset = page[4 * (count + 1) + width * number] * 2
        yield places[number], places[number + 1], page[offset : _PAGE - 1] if offset else b""


def _changes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the single changes of a format: each a number and its operand."""
    place = 0
    while place + 2 <= len(data):
        number = struct.unpack_from("<H", data, place)[0]
        place += 2
        if number >> 13 in _SIZES:
            size = _SIZES[number >> 13]
        elif number == _LONG_TABLE:
            size = 1 + int.from_bytes(data[place : place + 2], "little")
        else:
            size = 1 + (data[place] if place < len(data) else 0)
            if number == _TABS and size == 256:
                return
        yield number, data[place : place + size]
        place += size


def _form(data: bytes, fonts: list[str]) -> Form:
    deleted = hidden = False
    symbol = None
    for number, operand in _changes(data):
        if number == _DELETED:
            deleted = operand[:1] == b"\x01"
        elif number == _VANISH:
            hidden = operand[:1] == b"\x01"
        elif number == _SYMBOL and len(operand) == 4:
            font, code = struct.unpack("<HH", operand)
            symbol = (fonts[font] if font < len(fonts) else "Symbol", code)
    return Form(deleted, hidden, symbol)


def _format(data: bytes, levels: dict[int, int]) -> Format:
    if not data:
        return Format(unknown=False, level=levels.get(0, 0))
    begin, size = (2, data[1] * 2) if not data[0] and len(data) > 1 else (1, data[0] * 2 - 1)
    data = data[begin : begin + size]
    style = int.from_bytes(data[:2], "little")
    in_table = row_end = False
    level = levels.get(style, 0)
    for number, operand in _changes(data[2:]):
        if number == _IN_TABLE:
            in_table = operand[:1] != b"\x00"
        elif number == _ROW_END:
            row_end = operand[:1] != b"\x00"
        elif number == _LEVEL and operand:
            level = operand[0] + 1 if operand[0] < _BODY_LEVEL else 0
    return Format(in_table, row_end, level, unknown=False)


def _fonts(listed: bytes) -> list[str]:
    names: list[str] = []
    place = 4
    while place < len(listed) and (size := listed[place]):
        name = listed[place + 40 : place + 1 + size]
        names.append(name.decode("utf-16-le", "replace").split("\x00")[0])
        place += 1 + size
    return names


def _style_levels(listed: bytes) -> dict[int, int]:
    """Return the levels of the styles that are headings, by themselves or by the style they build on."""
    if len(listed) < 6:
        return {}
    head, count = struct.unpack_from("<HH", listed)
    place = 2 + head
    kinds: list[tuple[int, int]] = []
    for _ in range(count):
        size = int.from_bytes(listed[place : place + 2], "little")
        style = listed[place + 2 : place + 2 + size]
        kinds.append(
            (int.from_bytes(style[:2], "little") & 0xFFF, int.from_bytes(style[2:4], "little") >> 4)
            if len(style) >= 4
            else (0xFFF, 0xFFF)
        )
        place += 2 + size + size % 2
    levels: dict[int, int] = {}
    for number in range(len(kinds)):
        each = number
        for _ in range(12):
            if each >= len(kinds) or 1 <= kinds[each][0] <= 9:
                break
            each = kinds[each][1]
        if each < len(kinds) and 1 <= kinds[each][0] <= 9:
            levels[number] = kinds[each][0]
    return levels

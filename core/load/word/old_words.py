"""All words that an old Word file itself holds, from the pieces of its text alone, to compare with what was read."""

import re
import struct
from collections.abc import Iterator

from core.load.limits import MOST_CHARACTERS
from core.load.office.elements import PAGE_NUMBER, without_page_number
from core.load.word.old_text import code_page_of

_OLDER, _OTHER_TABLE, _NARROW = 0xA5DC, 0x0200, 0x40000000
_PAGE = 512
_BODY, _HEADERS = "", "headers"
_PARTS = (_BODY, "footnotes", _HEADERS, "macros", "comments", "endnotes", "text boxes", _HEADERS)
_UNSEEN = re.compile(rb"\x00\x08\x01|\x3c\x08\x01")  # deleted, hidden
_PAGE_FIELD = re.compile(
    "\x13\\s{0,9}(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)\\b[^\x13-\x15]*+(?:\x14[^\x13-\x15]*+)?\x15"
)
_FIELD = re.compile("\x13[^\x13-\x15]*+(?:\x14([^\x13-\x15]*+))?\x15")
_DEEPEST_FIELD = 8
_ENDS = re.compile("[\x00-\x08\x0a-\x1f]+")


def words_of(streams: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the texts of an old Word file with the part each stands in ("" for the body)."""
    main = streams.get("WordDocument", b"")
    try:
        identifier, flags = struct.unpack_from("<H8xH", main)
        older = identifier == _OLDER
        table = main if older else streams.get("1Table" if flags & _OTHER_TABLE else "0Table", b"")
        lengths = struct.unpack_from("<8i", main, 0x34 if older else 0x4C)
        text = _text(main, table, older)
    except (struct.error, ValueError):
        return  # the reader says that it is damaged
    start = 0
    for part, length in zip(_PARTS, lengths, strict=True):
        yield from ((part, line) for line in _lines(text[start : start + length], part))
        start += max(0, length)
    yield from ((_BODY, line) for line in _lines(text[start:], _BODY))


def _lines(text: str, part: str) -> Iterator[str]:
    """Yield what stands between the marks of a part, without the instructions of its fields."""
    if part == _HEADERS and "\x13" in text:
        text = _PAGE_FIELD.sub(PAGE_NUMBER, text)
    for _ in range(_DEEPEST_FIELD):
        text, found = _FIELD.subn(r"\1", text)
        if not found:
            break
    for line in _ENDS.split(text):
        yield " ".join(map(without_page_number, line.split("\t"))) if PAGE_NUMBER in line else line


def _text(main: bytes, table: bytes, older: bool) -> str:
    """Return all that the pieces hold, one after the other, with NULs for what is deleted or hidden."""
    begin, size = struct.unpack_from("<II", main, 0x160 if older else 0x1A2)
    listed = table[begin : begin + size]
    start = 0
    while listed[start : start + 1] == b"\x01":  # changes to the pieces, of no interest here
        start += 3 + int.from_bytes(listed[start + 1 : start + 3], "little")
    code_page = code_page_of(main) if older else "cp1252"
    if listed[start : start + 1] != b"\x02":
        first, last = struct.unpack_from("<II", main, 0x18)
        return main[first:last].decode(code_page, "replace") if older else ""
    count = max(0, (int.from_bytes(listed[start + 1 : start + 5], "little") - 4) // 12)
    places = struct.unpack_from(f"<{count + 1}I", listed, start + 5)
    shown = main if older else _without_unseen(main, table)
    texts, left = [], MOST_CHARACTERS
    for number, place in enumerate(struct.unpack_from("<" + "2xI2x" * count, listed, start + 9 + 4 * count)):
        length = max(0, min(places[number + 1] - places[number], left))
        left -= length
        if older or place & _NARROW:
            place = place if older else (place & ~_NARROW) // 2
            texts.append(shown[place : place + length].decode(code_page, "replace"))
        else:
            texts.append(shown[place : place + 2 * length].decode("utf-16-le", "replace"))
    return "".join(texts)


def _without_unseen(main: bytes, table: bytes) -> bytes:
    """Return a document's bytes with NULs in place of the letters that are deleted or hidden."""
    begin, size = struct.unpack_from("<II", main, 0xFA)
    listed = table[begin : begin + size]
    count = max(0, (len(listed) - 4) // 8)
    blanked: bytearray | None = None
    left = len(main)
    for number in set(struct.unpack_from(f"<{count}I", listed, 4 * (count + 1))):
        start = number % (1 << 22) * _PAGE
        page = main[start : start + _PAGE]
        if len(page) < _PAGE or not _UNSEEN.search(page):
            continue
        blanked = blanked or bytearray(main)
        for first, last in _unseen(page):
            if not first < last <= first + left:
                break
            blanked[first:last] = bytes(last - first)
            left -= last - first
    return bytes(blanked) if blanked else main


def _unseen(page: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the letters lie that a page of formats says are deleted or hidden."""
    count = page[-1]
    if 5 * count + 4 < _PAGE:
        places = struct.unpack_from(f"<{count + 1}I", page)
        for number, offset in enumerate(page[4 * count + 4 : 5 * count + 4]):
            if offset and _UNSEEN.search(page, 2 * offset + 1, 2 * offset + 1 + page[2 * offset]):
                yield places[number], places[number + 1]

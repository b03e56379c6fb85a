"""winmail.dat: a mail's files and text as Outlook packs them for other Outlooks ([MS-OXTNEF])."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.load.mail.outlook_rtf import rich_text
from core.load.texts.plain import decode
from core.load.web.reader import decoded_page, visible_text

_SIGNATURE = 0x223E9F78
_HEAD = struct.Struct("<BII")
_BODY, _MESSAGE, _BEGINS, _TITLE, _DATA, _PROPERTIES = 0x800C, 0x9003, 0x9002, 0x8010, 0x800F, 0x9005
_LONG_NAME, _FILE, _PLAIN, _HTML, _RICH = 0x3707, 0x3701, 0x1000, 0x1013, 0x1009
_OBJECT, _BYTES, _UNICODE, _BINARY = 0x0D, 0x1E, 0x1F, 0x102
_SIZES = {2: 4, 3: 4, 4: 4, 0x0A: 4, 0x0B: 4, 5: 8, 6: 8, 7: 8, 0x14: 8, 0x40: 8, 0x48: 16}


@dataclass
class WinMail:
    """What was packed: the mail's text, and its files with their names; None for one that is a mail or an object."""

    text: str = ""
    files: list[tuple[str, bytes | None]] = field(default_factory=list)


def unpacked(data: bytes) -> WinMail | None:
    """Return what a winmail.dat holds; None where it is none, or damaged."""
    found, name, content = WinMail(), "", None
    has_file = False
    try:
        for kind, value in _attributes(data):
            if kind == _BODY:
                found.text = decode(value.rstrip(b"\0"))[0]
            elif kind == _MESSAGE:
                found.text = found.text or _body(dict(_properties(value)))
            elif kind == _BEGINS:
                if has_file:
                    found.files.append((name, content))
                has_file, name, content = True, "", None
            elif kind == _TITLE:
                name = name or decode(value.rstrip(b"\0"))[0]
            elif kind == _DATA:
                content = value
            elif kind == _PROPERTIES:
                properties = dict(_properties(value))
                name = _text(properties, _LONG_NAME) or name
                inner = properties.get(_FILE)
                content = inner[1] if inner and inner[0] == _BINARY else content
    except (struct.error, IndexError, KeyError, ValueError):
        return None
    if has_file:
        found.files.append((name, content))
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number and value of each part of the file. Raises ValueError, struct.error."""
    if int.from_bytes(data[:4], "little") != _SIGNATURE:
        raise ValueError
    place = 6
    while place + _HEAD.size <= len(data):
        _, number, length = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        if place + length > len(data):
            raise ValueError(length)
        yield number & 0xFFFF, data[place : place + length]
        place += length + 2  # behind it stands a sum of its bytes


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield number, kind and bytes of each property; of several values of one the first. Raises as _attributes does."""
    place = 4
    for _ in range(int.from_bytes(data[:4], "little")):
        kind, number = struct.unpack_from("<HH", data, place)
        place += 4
        if number >= 0x8000:
            named_by_text, length = struct.unpack_from("<II", data, place + 16)
            place += 24 + (_padded(length) if named_by_text else 0)
        several, kind = kind & 0x1000, kind & 0xEFFF
        is_long = kind in (_OBJECT, _BYTES, _UNICODE, _BINARY)
        values: list[bytes] = []
        count = 1
        if several or is_long:
            (count,) = struct.unpack_from("<I", data, place)
            place += 4
        for _ in range(count):
            length = _SIZES[kind] if not is_long else struct.unpack_from("<I", data, place)[0]
            place += 4 if is_long else 0
            if place + length > len(data):
                raise ValueError(length)
            values.append(data[place : place + length])
            place += _padded(length)
        if values:
            yield number, (kind, values[0])


def _padded(length: int) -> int:
    return length + -length % 4


def _text(properties: dict[int, tuple[int, bytes]], number: int) -> str:
    kind, value = properties.get(number, (0, b""))
    if kind == _UNICODE:
        return value.decode("utf-16-le", errors="replace").rstrip("\0")
    return decode(value.rstrip(b"\0"))[0] if kind == _BYTES else ""


def _body(properties: dict[int, tuple[int, bytes]]) -> str:
    """Return the mail's text: plain, or else out of its page or its rich text."""
    page = properties.get(_HTML, (0, b""))[1]
    plain = _text(properties, _PLAIN) or (visible_text(decoded_page(page)) if page else "")
    return plain or rich_text(properties.get(_RICH, (0, b""))[1])

"""Where the parts of an old presentation lie: the file is a log of changes, with a table after each."""

import struct
from collections.abc import Iterator

from core.load.containers import locked
from core.load.slides.records import record_at

_EDIT, _DIRECTORY = 0x0FF5, 0x1772
EDIT_MARK = b"\xf5\x0f\x1c\x00\x00\x00"  # the kind and the length of a table's head
USER_SIZE = 20
_ENCRYPTED = 0xF3D1C4DF
_MOST_EDITS = 10_000


def places_of(content: bytes, user: bytes) -> dict[int, int]:
    """Return where each part lies by its number (0: the document's number), by the newest table, then those before it.

    Raises LoadError (encrypted), struct.error and ValueError (damaged).
    """
    token, place = struct.unpack_from("<II", user, 12) if len(user) >= USER_SIZE else (0, 0)
    if token == _ENCRYPTED:
        raise locked("presentation")
    if content[place + 2 : place + 4] != EDIT_MARK[:2]:
        place = content.rfind(EDIT_MARK) - 2  # the place stated is wrong: the newest table is the file's last
    places: dict[int, int] = {}
    for _ in range(_MOST_EDITS):
        edit = record_at(content, place, len(content))
        if edit is None or edit.kind != _EDIT:
            break
        before, directory, document = struct.unpack_from("<III", content, edit.start + 8)
        if edit.end - edit.start >= 32:
            raise locked("presentation")
        places.setdefault(0, document)
        for number, where in _directory(content, directory):
            places.setdefault(number, where)
        if not 0 < before < place:
            break
        place = before
    if not places:
        raise ValueError("no table of parts")
    return places


def _directory(content: bytes, place: int) -> Iterator[tuple[int, int]]:
    table = record_at(content, place, len(content))
    if table is None or table.kind != _DIRECTORY:
        return
    place = table.start
    while place + 4 <= table.end:
        entry = struct.unpack_from("<I", content, place)[0]
        first, count = entry & 0xFFFFF, min(entry >> 20, (table.end - place - 4) // 4)
        yield from zip(range(first, first + count), struct.unpack_from(f"<{count}I", content, place + 4), strict=True)
        place += 4 + 4 * count

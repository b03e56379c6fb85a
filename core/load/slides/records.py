"""The records of an old PowerPoint file (MS-PPT, 2.3.1): each a kind and its content, some holding further records."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_DEEPEST = 40
_TAG_DATA = 0x138B  # what later versions added, comments among it


class Record(NamedTuple):
    """A record: its kind, its instance (what one of several of a kind it is), where its content lies, how deep."""

    kind: int
    instance: int
    start: int
    end: int
    depth: int = 0


def record_at(data: bytes, place: int, end: int, depth: int = 0) -> Record | None:
    """Return the record that begins at ``place``, its end not beyond ``end``; None where there is none."""
    if place < 0 or place + 8 > min(end, len(data)):
        return None
    head, kind, size = struct.unpack_from("<HHI", data, place)
    return Record(kind, head >> 4, place + 8, min(place + 8 + size, end), depth)


def children(data: bytes, record: Record) -> Iterator[Record]:
    """Yield the records within a record."""
    place = record.start
    while (child := record_at(data, place, record.end, record.depth + 1)) is not None:
        yield child
        place = child.end


def below(data: bytes, record: Record, *leave_out: int) -> Iterator[Record]:
    """Yield all records within a record, in order, but those of the kinds ``leave_out`` and what is in them."""
    waiting = [children(data, record)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.kind not in leave_out:
            yield child
            # A record whose version is 15 holds records; its head stands in the eight bytes before its content.
            holds = data[child.start - 8] & 0x0F == 0x0F or child.kind == _TAG_DATA
            if holds and len(waiting) < _DEEPEST:
                waiting.append(children(data, child))

"""What was signed, taken out of an S/MIME or PKCS #7 envelope (RFC 5652): its signature is not looked at."""

from collections.abc import Iterator

_SEQUENCE, _OBJECT, _STRING, _STRINGS, _FIRST = 0x30, 0x06, 0x04, 0x24, 0xA0
_SIGNED = bytes.fromhex("2a864886f70d010702")
_UNSTATED = 0x80  # a part that is as long as what is in it, with two zero bytes behind
_DEEPEST = 12
_Part = tuple[int, tuple[int, int]]


def signed_content(data: bytes) -> bytes | None:
    """Return the bytes that an envelope of kind signed-data holds; None for anything else (encrypted, damaged)."""
    try:
        kind, envelope, *_ = _within(data, (0, len(data)), _SEQUENCE)
        if data[slice(*kind[1])] != _SIGNED:
            return None
        signed = _within(data, envelope[1], _SEQUENCE)
        _, content, *_ = _parts(data, *next(span for tag, span in signed if tag == _SEQUENCE))
        return b"".join(_strings(data, content[1], 0)) if content[0] == _FIRST else None
    except (IndexError, ValueError, StopIteration):
        return None


def _within(data: bytes, span: tuple[int, int], tag: int) -> list[_Part]:
    """Return the parts of the first part in ``span``, which must bear ``tag``."""
    found, inner = next(_parts(data, *span))
    if found != tag:
        raise ValueError(found)
    return list(_parts(data, *inner))


def _strings(data: bytes, span: tuple[int, int], depth: int) -> Iterator[bytes]:
    """Yield the pieces of an octet string: whole, or cut into pieces as programs that write a stream cut it."""
    for tag, inner in _parts(data, *span):
        if tag == _STRING:
            yield data[slice(*inner)]
        elif tag == _STRINGS and depth < _DEEPEST:
            yield from _strings(data, inner, depth + 1)


def _parts(data: bytes, start: int, end: int) -> Iterator[_Part]:
    """Yield tag and span of the parts that stand next to each other. Raises ValueError, IndexError."""
    while start < end and (data[start] or data[start + 1]):
        inner, start = _measured(data, start, end, 0)
        yield data[inner[2]], inner[:2]


def _measured(data: bytes, start: int, end: int, depth: int) -> tuple[tuple[int, int, int], int]:
    """Return where the part at ``start`` has its content (start, end) and its tag, and where the next part begins."""
    length, first = data[start + 1], start + 2
    if length == _UNSTATED:
        if depth > _DEEPEST:
            raise ValueError(depth)
        last = first
        while data[last] or data[last + 1]:
            _, last = _measured(data, last, end, depth + 1)
        return (first, last, start), last + 2
    if length > _UNSTATED:
        size = length - _UNSTATED
        length = int.from_bytes(data[first : first + size], "big")
        first += size
    if first + length > end:
        raise ValueError(length)
    return (first, first + length, start), first + length

"""What travels between the two processes: one JSON header and one payload of bytes a message, never pickle."""

import json
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from core.schema import Block, BlockKind, Document

SIZES = struct.Struct(">IQ")
_KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "list", "table", "furniture")
Message = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a picture: PNG bytes, size in pixels, and the highlights' boxes (left, top, right, bottom) in it."""

    png: bytes
    width: int
    height: int
    boxes: tuple[tuple[float, float, float, float], ...] = ()


def send(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Write one message. Raises OSError when the other side is gone."""
    head = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    stream.write(SIZES.pack(len(head), len(payload)) + head)
    stream.write(payload)
    stream.flush()


def receive(stream: BinaryIO) -> Message:
    """Read one message. Raises EOFError when the other side is gone."""
    head_size, payload_size = SIZES.unpack(_exactly(stream, SIZES.size))
    header = json.loads(_exactly(stream, head_size))
    return header, _exactly(stream, payload_size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size) if size else b""
    if len(data) < size:
        raise EOFError
    return data


def document_to_wire(document: Document) -> Message:
    """Turn a Document into a message: its text and its blocks' numbers are the payload, everything else the header."""
    numbers = array("q")
    for block in document.blocks:
        kind = _KINDS.index(block.kind)
        numbers.extend((kind, block.start, block.end, block.page or 0, block.level, len(block.rows)))
        for row in block.rows:
            numbers.extend(row)
    text = document.text.encode("utf-8")
    header = {
        "kind": document.kind,
        "title": document.title,
        "page_count": document.page_count,
        "page_word": document.page_word,
        "page_names": document.page_names,
        "page_starts": document.page_starts,
        "language": document.language,
        "warnings": document.warnings,
        "table_headers": [block.header for block in document.blocks if block.kind == "table"],
        "text_size": len(text),
    }
    return header, text + numbers.tobytes()


def document_from_wire(header: dict[str, Any], payload: bytes) -> Document:
    """Turn a message back into the Document it was made of."""
    numbers = array("q")
    numbers.frombytes(payload[header["text_size"] :])
    return Document(
        text=payload[: header["text_size"]].decode("utf-8"),
        blocks=tuple(_blocks(numbers.tolist(), header["table_headers"])),
        kind=header["kind"],
        title=header["title"],
        page_count=header["page_count"],
        page_word=header["page_word"],
        page_names=tuple(header["page_names"]),
        page_starts=tuple(header["page_starts"]),
        language=header["language"],
        warnings=tuple(header["warnings"]),
    )


def _blocks(numbers: list[int], table_headers: list[str]) -> Iterator[Block]:
    headers = iter(table_headers)
    place = 0
    while place < len(numbers):
        kind, start, end, page, level, count = numbers[place : place + 6]
        place += 6
        rows = tuple((numbers[at], numbers[at + 1]) for at in range(place, place + 2 * count, 2))
        place += 2 * count
        table_header = next(headers) if _KINDS[kind] == "table" else ""
        yield Block(_KINDS[kind], start, end, page or None, level, table_header, rows)

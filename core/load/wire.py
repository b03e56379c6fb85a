"""What travels between the two processes: one JSON header and one payload of bytes a message, never pickle."""

import json
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from core.schema import Block, Document

SIZES = struct.Struct(">IQ")
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
    """Turn a Document into a message: the text is the payload, everything else the header."""
    blocks = [
        [block.kind, block.start, block.end, block.page, block.level, block.header, block.rows]
        for block in document.blocks
    ]
    header = {
        "kind": document.kind,
        "title": document.title,
        "page_count": document.page_count,
        "page_word": document.page_word,
        "page_names": document.page_names,
        "page_starts": document.page_starts,
        "language": document.language,
        "warnings": document.warnings,
        "blocks": blocks,
    }
    return header, document.text.encode("utf-8")


def document_from_wire(header: dict[str, Any], payload: bytes) -> Document:
    """Turn a message back into the Document it was made of."""
    blocks = tuple(
        Block(kind, start, end, page, level, title, tuple((row[0], row[1]) for row in rows))
        for kind, start, end, page, level, title, rows in header["blocks"]
    )
    return Document(
        text=payload.decode("utf-8"),
        blocks=blocks,
        kind=header["kind"],
        title=header["title"],
        page_count=header["page_count"],
        page_word=header["page_word"],
        page_names=tuple(header["page_names"]),
        page_starts=tuple(header["page_starts"]),
        language=header["language"],
        warnings=tuple(header["warnings"]),
    )

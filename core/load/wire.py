"""What travels between the two processes: one JSON header and one payload of bytes a message, never pickle."""

import json
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

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

"""What travels between the two processes: one JSON header and one payload of bytes a message, never pickle."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from core.schema import Attachment

SIZES = struct.Struct(">IQ")
Message = tuple[dict[str, Any], bytes]


def with_attachments(body: bytes, attachments: Sequence[Attachment]) -> Message:
    """Return a message of a document's JSON and, behind it, the bytes of its attachments."""
    sizes = [[each.name, len(each.data)] for each in attachments]
    return {"attachments": sizes}, b"".join([body, *(each.data for each in attachments)])


def without_attachments(message: Message) -> tuple[bytes, tuple[Attachment, ...]]:
    """Take apart what with_attachments put together."""
    header, payload = message
    sizes = header["attachments"]
    end = len(payload) - sum(size for _, size in sizes)
    body, attachments = payload[:end], []
    for name, size in sizes:
        attachments.append(Attachment(name, payload[end : end + size]))
        end += size
    return body, tuple(attachments)


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a picture: PNG bytes, size in pixels, and the highlights' boxes (left, top, right, bottom) in it.

    ``apart`` are the boxes of each of those that were only to be found, not drawn.
    """

    png: bytes
    width: int
    height: int
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    apart: tuple[tuple[tuple[float, float, float, float], ...], ...] = ()


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

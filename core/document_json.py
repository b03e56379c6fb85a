"""A Document as JSON bytes and back: how it crosses from the reading process and how the database keeps it.

Without its attachments, which travel and are kept as bytes of their own."""

import json
from typing import Any

from core.schema import Block, Document, WordBox, as_shortfalls

_APART = ("blocks", "attachments")
_BLOCK = ("kind", "start", "end", "page", "level", "header", "rows")


def document_to_json(document: Document) -> bytes:
    """Return a Document without its attachments as UTF-8 JSON; a block is a list of its fields, to stay small."""
    fields: dict[str, Any] = {name: getattr(document, name) for name in Document.__slots__ if name not in _APART}
    fields["blocks"] = [[getattr(block, name) for name in _BLOCK] for block in document.blocks]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def document_from_json(body: bytes) -> Document:
    """Return the Document that document_to_json wrote. Raises ValueError where the bytes are something else."""
    fields = json.loads(body)
    blocks = tuple(_block(values) for values in fields.pop("blocks"))
    tuples = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    warnings = as_shortfalls(fields["warnings"])
    words = tuple(WordBox(*values) for values in fields.get("word_boxes", ()))
    return Document(**{**fields, **tuples, "blocks": blocks, "warnings": warnings, "word_boxes": words})


def _block(values: list[Any]) -> Block:
    kind, start, end, page, level, header, rows = values  # in the order of _BLOCK
    return Block(kind, start, end, page, level, header, tuple((first, last) for first, last in rows))

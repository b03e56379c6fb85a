"""Outlook mails made by hand: the smallest compound file that holds the given streams."""

import struct
from typing import Any

_FREE, _END, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
Folder = dict[str, Any]  # streams as bytes, folders as dicts


def properties(head: int, numbers: dict[int, int]) -> dict[str, bytes]:
    """Return the stream of a storage's whole numbers: ``head`` is 32 for a mail, 24 for one within, 8 for the rest."""
    entries = b"".join(struct.pack("<HHIq", 3, number, 6, value) for number, value in numbers.items())
    return {"__properties_version1.0": bytes(head) + entries}


def text(number: int, words: str, charset: str = "") -> dict[str, bytes]:
    """Return a text property, in Unicode or in a character set of one's own."""
    data, kind = (words.encode(charset), "001E") if charset else (words.encode("utf-16-le"), "001F")
    return {f"__substg1.0_{number:04X}{kind}": data}


def binary(number: int, data: bytes) -> dict[str, bytes]:
    """Return a property of bytes."""
    return {f"__substg1.0_{number:04X}0102": data}


def make_msg(root: Folder) -> bytes:
    """Write the compound file. All streams lie in the small sectors, so none may be longer than 4095 bytes."""
    entries: list[bytearray] = []
    small, chain = bytearray(), []
    _add(entries, "Root Entry", root, small, chain)
    small_sectors = -(-len(small) // 512)
    entries[0][116:124] = struct.pack("<II", 0 if small else _END, len(small))
    while len(entries) % 4:
        entries.append(_entry("", 0))
    directory = b"".join(entries)
    table = struct.pack(f"<{len(chain)}I", *chain)
    parts = [
        bytes(small).ljust(small_sectors * 512, b"\0"),
        directory,
        table.ljust(-(-len(table) // 512) * 512, b"\xff"),
    ]
    starts, fat = [], []
    for part in parts:
        starts.append(len(fat))
        count = len(part) // 512
        fat += [*range(len(fat) + 1, len(fat) + count), _END] if count else []
    fat.append(0xFFFFFFFD)
    assert len(fat) <= 128
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, starts[1], 0, 4096, starts[2], len(parts[2]) // 512, _END, 0)
    header += struct.pack("<I", len(fat) - 1) + b"\xff" * 432
    return header + b"".join(parts) + struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")


def _entry(name: str, kind: int, start: int = 0, size: int = 0) -> bytearray:
    encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, _NONE, _NONE, _NONE)
    return bytearray(entry + bytes(36) + struct.pack("<IQ", start, size))


def _add(entries: list[bytearray], name: str, content: Folder, small: bytearray, chain: list[int]) -> int:
    """Add a folder and what is in it; each is the right neighbour of the one before. Return its number."""
    number = len(entries)
    entries.append(_entry(name, 5 if name == "Root Entry" else 1))
    before = 0
    for inner, value in content.items():
        if isinstance(value, bytes):
            here = len(entries)
            count = -(-len(value) // 64)
            entries.append(_entry(inner, 2, len(chain) if count else _END, len(value)))
            chain += [*range(len(chain) + 1, len(chain) + count), _END] if count else []
            small += value.ljust(count * 64, b"\0")
        else:
            here = _add(entries, inner, value, small, chain)
        where, slot = (entries[before], 72) if before else (entries[number], 76)
        where[slot : slot + 4] = struct.pack("<I", here)
        before = here
    return number

"""The body of an Outlook mail that is kept as compressed rich text (the published format [MS-OXRTFCP])."""

from core.load.limits import check_length
from core.load.rich_text.text import rich_text as read_rich_text

_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"


def rich_text(data: bytes) -> str:
    """Return the words of a compressed rich-text body, "" where it is none. Raises LoadError (too_large)."""
    if data[8:12] == _PLAIN:
        rtf = data[16:]
    elif data[8:12] == _COMPRESSED:
        rtf = _decompressed(data[16:], int.from_bytes(data[4:8], "little"))
    else:
        return ""
    return read_rich_text(rtf).body.text()


def _decompressed(data: bytes, size: int) -> bytes:
    """Undo the compression: eight tokens behind each byte of flags, a letter or a place and length in what was said."""
    check_length(size)
    said = bytearray(_BEGINNING)
    place, length = 0, len(data)
    while place < length and len(said) < size + len(_BEGINNING):
        flags = data[place]
        place += 1
        for bit in range(8):
            if place + (flags >> bit & 1) >= length:
                return bytes(said[len(_BEGINNING) :])
            if not flags >> bit & 1:
                said.append(data[place])
                place += 1
                continue
            token = data[place] << 8 | data[place + 1]
            place += 2
            offset, count = token >> 4, (token & 15) + 2
            if offset == len(said) % _WINDOW:
                return bytes(said[len(_BEGINNING) :])
            start = len(said) - (len(said) - offset) % _WINDOW
            for step in range(count):
                said.append(said[start + step] if 0 <= start + step < len(said) else 0x20)
    return bytes(said[len(_BEGINNING) :])

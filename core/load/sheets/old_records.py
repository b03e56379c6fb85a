"""The records of an .xls file that xlrd leaves out: text boxes and the words of charts; and all its shared texts."""

import io
import struct
from collections.abc import Iterator

_BOF, _EOF, _CONTINUE, _BOUND_SHEET, _SHARED, _TEXT_BOX, _OBJECT, _SERIES_TEXT = (
    0x0809, 0x000A, 0x003C, 0x0085, 0x00FC, 0x01B6, 0x005D, 0x100D,
)  # fmt: skip
_ROW, _COLUMNS, _SHARED_CELL, _FILE_PASS, _NOTE = 0x0208, 0x007D, 0x00FD, 0x002F, 0x19
_OLDER_BOXES = (6, 7)
_CELL = struct.Struct("<HHxxI")
_MOST_TEXTS = 20_000
Record = tuple[int, int, bytes]


def shapes_and_charts(data: bytes) -> dict[str, list[str]]:
    """Return, for each sheet's name, the texts of its text boxes and a line for each chart with words in it."""
    names: dict[int, str] = {}
    found: dict[str, list[str]] = {}
    name, depth, chart, kind, left, count = "", 0, list[str](), 0, 0, 0
    for place, code, body in _records(_excel_97(data)):
        if code == _BOF:
            name = names.get(place, "") if depth == 0 else name
            depth += 1
        elif code == _EOF:
            if chart:
                found.setdefault(name, []).append("Chart: " + ", ".join(dict.fromkeys(chart)))
                chart = []
            depth = max(0, depth - 1)
        elif code == _BOUND_SHEET and len(body) > 8:
            names[int.from_bytes(body[:4], "little")] = _short(body[6:])
        elif code == _OBJECT:
            kind = body[4] if len(body) > 4 else 0
        elif code == _SERIES_TEXT and len(body) > 4 and len(chart) < 50:
            chart.extend(filter(None, [_short(body[2:]).strip()]))
        if code == _TEXT_BOX:
            # Its text follows, a part a record; what xlrd reads as a note is none.
            left = int.from_bytes(body[10:12], "little") if kind != _NOTE and len(body) >= 12 else 0
            found.setdefault(name, []).append("")
            count += 1
        elif code == _CONTINUE and left and count < _MOST_TEXTS:
            text = _letters(body[1:], wide=bool(body[:1] and body[0] & 1))[:left]
            left -= len(text)
            found[name][-1] += text
        else:
            left = 0
    return {name: [text for each in texts if (text := each.strip())] for name, texts in found.items()}


def older_boxes(data: bytes) -> int:
    """Return how many text boxes and buttons with words there are in a workbook of Excel 5 or 95."""
    stream = workbook_stream(data)
    bodies = (body for _, code, body in _records(stream) if code == _OBJECT) if stream[4:6] == b"\x00\x05" else ()
    return sum(len(body) > 46 and body[4] in _OLDER_BOXES and any(body[44:46]) for body in bodies)


def own_texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the shared texts in cells of the sheets that are shown, but those in hidden rows and columns, each once."""
    pieces: list[bytes] = []
    hidden_sheets: set[int] = set()
    used: set[int] = set()
    rows, columns = set[int](), set[int]()
    shown, before = False, 0
    for place, code, body in _records(_excel_97(data)):
        if code == _FILE_PASS:
            return
        if code == _SHARED or (code == _CONTINUE and before == _SHARED):
            pieces.append(body)
            code = _SHARED
        elif code == _BOUND_SHEET and len(body) > 5 and (body[4] & 3 or body[5]):
            hidden_sheets.add(int.from_bytes(body[:4], "little"))
        elif code == _BOF:
            shown = place not in hidden_sheets
            rows, columns = set(), set()
        elif code == _ROW and len(body) >= 16 and (body[12] & 0x20 or body[6:8] in (b"\0\0", b"\0\x80")):
            rows.add(body[0] | body[1] << 8)
        elif code == _COLUMNS and len(body) >= 10 and (body[8] & 1 or body[4:6] == b"\0\0"):
            columns.update(range(body[0] | body[1] << 8, min((body[2] | body[3] << 8) + 1, 256)))
        elif code == _SHARED_CELL and shown and len(body) >= 10:
            row, column, number = _CELL.unpack_from(body)
            if row not in rows and column not in columns:
                used.add(number)
        before = code
    yield from (("", text) for number, text in enumerate(_strings(pieces)) if number in used)


def workbook_stream(data: bytes) -> bytes:
    """Return the records of a workbook, out of the container that they lie in; nothing where they are not found."""
    import olefile

    if not data.startswith(olefile.MAGIC):
        return data
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            found = {path[0].upper(): path for path in container.listdir() if len(path) == 1}
            path = found.get("WORKBOOK") or found.get("BOOK")
            return bytes(container.openstream(path).read()) if path else b""
    except (OSError, ValueError, IndexError, TypeError, RecursionError):
        return b""


def _excel_97(data: bytes) -> bytes:
    """Return the records of a workbook of Excel 97 or later; nothing of an older one, whose texts are otherwise."""
    stream = workbook_stream(data)
    return stream if stream[4:6] == b"\x00\x06" else b""


def _records(stream: bytes) -> Iterator[Record]:
    """Yield each record's place in the stream, its code and its body."""
    place = 0
    while place + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, place)
        if not code and not size:
            return
        yield place, code, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _short(body: bytes) -> str:
    """Return a text that begins with its length in one byte and a byte that tells how wide its letters are."""
    wide = len(body) > 1 and bool(body[1] & 1)
    return _letters(body[2 : 2 + (body[0] if body else 0) * (2 if wide else 1)], wide=wide)


def _letters(body: bytes, *, wide: bool) -> str:
    return body.decode("utf-16-le" if wide else "latin-1", errors="replace").replace("\r", "\n")


def _strings(pieces: list[bytes]) -> Iterator[str]:
    """Yield the texts of the shared string table; one that goes on in the next piece says its width anew there."""
    if not pieces or len(pieces[0]) < 8:
        return
    piece, place = 0, 8
    while piece < len(pieces):
        if place >= len(pieces[piece]):
            piece, place = piece + 1, 0
            continue
        head = pieces[piece][place : place + 3]
        if len(head) < 3:
            return
        left, flags = int.from_bytes(head[:2], "little"), head[2]
        place += 3
        runs = int.from_bytes(pieces[piece][place : place + 2], "little") if flags & 8 else 0
        place += 2 if flags & 8 else 0
        extra = int.from_bytes(pieces[piece][place : place + 4], "little") if flags & 4 else 0
        place += 4 if flags & 4 else 0
        text, wide = [], flags & 1
        while left and piece < len(pieces):
            width = 2 if wide else 1
            taken = max(0, min(left, (len(pieces[piece]) - place) // width))
            text.append(_letters(pieces[piece][place : place + taken * width], wide=bool(wide)))
            left, place = left - taken, place + taken * width
            if left:
                piece, place = piece + 1, 1
                wide = pieces[piece][0] & 1 if piece < len(pieces) and pieces[piece] else 0
        yield "".join(text)
        skip = 4 * runs + extra
        while skip and piece < len(pieces):
            step = max(0, min(skip, len(pieces[piece]) - place))
            skip, place = skip - step, place + step
            if skip:
                piece, place = piece + 1, 0

"""Spreadsheets made by hand for the tests, in the formats that no library here writes, or not with these faults."""

import io
import struct
from collections.abc import Sequence

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.core.load.makers import make_zip

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_xlsx(rows: Sequence[Sequence[object]], *, merged: Sequence[str] = (), name: str = "Sheet") -> bytes:
    """Write a workbook of one sheet with openpyxl."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)


def make_raw_xlsx(
    sheet: str, *, styles: str = "", extra: dict[str, str | bytes] | None = None, folder: str = "xl", main: str = MAIN
) -> bytes:
    """Write a workbook from the XML inside its only sheet, with its parts in ``folder``."""
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
        f'Target="sheet.xml"/><Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    )
    return make_zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/{folder}/book.xml" '
            f'ContentType="{_TYPE}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="{folder}/book.xml"/></Relationships>',
            f"{folder}/book.xml": f'<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Rates" sheetId="1" r:id="r1"/></sheets></workbook>',
            f"{folder}/_rels/book.xml.rels": relations,
            f"{folder}/sheet.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
            f"{folder}/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
        }
        | (extra or {})
    )


def make_ods(table: str, *, styles: str = "", extra: dict[str, str | bytes] | None = None) -> bytes:
    """Write an OpenDocument spreadsheet from the XML inside its body."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("draw", "drawing"),
        )
    )  # fmt: skip
    return make_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
            "</office:document-content>",
        }
        | (extra or {})
    )


def _record(code: int, body: bytes) -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def _short(text: str) -> bytes:
    return bytes([len(text), 0]) + text.encode("latin-1")


def make_xls_stream(
    rows: Sequence[Sequence[str | float]],
    *,
    formats: Sequence[str] = ("General",),
    column_formats: Sequence[int] = (),
    hidden_rows: Sequence[int] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    box: str = "",
) -> bytes:
    """Write the records of an .xls of one sheet, Prices; ``column_formats`` are places in ``formats``."""
    beginning, end = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0), _record(0x0A, b"")
    head = _record(0x0809, beginning)
    styles = _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _short("Arial"))
    for place, code in enumerate(formats):
        styles += _record(0x041E, struct.pack("<HHB", 164 + place, len(code), 1) + code.encode("utf-16-le"))
    for place in range(len(formats)):
        styles += _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, 164 + place, 0, 0, 0, 0, 0, 0, 0, 0))
    sheet_at = len(head) + len(styles) + 4 + 6 + len(_short("Prices")) + len(end)
    book = head + styles + _record(0x0085, struct.pack("<IBB", sheet_at, 0, 0) + _short("Prices")) + end
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0))
    for number in range(len(rows)):
        options = 0x120 if number in hidden_rows else 0x100
        sheet += _record(0x0208, struct.pack("<HHHHHHI", number, 0, 9, 255, 0, 0, options))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            style = column_formats[column] if column < len(column_formats) else 0
            place = struct.pack("<HHH", number, column, style)
            if isinstance(value, str):
                sheet += _record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            else:
                sheet += _record(0x0203, place + struct.pack("<d", value))
    if box:
        sheet += _record(0x005D, struct.pack("<HHHHH", 0x15, 0x12, 6, 1, 0) + bytes(12))
        sheet += _record(0x01B6, struct.pack("<HHHHHHHI", 0, 0, 0, 0, 0, len(box), 16, 0))
        for first in range(0, len(box), 8000):  # no record is longer than 8,224 bytes
            sheet += _record(0x003C, b"\0" + box[first : first + 8000].encode("latin-1"))
        sheet += _record(0x003C, bytes(16))
    areas = b"".join(struct.pack("<HHHH", *area) for area in merged)
    sheet += _record(0x00E5, struct.pack("<H", len(merged)) + areas)
    return book + sheet + end


def make_container(name: str, stream: bytes) -> bytes:
    """Put a stream into Microsoft's old container."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    sectors = len(stream) // 512
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIiIiI", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, -2, 0, -2, 0)
    head += struct.pack("<I", 0) + b"\xff" * (108 * 4)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    folder = _entry("Root Entry", 5, child=1, start=0xFFFFFFFE, size=0) + _entry(
        name, 2, child=0xFFFFFFFF, start=2, size=len(stream)
    )
    return head + table + folder.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _binary(code: int, body: bytes = b"") -> bytes:
    number = bytes([code]) if code < 128 else bytes([code & 0x7F | 0x80, code >> 7])
    size = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 0x7F | 0x80, len(body) >> 7])
    return number + size + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def make_xlsb(
    rows: Sequence[Sequence[str | float | None]], code: str, *, merged: Sequence[tuple[int, int, int, int]] = ()
) -> bytes:
    """Write a binary workbook of one sheet, Prices, whose numbers have the format ``code``; its third row is hidden."""
    styles = _binary(44, struct.pack("<H", 164) + _wide(code)) + _binary(617, struct.pack("<I", 2))
    styles += b"".join(_binary(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 164)) + _binary(618)
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    sheet = b""
    for number, row in enumerate(rows):
        sheet += _binary(0, struct.pack("<IIHBB", number, 0, 300, 0, 0x10 if number == 2 else 0) + bytes(5))
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet += _binary(7, struct.pack("<III", column, 0, texts.index(cell)))
            elif cell is not None:
                sheet += _binary(5, struct.pack("<IId", column, 1, cell))
    sheet += b"".join(_binary(176, struct.pack("<IIII", *area)) for area in merged)
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{kind}.bin"/>'
        for number, kind in enumerate(("worksheet", "styles", "sharedStrings"), 1)
    )
    return make_zip(
        {
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/workbook.bin": _binary(156, struct.pack("<II", 0, 1) + _wide("r1") + _wide("Prices")),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
            "xl/worksheet.bin": sheet,
            "xl/styles.bin": styles,
            "xl/sharedStrings.bin": b"".join(_binary(19, b"\0" + _wide(text)) for text in texts),
        }
    )

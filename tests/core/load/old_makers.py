"""Old Word and PowerPoint files made by hand: Microsoft's container, and the few records that a reader needs."""

import struct

SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def make_compound(streams: dict[str, bytes]) -> bytes:
    """Write a container of streams, each filled up to 4,096 bytes (shorter ones would lie elsewhere)."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", 5, 1, _END, 0)]
    for number, (name, content) in enumerate(streams.items(), 1):
        content = content.ljust(4096, b"\x00")
        content = content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\x00")
        first, count = len(sectors), len(content) // SECTOR
        entries.append(_entry(name, 2, number + 1 if number < len(streams) else _FREE, first, len(content), left=False))
        sectors += [content[place : place + SECTOR] for place in range(0, len(content), SECTOR)]
        chain += [*range(first + 1, first + count), _END]
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\x00")
    directory_start = len(sectors)
    sectors += [directory[place : place + SECTOR] for place in range(0, len(directory), SECTOR)]
    chain += [*range(directory_start + 1, len(sectors)), _END]
    table_start = len(sectors)
    chain.append(_TABLE)
    assert len(chain) <= SECTOR // 4
    table = struct.pack(f"<{SECTOR // 4}I", *chain, *[_FREE] * (SECTOR // 4 - len(chain)))
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_start,
        0, 4096, _END, 0, _END, 0, table_start,
    )  # fmt: skip
    return head.ljust(SECTOR, b"\xff") + b"".join(sectors) + table


def _entry(name: str, kind: int, following: int, start: int, size: int, *, left: bool = True) -> bytes:
    written = (name + "\x00").encode("utf-16-le")
    child = following if left else _FREE
    right = _FREE if left else following
    return struct.pack(
        "<64sHBBIII36xIQ", written, len(written), kind, 1, _FREE, right, child, start, size
    )  # fmt: skip


def make_doc(
    paragraphs: list[tuple[str, bytes]], beside: dict[str, str] | None = None, hidden: str = "", flags: int = 0
) -> bytes:
    """Write an old Word document. Each paragraph ends with its mark and has its changes (style, then single ones).

    ``beside``: footnotes, headers, comments, … by the parts' names; ``hidden`` is a word of the body made invisible.
    """
    parts = ("footnotes", "headers", "macros", "comments", "endnotes", "text boxes", "header boxes")
    text = "".join(words for words, _ in paragraphs)
    others = [(beside or {}).get(part, "") for part in parts]
    content = (text + "".join(others) + "\r").encode("utf-16-le")
    begin = 1024
    pages = begin + -(-len(content) // 512) * 512
    head = bytearray(begin)
    struct.pack_into("<H8xH", head, 0, 0xA5EC, 0x0200 | flags)
    struct.pack_into("<8i", head, 0x4C, len(text), *map(len, others))
    places = [begin]
    for words, _ in paragraphs:
        places.append(places[-1] + 2 * len(words))
    spot = begin + 2 * text.index(hidden)
    ends = [begin, spot, spot + 2 * len(hidden), begin + 2 * len(text)]
    letters = _page(ends, [b"", b"\x03\x3c\x08\x01" if hidden else b"", b""], 1)
    forms = [bytes([(len(form) + 2) // 2]) + form for _, form in paragraphs]
    table = bytearray()
    for number, listed in (
        (12, struct.pack("<III", begin, ends[-1], pages // 512)),
        (13, struct.pack("<III", begin, ends[-1], pages // 512 + 1)),
        (1, _styles()),
        (33, b"\x02" + struct.pack("<IIIHIH", 16, 0, len(content) // 2, 0, begin, 0)),
    ):
        struct.pack_into("<II", head, 154 + 8 * number, len(table), len(listed))
        table += listed
    main = bytes(head) + content.ljust(pages - begin, b"\x00") + letters + _page(places, forms, 13)
    return make_compound({"WordDocument": main, "1Table": bytes(table)})


def _page(places: list[int], entries: list[bytes], width: int) -> bytes:
    page = bytearray(512)
    struct.pack_into(f"<{len(places)}I", page, 0, *places)
    end = 510
    for number, entry in enumerate(entries):
        if entry:
            end -= len(entry) + len(entry) % 2
            page[end : end + len(entry)] = entry
            page[4 * len(places) + width * number] = end // 2
    page[511] = len(entries)
    return bytes(page)


def _styles() -> bytes:
    """Two styles: the usual one, and the first heading."""
    usual, heading = struct.pack("<HH", 0, 0xFFF1), struct.pack("<HH", 1, 0xFFF1)
    return struct.pack("<HHH", 4, 2, 10) + b"".join(struct.pack("<H", len(each)) + each for each in (usual, heading))


def record(kind: int, content: bytes, *, instance: int = 0, holds: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(content)) + content


def make_ppt(
    slides: list[list[tuple[int, str]]], notes: str = "", hidden: int = 0, comment: str = "", listed: str = ""
) -> bytes:
    """Write an old presentation: each slide a list of texts with their kinds (0: title, 1: body, 4: other).

    ``notes`` and ``comment`` belong to the first slide; ``hidden`` is the number of a slide that is not shown.
    ``listed`` is a text that the presentation keeps for its last slide and that no shape shows.
    """
    content, places = b"", []
    lists = {0: b"", 2: b""}
    for number, said in enumerate(slides, 1):
        shapes = b"".join(
            record(
                0xF004,
                record(
                    0xF00D,
                    record(0x0F9F, struct.pack("<I", kind)) + record(0x0FA0, text.encode("utf-16-le")),
                    holds=True,
                ),
                holds=True,
            )
            for kind, text in said
        )
        show = record(0x03F9, struct.pack("<10xHxxxx", 4 if number == hidden else 0))
        words = record(0x0FBA, "Ilse".encode("utf-16-le")) + record(0x0FBA, comment.encode("utf-16-le"), instance=1)
        said_of_it = record(0x2EE0, words, holds=True) if comment and number == 1 else b""
        places.append(len(content))
        content += record(0x03EE, show + record(0x040C, shapes, holds=True) + said_of_it, holds=True)
        lists[0] += record(0x03F3, struct.pack("<I8xII", len(places), 255 + number, 0))
    if listed:
        lists[0] += record(0x0F9F, struct.pack("<I", 1)) + record(0x0FA8, listed.encode("latin-1"))
    if notes:
        shape = record(0xF004, record(0xF00D, record(0x0FA8, notes.encode("latin-1")), holds=True), holds=True)
        places.append(len(content))
        content += record(0x03F0, record(0x03F1, struct.pack("<II", 256, 0)) + shape, holds=True)
        lists[2] += record(0x03F3, struct.pack("<I8xII", len(places), 1, 0))
    lists_of_slides = b"".join(record(0x0FF0, each, instance=number, holds=True) for number, each in lists.items())
    places.append(len(content))
    content += record(0x03E8, lists_of_slides, holds=True)
    table = len(content)
    content += record(0x1772, struct.pack(f"<I{len(places)}I", 1 | len(places) << 20, *places))
    edit = len(content)
    content += record(0x0FF5, struct.pack("<IIIIIII", 0, 0, 0, table, len(places), 0, 0))
    user = record(0x0FF6, struct.pack("<III", 20, 0xE391C05F, edit))
    return make_compound({"PowerPoint Document": content, "Current User": user})

"""Files to damage, and the ways to damage one: bytes changed, cut, spliced, repeated; members of archives swapped."""

import io
import random
import zipfile
import zlib

from tests.core.hostile_runs import RUNS
from tests.core.load.makers import make_docx, make_pdf, make_zip

_MOST_BYTES = 400_000
_SUFFIXES = (".txt", ".md", ".csv", ".html", ".eml", ".rtf", ".docx", ".pdf", ".xlsx", ".epub")


def own_files() -> list[tuple[str, bytes]]:
    """Small files of most kinds, made here: name and bytes."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Zone", "Price", "Days"], ["One", 4.5, 2], ["Two", 7, 3]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    body = "<h1>Fees</h1><p>It costs 5 euros.</p><ul><li>One</ul>"
    page = f"<html><head><title>Fees</title></head><body>{body}</body></html>"
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    lines = [(50.0, 700.0 - 14 * line, 11.0, f"Line {line}: it costs {line} euros in 2023.") for line in range(20)]
    return [
        ("a.txt", b"Chapter 1\n\nIt costs 5 euros in 2023. See approx. 3.5 kg.\n\n- one\n- two\n"),
        ("a.md", b"---\ntitle: Fees\n---\n# Fees\n\n| Zone | Price |\n|---|---|\n| 1 | 5 |\n\n> [a](http://b.c) `x`\n"),
        ("a.csv", b'Zone,Price\n1,"5,00"\n2,"7\n00"\n'),
        ("a.html", page.encode()),
        (
            "a.eml",
            b"From: a@b.c\nSubject: =?utf-8?q?Fees?=\nContent-Type: text/html; charset=utf-8\n\n" + page.encode(),
        ),
        ("a.rtf", b"{\\rtf1\\ansi {\\b Fees}\\par It costs 5 euros.\\par}"),
        ("a.docx", make_docx("<w:p><w:r><w:t>It costs 5 euros in 2023.</w:t></w:r></w:p>")),
        ("a.pdf", make_pdf([lines, lines], outline="Fees")),
        ("a.xlsx", stream.getvalue()),
        ("a.epub", make_zip({"mimetype": "application/epub+zip", "p.opf": package, "a.xhtml": page})),
    ]


def mutated(chance: random.Random, files: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Return one file damaged in one to four ways, sometimes under another kind's name."""
    name, data = chance.choice(files)
    for _ in range(chance.randint(1, 4)):
        if data.startswith(b"PK") and chance.random() < 0.7:
            data = _members_changed(chance, data, chance.choice(files)[1])
        else:
            data = _changed(chance, data, chance.choice(files)[1])
    if chance.random() < 0.2:
        name += chance.choice(_SUFFIXES)
    return name, data[:20_000_000]


def _changed(chance: random.Random, data: bytes, other: bytes) -> bytes:
    start = chance.randint(0, len(data))
    end = min(len(data), start + chance.choice((0, 1, 10, 1000)))
    before, middle, after = data[:start], data[start:end], data[end:]
    way = chance.randrange(6)
    if way == 0:
        return before + chance.randbytes(chance.choice((1, 4, 100))) + after
    if way == 1:
        return before + after
    if way == 2:
        return before + middle * min(chance.choice((3, 100, 10_000)), _MOST_BYTES // max(1, len(middle))) + after
    if way == 3:
        return before + other[chance.randint(0, len(other)) :]
    if way == 4:
        unit = "".join(chance.choices(RUNS, k=chance.randint(1, 3))).encode("utf-8", "replace")
        return before + unit * (chance.choice((10, 1000, _MOST_BYTES)) // len(unit)) + after
    return before + bytes(byte ^ 1 << chance.randrange(8) for byte in middle) + after


def _members_changed(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Damage a member of an archive, or give two members each other's content."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
        one, two = chance.choice(list(members)), chance.choice(list(members))
        if chance.random() < 0.3:
            members[one], members[two] = members[two], members[one]
        else:
            content = members[one]
            members[one] = _changed(chance, content.encode() if isinstance(content, str) else content, other)
        return make_zip(members)
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        IndexError,
        EOFError,
        RuntimeError,
        zlib.error,
    ):
        return _changed(chance, data, other)

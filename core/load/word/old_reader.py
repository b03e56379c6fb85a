"""Old Word documents (.doc, Word 6 to 2003): their text from the file's own table of pieces.

No library without a program beside it reads them. What is read is the text with its paragraphs, headings, tables,
notes, comments, headers and text boxes; of its formatting only what says whether a reader sees it.
"""

import re
import struct
from collections.abc import Iterator

from core.errors import LoadError
from core.load.builder import Builder
from core.load.containers import locked
from core.load.limits import Reading
from core.load.office.compound import open_compound
from core.load.office.elements import UNHIDE_TEXT, without_page_number
from core.load.word.old_formats import Format
from core.load.word.old_text import OldText, text_of_pieces
from core.load.word.old_words import words_of
from core.schema import Document, Shortfall

_STREAMS = ("WordDocument", "0Table", "1Table")
_NEWEST, _OLDER = 0xA5EC, 0xA5DC
_ENCRYPTED, _OTHER_TABLE = 0x0100, 0x0200
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1d\x1f]")
_SHOWN = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " ", "\t": " "})
_BROKEN = LoadError(
    "This old Word document is incomplete or damaged and could not be opened.",
    "Open it in Word, save it as .docx and upload that.",
    code="broken",
)


def read(data: bytes, reading: Reading) -> Document:
    """Read an old Word document. Raises LoadError (encrypted, broken, too_large)."""
    reading.tell("Reading paragraphs", 0, 1)
    try:
        file = open_compound(data, _STREAMS)
        text = _text(file.streams)
    except (struct.error, IndexError, ValueError, OSError) as error:
        raise _BROKEN from error
    builder = Builder()
    parts = text.parts()
    said: set[str] = set()
    for line in _lines(parts["headers"]):
        if line not in said and any(map(str.isalnum, line)):
            said.add(line)
            builder.paragraph(line)
    _add_body(builder, text, parts["body"])
    for part in ("text boxes", "header boxes"):
        for line in _lines(parts[part]):
            if line not in said:
                builder.paragraph(line)
    notes = [*_stories(parts["footnotes"], "\x02"), *_stories(parts["endnotes"], "\x02")]
    for comment in _stories(parts["comments"], "\x05"):
        builder.paragraph(f"Comment: {comment}")
    for number, note in enumerate(notes, 1):
        builder.item(f"({number}) {note}")
    if text.hidden:
        builder.warnings.append(Shortfall(f"Hidden text was not read ({text.hidden:,} characters).", UNHIDE_TEXT))
    return builder.document("doc", title=file.title)


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield all of the file's own words, put together without the reader."""
    yield from words_of(open_compound(data, _STREAMS).streams)
    open_compound.cache_clear()


def _text(streams: dict[str, bytes]) -> OldText:
    main = streams.get("WordDocument", b"")
    identifier, flags = struct.unpack_from("<H8xH", main)
    if identifier not in (_NEWEST, _OLDER):
        raise _BROKEN
    if flags & _ENCRYPTED:
        raise locked("Word document")
    table = main if identifier == _OLDER else streams.get("1Table" if flags & _OTHER_TABLE else "0Table", b"")
    return text_of_pieces(main, table, older=identifier == _OLDER)


def _add_body(builder: Builder, text: OldText, body: tuple[int, str]) -> None:
    """Add paragraphs, headings and tables. A cell ends with 0x07, and so does each row, in a paragraph of its own."""
    start, words = body
    rows: list[list[str]] = []
    cells: list[str] = []
    lines: list[str] = []
    place = 0
    for match in re.finditer("[\r\x07\x0c]", words):
        raw, place, mark = words[place : match.start()], match.end(), match.group()
        form = text.format_at(start + match.start())
        line = raw.strip("\x00")
        if mark == "\x07" and (form.row_end or (form.unknown and not line.strip() and cells and not lines)):
            rows.append(cells)
            cells = []
        elif mark == "\x07":
            cells.append(_shown(" ".join((*lines, line))))
            lines = []
        elif form.in_table:
            lines.append(line)
        else:
            _end_table(builder, rows, cells, lines)
            rows, cells, lines = [], [], []
            _add_line(builder, _shown(line), form)
    _end_table(builder, rows, cells, lines)
    _add_line(builder, _shown(words[place:]), Format())


def _end_table(builder: Builder, rows: list[list[str]], cells: list[str], lines: list[str]) -> None:
    if lines or cells:
        rows.append([*cells, _shown(" ".join(lines))])
    if max(map(len, rows), default=0) > 1:
        builder.table(rows)
    else:
        for row in rows:
            builder.paragraph("".join(row))


def _add_line(builder: Builder, line: str, form: Format) -> None:
    if form.level and line.strip():
        builder.heading(line, form.level)
    else:
        builder.paragraph(line)


def _shown(text: str) -> str:
    return _CONTROLS.sub("", text.translate(_SHOWN)).strip()


def _lines(part: tuple[int, str]) -> Iterator[str]:
    """Yield a part's lines, without the numbers of pages that were marked in it."""
    for line in re.split("[\r\x07\x0c]", part[1]):
        if shown := " ".join(filter(None, map(without_page_number, _CONTROLS.sub("", line).split("\t")))):
            yield _shown(shown)


def _stories(part: tuple[int, str], mark: str) -> list[str]:
    """Return notes or comments; each begins with its mark."""
    pieces = part[1].split(mark) if mark in part[1] else [part[1]]
    return [story for piece in pieces if (story := _shown(piece.replace("\r", "\n").replace("\x07", " ")))]

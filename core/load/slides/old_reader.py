"""Old PowerPoint presentations (.ppt, 97 to 2003): a page a slide, its title a heading, then its text and notes.

No library without a program beside it reads them. The file is a log of changes: only what its newest table names is
read, so that nothing comes back that was deleted.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from core.errors import LoadError
from core.load.builder import Builder
from core.load.containers import locked
from core.load.limits import Reading
from core.load.office.compound import open_streams, stated_title
from core.load.slides.records import Record, below, children, record_at
from core.schema import Document, Shortfall

_DOCUMENT, _SLIDE_LIST, _SLIDE_PERSIST, _NOTES_ATOM = 0x03E8, 0x0FF0, 0x03F3, 0x03F1
_HEADER, _CHARS, _BYTES, _OUTLINE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_SHAPE, _PLACEHOLDER, _SHOW, _EMBEDDED = 0xF004, 0x0BC3, 0x03F9, 0x0FCC
_EDIT, _DIRECTORY, _STRING, _COMMENT, _EDGES = 0x0FF5, 0x1772, 0x0FBA, 0x2EE0, 0x0FD9
_EDIT_MARK = b"\xf5\x0f\x1c\x00\x00\x00"  # the kind and the length of a table's head
_TITLES = (0, 6)
_HIDDEN = 0x0004
_ENCRYPTED = 0xF3D1C4DF
_MOST_EDITS = 10_000
_ADD_EMBEDDED = "Open what is embedded by a double click, save it as a file of its own and add that."
_UNHIDE = "If they are to be answered from: choose “Unhide Slide” in PowerPoint, save the file and add it again."
_USER_SIZE = 20
_TOO_OLD = LoadError(
    "Presentations that were saved by PowerPoint 95 or older are not read.",
    "Open it in a newer PowerPoint or in LibreOffice, save it as .pptx and upload that.",
    code="unsupported",
)
_BROKEN = LoadError(
    "This old presentation is incomplete or damaged and could not be opened.",
    "Open it in PowerPoint, save it as .pptx and upload that.",
    code="broken",
)


class Said(NamedTuple):
    """A text on a slide, of what kind (0 and 6: a title), and whether it stands in a place that the layout gives."""

    kind: int
    text: str
    placed: bool = False


@dataclass
class Listed:
    """A slide, master or page of notes in the presentation's list, with the texts that are kept in the list."""

    persist: int
    identifier: int
    texts: list[Said] = field(default_factory=list)


def read(data: bytes, reading: Reading) -> Document:
    """Read an old presentation. Raises LoadError (encrypted, broken)."""
    try:
        streams = open_streams(data, ("PowerPoint Document", "Current User"))
        content = streams.get("PowerPoint Document", b"")
        if _EDIT_MARK not in content and len(streams.get("Current User", b"")) < _USER_SIZE:
            raise _TOO_OLD
        places = _places(content, streams.get("Current User", b""))
        builder = _slides(content, places, reading)
    except (struct.error, IndexError, ValueError, OSError) as error:
        raise _BROKEN from error
    return builder.document("ppt", title=stated_title(data), page_word="slide")


def _places(content: bytes, user: bytes) -> dict[int, int]:
    """Return where each part lies by its number: the newest table's word, then that of those before it."""
    token, place = struct.unpack_from("<II", user, 12) if len(user) >= _USER_SIZE else (0, 0)
    if token == _ENCRYPTED:
        raise locked("presentation")
    if content[place + 2 : place + 4] != _EDIT_MARK[:2]:
        place = content.rfind(_EDIT_MARK) - 2  # the place stated is wrong: the newest table is the file's last
    places: dict[int, int] = {}
    for _ in range(_MOST_EDITS):
        edit = record_at(content, place, len(content))
        if edit is None or edit.kind != _EDIT:
            break
        before, directory, document = struct.unpack_from("<III", content, edit.start + 8)
        if edit.end - edit.start >= 32:
            raise locked("presentation")
        places.setdefault(0, document)
        for number, where in _directory(content, directory):
            places.setdefault(number, where)
        if not 0 < before < place:
            break
        place = before
    if not places:
        raise ValueError("no table of parts")
    return places


def _directory(content: bytes, place: int) -> Iterator[tuple[int, int]]:
    table = record_at(content, place, len(content))
    if table is None or table.kind != _DIRECTORY:
        return
    place = table.start
    while place + 4 <= table.end:
        entry = struct.unpack_from("<I", content, place)[0]
        first, count = entry & 0xFFFFF, min(entry >> 20, (table.end - place - 4) // 4)
        yield from zip(range(first, first + count), struct.unpack_from(f"<{count}I", content, place + 4), strict=True)
        place += 4 + 4 * count


def _slides(content: bytes, places: dict[int, int], reading: Reading) -> Builder:
    document = record_at(content, places.get(places[0], -1), len(content))
    if document is None or document.kind != _DOCUMENT:
        raise ValueError("no document")
    lists = {child.instance: child for child in children(content, document) if child.kind == _SLIDE_LIST}
    slides, masters, notes = ([*_listed(content, lists.get(number))] for number in (0, 1, 2))
    notes_of = dict(_notes(content, places, notes))
    if slides and not any(slide.persist in places for slide in slides):
        raise ValueError("slides that lie nowhere")
    builder = Builder()
    hidden: list[str] = []
    for number, slide in enumerate(slides[: reading.pages], 1):
        reading.tell("Reading slide", number, len(slides))
        builder.page()
        record = record_at(content, places.get(slide.persist, -1), len(content))
        if record is None:
            continue
        if _is_hidden(content, record):
            hidden.append(str(number))
            continue
        _add_slide(builder, [*_texts(content, record, slide.texts)])
        if number == 1:
            _add_edges(builder, content, places, document, masters)
        if note := "\n".join(notes_of.get(slide.identifier, ())):
            builder.paragraph(f"Notes: {note}")
        for comment in _comments(content, record):
            builder.paragraph(comment)
    embedded = sum(1 for record in below(content, document, _SLIDE_LIST) if record.kind == _EMBEDDED)
    builder.warnings.extend(_shortfalls(hidden, embedded, len(slides) - reading.pages))
    return builder


def _listed(content: bytes, record: Record | None) -> Iterator[Listed]:
    """Yield the entries of a list of slides; the texts after an entry are its slide's."""
    entry: Listed | None = None
    kind = 4
    for child in children(content, record) if record else ():
        if child.kind == _SLIDE_PERSIST:
            if entry:
                yield entry
            persist, identifier = struct.unpack_from("<I8xI", content, child.start)
            entry = Listed(persist, identifier)
        elif child.kind == _HEADER:
            kind = content[child.start]
            if entry:
                entry.texts.append(Said(kind, ""))
        elif entry and entry.texts and (text := _text(content, child)):
            entry.texts[-1] = Said(kind, text)
    if entry:
        yield entry


def _text(content: bytes, record: Record) -> str:
    if record.kind == _CHARS:
        text = content[record.start : record.end].decode("utf-16-le", "replace")
    elif record.kind == _BYTES:
        text = content[record.start : record.end].decode("latin-1")
    else:
        return ""
    return text.replace("\x0b", "\n").replace("\xa0", " ").replace("\t", " ").strip("\x00\r ")


def _texts(content: bytes, slide: Record, listed: list[Said]) -> Iterator[Said]:
    """Yield what a slide's shapes say, in their order; some keep their text in the presentation's list."""
    shape_end, kind, placed = 0, 4, False
    for record in below(content, slide, _COMMENT):
        if record.kind == _SHAPE:
            shape_end, kind = record.end, 4
            placed = any(each.kind == _PLACEHOLDER for each in below(content, record))
        elif record.start >= shape_end:
            continue
        elif record.kind == _HEADER:
            kind = content[record.start]
        elif record.kind == _OUTLINE:
            number = struct.unpack_from("<I", content, record.start)[0]
            if number < len(listed):
                yield Said(listed[number].kind, listed[number].text, True)
        elif text := _text(content, record):
            yield Said(kind, text, placed)


def _add_slide(builder: Builder, said: list[Said]) -> None:
    title = next((each for each in said if each.kind in _TITLES and each.text), None)
    if title:
        builder.heading(title.text.replace("\r", " "), 1)
        builder.page_names[-1] = " ".join(title.text.split())
    for each in said:
        if each is not title:
            for line in each.text.split("\r"):
                if line.strip(" *\n"):
                    builder.paragraph(line)


def _notes(content: bytes, places: dict[int, int], notes: list[Listed]) -> Iterator[tuple[int, list[str]]]:
    """Yield the notes with the number of the slide that each belongs to."""
    for each in notes:
        record = record_at(content, places.get(each.persist, -1), len(content))
        atom = (
            next((child for child in children(content, record) if child.kind == _NOTES_ATOM), None) if record else None
        )
        if record and atom:
            lines = [
                line
                for said in _texts(content, record, each.texts)
                for line in said.text.replace("\r", "\n").split("\n")
                if line.strip(" *")
            ]
            yield struct.unpack_from("<I", content, atom.start)[0], lines


def _is_hidden(content: bytes, slide: Record) -> bool:
    show = next((child for child in children(content, slide) if child.kind == _SHOW), None)
    return show is not None and bool(struct.unpack_from("<H", content, show.start + 10)[0] & _HIDDEN)


def _comments(content: bytes, slide: Record) -> Iterator[str]:
    for comment in below(content, slide):
        if comment.kind == _COMMENT:
            strings = {
                child.instance: content[child.start : child.end].decode("utf-16-le", "replace").strip("\x00\r ")
                for child in children(content, comment)
                if child.kind == _STRING
            }
            if text := strings.get(1, ""):
                yield f"Comment by {strings[0]}: {text}" if strings.get(0) else f"Comment: {text}"


def _add_edges(
    builder: Builder, content: bytes, places: dict[int, int], document: Record, masters: list[Listed]
) -> None:
    """Add once what stands on every slide: the footer, and what the master itself writes."""
    said: dict[str, None] = {}
    for edges in children(content, document):
        if edges.kind == _EDGES:
            for child in children(content, edges):
                if child.kind == _STRING:
                    said[content[child.start : child.end].decode("utf-16-le", "replace").strip("\x00\r ")] = None
    for master in masters:
        if (record := record_at(content, places.get(master.persist, -1), len(content))) is not None:
            for each in _texts(content, record, master.texts):
                if not each.placed:
                    said |= dict.fromkeys(each.text.split("\r"))
    for line in said:
        if line.strip(" *\n"):
            builder.paragraph(line)


def _shortfalls(hidden: list[str], embedded: int, more: int) -> Iterator[Shortfall]:
    if hidden:
        named = f"{', '.join(hidden[:20])}{', …' if len(hidden) > 20 else ''}"
        what = (
            f"Slides {named} are hidden and were not read."
            if len(hidden) > 1
            else f"Slide {named} is hidden and was not read."
        )
        yield Shortfall(what, _UNHIDE)
    if embedded:
        what = "A file embedded in it was" if embedded == 1 else f"{embedded} files embedded in it were"
        yield Shortfall(f"{what} not read.", _ADD_EMBEDDED)
    if more > 0:
        yield Shortfall(f"Its last {more:,} slides were not read.", "Split it into smaller files.")

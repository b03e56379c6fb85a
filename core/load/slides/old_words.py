"""All words that an old presentation itself holds, by its text records alone, to compare with what was read."""

import re
import struct
from collections.abc import Iterator

from core.errors import LoadError
from core.load.slides.old_places import places_of

# A record begins with its kind and the length of its content.
_SLIDES, _NOTES = re.compile(rb"\x0f\x00\xf0\x0f(....)", re.DOTALL), re.compile(rb"\x2f\x00\xf0\x0f(....)", re.DOTALL)
_ENTRY = re.compile(rb"\x00\x00\xf3\x03\x14\x00\x00\x00(....)........(....)....", re.DOTALL)
_TEXT = re.compile(rb"\x00\x00([\xa0\xa8])\x0f(....)", re.DOTALL)
_NO_TEXT = re.compile("[\x00-\x08\x0c\x0e-\x1f]")  # numbers may look like the beginning of a text
_COMMENT = re.compile(rb"\x0f\x00\xe0\x2e(....)", re.DOTALL)
_COMMENTED = re.compile(rb"\x10\x00\xba\x0f(....)", re.DOTALL)  # the second of a comment's texts: its words
_HIDDEN = re.compile(rb"\x00\x00\xf9\x03\x10\x00\x00\x00.{10}[\x04-\x07\x0c-\x0f\x14-\x17\x1c-\x1f]", re.DOTALL)
_NOTES_OF = re.compile(rb"\x00\xf1\x03\x08\x00\x00\x00(....)", re.DOTALL)
_LOOKED_AT = 64
Stretch = tuple[int, int]


def words_of(content: bytes, user: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of the slides that are shown, of their comments, and of their notes ("notes")."""
    try:
        places = places_of(content, user)
    except (struct.error, ValueError, IndexError, LoadError):
        return  # the reader says that it is damaged or locked
    document = _record(content, places.get(places[0], -1))
    shown: set[bytes] = set()
    left = 2 * len(content)  # parts that lie within one another are looked through no more than that
    for slide, identifier, listed in _entries(content, _SLIDES, document):
        where = _record(content, places.get(slide, -1))
        left -= where[1] - where[0]
        if left > 0 and not _HIDDEN.search(content, *where):
            shown.add(identifier)
            yield from (("", text) for stretch in (listed, where) for text in _texts(content, stretch))
            yield from (("comments", text) for text in _comments(content, where))
    for page, _, listed in _entries(content, _NOTES, document):
        where = _record(content, places.get(page, -1))
        left -= where[1] - where[0]
        slide_of = _NOTES_OF.search(content, *where) if left > 0 else None
        if slide_of and slide_of.group(1) in shown:
            yield from (("notes", text) for stretch in (listed, where) for text in _texts(content, stretch))


def _record(content: bytes, place: int) -> Stretch:
    """Return where the content of the record at ``place`` lies; nowhere where there is none."""
    if place < 0:
        return 0, 0
    return place + 8, min(len(content), place + 8 + int.from_bytes(content[place + 4 : place + 8], "little"))


def _end(head: re.Match[bytes]) -> int:
    return head.end() + int.from_bytes(head.group(head.lastindex or 1), "little")


def _entries(content: bytes, kind: re.Pattern[bytes], document: Stretch) -> Iterator[tuple[int, bytes, Stretch]]:
    """Yield of each slide in a list its number, its identifier, and where the texts lie that the list keeps for it."""
    if head := kind.search(content, *document):
        entries = [*_ENTRY.finditer(content, head.end(), _end(head))]
        ends = [*(entry.start() for entry in entries[1:]), _end(head)]
        for entry, end in zip(entries, ends, strict=False):
            yield int.from_bytes(entry.group(1), "little"), entry.group(2), (entry.end(), end)


def _texts(content: bytes, stretch: Stretch) -> Iterator[str]:
    place, end = stretch
    while head := _TEXT.search(content, place, end):
        last = min(_end(head), end)
        codec = "utf-16-le" if head.group(1) == b"\xa0" else "latin-1"
        if _NO_TEXT.search(
            content[head.end() : min(last, head.end() + _LOOKED_AT)].decode(codec, "replace").rstrip("\x00")
        ):
            place = head.start() + 1
        else:
            place = last
            yield content[head.end() : last].decode(codec, "replace")


def _comments(content: bytes, slide: Stretch) -> Iterator[str]:
    for comment in _COMMENT.finditer(content, *slide):
        if said := _COMMENTED.search(content, comment.end(), min(_end(comment), slide[1])):
            yield content[said.end() : _end(said)].decode("utf-16-le", "replace")

"""A source in parts that can be looked at one at a time: its pages, or where it has none, screens of its text."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.schema import Document, Passage
from core.viewer.passages import CutSource, on_span, page_name, page_span

# About two screens of text: so much is sent to the browser and drawn at once, however long a source or a sheet is.
PART_CHARACTERS = 5000
PICTURES = ("pdf", "image")  # their pages are drawn as they look
REMEMBERED = 16
_divided: dict[tuple[str, int], "Parts"] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """``start`` to ``end`` of a document's text; ``page`` counts from 1 and is 0 where the format has none."""

    start: int
    end: int
    page: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a source; ``word`` is what one is called: page, sheet, slide …, or part where those are cut."""

    each: tuple[Part, ...]
    word: str

    def at(self, offset: int) -> int:
        """Return the number, from 1, of the part in which a character stands."""
        return max(bisect_right(self.each, offset, key=lambda part: part.start), 1)


def parts_of(cut: CutSource) -> Parts:
    """Return the parts of a source's text, in order, without a gap; there is always one."""
    key = (cut.version_id, len(cut.document.text))
    if key not in _divided:
        if len(_divided) >= REMEMBERED:
            _divided.clear()
        _divided[key] = divided(cut.document)
    return _divided[key]


def divided(document: Document) -> Parts:
    """Divide a document into its pages, and those that are drawn as text into parts of a few screens."""
    pages = len(document.page_starts)
    if not pages:
        each = tuple(Part(start, end) for start, end in _screens(document, 0, len(document.text)))
        return Parts(each, "part")
    whole = [Part(*page_span(document, page), page, page_name(document, page)) for page in range(1, pages + 1)]
    if document.kind in PICTURES:
        return Parts(tuple(whole), document.page_word or "page")
    cut = tuple(
        Part(start, end, part.page, part.name)
        for part in whole
        for start, end in _screens(document, part.start, part.end)
    )
    return Parts(cut, (document.page_word or "page") if len(cut) == len(whole) else "part")


def _screens(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a span where blocks, rows or else words end, each as long as fits."""
    begin = start
    while end - begin > PART_CHARACTERS:
        cut = _last_edge(document, begin, begin + PART_CHARACTERS)
        yield begin, cut
        begin = cut
    yield begin, end


def _last_edge(document: Document, begin: int, most: int) -> int:
    """Return where the last block or row begins in the second half of a span; else a line, else a word."""
    least = begin + (most - begin) // 2
    number = bisect_right(document.blocks, most, key=lambda block: block.start) - 1
    if number >= 0:
        block = document.blocks[number]
        inside = bisect_right(block.rows, most, key=lambda row: row[0]) - 1
        if inside > 0 and block.rows[inside][0] > least:
            return block.rows[inside][0]
        while number >= 0 and document.blocks[number].kind == "heading" and document.blocks[number].start > least:
            number -= 1  # a heading goes with what stands beneath it
        edge = document.blocks[number + 1].start if number + 1 < len(document.blocks) else block.start
        edge = edge if edge <= most else document.blocks[number].start
        if least < edge <= most:
            return edge
    for blank in ("\n", " "):
        cut = document.text.rfind(blank, least, most) + 1
        if cut:
            return cut
    return most


def on_part(document: Document, passages: Sequence[Passage], part: Part) -> list[Passage]:
    """Return the passages of which some text stands in a part."""
    return on_span(document, passages, part.start, part.end)

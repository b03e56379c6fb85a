"""What reading makes of a file: its text, its blocks, its warnings."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

BlockKind = Literal["heading", "paragraph", "list", "table", "furniture"]
PageWord = Literal["page", "slide", "sheet", "chapter", "mail", ""]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document's canonical text, as the reader of the original would see it.

    ``start`` and ``end`` are character offsets in ``Document.text``. ``page`` counts from 1 (page, slide, sheet,
    chapter or mail) and is None where the format has none. ``level`` is a heading's depth from 1, else 0. A table's
    ``rows`` are the offsets of its rows, its header row first; ``header`` is that first row as text, cells joined by
    " | " (empty where the table has no header row; where it goes on from the page before, the header row there).
    "furniture" is repeated page headers and footers: kept in the text, never searched.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int = 0
    header: str = ""
    rows: tuple[tuple[int, int], ...] = ()


class Shortfall(NamedTuple):
    """What of a file was not read, or read with doubt, in a true sentence; what the owner can do (may be empty)."""

    what: str
    remedy: str = ""


class WordBox(NamedTuple):
    """Where a recognised word stands: ``start`` and ``end`` in the document's text, its box in points of its page.

    The box is measured from the lower left corner of the page as it is shown. A word broken at a line's end has two.
    ``confidence``, 0 to 1, is how sure its letters are.
    """

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float
    confidence: float = 1.0


def as_shortfalls(kept: Iterable[str | Sequence[str]]) -> tuple[Shortfall, ...]:
    """Return shortfalls from JSON: lists of both sentences, or, as once kept, the first alone."""
    return tuple(Shortfall(each) if isinstance(each, str) else Shortfall(*each) for each in kept)


class Attachment(NamedTuple):
    """A file that hangs on another one, such as an e-mail: its name there, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: one canonical string and the blocks that lie in it, in order, never overlapping.

    For plain text, Markdown and CSV ``text`` is the decoded file, character for character, so offsets are the file's;
    only the tags of HTML tables in Markdown are blanks, line breaks and bars in it, as many as they have characters.
    ``kind`` is what the bytes are ("pdf", "docx", …), whatever the name says. ``page_names`` names sheets and slides
    where they have names; ``page_starts`` are the offsets in ``text`` at which page 1, 2, … begin (empty where the
    format has no pages). ``language`` is a two-letter code or empty. ``warnings`` say what was not read.
    ``attachments`` are the files within this one: handed over by ``load``, kept nowhere with the text.
    ``word_boxes`` are those of the words that were recognised in pictures of pages, in order.
    """

    text: str
    blocks: tuple[Block, ...]
    kind: str
    title: str = ""
    page_count: int | None = None
    page_word: PageWord = ""
    page_names: tuple[str, ...] = ()
    page_starts: tuple[int, ...] = ()
    language: str = ""
    warnings: tuple[Shortfall, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    word_boxes: tuple[WordBox, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page, from 1, on which the character at ``offset`` stands; None where the format has none."""
        if self.page_starts:
            return max(bisect_right(self.page_starts, offset), 1)
        index = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[index].page if index >= 0 else None

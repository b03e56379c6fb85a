"""A citation opened at its place: the page as it looks with the words highlighted, or the text around them."""

import io
from dataclasses import dataclass
from functools import lru_cache

from core.assistants import documents
from core.errors import LoadError, NotFound
from core.load import PageImage
from core.schema import Block, Document
from core.viewer.page_drawing import Drawing, draw_page
from core.viewer.word_places import boxes_of

AROUND = 1200
CACHED_PAGES = 32
LOWER_HALF = 0.45
ABOVE = 0.2


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as it looks, as PNG bytes with the words highlighted. ``lower``: its part from just above the words on,
    where they stand in the page's lower half; empty where they do not."""

    png: bytes
    lower: bytes
    page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class PageText:
    """The text around the cited words: before, the words themselves, after. ``heading`` is the last one above."""

    before: str
    words: str
    after: str
    heading: str


def open_place(
    assistant_id: str, source_id: str, version_id: str, start: int, end: int, page: int | None = None
) -> PagePicture | PageText:
    """Open a version of a source at a span of its text; ``page`` turns to another page of the same file.

    Raises NotFound where the version is not kept any more.
    """
    documents.version(assistant_id, source_id, version_id)
    document = _document(version_id)
    if document.kind in ("pdf", "image") and document.page_starts:
        try:
            return _picture(assistant_id, source_id, version_id, start, end, page)
        except LoadError:
            pass  # a page that cannot be drawn is still shown as text
    return _text(document, start, end)


@lru_cache(maxsize=4)
def _document(version_id: str) -> Document:
    document = documents.document(version_id)
    if document is None:
        raise NotFound("This version of the source is not kept any more.", "Open the source instead.", code="no_text")
    return document


@lru_cache(maxsize=CACHED_PAGES)
def _picture(assistant_id: str, source_id: str, version_id: str, start: int, end: int, page: int | None) -> PagePicture:
    document = _document(version_id)
    shown = page or document.page_at(start) or 1
    begin = document.page_starts[shown - 1]
    finish = document.page_starts[shown] if shown < len(document.page_starts) else len(document.text)
    first, last = max(start, begin), min(end, finish)
    data = documents.original_bytes(assistant_id, source_id, version_id)
    [image] = draw_page(data, shown, [Drawing(((first - begin, last - begin),), boxes=boxes_of(document, first, last))])
    return PagePicture(image.png, _lower_part(image), shown, len(document.page_starts))


def _lower_part(image: PageImage) -> bytes:
    """Cut off what stands well above the highlights, so that they are seen without scrolling; b"" if they are high."""
    top = min((box[1] for box in image.boxes), default=0.0)
    if top < image.height * LOWER_HALF:
        return b""
    from PIL import Image

    begin = int(top - image.height * ABOVE)
    part = io.BytesIO()
    with Image.open(io.BytesIO(image.png)) as whole:
        whole.crop((0, begin, image.width, image.height)).save(part, "PNG")
    return part.getvalue()


def _text(document: Document, start: int, end: int) -> PageText:
    """Cut the surroundings at whole blocks, so that nothing begins in the middle of a word."""
    first = max(0, start - AROUND)
    last = min(len(document.text), end + AROUND)
    inside = [b for b in document.blocks if b.end > first and b.start < last and not _much_larger(b)]
    first = min([b.start for b in inside if b.end <= start or b.start >= first] or [first])
    last = max([b.end for b in inside if b.start >= end or b.end <= last] or [last])
    headings = [b for b in document.blocks if b.kind == "heading" and b.start <= start]
    heading = document.text[headings[-1].start : headings[-1].end] if headings else ""
    text = document.text
    return PageText(
        text[min(first, start) : start], text[start:end], text[end : max(last, end)], " ".join(heading.split())
    )


def _much_larger(block: Block) -> bool:
    return block.end - block.start > 2 * AROUND

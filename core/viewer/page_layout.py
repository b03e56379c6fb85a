"""A page of a PDF or picture as it looks, and where on it each passage stands."""

from dataclasses import dataclass
from functools import lru_cache

from core.assistants import documents
from core.load import PageImage
from core.schema import Passage
from core.viewer.page_drawing import Drawing, draw_page
from core.viewer.passages import CutSource, on_page, page_span
from core.viewer.word_places import boxes_of

CACHED_PAGES = 24
PICTURE_SCALE = 1.5
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as PNG, its passages, and their boxes: left, top, right, bottom as shares of the page, a line each."""

    png: bytes
    width: int
    height: int
    passages: tuple[Passage, ...]
    boxes: tuple[tuple[Box, ...], ...]


def page_layout(assistant_id: str, source_id: str, cut: CutSource, page: int) -> PageLayout:
    """Draw page ``page`` (from 1) of a PDF or picture with the places of its passages under a cut.

    Raises LoadError where the page cannot be drawn, NotFound.
    """
    passages = tuple(on_page(cut.document, cut.passages, page))
    start, end = page_span(cut.document, page)
    spans = [(max(p.start, start), min(p.end, end)) for p in passages]
    wanted = tuple((((first - start, last - start),), boxes_of(cut.document, first, last)) for first, last in spans)
    drawn = _drawn(assistant_id, source_id, cut.version_id, page, Drawing(scale=PICTURE_SCALE, apart=wanted))
    boxes = tuple(tuple(_share(box, drawn) for box in its_boxes) for its_boxes in drawn.apart)
    return PageLayout(drawn.png, drawn.width, drawn.height, passages, boxes)


@lru_cache(maxsize=CACHED_PAGES)
def _drawn(assistant_id: str, source_id: str, version_id: str, page: int, drawing: Drawing) -> PageImage:
    data = documents.original_bytes(assistant_id, source_id, version_id)
    return draw_page(data, page, [drawing])[0]


def _share(box: Box, image: PageImage) -> Box:
    left, top, right, bottom = box
    return left / image.width, top / image.height, right / image.width, bottom / image.height

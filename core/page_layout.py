"""A PDF's page as it looks, and where on it each passage stands."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core import sources
from core.ingest import load_limits
from core.load import PageImage, Sandbox, render_page
from core.preview import CutSource, on_page, page_span
from core.schema import Passage

CACHED_PAGES = 24
IDLE_SECONDS = 60.0
PICTURE_SCALE = 1.5
# Boxes are asked for on a small picture of their own, passage by passage: the reader gives the boxes of all alike.
BOX_SCALE = 0.75
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as PNG, its passages, and their boxes: left, top, right, bottom as shares of the page, a line each."""

    png: bytes
    width: int
    height: int
    passages: tuple[Passage, ...]
    boxes: tuple[tuple[Box, ...], ...]


class _Drawer:
    """One child process that draws pages, ended a minute after the last one."""

    def __init__(self) -> None:
        self._sandbox = Sandbox()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def draw(self, data: bytes, page: int, spans: Sequence[tuple[int, int]]) -> tuple[PageImage, list[PageImage]]:
        """Draw a page plainly, and once more small for each span, for its boxes. Raises LoadError."""
        limits = load_limits()
        with self._lock:
            plain = render_page(data, page, sandbox=self._sandbox, limits=limits, scale=PICTURE_SCALE)
            marked = [
                render_page(data, page, highlights=[span], sandbox=self._sandbox, limits=limits, scale=BOX_SCALE)
                for span in spans
            ]
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(IDLE_SECONDS + 1, self._sandbox.close_if_idle, (IDLE_SECONDS,))
            self._timer.daemon = True
            self._timer.start()
        return plain, marked


_drawer = _Drawer()


def page_layout(assistant_id: str, source_id: str, cut: CutSource, page: int) -> PageLayout:
    """Draw page ``page`` (from 1) of a PDF source with the places of its passages under a cut.

    Raises LoadError where the page cannot be drawn, NotFound.
    """
    passages = tuple(on_page(cut.document, cut.passages, page))
    start, end = page_span(cut.document, page)
    spans = tuple((max(p.start, start) - start, min(p.end, end) - start) for p in passages)
    plain, boxes = _drawn(assistant_id, source_id, cut.version_id, page, spans)
    return PageLayout(plain.png, plain.width, plain.height, passages, boxes)


@lru_cache(maxsize=CACHED_PAGES)
def _drawn(
    assistant_id: str, source_id: str, version_id: str, page: int, spans: tuple[tuple[int, int], ...]
) -> tuple[PageImage, tuple[tuple[Box, ...], ...]]:
    data = sources.original_bytes(assistant_id, source_id, version_id)
    plain, marked = _drawer.draw(data, page, spans)
    return plain, tuple(tuple(_share(box, image) for box in image.boxes) for image in marked)


def _share(box: Box, image: PageImage) -> Box:
    left, top, right, bottom = box
    return left / image.width, top / image.height, right / image.width, bottom / image.height

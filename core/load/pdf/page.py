"""Draws one page of a PDF with the cited words marked."""

from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium

from core.errors import LoadError
from core.load.pdf.forms import NOTHING, Added, shown
from core.load.pdf.line import PageText
from core.load.pdf.reader import opened
from core.load.pdf.text import character_indices, page_text
from core.load.scans.marker import Apart, Box, marked_page
from core.load.wire import Message

_MOST_PIXELS = 20_000_000


def render(
    data: bytes,
    number: int,
    highlights: Sequence[tuple[int, int]],
    boxes: Sequence[Box],
    scale: float,
    apart: Sequence[Apart] = (),
) -> Message:
    """Draw page ``number`` (from 1) with the highlights and ``boxes`` (in points of the page as shown) marked.

    Returns the page's size and the marks' boxes in pixels, and the PNG; of what is wanted ``apart`` the boxes alone.

    Raises LoadError when the file cannot be opened or has no such page.
    """
    document = opened(data)
    if not 1 <= number <= len(document):
        raise LoadError(
            f"This PDF has no page {number}.", "Open the source again and choose another page.", code="broken"
        )
    page, added = shown(document, number - 1, lambda: opened(data))
    width, height = page.get_size()
    scale = max(0.1, min(scale, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5))
    image = page.render(scale=scale).to_pil().convert("RGB")
    textpage = page.get_textpage()
    text = page_text(textpage, added)
    wanted = (highlights, *(spans for spans, _ in apart))
    drawn, *told = (_boxes_of(page, textpage, text, spans, image.size) for spans in wanted)
    pairs = [(pixels, points) for pixels, (_, points) in zip(told, apart, strict=True)]
    return marked_page(image, boxes, height, scale, drawn, pairs)


def highlight_boxes(
    page: Any, highlights: Sequence[tuple[int, int]], size: tuple[int, int], added: Added = NOTHING
) -> list[Box]:
    """Return boxes in pixels of a ``size`` picture of the page, one for each line of each highlighted span."""
    textpage = page.get_textpage()
    return _boxes_of(page, textpage, page_text(textpage, added), highlights, size)


def _boxes_of(
    page: Any, textpage: Any, text: PageText, highlights: Sequence[tuple[int, int]], size: tuple[int, int]
) -> list[Box]:
    boxes: list[Box] = []
    for start, end in highlights:
        for line in text.lines:
            if line.end <= start or line.start >= end:
                continue
            indices = character_indices(textpage, text, max(start, line.start), min(end, line.end))
            if box := _around([_on_device(page, textpage, index, size) for index in indices]):
                boxes.append(box)
    return boxes


def _on_device(page: Any, textpage: Any, index: int, size: tuple[int, int]) -> Box:
    """Return a character's box in pixels, the page's rotation and crop taken into account."""
    import ctypes

    left, bottom, right, top = textpage.get_charbox(index, loose=True)
    corners = []
    for x, y in ((left, top), (right, bottom)):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, size[0], size[1], 0, x, y, across, down)
        corners.append((across.value, down.value))
    (x_one, y_one), (x_two, y_two) = corners
    return min(x_one, x_two), min(y_one, y_two), max(x_one, x_two), max(y_one, y_two)


def _around(boxes: list[Box]) -> Box | None:
    boxes = [box for box in boxes if box[2] > box[0] and box[3] > box[1]]
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)

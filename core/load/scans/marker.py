"""Words marked on the picture of a page, as with a yellow pen."""

import io
from collections.abc import Sequence
from typing import Any

from core.load.wire import Message

Box = tuple[float, float, float, float]
Apart = tuple[Sequence[tuple[int, int]], Sequence[Box]]  # spans of a page's own text, and boxes in points
_YELLOW = (255, 236, 130)


def marked_page(
    image: Any,
    boxes: Sequence[Box],
    height: float,
    scale: float,
    drawn: Sequence[Box] = (),
    apart: Sequence[tuple[Sequence[Box], Sequence[Box]]] = (),
) -> Message:
    """Return a page's picture as PNG with boxes marked, and its size and these boxes in pixels.

    ``boxes`` are in points from the lower left corner of a page of ``height`` points, ``drawn`` already in pixels.
    ``apart`` are more of both, drawn and boxes, that are told and not marked.
    """

    def placed(points: Sequence[Box]) -> list[Box]:
        return [
            (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
            for left, bottom, right, top in points
        ]

    marked = [*drawn, *placed(boxes)]
    told = [[*pixels, *placed(points)] for pixels, points in apart]
    if marked:
        image = _yellowed(image, marked)
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=3)
    return {"width": image.width, "height": image.height, "boxes": marked, "apart": told}, stream.getvalue()


def _yellowed(image: Any, boxes: Sequence[Box]) -> Any:
    """Lay yellow over the boxes as a marker does: the paper turns yellow and the letters stay as dark as they were."""
    from PIL import Image, ImageChops, ImageDraw

    layer = Image.new("RGB", image.size, (255, 255, 255))
    brush = ImageDraw.Draw(layer)
    for box in boxes:
        brush.rectangle(box, fill=_YELLOW)
    return ImageChops.multiply(image, layer)

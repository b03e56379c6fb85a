"""Pages of a PDF that are pictures: drawn one at a time, and their letters recognised."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pypdfium2

from core.load.limits import Reading
from core.load.recognise import LONGEST_SIDE, MOST_PIXELS, recognition_available
from core.load.scans import PagePicture, recognised_pages

if TYPE_CHECKING:
    from core.load.reading_order import RecognisedPage

_DPI = 200
_POINTS_AN_INCH = 72


def recognised(data: bytes, numbers: Sequence[int], reading: Reading) -> "dict[int, RecognisedPage]":
    """Recognise the pages ``numbers`` (from 1) of a PDF; nothing where recognition is not installed."""
    if not numbers or not recognition_available():
        return {}
    # Opened anew: pages that were read have been given another size (core/load/pdf/repeats.py).
    return recognised_pages(_drawn(pypdfium2.PdfDocument(data), numbers), len(numbers), reading)


def _drawn(document: Any, numbers: Sequence[int]) -> Iterator[PagePicture]:
    import numpy as np

    for number in numbers:
        try:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(
                _DPI / _POINTS_AN_INCH,
                (MOST_PIXELS / max(1.0, width * height)) ** 0.5,
                LONGEST_SIDE / max(1.0, width, height),
            )
            picture = page.render(scale=scale).to_pil().convert("RGB")
            page.close()
        except pypdfium2.PdfiumError:
            continue
        yield PagePicture(number, np.asarray(picture)[:, :, ::-1], 1 / scale)

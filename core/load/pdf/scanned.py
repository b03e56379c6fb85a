"""Pages of a PDF that are pictures: drawn one at a time, and their letters recognised."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pypdfium2

from core.load.limits import Reading
from core.load.pdf.contents import Content
from core.load.scans.pages import PagePicture, recognised_pages
from core.load.scans.recognise import LONGEST_SIDE, MOST_PIXELS, recognition_available

if TYPE_CHECKING:
    from core.load.scans.reading_order import RecognisedPage

# What a page without text holds and recognition may find letters in.
RECOGNISED: tuple[Content, ...] = ("pictures", "shapes", "unmapped")
_DPI = 200
_POINTS_AN_INCH = 72


def recognised(opened: Callable[[], Any], numbers: Sequence[int], reading: Reading) -> "dict[int, RecognisedPage]":
    """Recognise the pages ``numbers`` (from 1) of a PDF; nothing where recognition is not installed.

    ``opened`` opens it anew: pages that were read have been given another size (core/load/pdf/repeats.py).
    """
    if not numbers or not recognition_available():
        return {}
    return recognised_pages(_drawn(opened(), numbers), len(numbers), reading)


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

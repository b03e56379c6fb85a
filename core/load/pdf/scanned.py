"""Pages of a PDF that are pictures: drawn one at a time, and their letters recognised."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from core.load.limits import Reading
from core.load.pdf.contents import Content
from core.load.pdf.line import PageText
from core.load.pdf.stamped import is_text
from core.load.scans.pages import PagePicture, recognised_pages
from core.load.scans.recognise import LONGEST_SIDE, MOST_PIXELS, recognition_available

if TYPE_CHECKING:
    from core.load.scans.reading_order import RecognisedPage

# What a page holds that recognition may find letters in.
RECOGNISED: tuple[Content, ...] = ("pictures", "shapes", "unmapped", "stamped")
_DPI = 200
_POINTS_AN_INCH = 72


def recognised(
    opened: Callable[[], Any], numbers: Sequence[int], stamped: Collection[int], reading: Reading
) -> "dict[int, RecognisedPage]":
    """Recognise the pages ``numbers`` (from 1) of a PDF; nothing where recognition is not installed.

    Of the pages ``stamped`` the text laid over them is left out.
    ``opened`` opens it anew: pages that were read have been given another size (core/load/pdf/repeats.py).
    """
    if not numbers or not recognition_available():
        return {}
    return recognised_pages(_drawn(opened(), numbers, stamped), len(numbers), reading)


def under(own: PageText, scan: "RecognisedPage") -> "RecognisedPage":
    """Return a recognised page with the text that is laid over it (``own``) before its own, which stays as it is."""
    if not own.text.strip():
        return scan
    shift = len(own.text) + 1
    lines = [line._replace(start=line.start + shift, end=line.end + shift) for line in scan.text.lines]
    text = replace(own, text=f"{own.text}\n{scan.text.text}", lines=(*own.lines, *lines))
    words = tuple(word._replace(start=word.start + shift, end=word.end + shift) for word in scan.words)
    return replace(scan, text=text, words=words)


def _drawn(document: Any, numbers: Sequence[int], stamped: Collection[int]) -> Iterator[PagePicture]:
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
            if number in stamped:
                _take_text_off(page)
            picture = page.render(scale=scale).to_pil().convert("RGB")
            page.close()
        except pypdfium2.PdfiumError:
            continue
        yield PagePicture(number, np.asarray(picture)[:, :, ::-1], 1 / scale)


def _take_text_off(page: Any) -> None:
    """Take off a page's picture what is read as text anyway, so that it is not recognised once more."""
    drawn = [pdfium.FPDFPage_GetObject(page, number) for number in range(pdfium.FPDFPage_CountObjects(page))]
    for each in drawn:
        if is_text(each) and pdfium.FPDFPage_RemoveObject(page, each):
            pdfium.FPDFPageObj_Destroy(each)

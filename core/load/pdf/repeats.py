"""Pages that a PDF shows again: a small file may list one big page, or copies of it, thousands of times."""

import ctypes
import hashlib
from collections.abc import Hashable
from contextlib import suppress
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_MOST_PLACES = 64
Size = tuple[float, float]


def page_sizes(document: Any, count: int) -> list[Size | None]:
    """Return width and height of the first ``count`` pages, None of a page that is damaged. No page is read for it."""
    return [_size(document, index) for index in range(count)]


def mark_read(page: Any, size: Size) -> None:
    """Give a page that was read another size: the only thing pdfium can change and tell of a page without reading it.

    It is changed in the page's own object, so each place at which the file lists the same page shows it.
    """
    side = sum(size) + 100
    page.set_mediabox(0, 0, side, side)
    page.set_cropbox(0, 0, side, side)


def was_read(document: Any, index: int, size: Size | None) -> bool:
    """Tell whether the page is the same object as one that was marked since its ``size`` was looked up."""
    return _size(document, index) != size


def likeness(page: Any, textpage: Any, raw: str) -> Hashable:
    """Return what is equal for pages of the same words (``raw``) at the same places, at far less cost than a layout."""
    count = pdfium.FPDFText_CountChars(textpage)
    box = pdfium.FS_RECTF()
    places = []
    for index in range(0, count, max(1, count // _MOST_PLACES)):
        pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(box))
        places.append((box.left, box.bottom, box.right, box.top))
    words = hashlib.sha256(raw.encode("utf-16-le", "surrogatepass")).digest()
    return words, page.get_size(), pdfium.FPDFPage_CountObjects(page), tuple(places)


def _size(document: Any, index: int) -> Size | None:
    with suppress(pypdfium2.PdfiumError):
        width, height = document.get_page_size(index)
        return width, height
    return None

"""What a page without text holds: pictures, letters drawn as shapes, signs that stand for no letter, or nothing."""

import ctypes
from collections.abc import Iterator
from typing import Any, Literal

import pypdfium2.raw as pdfium

Content = Literal["text", "stamped", "pictures", "shapes", "unmapped", "", "damaged", "repeated"]

_MOST_OBJECTS = 3000
_DEEPEST = 3
_LEAST_PICTURE = 0.05  # of the page
_LEAST_SHAPES = 20
_LEAST_CURVES = 100


def content_of(page: Any, textpage: Any, *, has_lines: bool) -> Content:
    """Tell what a page holds that was opened: "pictures" where they cover some of it, "shapes" where much is drawn."""
    if has_lines:
        return "text"
    if pdfium.FPDFText_CountChars(textpage) > 1 and _writes(page):
        return "unmapped"
    width, height = page.get_size()
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    covered = 0.0
    shapes = curves = 0
    for drawn, kind in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            # A picture inside a form is measured by the form's own scale: what matters is that it is there.
            covered += abs(right.value - left.value) * abs(top.value - bottom.value)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            shapes += 1
            curves += max(0, pdfium.FPDFPath_CountSegments(drawn))
    if covered >= width * height * _LEAST_PICTURE:
        return "pictures"
    return "shapes" if shapes >= _LEAST_SHAPES or curves >= _LEAST_CURVES else ""


def _writes(page: Any) -> bool:
    return any(kind == pdfium.FPDF_PAGEOBJ_TEXT for _, kind in _objects(page))


def _objects(page: Any) -> Iterator[tuple[Any, int]]:
    """Yield what stands on a page with its kind, and what stands within its forms."""
    waiting = [
        (pdfium.FPDFPage_GetObject(page, number), 0)
        for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS))
    ]
    count = 0
    while waiting and count < _MOST_OBJECTS:
        drawn, depth = waiting.pop()
        count += 1
        kind = pdfium.FPDFPageObj_GetType(drawn)
        yield drawn, kind
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = min(pdfium.FPDFFormObj_CountObjects(drawn), _MOST_OBJECTS - len(waiting))
            waiting.extend((pdfium.FPDFFormObj_GetObject(drawn, number), depth + 1) for number in range(inner))

"""Scanned pages with a little text laid over them: a stamp, a page's number, what a scanner or mail program put on."""

import ctypes
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from core.load.pdf.line import Line, PageText

_MOST_LETTERS = 300
_MOST_OBJECTS = 400
_COVERED = 0.8  # of the page
_MOST_ALIKE = 2
_PIXELS = 500  # of the longer side of the picture that is looked at
_PAPER = 160  # of 255: paper is at least so bright
_NEAR_PAPER, _DARKER = 24, 64
_MOST_PAPER, _LEAST_INK, _MOST_INK = 0.55, 0.004, 0.25
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


class Picture(NamedTuple):
    """What tells a page's picture from others at no cost: its size in bytes and in pixels."""

    length: int
    width: int
    height: int


def scanned_picture(page: Any, text: PageText) -> Picture | None:
    """Return the picture of print that lies under a page's few words (``text``); None for none.

    Text that is not seen, or lies under the picture, is what a scanner program recognised: then there is none. A
    photograph or a coloured ground has no paper with ink on it.
    """
    if len(text.text) > 2 * _MOST_LETTERS or sum(map(len, text.text.split())) > _MOST_LETTERS:
        return None
    picture = _covering(page)
    return picture if picture and _has_print(page, text.lines) else None


def is_text(drawn: Any) -> bool:
    """Tell whether a thing drawn on a page is text, or a form that holds text."""
    return any(pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_TEXT for each in _inside(drawn))


def not_grounds(pictures: Mapping[int, Picture]) -> set[int]:
    """Return the pages whose picture is not that of many pages: such is the ground of a letter or a slide."""
    alike = Counter(pictures.values())
    return {number for number, picture in pictures.items() if alike[picture] <= _MOST_ALIKE}


def _covering(page: Any) -> Picture | None:
    """Return the first picture of a page that pictures cover and whose text lies seen over them."""
    width, height = page.get_size()
    count = pdfium.FPDFPage_CountObjects(page)
    if count > _MOST_OBJECTS:
        return None
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    covered, found, written = 0.0, None, False
    for number in range(count):
        drawn = pdfium.FPDFPage_GetObject(page, number)
        inner = _inside(drawn)
        images = [each for each in inner if pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_IMAGE]
        texts = [each for each in inner if pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_TEXT]
        if any(pdfium.FPDFTextObj_GetTextRenderMode(each) in _INVISIBLE for each in texts):
            return None
        if images and pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            if written or texts:
                return None
            covered += abs(right.value - left.value) * abs(top.value - bottom.value)
            found = found or _picture(images[0])
        written = written or bool(texts)
    return found if covered >= width * height * _COVERED else None


def _inside(drawn: Any) -> list[Any]:
    """Return a thing drawn, or what is drawn within it where it is a form of its own."""
    things: list[Any] = []
    waiting = [(drawn, 0)]
    while waiting and len(things) < _MOST_OBJECTS:
        each, depth = waiting.pop()
        things.append(each)
        if depth < 3 and pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_FORM:
            count = min(pdfium.FPDFFormObj_CountObjects(each), _MOST_OBJECTS)
            waiting.extend((pdfium.FPDFFormObj_GetObject(each, number), depth + 1) for number in range(count))
    return things


def _picture(image: Any) -> Picture:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image, width, height)
    return Picture(pdfium.FPDFImageObj_GetImageDataRaw(image, None, 0), width.value, height.value)


def _has_print(page: Any, lines: Sequence[Line]) -> bool:
    """Tell whether a page looks like paper with some ink on it beside its own text."""
    from PIL import ImageDraw

    width, height = page.get_size()
    picture = page.render(scale=_PIXELS / max(1.0, width, height), may_draw_forms=False).to_pil().convert("L")
    levels = picture.histogram()
    paper = max(range(_PAPER, 256), key=levels.__getitem__)
    brush = ImageDraw.Draw(picture)
    for line in lines:
        brush.rectangle(_on_picture(page, line, picture.size), fill=paper)
    levels = picture.histogram()
    total = picture.width * picture.height
    near = sum(levels[paper - _NEAR_PAPER : paper + _NEAR_PAPER + 1])
    return near >= total * _MOST_PAPER and total * _LEAST_INK <= sum(levels[: paper - _DARKER]) <= total * _MOST_INK


def _on_picture(page: Any, line: Line, size: tuple[int, int]) -> tuple[int, int, int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    corners = []
    for x, y in ((line.left, min(line.bottom, line.top - line.height)), (line.right, line.top)):
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (one, two), (three, four) = corners
    return min(one, three) - 1, min(two, four) - 1, max(one, three) + 1, max(two, four) + 1

"""One A4 page of words as PDF, written by pdfium, which is here anyway to read them."""

import ctypes
import io
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 54.0  # points; A4 and three quarters of an inch
LINE = 14.0  # points from one line to the next, of letters of 10
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"  # of the fourteen fonts that every reader of PDF has
LETTERS = "cp1252"  # what these fonts have letters for
_GREY = 96
_PDFIUM = Lock()  # it must not be used by two threads at once


def can_be_written(text: str) -> bool:
    """Say whether the fonts have all these letters."""
    try:
        text.encode(LETTERS)
    except UnicodeEncodeError:
        return False
    return True


def written_page(draw: Callable[["PdfPage"], None]) -> bytes:
    """Return, as a file, the page that ``draw`` fills; others wait until it is done."""
    with _PDFIUM:
        page = PdfPage()
        draw(page)
        return page.as_bytes()


class PdfPage:
    """A page that is filled from its head to its foot; ``left`` is how many points of it are free."""

    def __init__(self) -> None:
        import pypdfium2
        import pypdfium2.raw as pdfium

        self._pdfium: Any = pdfium
        self._document = pypdfium2.PdfDocument.new()
        self._page = self._document.new_page(WIDTH, HEIGHT)
        self._fonts = {
            name: pdfium.FPDFText_LoadStandardFont(self._document.raw, name.encode()) for name in (PLAIN, BOLD)
        }
        self._y = HEIGHT - MARGIN

    @property
    def left(self) -> float:
        """The points between what was written last and the foot."""
        return self._y - MARGIN - LINE

    def text(
        self,
        text: str,
        font: str,
        size: float,
        *,
        grey: bool = False,
        most: int = 0,
        before: float = 0.0,
        after: float = 0.0,
    ) -> None:
        """Write a paragraph over the whole width, of at most so many lines (0: all)."""
        lines = self.lines(text, font, size)
        if most and len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
        self._y -= before
        for line in lines:
            self._y -= size * LINE / 10
            self._put(line, MARGIN, self._y, font, size, grey=grey)
        self._y -= after

    def row(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Write what something is called under its value, beside each other."""
        width = (WIDTH - 2 * MARGIN) / len(pairs)
        lowest = self._y
        for number, (name, value) in enumerate(pairs):
            left, y = MARGIN + number * width, self._y
            size = 18.0 if len(value) < 8 else 10.0
            for line in self.lines(value, BOLD, size, width - 8):
                y -= size * 1.2
                self._put(line, left, y, BOLD, size)
            for line in self.lines(name, PLAIN, 9, width - 8):
                y -= LINE
                self._put(line, left, y, PLAIN, 9, grey=True)
            lowest = min(lowest, y)
        self._y = lowest - 20

    def foot(self, text: str) -> None:
        """Write one line at the page's foot."""
        self._put(text, MARGIN, MARGIN - LINE, PLAIN, 8, grey=True)

    def lines(self, text: str, font: str, size: float, width: float = WIDTH - 2 * MARGIN) -> list[str]:
        """Return a text as lines that fit into so many points; a word that is longer than a line is broken."""
        lines: list[str] = []
        line = ""
        for word in text.split():
            rest = word
            if line and self._width(word, font, size) > width:
                line, rest = "", f"{line} {word}"
            while self._width(rest, font, size) > width:
                fits = next(end for end in range(len(rest), 0, -1) if self._width(rest[:end], font, size) <= width)
                lines, rest = [*lines, rest[:fits]], rest[fits:]
            longer = f"{line} {rest}".strip()
            if self._width(longer, font, size) > width:
                lines.append(line)
                longer = rest
            line = longer
        return [*lines, line] if line else lines

    def as_bytes(self) -> bytes:
        """Return the file. Nothing can be written any more."""
        self._pdfium.FPDFPage_GenerateContent(self._page.raw)
        file = io.BytesIO()
        self._document.save(file)
        self._document.close()
        return file.getvalue()

    def _width(self, text: str, font: str, size: float) -> float:
        width, total = ctypes.c_float(), 0.0
        for sign in text:
            self._pdfium.FPDFFont_GetGlyphWidth(self._fonts[font], ord(sign), size, ctypes.byref(width))
            total += width.value
        return total

    def _put(self, text: str, x: float, y: float, font: str, size: float, *, grey: bool = False) -> None:
        pdfium = self._pdfium
        written = pdfium.FPDFPageObj_CreateTextObj(self._document.raw, self._fonts[font], size)
        wide = ctypes.create_string_buffer(f"{text}\0".encode("utf-16-le"))
        pdfium.FPDFText_SetText(written, ctypes.cast(wide, ctypes.POINTER(pdfium.FPDF_WCHAR)))
        if grey:
            pdfium.FPDFPageObj_SetFillColor(written, _GREY, _GREY, _GREY, 255)
        pdfium.FPDFPageObj_Transform(written, 1, 0, 0, 1, x, y)
        pdfium.FPDFPage_InsertObject(self._page.raw, written)

"""What is laid over a PDF's pages: filled-in fields, notes typed or stuck on. Fields and typed notes become the page's.

Their appearance is brought into the page itself, so that they are read, found, drawn and highlighted like all else.
"""

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal, NamedTuple

import pypdfium2.raw as pdfium

from core.load.pdf.letters import Box, raw_text

MOST_MARKS = 3000
_LONGEST = 100_000
_TAG = re.compile(r"<[^<>]*>")
_MOST_OPTIONS = 1000
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_NOTES = frozenset(
    (
        pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_CARET, pdfium.FPDF_ANNOT_INK, pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE, pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_POLYLINE,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
    )
)  # fmt: skip
_CHECKED = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)


class Mark(NamedTuple):
    """Something laid over a page: what it is, where (points), what it says, and whether a box is checked."""

    kind: Literal["field", "list", "box", "typed", "note"]
    box: Box
    text: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """What was laid over a page; pdfium's letters from ``start`` on (-1: none) are what it looks like.

    ``too_many``: there is more, which was not looked at.
    """

    start: int = -1
    marks: tuple[Mark, ...] = ()
    too_many: bool = False


NOTHING = Added()


def shown(document: Any, index: int, untouched: Callable[[], Any]) -> tuple[Any, Added]:
    """Open a page with its fields and typed notes brought into it. Raises PdfiumError for a damaged page.

    ``untouched`` opens the same file anew: some pages lose their letters when anything is brought into them.
    """
    page = document[index]
    total = pdfium.FPDFPage_GetAnnotCount(page)
    count = min(total, MOST_MARKS)
    if count <= 0:
        return page, NOTHING
    marks, unread, drawn = _marks(document, page, count)
    if not drawn:
        return page, Added(-1, tuple(marks), total > count) if marks else NOTHING
    for number in reversed(unread):
        pdfium.FPDFPage_RemoveAnnot(page, number)
    textpage = page.get_textpage()
    before = raw_text(textpage)
    textpage.close()
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    page = document[index]
    textpage = page.get_textpage()
    whole = raw_text(textpage).startswith(before)
    textpage.close()
    if whole:
        return page, Added(len(before), tuple(marks), total > count)
    page.close()
    return untouched()[index], Added(-1, tuple(marks), total > count)


def _marks(document: Any, page: Any, count: int) -> tuple[list[Mark], list[int], bool]:
    """Return what is laid over a page, the numbers of what nobody may see, and whether anything is drawn with it."""
    marks: list[Mark] = []
    unread: list[int] = []
    drawn = False
    for number in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
        if subtype in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
            pdfium.FPDFPage_CloseAnnot(annotation)
            continue
        mark = None
        if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
            unread.append(number)
        elif subtype == pdfium.FPDF_ANNOT_WIDGET:
            drawn = True
            mark = _field(document, annotation)
            if mark is None:
                unread.append(number)
        elif subtype in (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP):
            drawn = True
            contents = _contents(annotation) if subtype == pdfium.FPDF_ANNOT_FREETEXT else ""
            mark = Mark("typed", _box(annotation), contents)
        elif subtype in _NOTES and (contents := _contents(annotation)):
            mark = Mark("note", _box(annotation), contents)
        if mark is not None:
            marks.append(mark)
        pdfium.FPDFPage_CloseAnnot(annotation)
    return marks, unread, drawn


def _field(document: Any, annotation: Any) -> Mark | None:
    """Return a form's field; None for a password."""
    box = _box(annotation)
    if document.formenv is None:
        return Mark("typed", box, "")
    form = document.formenv.raw
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind == pdfium.FPDF_FORMFIELD_TEXTFIELD:
        if pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & pdfium.FPDF_FORMFLAG_TEXT_PASSWORD:
            return None
        return Mark("field", box, _value(form, annotation))
    if kind == pdfium.FPDF_FORMFIELD_LISTBOX:
        return Mark("list", box, _chosen(form, annotation))
    if kind == pdfium.FPDF_FORMFIELD_COMBOBOX:
        return Mark("field", box, _chosen(form, annotation) or _value(form, annotation))
    if kind in _CHECKED:
        return Mark("box", box, "", bool(pdfium.FPDFAnnot_IsChecked(form, annotation)))
    return Mark("typed", box, "")


def _box(annotation: Any) -> Box:
    box = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, box)
    return min(box.left, box.right), min(box.bottom, box.top), max(box.left, box.right), max(box.bottom, box.top)


def _chosen(form: Any, annotation: Any) -> str:
    """Return the chosen options of a list, a line each, as they are shown."""
    count = min(pdfium.FPDFAnnot_GetOptionCount(form, annotation), _MOST_OPTIONS)
    return "\n".join(
        _string(lambda buffer, size, at=at: pdfium.FPDFAnnot_GetOptionLabel(form, annotation, at, buffer, size))
        for at in range(count)
        if pdfium.FPDFAnnot_IsOptionSelected(form, annotation, at)
    )


def _value(form: Any, annotation: Any) -> str:
    return _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _contents(annotation: Any) -> str:
    """Return what a note says, from its rich text where that is all there is."""
    plain = _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
    if plain:
        return plain
    rich = _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"RC", buffer, size))
    return " ".join(unescape(_TAG.sub(" ", rich)).split())


def _string(ask: Any) -> str:
    size = min(ask(None, 0), 2 * _LONGEST)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    written = min(ask(buffer, size), size)
    words = memoryview(buffer)[: max(0, written // 2 - 1)].tobytes().decode("utf-16-le", errors="replace")
    return "\n".join(line.strip() for line in words.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip("\n ")

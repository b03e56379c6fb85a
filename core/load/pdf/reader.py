"""PDF through pdfium: the text as fast as pdfium gives it, with headings, tables and page furniture told from lines."""

import re
from collections.abc import Hashable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from core.errors import LoadError
from core.load.detect import locked
from core.load.limits import Reading, check_length
from core.load.pdf.layout import layout
from core.load.pdf.line import PageLines, PageText
from core.load.pdf.repeats import likeness, mark_read, page_sizes, was_read
from core.load.pdf.text import page_text
from core.schema import Document, Shortfall
from core.text import counted

_GARBAGE = re.compile("[\ufffd\x00-\x08\x0e-\x1f\ue000-\uf8ff]")
_TITLE_NOISE = re.compile(
    r"^(Microsoft (Word|PowerPoint|Excel) - )|\.(docx?|pptx?|xlsx?|pdf|indd|tex|dvi|qxd|rtf)$", re.I
)
_EMPTY_PAGE = PageText("", (), ())


def read(data: bytes, reading: Reading) -> Document:
    """Read a PDF. Raises LoadError: encrypted, broken, scanned, no_text, garbled."""
    document = opened(data)
    total = len(document)
    if not total:
        raise broken()
    count = min(total, reading.pages)
    pages: list[PageLines] = []
    pieces: list[str] = []
    starts: list[int] = []
    pictures = failed = unmapped = repeated = length = 0
    for number, (text, content) in enumerate(_pages(document, count), 1):
        starts.append(length)
        pages.append(PageLines(number, length, text))
        pieces.append(text.text + "\n\n")
        length += len(text.text) + 2
        check_length(length)
        pictures += content == "pictures"
        failed += content == "damaged"
        unmapped += content == "unmapped"
        repeated += content == "repeated"
        reading.tell("Reading page", number, count)
    whole = "".join(pieces)[:-2]
    _check_readable(whole, pictures, failed, count, unmapped)
    return Document(
        text=whole,
        blocks=layout(whole, pages, _outline(document, count)),
        kind="pdf",
        title=_title(document),
        page_count=count,
        page_word="page",
        page_starts=tuple(min(start, len(whole)) for start in starts),
        warnings=(*_repeat_warning(repeated), *_warnings(document, count, total, pictures, failed)),
    )


def opened(data: bytes) -> Any:
    """Open a PDF. Raises LoadError (encrypted, broken)."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise locked("PDF") from error
        raise broken() from error


def broken() -> LoadError:
    """Return the error for a PDF that is cut off or damaged beyond reading."""
    return LoadError(
        "This PDF is incomplete or damaged and could not be opened.",
        "Download or export it again and upload the new copy.",
        code="broken",
    )


def _pages(document: Any, count: int) -> Iterator[tuple[PageText, str]]:
    """Yield each page's text and what it is: "text", "pictures", "unmapped" (signs, no letters), "", "damaged" or
    "repeated": the same object as an earlier page. A mere copy of an earlier page has that one's text and lines.
    """
    laid_out: dict[Hashable, PageText] = {}
    for index, size in enumerate(page_sizes(document, count)):
        if was_read(document, index, size):
            yield _EMPTY_PAGE, "repeated"
            continue
        try:
            page = document[index]
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            yield _EMPTY_PAGE, "damaged"
            continue
        copied = likeness(page, textpage)
        if copied not in laid_out:
            laid_out[copied] = page_text(textpage)
        text = laid_out[copied]
        content = "text"
        if not text.lines:
            content = "pictures" if pdfium.FPDFPage_CountObjects(page) > 0 else ""
            content = "unmapped" if pdfium.FPDFText_CountChars(textpage) > 1 else content
        yield text, content
        textpage.close()
        if size:
            mark_read(page, size)
        page.close()


def _check_readable(text: str, pictures: int, failed: int, count: int, unmapped: int) -> None:
    solid = len(text) - text.count(" ") - text.count("\n")
    if not solid and failed == count:
        raise broken()
    if not solid and pictures and not unmapped:
        raise LoadError(
            "This PDF holds only pictures of pages, no text.",
            "Run text recognition (OCR) on it, in a scanner program for example, and upload the result.",
            code="scanned",
        )
    garbage = len(_GARBAGE.findall(text))
    if (garbage > solid * 0.3 and garbage > 20) or (unmapped and not solid):
        raise LoadError(
            "The letters in this PDF cannot be told: it does not say which character each of its signs stands for.",
            "Export it again from the program it was made with, or run text recognition (OCR) on it.",
            code="garbled",
        )


def _repeat_warning(repeated: int) -> Iterator[Shortfall]:
    if repeated:
        verb = "repeats" if repeated == 1 else "repeat"
        yield Shortfall(f"{counted(repeated, 'page')} only {verb} an earlier one, which was read once.")


def _warnings(document: Any, count: int, total: int, pictures: int, failed: int) -> Iterator[Shortfall]:
    if count < total:
        yield Shortfall(f"Only the first {count:,} of {total:,} pages were read.", "Split it into smaller files.")
    if pictures:
        verb = "holds" if pictures == 1 else "hold"
        yield Shortfall(f"{pictures} of {count} pages {verb} only pictures.", "Run text recognition (OCR) on it.")
    if failed:
        verb = "is" if failed == 1 else "are"
        yield Shortfall(f"{failed} of {count} pages {verb} damaged and could not be read.", "Export it again.")
    attached = pdfium.FPDFDoc_GetAttachmentCount(document)
    if attached > 0:
        names = ", ".join(document.get_attachment(index).get_name() for index in range(min(attached, 5)))
        yield Shortfall(f"Files attached to this PDF were not read: {names}.", "Save them and add them on their own.")


def _outline(document: Any, count: int) -> dict[int, list[tuple[str, int]]]:
    """Return the bookmarks by page (from 1): title and depth (from 1)."""
    bookmarks: dict[int, list[tuple[str, int]]] = {}
    try:
        for number, bookmark in enumerate(document.get_toc(max_depth=8)):
            if number >= 20_000:
                break
            target = bookmark.get_dest()
            index = target.get_index() if target else None
            if index is not None and 0 <= index < count:
                bookmarks.setdefault(index + 1, []).append((bookmark.get_title(), bookmark.level + 1))
    except (pypdfium2.PdfiumError, UnicodeDecodeError, ValueError, RecursionError):
        return bookmarks  # a broken table of contents takes nothing from the text
    return bookmarks


def _title(document: Any) -> str:
    """Return the title the PDF states, or nothing when it is a file's name."""
    title = " ".join(document.get_metadata_value("Title").replace("\x00", " ").split())
    cleaned = _TITLE_NOISE.sub("", title).strip()
    readable = len(cleaned) > 3 and " " in cleaned and "\ufffd" not in cleaned
    return cleaned.encode("utf-8", "ignore").decode()[:300] if readable and "untitled" not in cleaned.lower() else ""

"""PDF through pdfium: the text as fast as pdfium gives it, with headings, tables and page furniture told from lines."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from core.errors import LoadError
from core.load.detect import locked
from core.load.limits import Reading, check_length
from core.load.pdf.contents import Content, content_of
from core.load.pdf.forms import MOST_MARKS, NOTHING, Added, shown
from core.load.pdf.layout import layout
from core.load.pdf.letters import raw_text
from core.load.pdf.line import PageLines, PageText
from core.load.pdf.repeats import likeness, mark_read, page_sizes, was_read
from core.load.pdf.text import page_text
from core.load.pdf.unread import Held, unread
from core.schema import Document, Shortfall
from core.text import counted

_GARBAGE = re.compile("[\ufffd\x00-\x08\x0e-\x1f\ue000-\uf8ff]")
_TITLE_NOISE = re.compile(
    r"^(Microsoft (Word|PowerPoint|Excel) - )|\.(docx?|pptx?|xlsx?|pdf|indd|tex|dvi|qxd|rtf)$", re.I
)
_PORTFOLIO = re.compile(r"portfolio|\bpackage\b|portefeuille|portafoglio|cartera", re.I)
_FEW_WORDS = 150
_FEW_NAMES = 5
_LOOKED_AT = 1024 - len(b"%PDF-")
_MOST_JUNK = 1 << 20
_EMPTY_PAGE = PageText("", (), ())


def read(data: bytes, reading: Reading) -> Document:
    """Read a PDF. Raises LoadError: encrypted, broken, scanned, no_text, garbled."""
    document = opened(data)
    untouched = cache(lambda: opened(data))
    total = len(document)
    if not total:
        raise broken()
    count = min(total, reading.pages)
    texts: list[PageText] = []
    contents: list[Content] = []
    held: list[Held] = []
    length = crowded = 0
    for number, (text, content, added, raw) in enumerate(_pages(document, count, untouched), 1):
        texts.append(text)
        contents.append(content)
        held.append(Held(raw, added.marks))
        length += len(text.text) + 2
        check_length(length)
        crowded += added.too_many
        reading.tell("Reading page", number, count)
    pages: list[PageLines] = []
    start = 0
    for number, text in enumerate(texts, 1):
        pages.append(PageLines(number, start, text))
        start += len(text.text) + 2
    whole = "\n\n".join(text.text for text in texts)
    _check_readable(document, whole, contents)
    read_whole = Document(
        text=whole,
        blocks=layout(whole, pages, _outline(document, count)),
        kind="pdf",
        title=_title(document),
        page_count=count,
        page_word="page",
        page_starts=tuple(min(page.start, len(whole)) for page in pages),
        warnings=tuple(_warnings(document, whole, contents, total, crowded)),
    )
    return replace(read_whole, warnings=(*read_whole.warnings, *unread(read_whole, texts, held)))


def opened(data: bytes) -> Any:
    """Open a PDF. Raises LoadError (encrypted, broken)."""
    try:
        document = pypdfium2.PdfDocument(_marked(data))
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise locked("PDF") from error
        raise broken() from error
    with suppress(pypdfium2.PdfiumError):
        document.init_forms()  # before any page is opened
    return document


def _marked(data: bytes) -> bytes:
    """Return a PDF that begins like one: pdfium looks for the mark in the first 1,024 bytes only."""
    place = data.find(b"%PDF-", 0, _MOST_JUNK)
    if place < 0:
        return b"%PDF-1.7\n" + data
    return data[place:] if place >= _LOOKED_AT else data


def broken() -> LoadError:
    """Return the error for a PDF that is cut off or damaged beyond reading."""
    return LoadError(
        "This PDF is incomplete or damaged and could not be opened.",
        "Download or export it again and upload the new copy.",
        code="broken",
    )


def _pages(document: Any, count: int, untouched: Callable[[], Any]) -> Iterator[tuple[PageText, Content, Added, str]]:
    """Yield each page's text, what it holds ("repeated": it is the same object as an earlier page), what lies over it,
    and pdfium's own text of it.

    A mere copy of an earlier page has that one's text and lines.
    """
    laid_out: dict[Hashable, PageText] = {}
    for index, size in enumerate(page_sizes(document, count)):
        if was_read(document, index, size):
            yield _EMPTY_PAGE, "repeated", NOTHING, ""
            continue
        try:
            page, added = shown(document, index, untouched)
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            yield _EMPTY_PAGE, "damaged", NOTHING, ""
            continue
        raw = raw_text(textpage)
        copied = (likeness(page, textpage, raw), added)
        if copied not in laid_out:
            laid_out[copied] = page_text(textpage, added, raw)
        text = laid_out[copied]
        yield text, content_of(page, textpage, has_lines=bool(text.lines)), added, raw
        textpage.close()
        if size:
            mark_read(page, size)
        page.close()


def _check_readable(document: Any, text: str, contents: Sequence[Content]) -> None:
    solid = len(text) - text.count(" ") - text.count("\n")
    if not solid and set(contents) == {"damaged"}:
        raise broken()
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL and len(text.split()) < _FEW_WORDS:
        raise LoadError(
            "This form is of a kind (XFA) that only Adobe Acrobat shows: its pages hold nothing but a word of waiting.",
            'Open it in Adobe Acrobat, print it to a new PDF ("Adobe PDF" or "Save as PDF") and add that.',
            code="unsupported",
        )
    if not solid and "pictures" in contents and "unmapped" not in contents:
        raise LoadError(
            "This PDF holds only pictures of pages, no text.",
            "Run text recognition (OCR) on it, in a scanner program for example, and upload the result.",
            code="scanned",
        )
    if not solid and "shapes" in contents and "unmapped" not in contents:
        raise LoadError(
            "This PDF holds no text: if there are words to see, they are drawn as shapes.",
            "Run text recognition (OCR) on it, or export it again with its fonts.",
            code="scanned",
        )
    garbage = len(_GARBAGE.findall(text))
    if (garbage > solid * 0.3 and garbage > 20) or ("unmapped" in contents and not solid):
        raise LoadError(
            "The letters in this PDF cannot be told: it does not say which character each of its signs stands for.",
            "Export it again from the program it was made with, or run text recognition (OCR) on it.",
            code="garbled",
        )
    if not solid and (names := _attached(document)):
        raise LoadError(
            f"The pages of this PDF are empty; files are attached to it, which were not read: {names}.",
            "Save the attached files in a PDF program and add them on their own.",
            code="no_text",
        )


def _warnings(document: Any, text: str, contents: Sequence[Content], total: int, crowded: int) -> Iterator[Shortfall]:
    count = len(contents)
    if repeated := contents.count("repeated"):
        verb = "repeats" if repeated == 1 else "repeat"
        yield Shortfall(f"{counted(repeated, 'page')} only {verb} an earlier one, which was read once.")
    if count < total:
        yield Shortfall(f"Only the first {count:,} of {total:,} pages were read.", "Split it into smaller files.")
    if pictures := contents.count("pictures"):
        verb = "holds" if pictures == 1 else "hold"
        yield Shortfall(f"{pictures} of {count} pages {verb} only pictures.", "Run text recognition (OCR) on it.")
    if shapes := contents.count("shapes"):
        what = "holds only a drawing" if shapes == 1 else "hold only drawings"
        yield Shortfall(
            f"{shapes} of {count} pages {what}; words in it, if there are any, are drawn as shapes and were not read.",
            "Run text recognition (OCR) on it.",
        )
    if unmapped := contents.count("unmapped"):
        yield Shortfall(
            f"The letters of {unmapped} of {count} pages cannot be told: their fonts do not say what they stand for.",
            "Export it again from the program it was made with, or run text recognition (OCR) on it.",
        )
    if failed := contents.count("damaged"):
        verb = "is" if failed == 1 else "are"
        yield Shortfall(f"{failed} of {count} pages {verb} damaged and could not be read.", "Export it again.")
    if crowded:
        yield Shortfall(
            f"Only the first {MOST_MARKS:,} fields and notes of {counted(crowded, 'page')} were looked at.",
            "Print the file to a new PDF and add that.",
        )
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        yield Shortfall(
            "This is a form that only Adobe Acrobat shows in full (XFA); what was filled in may not have been read.",
            "Open it in Adobe Acrobat, print it to a new PDF and add that.",
        )
    if names := _attached(document):
        portfolio = count == 1 and len(text.split()) < _FEW_WORDS and _PORTFOLIO.search(text)
        what = (
            "This PDF is a portfolio, a wrapper around other files, which"
            if portfolio
            else ("Files attached to this PDF")
        )
        yield Shortfall(f"{what} were not read: {names}.", "Save them and add them on their own.")


def _attached(document: Any) -> str:
    """Return the names of the first files attached."""
    count = pdfium.FPDFDoc_GetAttachmentCount(document)
    names = ", ".join(document.get_attachment(index).get_name() for index in range(max(0, min(count, _FEW_NAMES))))
    return f"{names} and {count - _FEW_NAMES:,} more" if count > _FEW_NAMES else names


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

"""PDF through pdfium: the text as fast as pdfium gives it, with headings, tables and page furniture told from lines."""

import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from core.load.containers import locked
from core.load.limits import Reading, check_length
from core.load.pdf.attached import attached_files
from core.load.pdf.contents import Content, content_of
from core.load.pdf.forms import NOTHING, Added, shown
from core.load.pdf.layout import layout
from core.load.pdf.letters import raw_text
from core.load.pdf.line import PageLines, PageText
from core.load.pdf.repeats import likeness, mark_read, page_sizes, was_read
from core.load.pdf.scanned import RECOGNISED, recognised, under
from core.load.pdf.shortfalls import broken, check_readable, shortfalls
from core.load.pdf.stamped import Picture, not_grounds, scanned_picture
from core.load.pdf.text import page_text
from core.load.pdf.unread import Held, unread
from core.load.scans.pages import placed_words, scan_warnings
from core.schema import Document

_TITLE_NOISE = re.compile(
    r"^(Microsoft (Word|PowerPoint|Excel) - )|\.(docx?|pptx?|xlsx?|pdf|indd|tex|dvi|qxd|rtf)$", re.I
)
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
    pictures: dict[int, Picture] = {}
    for number, (text, content, added, raw, picture) in enumerate(_pages(document, count, untouched), 1):
        if picture:
            pictures[number] = picture
        texts.append(text)
        contents.append(content)
        held.append(Held(raw, added.marks))
        length += len(text.text) + 2
        check_length(length)
        crowded += added.too_many
        reading.tell("Reading page", number, count)
    stamped = not_grounds(pictures)
    for number in stamped:
        contents[number - 1] = "stamped"
    scanned = [number for number, content in enumerate(contents, 1) if content in RECOGNISED]
    scans = recognised(lambda: opened(data), scanned, stamped, reading)
    for number, scan in scans.items():
        if number in stamped:
            scans[number] = under(texts[number - 1], scan)
        else:
            held[number - 1] = Held("", held[number - 1].marks)
        texts[number - 1] = scans[number].text
    pages: list[PageLines] = []
    start = 0
    for number, text in enumerate(texts, 1):
        pages.append(PageLines(number, start, text))
        start += len(text.text) + 2
    whole = "\n\n".join(text.text for text in texts)
    starts = tuple(min(page.start, len(whole)) for page in pages)
    check_readable(document, whole, contents, scans)
    files = attached_files(document, reading)
    read_whole = Document(
        text=whole,
        blocks=layout(whole, pages, _outline(document, count)),
        kind="pdf",
        title=_title(document),
        page_count=count,
        page_word="page",
        page_starts=starts,
        warnings=(
            *shortfalls(document, contents, total, crowded, scans),
            *scan_warnings(scans, len(scanned)),
            *files.warnings(),
        ),
        attachments=tuple(files.taken),
        word_boxes=placed_words(scans, starts),
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


def _pages(
    document: Any, count: int, untouched: Callable[[], Any]
) -> Iterator[tuple[PageText, Content, Added, str, Picture | None]]:
    """Yield each page's text, what it holds ("repeated": it is the same object as an earlier page), what lies over it,
    pdfium's own text of it, and the scan under it where it has but few words.

    A mere copy of an earlier page has that one's text and lines.
    """
    laid_out: dict[Hashable, PageText] = {}
    for index, size in enumerate(page_sizes(document, count)):
        if was_read(document, index, size):
            yield _EMPTY_PAGE, "repeated", NOTHING, "", None
            continue
        try:
            page, added = shown(document, index, untouched)
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            yield _EMPTY_PAGE, "damaged", NOTHING, "", None
            continue
        raw = raw_text(textpage)
        copied = (likeness(page, textpage, raw), added)
        if copied not in laid_out:
            laid_out[copied] = page_text(textpage, added, raw)
        text = laid_out[copied]
        picture = scanned_picture(page, text) if text.lines else None
        yield text, content_of(page, textpage, has_lines=bool(text.lines)), added, raw, picture
        textpage.close()
        if size:
            mark_read(page, size)
        page.close()


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

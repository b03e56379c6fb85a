"""OpenDocument texts (.odt) and presentations (.odp), from their XML.

Not through odfdo: it leaves out notes, comments, shapes, headers and charts, and reads what was deleted.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from core.errors import LoadError
from core.load.builder import Builder
from core.load.containers import locked
from core.load.limits import Reading
from core.load.office.elements import PAGE_NUMBER, parsed, without_page_number
from core.load.open_document.table import table_rows
from core.load.open_document.text import (
    DRAW,
    OFFICE,
    SHAPES,
    SHOW,
    STYLE,
    SVG,
    TABLE,
    TEXT,
    UNSEEN,
    Words,
    hidden_styles,
)
from core.schema import Document, Shortfall

_CHART_TITLE = "{urn:oasis:names:tc:opendocument:xmlns:chart:1.0}title"
_DEEPEST = 60
_UNITS = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0353, "px": 0.0265, "pc": 0.4233}
_LENGTH = re.compile(r"(-?[\d.]{1,12})(cm|mm|in|pt|px|pc)")
_PLACES = ("date-time", "footer", "header", "page-number")
_UNHIDE = (
    "If it is to be answered from: show it in LibreOffice (Format, Character, clear “Hidden”), save and add it again."
)
_UNHIDE_SLIDE = "If they are to be answered from: choose “Show Slide” in LibreOffice, save the file and add it again."
_ADD_EMBEDDED = "Open what is embedded by a double click, save it as a file of its own and add that."


def read(data: bytes, reading: Reading) -> Document:
    """Read an OpenDocument text or presentation. Raises LoadError (encrypted, broken)."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = _tree(archive, "content.xml")
        if content is None:
            if b"encryption-data" in (
                archive.read("META-INF/manifest.xml") if _has(archive, "META-INF/manifest.xml") else b""
            ):
                raise locked("file")
            raise LoadError(
                "This file is incomplete: the part with its text is missing or damaged.",
                "Save it again in the program it was made with and upload the new copy.",
                code="broken",
            )
        styles, meta = _tree(archive, "styles.xml"), _tree(archive, "meta.xml")
        title = meta.findtext(".//{http://purl.org/dc/elements/1.1/}title") if meta is not None else ""
        words = Words(archive, hidden_styles(content, styles))
        builder = Builder()
        body = content.find(f"{OFFICE}body")
        slides = body.find(f"{OFFICE}presentation") if body is not None else None
        if slides is None:
            _add_text(builder, words, body if body is not None else etree.Element("none"), styles)
            builder.warnings.extend(_shortfalls(words))
            return builder.document("odt", title=title or "")
        _add_slides(builder, words, content, slides, styles, reading)
        builder.warnings.extend(_shortfalls(words))
        return builder.document("odp", title=title or "", page_word="slide")


def _has(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist()


def _tree(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    try:
        return parsed(archive.read(name))
    except (KeyError, etree.XMLSyntaxError):
        return None


def _add_text(builder: Builder, words: Words, body: Any, styles: Any) -> None:
    said: set[str] = set()
    words.page_number = PAGE_NUMBER
    edges = {edge: [*_edge_lines(words, styles, edge)] for edge in ("header", "footer")}
    words.page_number = None
    for line in dict.fromkeys(edges["header"]):
        said.add(line)
        builder.paragraph(line)
    _add(builder, words, body, 0)
    for line in dict.fromkeys(edges["footer"]):
        if line not in said:
            builder.paragraph(line)
    for number, note in enumerate(words.notes, 1):
        builder.item(f"({number}) {note}")


def _edge_lines(words: Words, styles: Any, edge: str) -> Iterator[str]:
    """Yield the lines of the headers or footers of all kinds of pages, without page numbers."""
    for master in styles.iter(f"{STYLE}master-page") if styles is not None else ():
        for part in master.iterchildren(*(f"{STYLE}{edge}{page}" for page in ("", "-left", "-first"))):
            if part.get(f"{STYLE}display") != "false":
                for line in words.lines(part):
                    yield " ".join(filter(None, map(without_page_number, line.split("\t"))))


def _add(builder: Builder, words: Words, element: Any, depth: int) -> None:
    """Add the blocks below an element: paragraphs, headings, lists, tables, and shapes after their paragraph."""
    if words.is_hidden(element):
        words.hidden += sum(len(text.strip()) for text in element.itertext())
        return
    if depth > _DEEPEST:
        for line in words.lines(element):
            builder.paragraph(line)
        return
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in UNSEEN:
            continue
        if tag in (f"{TEXT}p", f"{TEXT}h"):
            _add_paragraph(builder, words, child, depth)
        elif tag == f"{TEXT}list":
            _add_list(builder, words, child, 0, depth + 1)
        elif tag == f"{TABLE}table":
            _add_table(builder, words, child)
        elif tag == f"{OFFICE}annotation":
            builder.paragraph(words.comment(child))
        elif tag in SHAPES:
            _add_shape(builder, words, child, depth)
        else:
            _add(builder, words, child, depth + 1)


def _add_paragraph(builder: Builder, words: Words, element: Any, depth: int) -> None:
    beside: list[Any] = []
    text = words.of(element, beside)
    if element.tag == f"{TEXT}h":
        level = element.get(f"{TEXT}outline-level") or "1"
        builder.heading(text, int(level) if level.isdecimal() and len(level) < 3 else 1)
    else:
        builder.paragraph(text)
    _add_beside(builder, words, beside, depth)


def _add_beside(builder: Builder, words: Words, beside: list[Any], depth: int) -> None:
    for each in beside:
        if isinstance(each, str):
            builder.paragraph(each)
        else:
            _add_shape(builder, words, each, depth)


def _add_shape(builder: Builder, words: Words, shape: Any, depth: int) -> None:
    """Add what a shape says: its text, or the chart in it."""
    held = words.object_of(shape)
    if held is None:
        words.embedded += sum(1 for _ in shape.iterchildren(f"{DRAW}object-ole"))
        _add(builder, words, shape, depth + 1)
    elif formula := words.formula(shape):
        builder.paragraph(formula)
    elif (table := next(held.iter(f"{TABLE}table"), None)) is not None:
        for title in held.iter(_CHART_TITLE):
            for line in words.lines(title):
                builder.paragraph(line)
        _add_table(builder, words, table)


def _add_list(builder: Builder, words: Words, element: Any, level: int, depth: int) -> None:
    if depth > _DEEPEST:
        for line in words.lines(element):
            builder.item(f"• {line}", level)
        return
    for item in element:
        for child in item if isinstance(item.tag, str) else ():
            if child.tag == f"{TEXT}list":
                _add_list(builder, words, child, level + 1, depth + 1)
            elif child.tag == f"{TEXT}p":
                beside: list[Any] = []
                if text := " ".join(words.of(child, beside).split()):
                    builder.item(f"• {text}", level)
                _add_beside(builder, words, beside, depth)
            elif child.tag == f"{TEXT}h":
                _add_paragraph(builder, words, child, depth)
            elif child.tag == f"{TABLE}table":
                _add_table(builder, words, child)


def _add_table(builder: Builder, words: Words, element: Any) -> None:
    rows, header = table_rows(element, words)
    if max(map(len, rows), default=0) > 1:
        builder.table(rows, header=True if header else None)
    else:
        for row in rows:
            builder.paragraph("".join(row))


def _add_slides(builder: Builder, words: Words, content: Any, slides: Any, styles: Any, reading: Reading) -> None:
    pages = slides.findall(f"{DRAW}page")
    hidden_pages = {
        style.get(f"{STYLE}name")
        for style in content.iter(f"{STYLE}style")
        if any(form.get(f"{SHOW}visibility") == "hidden" for form in style.iter(f"{STYLE}drawing-page-properties"))
    }
    hidden: list[str] = []
    words.page_number = ""
    for number, page in enumerate(pages[: reading.pages], 1):
        reading.tell("Reading slide", number, len(pages))
        builder.page()
        if page.get(f"{DRAW}style-name") in hidden_pages:
            hidden.append(str(number))
            continue
        shapes = sorted((each for each in page if each.tag in SHAPES), key=_place)
        title = next((each for each in shapes if each.get(f"{SHOW}class") == "title"), None)
        if title is not None and (lines := words.lines(title)):
            builder.heading(" ".join(lines), 1)
            builder.page_names[-1] = " ".join(" ".join(lines).split())
        for shape in shapes:
            if shape is not title and shape.get(f"{SHOW}class") not in _PLACES:
                _add_shape(builder, words, shape, 0)
        if number == 1:
            for line in dict.fromkeys(_master_lines(words, slides, styles)):
                builder.paragraph(line)
        _add_slide_notes(builder, words, page)
    if hidden:
        named = f"{', '.join(hidden[:20])}{', …' if len(hidden) > 20 else ''}"
        one = len(hidden) == 1
        what = f"Slide {named} is hidden and was not read." if one else f"Slides {named} are hidden and were not read."
        builder.warnings.append(Shortfall(what, _UNHIDE_SLIDE))
    if len(pages) > reading.pages:
        what = f"Its last {len(pages) - reading.pages:,} slides were not read."
        builder.warnings.append(Shortfall(what, "Split it into smaller files."))


def _add_slide_notes(builder: Builder, words: Words, page: Any) -> None:
    for notes in page.iterchildren(f"{SHOW}notes"):
        shapes = (shape for shape in notes if shape.tag in SHAPES and shape.get(f"{SHOW}class") not in _PLACES)
        if text := "\n".join(line for shape in shapes for line in words.lines(shape)):
            builder.paragraph(f"Notes: {text}")
    for comment in page.iterchildren(f"{OFFICE}annotation"):
        builder.paragraph(words.comment(comment))


def _master_lines(words: Words, slides: Any, styles: Any) -> Iterator[str]:
    """Yield what stands on every slide: the footers, and what the masters themselves write."""
    for footer in slides.iter(f"{SHOW}footer-decl", f"{SHOW}header-decl"):
        yield " ".join("".join(footer.itertext()).split())
    for master in styles.iter(f"{STYLE}master-page") if styles is not None else ():
        for shape in master:
            if shape.tag in SHAPES and shape.get(f"{SHOW}class") in (None, "footer", "header"):
                yield from words.lines(shape)


def _place(shape: Any) -> tuple[float, float]:
    return _length(shape.get(f"{SVG}y")), _length(shape.get(f"{SVG}x"))


def _length(text: str | None) -> float:
    match = _LENGTH.fullmatch(text or "")
    return float(match.group(1)) * _UNITS[match.group(2)] if match and match.group(1).count(".") < 2 else 0.0


def _shortfalls(words: Words) -> Iterator[Shortfall]:
    if words.hidden:
        yield Shortfall(f"Hidden text was not read ({words.hidden:,} characters).", _UNHIDE)
    if words.embedded:
        what = "A file embedded in it was" if words.embedded == 1 else f"{words.embedded} files embedded in it were"
        yield Shortfall(f"{what} not read, only what is shown of it.", _ADD_EMBEDDED)


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the file's own texts: all that stands in its body, whatever its elements, but what no reader sees."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = _tree(archive, "content.xml")
        hidden = hidden_styles(content, _tree(archive, "styles.xml"))
    unseen = (UNSEEN - {f"{SHOW}notes"}) | {"{http://purl.org/dc/elements/1.1/}date", f"{OFFICE}settings"}
    pieces: list[str] = []
    steps: list[Any] = [content.find(f"{OFFICE}body")]
    while steps:
        step = steps.pop()
        if isinstance(step, str):
            pieces.append(step)
        elif isinstance(step.tag, str) and step.tag not in unseen and not _is_out(step, hidden):
            if step.tag in (f"{TEXT}p", f"{TEXT}h"):
                yield "", "".join(pieces)
                pieces.clear()
            pieces.append((step.text or "") if not step.tag.startswith((f"{TEXT}s}}", f"{TEXT}tab")) else " ")
            for child in reversed(step):
                steps.extend((child.tail or "", child))
    yield "", "".join(pieces)


def _is_out(element: Any, hidden: frozenset[str]) -> bool:
    return element.get(f"{TEXT}style-name") in hidden or element.get(f"{TEXT}display") == "none"

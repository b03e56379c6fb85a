"""What Word and PowerPoint share: unstructured's elements to blocks, wholly offline."""

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from core.load.builder import Builder
from core.load.web.tables import table_rows

if TYPE_CHECKING:
    from unstructured.documents.elements import Element

_LABEL = re.compile(r"\s*([•▪◦●○■–—-]|\(?[0-9ivxlcdm]{1,6}[.)]|\(?[a-z]{1,2}[.)]|[0-9]+(\.[0-9]+)+)\s", re.I)
_PROGRAM_TITLE = re.compile(
    r"(word document|powerpoint presentation|presentation|slide \d+|title slide|untitled.*)", re.I
)
PAGE_NUMBER = "\ufffc"  # stands where a header shows the page's number
_PAGE_WORDS = 4
_PAGE_WORDS_LETTERS = 12
_FURNITURE = ("Header", "Footer", "PageNumber")

UNHIDE_TEXT = (
    "To have it answered from, select it in Word, clear “Hidden” in the Font window, save the file and add it again."
)


def prepare_unstructured() -> None:
    """Give unstructured a sentence splitter without a model; left alone it downloads one at the first paragraph.

    Its guesses of an element's kind get worse by it, but they are not used: headings come from styles.
    """
    import spacy
    import unstructured.nlp.tokenize as tokenize

    splitter = spacy.blank("en")
    splitter.add_pipe("sentencizer")
    splitter.max_length = 1_000_000_000
    tokenize._get_nlp = lambda: splitter  # type: ignore[assignment]


def add_element(builder: Builder, element: "Element", heading_level: int) -> None:
    """Add one element: a table by its rows, a list item with a bullet, a heading where ``heading_level`` is not 0."""
    kind = element.category
    text = (element.text or "").replace("\x0b", "\n").replace("\xa0", " ").replace("\t", " ").strip()
    if kind == "Table":
        add_html_table(builder, element.metadata.text_as_html, text)
    elif not text:
        return
    elif kind in _FURNITURE:
        builder.paragraph(text, "furniture")
    elif heading_level:
        builder.heading(text, heading_level)
    elif kind == "ListItem":
        builder.item(text if _LABEL.match(text) else f"• {text}", element.metadata.category_depth or 0)
    else:
        builder.paragraph(text)


def add_html_table(builder: Builder, markup: str | None, text: str) -> None:
    """Add a table given as HTML; without columns it is a paragraph (a box drawn around text)."""
    from lxml import html

    rows, header = table_rows(html.fragment_fromstring(markup)) if markup else ([], None)
    if rows and max(map(len, rows)) > 1:
        builder.table(rows, header=header)
    elif rows:
        for row in rows:
            builder.paragraph(row[0])
    elif text:
        builder.paragraph(text)


def parsed(data: bytes) -> Any:
    """Parse XML from within an office file with lxml: no entities, no network."""
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def stated_title(data: bytes) -> str:
    """Return the title in an office file's properties, nothing for the ones its program gives by itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "docProps/core.xml" not in archive.namelist():
            return ""
        title = parsed(archive.read("docProps/core.xml")).findtext("{*}title") or ""
    return "" if _PROGRAM_TITLE.fullmatch(title.strip()) else title


def without_page_number(segment: str) -> str:
    """Return a part of a header's line without PAGE_NUMBER and the words that only name it ("Page 3 of 7")."""
    text = " ".join(segment.replace(PAGE_NUMBER, " ").split())
    named = len(text.split()) <= _PAGE_WORDS and sum(map(str.isalnum, text)) <= _PAGE_WORDS_LETTERS
    return "" if PAGE_NUMBER in segment and named else text

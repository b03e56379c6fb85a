"""OpenDocument texts (.odt) through odfdo: headings by their outline level, lists, tables."""

import io
from typing import Any

from core.load.builder import Builder
from core.load.limits import Reading
from core.schema import Document

_CONTAINERS = (
    "text:section",
    "text:index-body",
    "text:table-of-content",
    "draw:frame",
    "draw:text-box",
    "text:soft-page-break",
)
_DEEPEST = 60


def read(data: bytes, reading: Reading) -> Document:
    """Read an OpenDocument text."""
    import odfdo

    document = odfdo.Document(io.BytesIO(data))
    for blanks in document.body.get_elements("descendant::text:s[string-length(@text:c) > 2]"):
        blanks.set_attribute("text:c", None)  # one blank says as much as the millions a file may ask for
    builder = Builder()
    _add(builder, document.body.children, 0)
    return builder.document("odt", title=document.meta.title or "")


def _add(builder: Builder, elements: list[Any], depth: int) -> None:
    for element in elements if depth < _DEEPEST else ():
        tag = element.tag
        if tag == "text:h":
            builder.heading(_words(element), int(element.get_attribute("text:outline-level") or 1))
        elif tag == "text:p":
            builder.paragraph(_words(element))
        elif tag == "text:list":
            _add_list(builder, element, 0)
        elif tag == "table:table":
            _add_table(builder, element)
        elif tag in _CONTAINERS:
            _add(builder, element.children, depth + 1)


def _add_list(builder: Builder, element: Any, depth: int) -> None:
    for item in element.children if depth < _DEEPEST else ():
        for child in item.children:
            if child.tag == "text:list":
                _add_list(builder, child, depth + 1)
            elif words := _words(child):
                builder.item(f"• {words}", depth)


def _add_table(builder: Builder, element: Any) -> None:
    rows = []
    for row in element.get_elements(
        "table:table-row|table:table-header-rows/table:table-row|table:table-rows/table:table-row"
    ):
        cells = [cell for cell in row.children if cell.tag in ("table:table-cell", "table:covered-table-cell")]
        rows.append([_words(cell) for cell in cells])
    builder.table(rows)


def _words(element: Any) -> str:
    return " ".join(element.inner_text.split())

"""RTF: its text, tables, notes, comments, headers and text boxes, without pictures and what is deleted or hidden.

Not through striprtf: it leaves out notes and text boxes, reads hidden and deleted text, and knows one code page.
"""

from collections.abc import Iterator

from core.load.builder import Builder
from core.load.limits import Reading
from core.load.office.elements import PAGE_NUMBER, UNHIDE_TEXT, without_page_number
from core.load.rich_text.flow import Flow, Line
from core.load.rich_text.text import rich_text
from core.load.rich_text.words import words_of
from core.load.texts.plain import paragraphs
from core.schema import Document, Shortfall


def read(data: bytes, reading: Reading) -> Document:
    """Read a rich-text document. Raises LoadError (too_large)."""
    found = rich_text(data)
    builder = Builder()
    said: set[str] = set()
    for line in _edge_lines(found.headers, said):
        builder.paragraph(line)
    for each in found.body.lines:
        if isinstance(each, Line):
            _add_line(builder, each)
        elif max(map(len, each)) > 1:
            builder.table(each)
        else:
            for row in each:
                builder.paragraph("".join(row))
    for line in _edge_lines(found.footers, said):
        builder.paragraph(line)
    for number, note in enumerate(filter(None, (note.text() for note in found.notes)), 1):
        builder.item(f"({number}) {note}")
    if found.hidden:
        builder.warnings.append(Shortfall(f"Hidden text was not read ({found.hidden:,} characters).", UNHIDE_TEXT))
    return builder.document("rtf", title=found.title)


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield all of the file's own words, found without the reader."""
    yield from words_of(data)


def _edge_lines(edges: list[Flow], said: set[str]) -> Iterator[str]:
    """Yield the lines of headers or footers without page numbers, each once."""
    for edge in edges:
        for line in edge.text().split("\n"):
            text = " ".join(filter(None, map(without_page_number, line.split("\t"))))
            if text and text not in said:
                said.add(text)
                yield text


def _add_line(builder: Builder, line: Line) -> None:
    text = line.text.replace(PAGE_NUMBER, "").replace("\t", " ").replace("\xa0", " ").strip()
    if line.level and text:
        builder.heading(text, line.level)
        return
    if line.listed and text:
        builder.item(text)
        return
    for block in paragraphs(text):  # many headings are told only by their looks
        words = text[block.start : block.end]
        if block.kind == "heading":
            builder.heading(words, block.level)
        elif block.kind == "list":
            builder.item(words)
        else:
            builder.paragraph(words)

"""Word documents through unstructured, from a plain copy of their XML; what stands beside the text is added to it."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unstructured.partition.docx import partition_docx

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.office.elements import add_element, prepare_unstructured, stated_title
from core.load.office.package import open_package
from core.load.word.parts import header_lines, note_lines, word_parts
from core.load.word.plain_file import plain_document
from core.load.word.words import words_of
from core.schema import Document

if TYPE_CHECKING:
    from unstructured.documents.elements import Element

_LONGEST_HEADING = 120
prepare_unstructured()


def read(data: bytes, reading: Reading) -> Document:
    """Read a Word document. Pages are those that Word noted when it last saved the file; many files have none.

    Raises LoadError (broken).
    """
    reading.tell("Reading paragraphs", 0, 1)
    parts = word_parts(open_package(data), reading)
    if parts.package.tree(parts.main) is None:
        raise LoadError(
            "This Word document is incomplete: the part with its text is missing or damaged.",
            "Open it in Word, save it again and upload the new copy.",
            code="broken",
        )
    plain = plain_document(parts, parts.body())
    elements = partition_docx(file=io.BytesIO(plain), languages=[""], include_page_breaks=False)
    builder = Builder()
    paged = any((element.metadata.page_number or 0) > 1 for element in elements)
    deepest = max((_style_level(element) for element in elements), default=0)
    if paged:
        builder.page()
    said = {" ".join(element.text.split()) for element in elements}
    for line in header_lines(parts, "header", said):
        builder.paragraph(line)
    for element in elements:
        number = element.metadata.page_number
        while paged and len(builder.page_starts) < (number or 1):
            builder.page()
        add_element(builder, element, _style_level(element) or _bold_level(element, deepest))
    for line in (*parts.comments.values(), *header_lines(parts, "footer", said)):
        builder.paragraph(line)
    for number, text in enumerate(note_lines(parts), 1):
        builder.item(f"({number}) {text}")
    builder.warnings.extend(parts.shortfalls())
    return builder.document("docx", title=stated_title(data), page_word="page")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the file's own texts with the part that each stands in."""
    return words_of(data)


def _style_level(element: "Element") -> int:
    """Return a heading's depth by its style, 0 when it is none."""
    return (element.metadata.category_depth or 0) + 1 if element.category == "Title" else 0


def _bold_level(element: "Element", deepest: int) -> int:
    """Return the depth of a short line wholly in bold, one below the styles' deepest: how many write their headings."""
    text = element.text.strip()
    bold = element.metadata.emphasized_text_contents
    tags = element.metadata.emphasized_text_tags
    if element.category in ("Table", "ListItem", "Header", "Footer") or not bold or not tags:
        return 0
    if len(text) > _LONGEST_HEADING or text[-1:] in ".,;" or set(tags) - {"b"} or not any(map(str.isalpha, text)):
        return 0
    return min(deepest + 1, 6) if "".join("".join(bold).split()) == "".join(text.split()) else 0

"""Word documents through unstructured; footnotes and text boxes, which it leaves out, from the XML."""

import io
import zipfile
from typing import TYPE_CHECKING

from unstructured.partition.docx import partition_docx

from core.load.builder import Builder
from core.load.elements import add_element, drawn_text, parsed, prepare_unstructured, stated_title
from core.load.limits import Reading
from core.schema import Document

if TYPE_CHECKING:
    from unstructured.documents.elements import Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST_HEADING = 120
prepare_unstructured()


def read(data: bytes, reading: Reading) -> Document:
    """Read a Word document. Pages are those that Word noted when it last saved the file; many files have none."""
    reading.tell("Reading paragraphs", 0, 1)
    elements = partition_docx(file=io.BytesIO(_plain_document(data)), languages=[""], include_page_breaks=False)
    builder = Builder()
    paged = any((element.metadata.page_number or 0) > 1 for element in elements)
    deepest = max((_style_level(element) for element in elements), default=0)
    for element in elements:
        number = element.metadata.page_number
        while paged and len(builder.page_starts) < (number or 1):
            builder.page()
        add_element(builder, element, _style_level(element) or _bold_level(element, deepest))
    _add_left_out(builder, data)
    return builder.document("docx", title=stated_title(data), page_word="page")


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


def _plain_document(data: bytes) -> bytes:
    """Return the document as .docx: templates and documents with macros differ in one line that python-docx refuses."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml")
        plain = types
        for main in (b"ms-word.document.macroEnabled", b"ms-word.template.macroEnabledTemplate"):
            plain = plain.replace(
                b"vnd." + main + b".main", b"vnd.openxmlformats-officedocument.wordprocessingml.document.main"
            )
        plain = plain.replace(b"wordprocessingml.template.main", b"wordprocessingml.document.main")
        if plain == types:
            return data
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as copy:
            for member in archive.infolist():
                copy.writestr(member, plain if member.filename == "[Content_Types].xml" else archive.read(member))
    return stream.getvalue()


def _add_left_out(builder: Builder, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        trees = {
            part: parsed(archive.read(f"word/{part}.xml"))
            for part in ("document", "footnotes", "endnotes")
            if f"word/{part}.xml" in names
        }
    for text in drawn_text([trees["document"]] if "document" in trees else [], f"{_WORD}txbxContent"):
        builder.paragraph(text)
    notes = [tree for part, tree in trees.items() if part != "document"]
    for number, text in enumerate(drawn_text(notes, f"{_WORD}footnote") + drawn_text(notes, f"{_WORD}endnote"), 1):
        builder.item(f"({number}) {text}")

"""A Word file of a plain copy: the body, and of the package only what says how paragraphs are named and numbered."""

import io
import zipfile
from typing import Any

from core.load.word_parts import Parts, related_tree
from core.load.word_styles import WORD, WORD_SPACE

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KEPT = ("styles", "numbering")


def plain_document(parts: Parts, body: Any) -> bytes:
    """Return ``body`` as a .docx of its own. What is odd or broken in the rest of the package stays behind."""
    from lxml import etree

    document = etree.Element(f"{WORD}document", nsmap={"w": WORD_SPACE})
    document.append(body)
    last = parts.package.tree(parts.main).find(f"{WORD}body/{WORD}sectPr")
    section = etree.SubElement(body, f"{WORD}sectPr")
    if last is not None and (kind := last.find(f"{WORD}type")) is not None:
        etree.SubElement(section, f"{WORD}type").set(f"{WORD}val", kind.get(f"{WORD}val") or "nextPage")
    trees = {"document": document}
    for kept in _KEPT:
        if (tree := related_tree(parts.package, parts.main, kept)) is not None:
            trees[kept] = tree
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{"document.main" if name == "document" else name}+xml"/>'
        for name in trees
    )
    named = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>' for name in trees if name != "document"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
            f'application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        )
        archive.writestr("_rels/.rels", _relations('<Relationship Id="main" Type="%s/officeDocument" Target="word/document.xml"/>' % _OFFICE))
        archive.writestr("word/_rels/document.xml.rels", _relations(named))
        for name, tree in trees.items():
            archive.writestr(f"word/{name}.xml", etree.tostring(tree, encoding="utf-8"))
    return stream.getvalue()


def _relations(named: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{named}</Relationships>'

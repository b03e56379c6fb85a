"""A Word file of a plain copy: the body, and of the package only what says how paragraphs are named and numbered."""

import io
import zipfile
from typing import Any

from core.load.word.parts import Parts, related_tree
from core.load.word.styles import WORD, WORD_SPACE, keep_section

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KEPT = ("styles", "numbering")
_CALLED = {"document": "document.main"}


def plain_document(parts: Parts, body: Any) -> bytes:
    """Return ``body`` as a .docx of its own. What is odd or broken in the rest of the package stays behind."""
    from lxml import etree

    document = etree.Element(f"{WORD}document", nsmap={"w": WORD_SPACE})
    document.append(body)
    keep_section(body, parts.package.tree(parts.main).find(f"{WORD}body/{WORD}sectPr"))
    trees = {"document": document}
    for kept in _KEPT:
        tree = related_tree(parts.package, parts.main, kept)
        if tree is not None and tree.tag == f"{WORD}{kept}":
            trees[kept] = tree
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{_CALLED.get(name, name)}+xml"/>' for name in trees
    )
    named = "".join(_relation(name, f"{name}.xml") for name in trees if name != "document")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
            f'application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        )
        archive.writestr("_rels/.rels", _relations(_relation("officeDocument", "word/document.xml")))
        archive.writestr("word/_rels/document.xml.rels", _relations(named))
        for name, tree in trees.items():
            archive.writestr(f"word/{name}.xml", etree.tostring(tree, encoding="utf-8"))
    return stream.getvalue()


def _relations(named: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{named}</Relationships>'


def _relation(kind: str, target: str) -> str:
    return f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>'

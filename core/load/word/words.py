"""All words that a Word file itself holds, from its XML's text runs alone, to compare with what was read."""

import re
from collections.abc import Iterator
from typing import Any

from core.load.office.charts import drawn_on, is_field
from core.load.office.package import open_package
from core.load.word.styles import WORD, hidden_styles, is_on

_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_DRAWN_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_CHART_VALUE = "{http://schemas.openxmlformats.org/drawingml/2006/chart}v"
_NUMBER = re.compile(r"[-+\d.eE]*")
_DELETED = frozenset((f"{WORD}del", f"{WORD}moveFrom"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BESIDE = {
    "comments": "comments", "footnotes": "footnotes", "endnotes": "endnotes", "chart": "charts",
    "chartEx": "charts", "diagramData": "SmartArt",
}  # fmt: skip


def words_of(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of a Word file with the part each stands in ("" for the body)."""
    package = open_package(data)
    main = package.main_part("word/document.xml")
    styles = hidden_styles(package.tree(next(package.related(main, "styles"), "word/styles.xml")))
    if (document := package.tree(main)) is not None:
        yield from (("", text) for text in _texts(document, styles))
    for relation in package.relations(main).values():
        tree = package.tree(relation.part) if relation.kind in _BESIDE else None
        if tree is not None:
            yield from ((_BESIDE[relation.kind], text) for text in _texts(tree, styles))
            yield from (("charts", text) for text in drawn_on(package, relation.part))


def _texts(root: Any, styles: frozenset[str]) -> Iterator[str]:
    """Yield what stands in each paragraph (or in a chart's values), without what is deleted or hidden."""
    pieces: list[str] = []
    before = None
    for text in root.iter(f"{WORD}t", _MATH_TEXT, _DRAWN_TEXT, _CHART_VALUE):
        run = text.getparent()
        if text.tag == _CHART_VALUE:
            if not _NUMBER.fullmatch(text.text or ""):  # numbers are read as they are shown: 12%, not 0.12
                yield text.text or ""
            continue
        holder = run.getparent()
        if holder is not before:
            yield "".join(pieces)
            pieces, before = [], holder
        if text.text and not is_field(text) and _is_seen(run, styles):
            pieces.append(text.text)
    yield "".join(pieces)


def _is_seen(run: Any, styles: frozenset[str]) -> bool:
    properties = run.find(f"{WORD}rPr")
    if properties is not None:
        vanish, style = properties.find(f"{WORD}vanish"), properties.find(f"{WORD}rStyle")
        if is_on(vanish) or (vanish is None and style is not None and style.get(f"{WORD}val") in styles):
            return False
    for above in run.iterancestors():
        if above.tag in _DELETED or above.tag == _FALLBACK:
            return False
        if above.tag == f"{WORD}tr" and above.find(f"{WORD}trPr/{WORD}del") is not None:
            return False
        if styles and above.tag == f"{WORD}p" and properties is None:
            style = above.find(f"{WORD}pPr/{WORD}pStyle")
            if style is not None and style.get(f"{WORD}val") in styles:
                return False
    return True

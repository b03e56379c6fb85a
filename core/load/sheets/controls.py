"""The words on a sheet's form controls: captions of buttons, boxes and labels, and the entries of lists."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from core.load.sheets.workbook import Part, Workbook

# Excel writes its older drawings, which hold the captions, as HTML: with line breaks that are never closed.
_BREAK = re.compile(rb"<br\s{0,9}>", re.IGNORECASE)
_NO_CONTROLS = ("Note", "Pict", "")
_HIDDEN = re.compile(r"visibility\s{0,9}:\s{0,9}hidden")


def control_lines(book: Workbook, parts: Iterable[Part]) -> Iterator[str]:
    """Yield a line for each form control with words on it, whether it is ticked too; then the entries of lists."""
    for part in parts:
        if part.kind == "vmlDrawing" and book.holds(part.path):
            tree = _older_drawing(book, part.path)
            yield from _captions(tree) if tree is not None else ()
        elif part.kind == "ctrlProp" and (tree := book.tree_once(part.path)) is not None:
            entries = filter(None, (entry.get("val") for entry in tree.iterfind("{*}itemLst/{*}item")))
            yield from (f"List: {listed}" for listed in ["; ".join(entries)] if listed)


def _older_drawing(book: Workbook, path: str) -> Any:
    from lxml import etree

    if path.lower() in book.read_once:
        return None
    book.read_once.add(path.lower())
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    with book.open(path) as stream:
        try:
            return etree.fromstring(_BREAK.sub(b"<br/> ", stream.read()), parser)
        except etree.XMLSyntaxError:  # nothing in it
            return None


def _captions(tree: Any) -> Iterator[str]:
    for data in tree.iter("{urn:schemas-microsoft-com:office:excel}ClientData"):
        kind, shape = data.get("ObjectType", ""), data.getparent()
        if kind in _NO_CONTROLS or shape is None or _HIDDEN.search(shape.get("style") or ""):
            continue
        words = " ".join(" ".join("".join(box.itertext()).split()) for box in shape.iter("{*}textbox"))
        if words:
            on = (data.findtext("{*}Checked") or "0").strip() == "1"
            yield f"{'☒' if on else '☐'} {words}" if kind in ("Checkbox", "Radio") else words

"""Tables in the plain copy of a Word document: merged cells repeated, tables for layout opened, and text by lines."""

from collections.abc import Iterator
from typing import Any

from core.load.word.styles import WORD, under

_LONGEST_REPEATED = 300
_MOST_REPEATED = 300_000
_WIDEST = 100
_DEEPEST_LAYOUT = 20
_SHOWN = {f"{WORD}tab": "\t", f"{WORD}br": "\n"}


def settle_tables(body: Any) -> None:
    """Give every table of a plain copy cells in each of its rows and columns, and put a layout's content in the text.

    The text of a cell merged over several rows stands in each of them, so that each row says what it belongs to.
    """
    for _ in range(_DEEPEST_LAYOUT):
        layouts = [table for table in body if table.tag == f"{WORD}tbl" and _is_layout(table)]
        for table in layouts:
            blocks = [block for row in table for cell in row for block in cell]
            place = body.index(table)
            body[place : place + 1] = blocks
        if not layouts:
            break
    left = _MOST_REPEATED
    for table in body.iterchildren(f"{WORD}tbl"):
        _open_nested(table)
        left = _repeat_merged(table, left)
        for cell in table.iter(f"{WORD}tc"):
            if not len(cell) or cell[-1].tag != f"{WORD}p":
                under(cell, "p")


def _open_nested(table: Any) -> None:
    """Put the text of tables within a table's cells in those cells, line by line."""
    for row in table:
        for cell in row:
            for nested in cell.findall(f"{WORD}tbl"):
                lines = [" ".join(text_of(each).split()) for each in nested]
                cell.remove(nested)
                for line in filter(None, lines):
                    under(under(under(cell, "p"), "r"), "t").text = line


def _is_layout(table: Any) -> bool:
    """Tell a table that only places text: a box of one column, or one that holds tables of more text than its own."""
    if max((len(row) for row in table), default=0) <= 1:
        return True
    nested = sum(len(text_of(each)) for row in table for cell in row for each in cell if each.tag == f"{WORD}tbl")
    return nested * 2 > len(text_of(table)) if nested else False


def _repeat_merged(table: Any, left: int) -> int:
    """Repeat what is merged over rows, and write spans as libraries look for them; return what may yet be repeated."""
    open_cells: dict[int, str] = {}
    for row in table:
        if before := min(_number(row.attrib.pop("gridBefore", "0")), _WIDEST):
            _span(row, before)
        column = before
        for cell in list(row.iterchildren(f"{WORD}tc")):
            width = max(1, min(_number(cell.attrib.pop("gridSpan", "1")), _WIDEST))
            merged = cell.attrib.pop("vMerge", "")
            if merged == "continue" and not text_of(cell).strip():
                text = open_cells.get(column, "")
                if text and len(text) <= left:
                    left -= len(text)
                    cell[:] = []
                    under(under(under(cell, "p"), "r"), "t").text = text
            elif merged:
                text = " ".join(text_of(cell).split())
                open_cells[column] = text if len(text) <= _LONGEST_REPEATED else ""
            else:
                open_cells.pop(column, None)
            if width > 1:
                _span_cell(cell, width)
            column += width
    return left


def _span(row: Any, before: int) -> None:
    from lxml import etree

    properties = etree.Element(f"{WORD}trPr")
    etree.SubElement(properties, f"{WORD}gridBefore").set(f"{WORD}val", str(before))
    row.insert(0, properties)


def _span_cell(cell: Any, width: int) -> None:
    from lxml import etree

    properties = etree.Element(f"{WORD}tcPr")
    etree.SubElement(properties, f"{WORD}gridSpan").set(f"{WORD}val", str(width))
    cell.insert(0, properties)


def _number(text: str) -> int:
    return int(text[:6]) if text.isdecimal() else 0


def text_of(element: Any) -> str:
    """Return the text of a part of a plain copy: a line a paragraph, a table's cells joined by blanks."""
    pieces = []
    for each in element.iter():
        if each.tag == f"{WORD}t":
            pieces.append(each.text or "")
        elif each.tag in _SHOWN:
            pieces.append(_SHOWN[each.tag])
        elif each.tag == f"{WORD}p" and pieces:
            pieces.append("\n")
    return "".join(pieces)


def lines_of(body: Any) -> Iterator[str]:
    """Yield the paragraphs of a plain copy, and each row of its tables, as lines."""
    for block in body:
        if block.tag == f"{WORD}tbl":
            for row in block:
                cells = [" ".join(text_of(cell).split()) for cell in row]
                yield " | ".join(cell for cell in cells if cell)
        else:
            yield from text_of(block).split("\n")

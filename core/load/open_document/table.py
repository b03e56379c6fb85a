"""Tables of OpenDocument texts: rows however they are grouped, merged cells repeated down their rows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.load.open_document.text import TABLE

if TYPE_CHECKING:
    from core.load.open_document.text import Words

_CELL, _COVERED, _ROW = f"{TABLE}table-cell", f"{TABLE}covered-table-cell", f"{TABLE}table-row"
_GROUPS = (f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group")
_WIDEST = 100
_LONGEST_REPEATED = 300
_MOST_REPEATED = 300_000


def table_rows(table: Any, words: "Words") -> tuple[list[list[str]], bool]:
    """Return a table's rows of cells, and whether it says that its first row is a header."""
    rows: list[list[str]] = []
    held: dict[int, tuple[str, int]] = {}
    left = _MOST_REPEATED
    for row in _rows(table):
        cells: list[str] = []
        for cell in row.iterchildren(_CELL, _COVERED):
            text = " ".join(" ".join(words.lines(cell)).split())
            column = len(cells)
            above, more = held.pop(column, ("", 0))
            if more > 0:
                held[column] = above, more - 1
                if cell.tag == _COVERED and not text and len(above) <= left:
                    left -= len(above)
                    text = above
            spanned = _number(cell.get(f"{TABLE}number-rows-spanned"), 65_536)
            if spanned > 1 and len(text) <= _LONGEST_REPEATED:
                held[column] = text, spanned - 1
            cells += [text] if text else [""] * _number(cell.get(f"{TABLE}number-columns-repeated"), _WIDEST)
            if text and (repeated := _number(cell.get(f"{TABLE}number-columns-repeated"), _WIDEST)) > 1:
                cells += [text] * (repeated - 1) if len(text) * repeated <= _LONGEST_REPEATED else []
        rows.append(cells)
    width = max((max((place for place, cell in enumerate(row, 1) if cell), default=0) for row in rows), default=0)
    return [row[:width] for row in rows if any(row)], table.find(f"{TABLE}table-header-rows") is not None


def _rows(table: Any) -> Iterator[Any]:
    steps = [table]
    while steps:
        step = steps.pop()
        if step.tag == _ROW:
            yield step
        else:
            steps.extend(child for child in reversed(step) if child.tag in (*_GROUPS, _ROW))


def _number(text: str | None, most: int) -> int:
    return max(1, min(int(text), most)) if text and text.isascii() and text.isdecimal() and len(text) < 8 else 1

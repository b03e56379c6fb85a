"""HTML tables: which hold data and which only lay out a page, and the rows of the first."""

from collections.abc import Iterator
from typing import Any

from core.text import CURRENCY_SIGNS

_SIGNS_BEFORE = frozenset(f"{CURRENCY_SIGNS}(")
_SIGNS_AFTER = frozenset((")", "%", ")%"))
_HIDDEN_PARTS = ("script", "style", "template", "noscript")
_LAYOUT_PARTS = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "form", "nav", "article", "section", "iframe", "pre")
_LONGEST_CELL = 1500
_LONGEST_LINE = 300


def is_data_table(table: Any) -> bool:
    """Tell a table of data: several rows and columns of short cells, with no page structure within."""
    if table.get("role") in ("presentation", "none"):
        return False
    if any(element.tag in _LAYOUT_PARTS for element in table.iter() if element is not table):
        return False
    rows = [[_words(cell) for cell in _cells(row)] for row in _rows(table)]
    filled = [[cell for cell in row if cell] for row in rows]
    filled = [row for row in filled if row]
    if len(filled) < 2 or max(len(row) for row in filled) < 2 or sum(len(row) > 1 for row in filled) * 2 < len(filled):
        return False
    return max(len(cell) for row in filled for cell in row) <= _LONGEST_CELL


def table_rows(table: Any) -> tuple[list[list[str]], bool | None]:
    """Return a table's rows of cells, and whether its first row is a header (None: not said).

    Cells spanning columns keep the columns below them in place; columns without any words are left out, and a currency
    or percent sign in a cell of its own joins its number.
    """
    rows: list[list[str]] = []
    header: bool | None = None
    for row in _rows(table):
        cells = _cells(row)
        words: list[str] = []
        for cell in cells:
            words.append(_words(cell))
            words.extend([""] * (_span(cell.get("colspan")) - 1))
        words = _joined_signs(words)
        if not any(words):
            continue
        if not rows and (all(cell.tag == "th" for cell in cells) or row.getparent().tag == "thead"):
            header = True
        rows.append(words)
    width = max(map(len, rows), default=0)
    full = [row + [""] * (width - len(row)) for row in rows]
    columns = [column for column in range(width) if any(row[column] for row in full)]
    return [[row[column] for column in columns] for row in full], header


def row_as_line(row: Any) -> str:
    """Return a short row of a layout table ("Price: | 12 €") as one line; nothing when it is not short and plain."""
    if any(element.tag in _LAYOUT_PARTS or element.tag in ("ul", "ol") for element in row.iter() if element is not row):
        return ""
    words = [word for word in map(_words, _cells(row)) if word]
    return " | ".join(words) if len(words) > 1 and sum(map(len, words)) <= _LONGEST_LINE else ""


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _words(cell: Any) -> str:
    parts = [
        (element.text or "" if element.tag not in _HIDDEN_PARTS else "") if isinstance(element.tag, str) else ""
        for element in [cell]
    ]
    for element in cell.iterdescendants():
        if isinstance(element.tag, str) and element.tag not in _HIDDEN_PARTS:
            parts.append((" " if element.tag in ("br", "p", "div", "li") else "") + (element.text or ""))
        parts.append(element.tail or "")
    return " ".join("".join(parts).split())


def _span(text: str | None) -> int:
    return min(int(text), 100) if text and text.isascii() and text.isdigit() and int(text) > 0 else 1


def _joined_signs(cells: list[str]) -> list[str]:
    joined = list(cells)
    for place, cell in enumerate(cells):
        if cell in _SIGNS_BEFORE:
            following = next((after for after in range(place + 1, min(place + 3, len(joined))) if joined[after]), None)
            if following is not None:
                joined[following] = cell + joined[following]
                joined[place] = ""
        elif cell in _SIGNS_AFTER:
            earlier = next((before for before in range(place - 1, max(place - 3, -1), -1) if joined[before]), None)
            if earlier is not None:
                joined[earlier] += cell
                joined[place] = ""
    return joined

"""HTML tables: which hold data and which only lay out a page, and the rows of the first."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from core.load.web.parts import words_of
from core.text import CURRENCY_SIGNS

_SIGNS_BEFORE = frozenset(f"{CURRENCY_SIGNS}(")
_SIGNS_AFTER = frozenset((")", "%", ")%"))
_LAYOUT_PARTS = frozenset([
    "table", "h1", "h2", "h3", "h4", "h5", "h6", "form", "nav", "article", "section", "iframe", "pre",
])  # fmt: skip
_NUMBER = re.compile(r"(?!(19|20)\d\d$)[^\w\s]*+\d[\d.,\s]*+\W*+")
_LONGEST_CELL = 1500
_LONGEST_LINE = 300
_MOST_HEADS = 3
_MOST_CELLS = 2_000_000
_MOST_REPEATED = 200_000


class Table(NamedTuple):
    """A table of data: what stands over it in cells as wide as the table, its rows, and whether the first is a header
    (None: not said)."""

    titles: list[str]
    rows: list[list[str]]
    header: bool | None


class _Cell(NamedTuple):
    words: str
    is_head: bool
    columns: int
    rows: int


class _Row(NamedTuple):
    """A row of the page: its own cells; then each column's words, None where a cell to the left reaches over it."""

    cells: list[_Cell]
    words: list[str | None]
    in_head: bool


def data_table(table: Any) -> Table | None:
    """Return a table of data: several rows and columns of short cells, with no page structure within."""
    if table.get("role") in ("presentation", "none"):
        return None
    if any(element is not table for element in table.iter(*_LAYOUT_PARTS)):
        return None
    rows = _grid(table)
    filled = [words for row in rows if (words := [cell.words for cell in row.cells if cell.words])]
    if len(filled) < 2 or max(map(len, filled)) < 2 or sum(len(row) > 1 for row in filled) * 2 < len(filled):
        return None
    if max(len(words) for row in filled for words in row) > _LONGEST_CELL or _is_too_large(rows):
        return None
    return _table(rows)


def table_rows(table: Any) -> tuple[list[list[str]], bool | None]:
    """Return a table's rows of cells, and whether its first row is a header (None: not said).

    A cell that reaches over rows stands in each of them; one that reaches over columns keeps those below in place.
    Rows of a head are one, columns without any words are left out, and a currency or percent sign in a cell of its own
    joins its number.
    """
    grid = _grid(table)
    if _is_too_large(grid):
        return [[words or "" for words in row.words] for row in grid], None
    titles, rows, header = _table(grid)
    return [[title] for title in titles] + rows, header if not titles else None


def row_as_line(row: Any) -> str:
    """Return a short row of a layout table ("Price: | 12 €") as one line; nothing when it is not short and plain."""
    if next(row.iter(*_LAYOUT_PARTS, "ul", "ol"), None) is not None:
        return ""
    words = [word for word in map(words_of, _cells(row)) if word]
    return " | ".join(words) if len(words) > 1 and sum(map(len, words)) <= _LONGEST_LINE else ""


def _table(rows: list[_Row]) -> Table:
    titles = []
    width = max((len(row.words) for row in rows), default=0)
    while len(rows) > 2 and width > 1 and _is_title(rows[0], width):
        titles.append(next(cell.words for cell in rows[0].cells if cell.words))
        rows = rows[1:]
    stated = _head_rows(rows)
    # Names over several columns tell which belong together, whether they are the table's header or not.
    heads = stated or int(len(rows) > 2 and any(cell.columns > 1 for cell in rows[0].cells) and _are_names(rows[:1]))
    full = [_joined_signs([words or "" for words in row.words]) for row in rows[heads:]]
    body = [row + [""] * (width - len(row)) for row in full]
    head = _merged([row.words for row in rows[:heads]], width)
    columns = _columns(head, body) if body else [(column,) for column in range(width)]
    lines = [["".join(row[place] for place in column) for column in columns] for row in body]
    if not head:
        return Table(titles, lines, None)
    return Table(titles, [_names(head, columns), *lines], True if stated else None)


def _grid(table: Any) -> list[_Row]:
    """Return the rows that have words of their own, cells that reach over several repeated in each."""
    grid: list[_Row] = []
    reaching: dict[int, tuple[int, str | None]] = {}
    section, budget = None, _MOST_REPEATED
    for row in _rows(table):
        if row.getparent() is not section:
            section, reaching = row.getparent(), {}
        cells = [
            _Cell(words_of(cell), cell.tag == "th", _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in _cells(row)
        ]
        words: list[str | None] = []
        below: dict[int, tuple[int, str | None]] = {}
        for cell in [*cells, None]:
            while len(words) in reaching:
                left, repeated = reaching.pop(len(words))
                if left > 1 and budget > 0:
                    below[len(words)] = (left - 1, repeated)
                budget -= 1
                words.append(repeated)
            for place in range(cell.columns if cell else 0):
                if cell and cell.rows > 1:
                    below[len(words)] = (cell.rows - 1, None if place else cell.words)
                words.append(None if place or not cell else cell.words)
        reaching = {**reaching, **below}
        if any(cell.words for cell in cells):
            grid.append(_Row(cells, words, section.tag == "thead"))
    return grid


def _is_too_large(rows: Sequence[_Row]) -> bool:
    """Tell a table that claims more columns in its rows than it can have words for."""
    return len(rows) * max((len(row.words) for row in rows), default=0) > _MOST_CELLS


def _is_title(row: _Row, width: int) -> bool:
    filled = [cell for cell in row.cells if cell.words]
    return len(filled) == 1 and len(row.words) >= width and filled[0].columns >= width


def _head_rows(rows: Sequence[_Row]) -> int:
    """Return how many rows of a table name its columns; at least one row of another kind follows them."""
    count = 0
    while count < min(len(rows), _MOST_HEADS) and (
        rows[count].in_head or all(cell.is_head for cell in rows[count].cells if cell.words)
    ):
        count += 1
    if count == len(rows):
        return min(count, 1)
    if not count and len(rows) > 2:
        first = rows[0].cells
        wide = [cell for cell in first if cell.columns > 1]
        deep = [cell for cell in first if cell.rows == 2 or not cell.words]
        return 2 if wide and deep and len(wide) + len(deep) == len(first) and _are_names(rows[:2]) else 0
    return count


def _are_names(rows: Sequence[_Row]) -> bool:
    """Tell rows of names of columns: no number in them but years, no sign."""
    cells = [cell.words for row in rows for cell in row.cells]
    return not any(words in _SIGNS_BEFORE or words in _SIGNS_AFTER or _NUMBER.fullmatch(words) for words in cells)


def _merged(rows: Sequence[Sequence[str | None]], width: int) -> list[list[str]]:
    """Return for each column the names over it, from the top, a name that reaches over columns in each of them."""
    columns: list[list[str]] = [[] for _ in range(width)] if rows else []
    for row in rows:
        current = ""
        for place in range(width):
            words = row[place] if place < len(row) else ""
            current = current if words is None else words
            if current and current not in columns[place]:
                columns[place].append(current)
    return columns


def _columns(head: list[list[str]], body: list[list[str]]) -> list[tuple[int, ...]]:
    """Return the columns that have words, a name without anything below together with what stands beside it."""
    width = len(body[0])
    filled = [any(row[place] for row in body) for place in range(width)]
    columns: list[tuple[int, ...]] = []
    for place in range(width):
        named = bool(head and head[place])
        if filled[place] and columns and not named and not filled[columns[-1][-1]]:
            columns[-1] = (*columns[-1], place)
        elif filled[place] or (named and not _is_repeated(head, filled, place)):
            columns.append((place,))
    return columns


def _is_repeated(head: list[list[str]], filled: list[bool], place: int) -> bool:
    """Tell a column that only holds a name of its neighbours, as a currency sign's does once it joined its number."""
    left = next((other for other in range(place - 1, -1, -1) if filled[other]), place)
    right = next((other for other in range(place + 1, len(head)) if filled[other]), place)
    return any(set(head[place]) <= set(head[other]) for other in {left, right} - {place})


def _names(head: list[list[str]], columns: Sequence[tuple[int, ...]]) -> list[str]:
    """Return the header row; a name of one line that reaches over several columns stands over the first of them."""
    names: list[str] = []
    before: list[str] = []
    for column in columns:
        parts = [part for place in column for part in head[place]]
        names.append("" if len(parts) == 1 and parts == before else " ".join(parts))
        before = parts
    return names


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _span(cell: Any, name: str) -> int:
    text = cell.get(name)
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 8):
        return 1
    return max(1, min(int(text), 100 if name == "colspan" else 10_000))


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

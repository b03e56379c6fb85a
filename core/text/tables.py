"""Rows of tables: a line to its cells, and the one judge of whether a first row names the columns of those below."""

import csv
import re
from collections.abc import Sequence

from core.text.numbers import is_amount, is_number, is_year

_NUMBER = re.compile(r"\d[\d.,'’/]*")
# What ends in a year or a small number may well be a name: "Price in 2026", "Q1", "Address 2".
_NUMBERED_NAME = re.compile(r"(?:.*\D)?(?:19|20)\d\d|\D*[^\W\d]\W?\d{1,2}")
_LOOKED_AT = 10
# For every reader of rows in this process: a cell may be longer than the 131,072 characters that csv takes by itself.
csv.field_size_limit(2**31 - 1)


def cells(line: str, count: int = 0) -> list[str]:
    """Cut a table row into its cells: by bars, tabs, or as CSV; ``[]`` where ``count`` is given and not met."""
    line = re.sub(r"[\r\n]+", " ", line.strip())
    if "|" in line:
        # Bars at both ends are a frame; one in front alone parts an empty first cell from the next.
        inner = line.removesuffix("|")
        ways = [inner.removeprefix("|").split("|")]
        if inner == line:
            ways.insert(0, line.split("|"))
    elif "\t" in line:
        ways = [line.split("\t")]
    else:
        ways = [next(csv.reader([line], delimiter=mark), []) for mark in ",;"]
    for way in ways:
        if len(way) == count or (not count and len(way) > 1):
            return [cell.strip() for cell in way]
    return []


def names_columns(first: str, second: str) -> bool:
    """Tell whether a line of a table names the columns of the line below it; see ``has_header``."""
    return has_header([cells(first), cells(second)])


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first of a table's rows (its cells, row by row) names the columns.

    It has at least two words, fills half of its cells, and no cell is a number but a year. Where there are digits in
    it, it must be made otherwise than the row below: "Zone | Up to 1 kg" over "Zone 5 | 24.95" names columns, "Damaged
    | 7 days" over "Lost | 60 days" and "Storage | 12 EUR" over "Pickup | 4 EUR" do not.
    """
    if len(rows) < 2:
        return False
    first, second = [cell.strip() for cell in rows[0]], [cell.strip() for cell in rows[1]]
    filled = [cell for cell in first if cell]
    if len(filled) < 2 or len(filled) * 2 < len(first) or any(map(is_number, filled)):
        return False
    numbered = [cell for cell in filled if _NUMBER.search(cell)]
    if not numbered:
        return True
    alike = any(cell in numbered and _made(cell) == _made(below) for cell, below in zip(first, second, strict=False))
    if alike or len(second) > len(first):
        return False
    below = (cell for row in rows[1:_LOOKED_AT] for cell in row)
    return any(map(is_amount, below)) or all(map(_NUMBERED_NAME.fullmatch, numbered))


def _made(cell: str) -> str:
    """Return how a cell is made: its words, with a sign in place of each number."""
    return "year" if is_year(cell) else _NUMBER.sub("0", cell)

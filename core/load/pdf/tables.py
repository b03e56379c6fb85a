"""Tables of numbers in a PDF's lines. A PDF knows no tables, but rows of figures look like nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import fills_figure_column, is_sign, is_year, shows_amount

_COLUMNS = re.compile(r"\b(ended|months|years?|quarter|change|total|amount)\b|\b(19|20)\d\d\b", re.I)
_TELLING = re.compile(r"\b(19|20)\d\d\b|\bended\b|\b(in|except) (millions|thousands|percent)|%|\bQ[1-4]\b", re.I)
_LONGEST_LABEL = 130
_MOST_HEADER_LINES = 24
_FULL_LINE = 70


@dataclass(frozen=True, slots=True)
class TableLines:
    """A table's first and last line; its header ends with line ``header_end`` (before ``first``: it has none)."""

    first: int
    last: int
    header_end: int


def find_tables(lines: Sequence[tuple[int, str, bool]]) -> list[TableLines]:
    """Find runs of at least three rows of figures among a page's lines (number, text, whether it is a heading)."""
    grades = [0 if heading else _grade(text) for _, text, heading in lines]
    tables: list[TableLines] = []
    place = lowest = 0
    while place < len(lines):
        if not grades[place]:
            place += 1
            continue
        end = _end_of_run(lines, grades, place)
        run = grades[place : end + 1]
        if run.count(2) >= 3 or (run.count(2) + run.count(1) >= 4 and 0 not in run):
            first, header_end = _header(lines, place, lowest)
            tables.append(
                TableLines(lines[first][0], lines[end][0], lines[header_end][0] if header_end >= first else -1)
            )
            lowest = end + 1
        place = end + 1
    return [
        table if table.header_end >= 0 else TableLines(table.first, table.last, table.first - 1) for table in tables
    ]


def heads_columns(text: str) -> bool:
    """Tell whether a bold line is more likely part of a table (its columns' names, or a label) than a heading."""
    return text.endswith(":") or (len(text) <= 90 and _COLUMNS.search(text) is not None)


def is_row(text: str) -> bool:
    """Tell whether a line is a row of figures."""
    return _grade(text) > 0


def _grade(text: str) -> int:
    """Return 2 for a row that ends in two or more figures, 1 for one that ends in an amount, else 0."""
    figures = years = 0
    words = text.split()
    for word in reversed(words):
        if is_sign(word):
            continue
        if not fills_figure_column(word):
            break
        figures += 1
        years += is_year(word)
    if figures >= 2:
        return 2 if years < figures else 0  # nothing but years names columns
    return 1 if figures and len(words) > 1 and len(text) <= 90 and shows_amount(words[-1]) else 0


def _end_of_run(lines: Sequence[tuple[int, str, bool]], grades: Sequence[int], place: int) -> int:
    """Return the run's last row: up to two short labels may stand between two rows."""
    end, labels = place, 0
    for index in range(place + 1, len(lines)):
        if grades[index]:
            end, labels = index, 0
            continue
        _, text, _ = lines[index]
        labels += 1
        if labels > 2 or len(text) > _LONGEST_LABEL or text.endswith("."):
            break
    return end


def _header(lines: Sequence[tuple[int, str, bool]], place: int, lowest: int) -> tuple[int, int]:
    """Return where the table begins and where its header ends: the short lines above the first row of figures."""
    first = place
    while first > lowest and place - first < _MOST_HEADER_LINES:
        _, text, heading = lines[first - 1]
        if heading or len(text) > _LONGEST_LABEL or text.endswith((".", ";")):
            break
        first -= 1
    if (
        lowest < first < place
        and len(lines[first - 1][1]) > _FULL_LINE
        and not lines[first - 1][1].endswith((".", ":", ";"))
    ):
        first += 1  # the end of the sentence that introduces the table
    header_end = place - 1
    while header_end >= first and lines[header_end][1].endswith(":") and not _TELLING.search(lines[header_end][1]):
        header_end -= 1
    if any(_TELLING.search(lines[index][1]) for index in range(first, header_end + 1)):
        return first, header_end
    return (header_end + 1, header_end) if header_end < place - 1 else (place, place - 1)

"""CSV and TSV: the text stays as it is; its rows are found, quoted line breaks included, and what is around them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from core.load.builder import join_cells
from core.load.limits import Reading, check_length
from core.load.texts.plain import decode, paragraphs, spans_of_lines
from core.schema import Block, Document
from core.text import has_header

_DELIMITERS = ",;\t|"
_STATED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_LONGEST_QUOTED = 100
_LONGEST_PREAMBLE = 30
Span = tuple[int, int]


class _Line(NamedTuple):
    """A filled row: where it stands, its cells, and whether an empty line stands before it."""

    span: Span
    cells: list[str]
    after_gap: bool


def read(data: bytes, reading: Reading) -> Document:
    """Read a table of values. Its canonical text is the decoded file; a file without columns is a plain text."""
    text, warnings = decode(data)
    check_length(len(text))
    lines = list(spans_of_lines(text))
    stated = _STATED.fullmatch(text[slice(*lines[0])])
    if stated:
        lines = lines[1:]  # it tells Excel how to cut the rows, and is none itself
    delimiter = stated[1] if stated else _delimiter(text, lines)
    if delimiter:
        rows = _rows(text, lines, delimiter)
        first, last = _table(rows)
        above, below = (_around(text, part, delimiter) for part in (rows[:first], rows[last:]))
        blocks = [*above, *_block(rows[first:last]), *below]
    else:
        filled = [line for line in lines if text[line[0] : line[1]].strip()]
        if len(filled) < 2 or max(end - start for start, end in filled) > 200:
            return Document(text=text, blocks=tuple(paragraphs(text)), kind="csv", warnings=warnings)
        blocks = _block([_Line(span, [text[slice(*span)]], False) for span in filled])
    return Document(text=text, blocks=tuple(blocks), kind="csv", warnings=warnings)


def _block(rows: list[_Line]) -> list[Block]:
    if not rows:
        return []
    cells = [row.cells for row in rows[:20]]
    header = join_cells(cells[0]) if has_header(cells) else ""
    spans = tuple(row.span for row in rows)
    return [Block("table", spans[0][0], spans[-1][1], header=header, rows=spans)]


def _around(text: str, rows: list[_Line], delimiter: str) -> Iterator[Block]:
    """Yield what stands before or below a table as paragraphs, which empty lines part."""
    runs: list[list[Span]] = []
    for row in rows:
        if row.after_gap or not runs:
            runs.append([])
        runs[-1].append(row.span)
    for run in runs:
        start, end = run[0][0], run[-1][1]
        words = text[start:end]
        start += len(words) - len(words.lstrip(delimiter + " "))
        yield Block("paragraph", start, start + len(text[start:end].rstrip(delimiter + " ")))


def _table(rows: list[_Line]) -> tuple[int, int]:
    """Return where the table begins and ends among the rows: title, date and notes are lines of few cells around it."""
    widths = Counter(len(row.cells) for row in rows)
    width = max(widths, key=lambda each: (widths[each], each), default=0)
    if width < 2:
        return 0, len(rows)
    first = _first_row(rows, width)
    last = len(rows)
    while last > first + 2 and _filled(rows[last - 1]) == 1:
        last -= 1
    below = last < len(rows) and (rows[last].after_gap or len(rows[last].cells) == 1)
    return first, last if below else len(rows)


def _first_row(rows: list[_Line], width: int) -> int:
    """Return the place of a table's first row: the first with most of its cells that names the columns below it."""
    head = rows[: _LONGEST_PREAMBLE + 1]
    full = next((place for place, row in enumerate(head) if _filled(row) >= max(2, width * 0.75)), 0)
    if all(_filled(row) <= width / 2 for row in rows[:full]) and _names(rows[full:]):
        return full
    first = next((place for place, row in enumerate(head) if _filled(row) >= max(2, width / 2)), 0)
    return first if _names(rows[first:]) or rows[first].after_gap or len(rows[0].cells) == 1 else 0


def _names(rows: list[_Line]) -> bool:
    return has_header([row.cells for row in rows[:20]])


def _filled(row: _Line) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _delimiter(text: str, lines: list[Span]) -> str:
    """Return the delimiter that cuts most of the first rows into the same number of cells, or nothing."""
    sample = [text[start:end] for start, end in lines[:200] if text[start:end].strip()][:50]
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        title = next((place for place, count in enumerate(counts) if count > 1), 0)
        widths = Counter(counts[min(title, _LONGEST_PREAMBLE) :])
        width, agreeing = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]), default=(1, 0))
        score = agreeing / max(1, len(counts)) + width / 10_000
        if width > 1 and score > best_score and agreeing * 2 >= sum(widths.values()) and agreeing > (title > 0):
            best, best_score = delimiter, score
    return best


def _rows(text: str, lines: list[Span], delimiter: str) -> list[_Line]:
    """Return every filled row."""
    rows: list[_Line] = []
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        reader = csv.reader((text[start:end] + "\n" for start, end in lines), delimiter=delimiter, quoting=quoting)
        rows = []
        before = longest = 0
        gap = False
        for row in reader:
            longest = max(longest, reader.line_num - before)
            if any(cell.strip() for cell in row):
                rows.append(_Line((lines[before][0], lines[reader.line_num - 1][1]), row, gap))
                gap = False
            else:
                gap = True
            before = reader.line_num
        if longest <= _LONGEST_QUOTED:
            break  # else a stray quotation mark swallowed half the file: read again without quoting
    return rows

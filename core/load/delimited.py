"""CSV and TSV: the text stays as it is; its rows are found, quoted line breaks included."""

import csv
from collections import Counter

from core.load.builder import join_cells
from core.load.limits import Reading, check_length
from core.load.plain import decode, paragraphs, spans_of_lines
from core.schema import Block, Document
from core.text import has_header

_DELIMITERS = ",;\t|"
_LONGEST_QUOTED = 100


def read(data: bytes, reading: Reading) -> Document:
    """Read a table of values. Its canonical text is the decoded file; a file without columns is a plain text."""
    text, warnings = decode(data)
    check_length(len(text))
    lines = list(spans_of_lines(text))
    delimiter = _delimiter(text, lines)
    if not delimiter:
        filled = tuple(line for line in lines if text[line[0] : line[1]].strip())
        if len(filled) < 2 or max(end - start for start, end in filled) > 200:
            return Document(text=text, blocks=tuple(paragraphs(text)), kind="csv", warnings=warnings)
        rows, cells = list(filled), [[text[start:end]] for start, end in filled[:2]]
    else:
        rows, cells = _rows(text, lines, delimiter)
    header = join_cells(cells[0]) if has_header(cells) else ""
    block = Block("table", rows[0][0], rows[-1][1], header=header, rows=tuple(rows))
    return Document(text=text, blocks=(block,), kind="csv", warnings=warnings)


def _delimiter(text: str, lines: list[tuple[int, int]]) -> str:
    """Return the delimiter that cuts most of the first rows into the same number of cells, or nothing."""
    sample = [text[start:end] for start, end in lines[:200] if text[start:end].strip()][:50]
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        width, agreeing = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]), default=(1, 0))
        score = agreeing / max(1, sum(widths.values())) + width / 10_000
        if width > 1 and score > best_score and agreeing * 2 >= sum(widths.values()):
            best, best_score = delimiter, score
    return best


def _rows(text: str, lines: list[tuple[int, int]], delimiter: str) -> tuple[list[tuple[int, int]], list[list[str]]]:
    """Return every filled row's span, and the cells of the first two."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        reader = csv.reader((text[start:end] + "\n" for start, end in lines), delimiter=delimiter, quoting=quoting)
        rows: list[tuple[int, int]] = []
        cells: list[list[str]] = []
        before = longest = 0
        for row in reader:
            longest = max(longest, reader.line_num - before)
            if any(cell.strip() for cell in row):
                rows.append((lines[before][0], lines[reader.line_num - 1][1]))
                if len(cells) < 2:
                    cells.append(row)
            before = reader.line_num
        if longest <= _LONGEST_QUOTED:
            break  # else a stray quotation mark swallowed half the file: read again without quoting
    return rows, cells

"""A sheet's rows to headings, tables and paragraphs: which tables stand on it, and what names their columns."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from core.load.builder import Builder
from core.load.sheets.grid import COVERED, Grid, Row
from core.schema import Shortfall
from core.text import counted, has_header, is_number

_MOST_HEADER_ROWS = 4
_UNHIDE_SHEET = "Show what is hidden in Excel (right-click a sheet's name, Unhide), save the file and add it again."
_UNHIDE_ROWS = "Show them (select the whole sheet, right-click, Unhide; clear filters), save the file and add it again."


def hidden_warning(names: list[str]) -> list[Shortfall]:
    """Return a sentence that names the hidden sheets, or nothing."""
    if not names:
        return []
    plural = "Hidden sheets were" if len(names) > 1 else "A hidden sheet was"
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return [Shortfall(f"{plural} not read: {', '.join(names[:5])}{more}.", _UNHIDE_SHEET)]


def left_out_warning(sheets: Iterable[tuple[str, Grid]]) -> list[Shortfall]:
    """Return a sentence that counts the hidden rows and columns that held something, or nothing."""
    counts = [(name, grid.left_out_rows, len(grid.left_out_columns)) for name, grid in sheets]
    counts = [(name, rows, columns) for name, rows, columns in counts if rows or columns]
    if not counts:
        return []
    rows, columns = sum(rows for _, rows, _ in counts), sum(columns for _, _, columns in counts)
    parts = [counted(rows, "hidden row")] * bool(rows) + [counted(columns, "hidden column")] * bool(columns)
    names = ", ".join(name for name, _, _ in counts[:5]) + (" and others" if len(counts) > 5 else "")
    were = "was" if rows + columns == 1 else "were"
    return [Shortfall(f"{' and '.join(parts)} {were} not read ({names}).", _UNHIDE_ROWS)]


def damaged_warning(name: str) -> Shortfall:
    """Say that a sheet was read only in part."""
    remedy = "Open the file in Excel, save it again and add the new copy."
    return Shortfall(f"The sheet {name} is damaged: it was read only up to the fault.", remedy)


def uncalculated_warning(count: int) -> list[Shortfall]:
    """Say how many formulas have no value saved with them, or nothing."""
    if not count:
        return []
    were = "was" if count == 1 else "were"
    what = f"{counted(count, 'formula')} {were} never calculated, so totals and other results are missing."
    return [Shortfall(what, "Open the file in Excel, save it and add it again.")]


def more_sheets_warning(count: int, most: int) -> list[Shortfall]:
    """Say that a workbook has more sheets than are read, or nothing."""
    if count <= most:
        return []
    return [Shortfall(f"Only its first {most:,} of {count:,} sheets were read.", "Split it into smaller files.")]


def add_sheet(builder: Builder, name: str, grid: Grid, besides: Iterable[str] = ()) -> None:
    """Add a sheet as a page: its name as a heading, its tables, which empty rows or columns part, and texts besides."""
    builder.page(name)
    builder.heading(name, 1)
    before = len(builder.blocks)
    regions = list(_with_headers(_regions(grid.taken())))
    for number, region in enumerate(regions, 1):
        if number < len(regions) and _is_caption(region):
            for row in region:
                builder.heading(next(filter(None, row)), 2)
            continue
        for part in _columns_parted(region):
            _add_part(builder, part)
    for text in besides:
        builder.paragraph(text)
    if len(builder.blocks) == before and before == 1:
        builder.blocks.clear()  # a workbook of one empty sheet holds nothing, not even its sheet's name
        builder.pieces.clear()
        builder.length = 0


def _regions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the runs of rows between empty ones."""
    region: list[Row] = []
    for row in rows:
        if any(row):
            region.append(row)
        elif region:
            yield region
            region = []
    if region:
        yield region


def _with_headers(regions: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """Join a few rows of words to the rows of numbers that follow them below an empty row: they name the columns."""
    waiting: list[Row] = []
    for region in regions:
        captions, rest = _captions(region)
        if captions or (waiting and not _is_numeric(rest[0][1:])):
            if waiting:
                yield waiting
                waiting = []
            if captions:
                yield captions
        if len(waiting) + len(rest) <= _MOST_HEADER_ROWS and not any(map(_is_numeric, rest)) and rest:
            waiting = waiting + rest
            continue
        if waiting and rest:
            yield [_merged(waiting), *rest]
        elif rest:
            yield rest
        waiting = []
    if waiting:
        yield waiting


def _captions(region: list[Row]) -> tuple[list[Row], list[Row]]:
    """Part the first rows with words in the first used column only from the wider rows below."""
    count = 0
    while (
        count < len(region) - 1
        and _is_single(region[count])
        and _first_column(region[count]) == min(map(_first_column, region))
    ):
        count += 1
    return region[:count], region[count:]


def _is_caption(region: list[Row]) -> bool:
    """Tell whether these rows are the title of what follows: one or two short lines in one cell each."""
    if len(region) > 2 or any(sum(map(bool, row)) != 1 for row in region):
        return False
    words = [next(filter(None, row)) for row in region]
    return all(
        len(word) <= 120 and any(map(str.isalpha, word)) and word[0] != "(" and word[-1] != "." for word in words
    )


def _is_single(row: Row) -> bool:
    """Tell whether one cell alone is filled, and does not head some columns of several."""
    return sum(map(bool, row)) == 1 and (bool(row[0]) or not any(cell is COVERED for cell in row))


def _first_column(row: Row) -> int:
    return next(column for column, cell in enumerate(row) if cell)


def _is_numeric(cells: Row) -> bool:
    return any(is_number(cell) for cell in cells)


def _merged(rows: list[Row]) -> Row:
    width = max(map(len, rows))
    return [" ".join(row[column] for row in rows if column < len(row) and row[column]) for column in range(width)]


def _columns_parted(region: list[Row]) -> Iterator[list[Row]]:
    """Yield the tables that stand side by side, each with a header of its own; lone empty columns are only space."""
    width = max(map(len, region))
    full = [row + [""] * (width - len(row)) for row in region]
    used = [column for column in range(width) if any(row[column] for row in full)]
    runs: list[list[int]] = []
    for column in used:
        if runs and column == runs[-1][-1] + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    tables: list[list[int]] = []
    for run in runs:
        cells = [[row[column] for column in run] for row in full if any(row[column] for column in run)]
        labelled = sum(not is_number(row[0]) and bool(row[0]) for row in cells) * 2 > len(cells)
        if tables and not (len(run) > 1 and labelled and has_header(cells)):
            tables[-1].extend(run)
        else:
            tables.append(run)
    for columns in tables:
        yield [row for row in ([row[column] for column in columns] for row in full) if any(row)]


def _one_header(part: list[Row]) -> tuple[list[Row], bool | None]:
    """Join the rows of a head of several ("2025" over "Q1" over "Revenue") to one row; tell whether there were such."""
    width = max(map(len, part))
    head = [row + [""] * (width - len(row)) for row in part[: _MOST_HEADER_ROWS + 1]]
    depth = 1
    while depth < min(_MOST_HEADER_ROWS, len(part) - 1) and _lies_over(*head[depth - 1 : depth + 2]):
        depth += 1
    if depth == 1 or any(_is_numeric(row) for row in head[:depth]):
        return part, None
    carried = [_carried(row, below) for row, below in pairwise(head[:depth])]
    names = [dict.fromkeys(filter(None, column)) for column in zip(*carried, head[depth - 1], strict=True)]
    return [[" ".join(column) for column in names], *part[depth:]], True


def _lies_over(row: Row, below: Row, following: Row) -> bool:
    """Tell whether a row groups the columns that the row below names: by merged cells, or by the gaps in it alone."""
    columns = list(zip(row, below, strict=True))
    gaps = [bool(name) and not over for over, name in columns]
    if _is_numeric(below) or not any(gaps):
        return False
    names = [name for name in below if name]
    repeated = len(set(names)) < len(names)
    if not any(cell is COVERED for cell in row):
        whole = sum(map(bool, row)) > 1 and len(names) > sum(map(bool, row)) and all(map(any, columns))
        return whole and repeated and _is_numeric(following)
    alone = [
        (over, name)
        for (over, name), beside in zip(columns, [*row[1:], ""], strict=True)
        if over is not COVERED and beside is not COVERED
    ]
    if any(over == name or not over or not name for over, name in alone):
        return True
    return repeated or (not alone and _is_numeric(following))


def _carried(row: Row, below: Row) -> Row:
    """Return a row of a head with each name over all the columns it lies over."""
    merged = any(cell is COVERED for cell in row)
    carried: Row = []
    for cell, name in zip(row, below, strict=True):
        goes_on = cell is COVERED or (not merged and name)
        carried.append(cell or (carried[-1] if carried and goes_on else ""))
    return carried


def _add_part(builder: Builder, part: list[Row]) -> None:
    """Add a table; a first row of one cell above wider rows is its caption, and a single column is text."""
    while len(part) > 1 and _is_single(part[0]) and max(sum(map(bool, row)) for row in part[1:]) > 1:
        caption = next(cell for cell in part[0] if cell)
        if not any(map(str.isalpha, caption)):
            break
        builder.heading(caption, 2) if len(caption) <= 120 else builder.paragraph(caption)
        part = part[1:]
    part, with_header = _one_header(part)
    if max(sum(map(bool, row)) for row in part) > 1 or len(part) > 3:
        builder.table(part, header=with_header)
    else:
        builder.paragraph("\n".join(" | ".join(filter(None, row)) for row in part))

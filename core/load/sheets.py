"""Excel workbooks (.xlsx) through openpyxl: each sheet a page, each table on it a table block, values as shown."""

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading, check_length
from core.schema import Document, Shortfall
from core.text import has_header, is_number

Row = list[str]
_MOST_COLUMNS = 1000
_MOST_CELLS = 5_000_000
_MOST_HEADER_ROWS = 4


def read(data: bytes, reading: Reading) -> Document:
    """Read a workbook: the values saved last, never formulas. Hidden sheets are named but not read."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise LoadError(
            "This workbook is incomplete or damaged and could not be opened.",
            "Open it in Excel, save it again as .xlsx and upload the new copy.",
            code="broken",
        ) from error
    builder = Builder()
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for number, sheet in enumerate(shown[: reading.pages], 1):
        reading.tell("Reading sheet", number, len(shown))
        sheet.reset_dimensions()  # files may claim a million columns
        add_sheet(builder, sheet.title, _rows(sheet))
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    builder.warnings.extend(hidden_warning(hidden))
    return builder.document("xlsx", title=book.properties.title or "", page_word="sheet")


def hidden_warning(names: list[str]) -> list[Shortfall]:
    """Return a sentence that names the hidden sheets, or nothing."""
    if not names:
        return []
    plural = "Hidden sheets were" if len(names) > 1 else "A hidden sheet was"
    remedy = "Show it in Excel (right-click a sheet's name, Unhide), save the file and add it again."
    return [Shortfall(f"{plural} not read: {', '.join(names[:5])}.", remedy)]


def add_sheet(builder: Builder, name: str, rows: Iterable[Row]) -> None:
    """Add a sheet as a page: its name as a heading, then its tables, which empty rows or columns part."""
    builder.page(name)
    builder.heading(name, 1)
    before = len(builder.blocks)
    regions = list(_with_headers(_regions(_measured(rows, builder.length))))
    for number, region in enumerate(regions, 1):
        if number < len(regions) and _is_caption(region):
            for row in region:
                builder.heading(next(filter(None, row)), 2)
            continue
        for part in _columns_parted(region):
            _add_part(builder, part)
    if len(builder.blocks) == before and before == 1:
        builder.blocks.clear()  # a workbook of one empty sheet holds nothing, not even its sheet's name
        builder.pieces.clear()
        builder.length = 0


def _rows(sheet: Any) -> Iterator[Row]:
    seen = 0
    for row in sheet.iter_rows(max_col=_MOST_COLUMNS):
        seen += len(row)
        if seen > _MOST_CELLS:
            raise LoadError(
                "This workbook has more cells than can be read.", "Split it into smaller files.", code="too_large"
            )
        yield [shown(cell.value, getattr(cell, "number_format", "") or "") for cell in row]


def _measured(rows: Iterable[Row], length: int) -> Iterator[Row]:
    """Count the characters of rows as they come: a few cells that say much, shown a thousand times, fill the memory."""
    for row in rows:
        length += sum(map(len, row))
        check_length(length)
        yield row


def shown(value: Any, number_format: str = "") -> str:
    """Return a cell's value as a reader of the sheet sees it: dates as 2024-03-31, percentages with their sign."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, int | float):
        percent = "%" in number_format
        number = value * 100 if percent else value
        text = f"{number:.10g}" if isinstance(number, float) and abs(number) < 1e15 else str(number)
        text = f"{number:.0f}" if "e" in text and 1 <= abs(number) < 1e15 else text
        return text + ("%" if percent else "")
    return str(value).replace("_x000D_", "").strip()


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
        and sum(map(bool, region[count])) == 1
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


def _add_part(builder: Builder, part: list[Row]) -> None:
    """Add a table; a first row of one cell above wider rows is its caption, and a single column is text."""
    while len(part) > 1 and sum(map(bool, part[0])) == 1 and max(sum(map(bool, row)) for row in part[1:]) > 1:
        caption = next(cell for cell in part[0] if cell)
        if not any(map(str.isalpha, caption)):
            break
        builder.heading(caption, 2) if len(caption) <= 120 else builder.paragraph(caption)
        part = part[1:]
    if max(sum(map(bool, row)) for row in part) > 1 or len(part) > 3:
        builder.table(part)
    else:
        builder.paragraph("\n".join(" | ".join(filter(None, row)) for row in part))

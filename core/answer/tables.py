"""Hits in, the tables in their passages out: rows cut into cells, each with its place, under the names of columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.schema import Hit, StoredPassage
from core.text import Segment, cells, goes_on, header_rows, row_cells, segments_of

MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, on one line, and where: ``hits[hit].passage.text[start:end]`` of its row's hit."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: ``hits[hit].passage.text[start:end]``."""

    hit: int
    start: int
    end: int
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Table:
    """The rows of one table among the hits, in order, its header row left out, and what stands over it.

    ``names`` are empty where nothing says what the columns are called. ``begins``: its header row is among the hits;
    ``ends``: so is what follows its last row. Where one is not, rows may be missing.
    """

    names: tuple[str, ...]
    begins: bool = False
    ends: bool = False
    above: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Tell whether no row is missing."""
        return self.begins and self.ends

    def name(self, column: int) -> str:
        """Return what a column is called, "" where that is not known."""
        return self.names[column] if column < len(self.names) else ""

    def width(self) -> int:
        """Return how many columns there are."""
        return max((len(row.cells) for row in self.rows), default=0)


def tables_of(hits: Sequence[Hit]) -> list[Table]:
    """Return the tables in the passages; one that is cut over several passages of a version is one table.

    Rows found twice, as passages overlap, are taken once. Tables come in the order of their best hits.
    """
    tables: list[Table] = []
    ranks: list[int] = []
    going_on: dict[tuple[str, tuple[str, ...]], int] = {}
    seen: set[tuple[str, int]] = set()
    longest = max((len(hit.passage.text) for hit in hits), default=0)
    in_order = sorted(range(len(hits)), key=lambda index: (hits[index].passage.version_id, hits[index].passage.start))
    for number in in_order:
        passage = hits[number].passage
        spans = segments_of(passage)
        for run, headed in _runs(passage, spans):
            names, rows = _read(passage, spans, run, headed, number)
            key = (passage.version_id, names)
            rows = [row for row in rows if (passage.version_id, passage.start + row.start) not in seen]
            seen.update((passage.version_id, passage.start + row.start) for row in rows)
            if not rows:
                continue
            known = going_on.get(key)
            if known is not None and not headed and run[0] == 0:
                table = tables[known]
                ranks[known] = min(ranks[known], number)
            else:
                table = Table(names, begins=headed or not names, above=_line_above(passage, spans, run[0]))
                tables.append(table)
                ranks.append(number)
                going_on[key] = len(tables) - 1
            table.rows += rows
            room = longest - len(passage.text) > max(row.end - row.start for row in rows)
            table.ends = run[-1] + 1 < len(spans) or room
    following = {(hit.passage.version_id, hit.passage.ordinal) for hit in hits}
    for table in tables:  # where the next passage is there and was not found to go on with it, it ends
        last = hits[table.rows[-1].hit].passage
        table.ends = table.ends or (last.version_id, last.ordinal + 1) in following
    return [table for _, table in sorted(zip(ranks, tables, strict=True), key=lambda pair: pair[0])]


def _runs(passage: StoredPassage, spans: Sequence[Segment]) -> Iterator[tuple[list[int], bool]]:
    """Yield the indexes of the rows of each table in a passage, and whether the first of them is its header row."""
    headers = header_rows(passage, spans)
    run: list[int] = []
    for index, span in enumerate(spans):
        apart = index in headers or (run and not goes_on(passage, spans, index))
        if run and (span.kind != "row" or apart):
            yield run, run[0] in headers
            run = []
        if span.kind == "row":
            run.append(index)
    if run:
        yield run, run[0] in headers


def _read(
    passage: StoredPassage, spans: Sequence[Segment], run: Sequence[int], headed: bool, number: int
) -> tuple[tuple[str, ...], list[Row]]:
    """Return the names of the columns of a run of rows, and its rows that have as many cells."""
    names: list[str] = []
    if headed:
        names = row_cells(passage, spans[run[0]])
    elif not any(span.kind == "row" for span in spans[: run[0]]):
        names = cells(passage.table_header)
    rows = []
    for index in run[1:] if headed else run:
        words = row_cells(passage, spans[index], len(names))
        if (len(words) == len(names) or (not names and len(words) == 2)) and len(words) <= MOST_COLUMNS:
            rows.append(Row(number, spans[index].start, spans[index].end, _placed(passage.text, spans[index], words)))
    return tuple(names), rows


def _placed(text: str, row: Segment, words: Sequence[str]) -> tuple[Cell, ...]:
    """Find where in the text each cell of a row stands; one that is written otherwise there has no length."""
    placed = []
    position = row.start
    for word in words:
        start = text.find(word, position, row.end) if word else position
        end = start + len(word) if start >= 0 else position
        placed.append(Cell(" ".join(word.split()), max(start, position), end))
        position = end
    return tuple(placed)


def _line_above(passage: StoredPassage, spans: Sequence[Segment], first: int) -> str:
    """Return the heading or sentence right over a table."""
    if first and spans[first - 1].kind != "row":
        return passage.text[spans[first - 1].start : spans[first - 1].end]
    return ""

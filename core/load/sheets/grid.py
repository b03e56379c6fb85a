"""The cells of one sheet as its reader sees them, whatever file they come from: sparse, hidden ones left out."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.errors import LoadError
from core.load.limits import check_length

Row = list[str]
_Added = dict[int, dict[int, str]]
MOST_COLUMN = 16_383
_MOST_CELLS = 5_000_000
_MOST_PLACES = 20_000_000
_MOST_REPEATED = 500_000
_LONGEST_REPEATED = 120
_MOST_HIDDEN_KEPT = 10_000
_MOST_HIDING = 2_000_000


class Covered(str):
    """The empty cell that a merged one beside it lies over; like any empty text it counts as not filled."""

    __slots__ = ()


COVERED = Covered()


@dataclass(slots=True)
class Grid:
    """A sheet's filled cells; rows and columns count from 0. ``length`` is the characters that were read before it.

    Each row is its number, the numbers of its filled columns, ascending, and their texts. ``merges`` are (first row,
    first column, last row, last column).
    """

    length: int = 0
    rows: list[tuple[int, "array[int]", Row]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    left_out_rows: int = 0
    left_out_columns: set[int] = field(default_factory=set)
    _hidden_cells: dict[tuple[int, int], str] = field(default_factory=dict)
    _cells: int = 0
    _hiding: int = 0

    def hide_columns(self, first: int, last: int) -> None:
        """Leave out the columns ``first`` to ``last`` of the rows added from now on."""
        columns = range(max(0, first), min(last, MOST_COLUMN) + 1)
        self._hiding += len(columns)
        if self._hiding <= _MOST_HIDING:  # more than that no sheet has, whatever its file repeats
            self.hidden_columns.update(columns)

    def add_row(self, number: int, columns: "array[int]", cells: Row, *, hidden: bool = False) -> None:
        """Add a row's filled cells. Raises LoadError (too_large)."""
        if len(self.hidden_rows) > _MOST_HIDING:
            raise _too_many_cells()
        if hidden:
            self.hidden_rows.append(number)
            self.left_out_rows += bool(cells)
            self._keep_hidden(number, columns, cells)
            return
        if not cells:
            return
        self._cells += len(cells)
        self.length += sum(map(len, cells)) + 3 * len(cells)
        if self._cells > _MOST_CELLS:
            raise _too_many_cells()
        check_length(self.length)
        if any(columns[place] >= columns[place + 1] for place in range(len(columns) - 1)):
            ordered = dict(sorted(zip(columns, cells, strict=True)))
            columns, cells = array("H", ordered), list(ordered.values())
        if self.hidden_columns and not self.hidden_columns.isdisjoint(columns):
            self.left_out_columns |= self.hidden_columns.intersection(columns)
            self._keep_hidden(number, columns, cells)
            kept = {
                column: cell for column, cell in zip(columns, cells, strict=True) if column not in self.hidden_columns
            }
            columns, cells = array("H", kept), list(kept.values())
        if cells:
            self.rows.append((number, columns, cells))

    def row(self, number: int) -> Row:
        """Return the texts of a row's filled cells; nothing where it has none."""
        place = bisect_left(self.rows, number, key=lambda row: row[0])
        return self.rows[place][2] if place < len(self.rows) and self.rows[place][0] == number else []

    def is_hidden(self, row: int, column: int) -> bool:
        """Tell whether a cell is not shown."""
        place = bisect_left(self.hidden_rows, row)
        return column in self.hidden_columns or self.hidden_rows[place : place + 1] == [row]

    def finish(self) -> None:
        """Put rows in order and let merged cells stand in every row that they lie beside. Call it once, at the end."""
        self.hidden_rows.sort()
        if any(self.rows[place][0] >= self.rows[place + 1][0] for place in range(len(self.rows) - 1)):
            self.rows.sort(key=lambda row: row[0])
        if self.merges:
            self._spread()

    def taken(self) -> Iterator[Row]:
        """Yield the rows with all their places, an empty row for a gap; each row is given away, not kept.

        Columns that are empty throughout are left out but one, which parts tables that stand side by side.
        """
        places = self._places()
        before, count = -1, 0
        for index, (number, columns, cells) in enumerate(self.rows):
            if before >= 0 and number - before > 1 + self._hidden_between(before, number):
                yield []
            before = number
            self.rows[index] = (number, array("H"), [])
            row = [""] * (places[columns[-1]] + 1)
            count += len(row)
            if count > _MOST_PLACES:
                raise LoadError(
                    "This sheet is wider than can be read.", "Split it into smaller files.", code="too_large"
                )
            for column, cell in zip(columns, cells, strict=True):
                row[places[column]] = cell
            yield row

    def _places(self) -> dict[int, int]:
        used = sorted(set().union(*(columns for _, columns, _ in self.rows)))
        hidden = sorted(self.hidden_columns)
        places: dict[int, int] = {}
        place = 0
        for column, before in zip(used, [used[0] - 1, *used] if used else [], strict=False):
            between = bisect_left(hidden, column) - bisect_right(hidden, before)
            place += column - before - between > 1
            places[column] = place
            place += 1
        return places

    def _hidden_between(self, first: int, last: int) -> int:
        return bisect_left(self.hidden_rows, last) - bisect_right(self.hidden_rows, first)

    def _keep_hidden(self, number: int, columns: "array[int]", cells: Row) -> None:
        if len(self._hidden_cells) < _MOST_HIDDEN_KEPT:
            self._hidden_cells.update(((number, column), cell) for column, cell in zip(columns, cells, strict=True))

    def _spread(self) -> None:
        numbers = [number for number, _, _ in self.rows]
        used = sorted(set().union(*(columns for _, columns, _ in self.rows)))
        added: _Added = {}
        budget = _MOST_REPEATED
        for top, left, bottom, right in self.merges:
            beside = used[bisect_left(used, left) : bisect_right(used, right)]
            span = range(bisect_left(numbers, top), bisect_right(numbers, bottom))
            budget -= len(span) * max(1, len(beside)) + 1
            if budget < 0:
                break
            text = self._value(top, left)
            if text and span and beside:
                self._repeat(added, text, span, beside, tall=bottom > top)
        for place, cells in added.items():
            number, columns, texts = self.rows[place]
            full = dict(sorted((cells | dict(zip(columns, texts, strict=True))).items()))
            self.rows[place] = (number, array("H", full), list(full.values()))

    def _repeat(self, added: _Added, text: str, span: range, beside: list[int], *, tall: bool) -> None:
        """Note what one merged cell adds: its text to each row with cells besides, else signs that it lies there."""
        for place in span:
            _, columns, _ = self.rows[place]
            alone = columns[0] >= beside[0] and columns[-1] <= beside[-1]
            shown = text if tall and not alone and len(text) <= _LONGEST_REPEATED else COVERED
            cells = added.setdefault(place, {})
            cells.update(dict.fromkeys(beside, shown))
            if place == span[0]:
                cells[beside[0]] = text

    def _value(self, row: int, column: int) -> str:
        place = bisect_left(self.rows, row, key=lambda each: each[0])
        if place < len(self.rows) and self.rows[place][0] == row:
            _, columns, cells = self.rows[place]
            at = bisect_left(columns, column)
            if at < len(columns) and columns[at] == column:
                return cells[at]
        return self._hidden_cells.get((row, column), "")


def _too_many_cells() -> LoadError:
    return LoadError("This workbook has more cells than can be read.", "Split it into smaller files.", code="too_large")

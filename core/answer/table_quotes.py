"""Rows that answer in, how they are shown out: on one line, each cell with the name of its column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.answer.table_reading import TableAnswer
from core.schema import Hit

_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``hit.passage.text[start:end]`` as it is shown; ``spans`` are the cells that answer, offsets in ``display``."""

    hit: Hit
    start: int
    end: int
    display: str
    spans: tuple[tuple[int, int], ...]


def shown_rows(answers: Sequence[TableAnswer]) -> list[ShownRow]:
    """Show the rows that answer, and after them those over which they were found; each of them once.

    Rows that are counted are shown together, by what they are called.
    """
    shown: dict[tuple[str, int], ShownRow] = {}
    for counts, group in groupby(answers, key=lambda answer: answer.how == "count"):
        rows = list(group)
        for row in _counted(rows) if counts else map(_row, rows):
            shown.setdefault((row.hit.passage.id, row.start), row)
    for answer in answers:
        for row in map(_row, answer.over):
            shown.setdefault((row.hit.passage.id, row.start), row)
    return list(shown.values())


def _row(answer: TableAnswer) -> ShownRow:
    cells = [
        (f"{name}: " if (name := _name(answer, column)) else "", answer.cells[column].text, column in answer.columns)
        for column in answer.shown
        if answer.cells[column].text
    ]
    display, spans = _joined(cells)
    return ShownRow(answer.hit, answer.start, answer.end, display, spans)


def _counted(answers: Sequence[TableAnswer]) -> Iterator[ShownRow]:
    """Show the rows of each passage by their first cells alone."""
    for _, group in groupby(answers, key=lambda answer: answer.hit.passage.id):
        rows = list(group)
        name = _name(rows[0], 0)
        cells = [(f"{name}: " if name and not place else "", row.cells[0].text, True) for place, row in enumerate(rows)]
        display, spans = _joined(cells)
        yield ShownRow(rows[0].hit, rows[0].start, rows[-1].end, display, spans)


def _name(answer: TableAnswer, column: int) -> str:
    return " ".join(answer.names[column].split()) if column < len(answer.names) else ""


def _joined(cells: Sequence[tuple[str, str, bool]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Join cells to a line; returns it, and where in it those stand that answer."""
    line, spans = "", []
    for lead, text, answers in cells:
        line += f"{_BETWEEN if line else ''}{lead}{text}"
        if answers:
            spans.append((len(line) - len(text), len(line)))
    return line, tuple(spans)

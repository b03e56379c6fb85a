"""Ten invented tables as PDFs and what stands in each cell, to measure how well tables of PDFs are read."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.core.load.makers import make_pdf

Part = tuple[float, float, float, str]
Rule = tuple[float, float, float, float]
_PROSE = "words that fill the width of the page so that the line goes on to its end as lines do"
_SIZE = 10.0


class LabelledTable(NamedTuple):
    """A PDF that holds one table, and its rows cell by cell, the rows that name the columns first."""

    name: str
    pdf: bytes
    rows: list[list[str]]


def labelled_tables() -> list[LabelledTable]:
    """Return the ten tables."""
    return [
        _ruled(),
        _words_without_lines(),
        _figures_without_lines(),
        _one_figure_a_row(),
        _statement(),
        _merged_cells(),
        _head_of_two_rows(),
        _over_two_pages(),
        _beside_text(),
        _wrapped_cells(),
    ]


def _parts(rows: Sequence[Sequence[str]], left: Sequence[float], top: float, step: float = 18.0) -> list[Part]:
    """Return the words of a table; a cell's lines are parted by line breaks, a row is as high as its highest cell."""
    parts: list[Part] = []
    for row in rows:
        for x, cell in zip(left, row, strict=True):
            parts += [(x, top - 12 * line, _SIZE, words) for line, words in enumerate(cell.split("\n")) if words]
        top -= step + 12 * max(cell.count("\n") for cell in row)
    return parts


def _grid(
    rows: Sequence[Sequence[str]], left: Sequence[float], right: float, top: float, step: float
) -> Iterator[Rule]:
    """Yield the lines around each cell."""
    edges, bottom = [*[x - 4 for x in left], right], top
    heights = [top + 13]
    for row in rows:
        bottom -= step + 12 * max(cell.count("\n") for cell in row)
        heights.append(bottom + 13)
    yield from ((edges[0], height, right, height) for height in heights)
    yield from ((edge, heights[0], edge, heights[-1]) for edge in edges)


def _flat(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def _prose(top: float, lines: int = 4) -> list[Part]:
    return [(50.0, top - 13 * line, _SIZE, _PROSE) for line in range(lines)]


def _table(
    name: str, rows: list[list[str]], left: list[float], *, step: float = 18.0, ruled: bool = False
) -> LabelledTable:
    page = [*_prose(760.0), *_parts(rows, left, 660.0, step), *_prose(120.0)]
    rules = list(_grid(rows, left, 560.0, 660.0, step)) if ruled else []
    return LabelledTable(name, make_pdf([page], rules=[rules]), _flat(rows))


def _ruled() -> LabelledTable:
    rows = [
        ["Service", "Delivery", "Price"],
        ["Standard", "3 to 5 days", "4.90"],
        ["Express", "next day", "12.50"],
        ["Collection", "same day", "free"],
    ]
    return _table("ruled", rows, [60.0, 220.0, 400.0], ruled=True)


def _words_without_lines() -> LabelledTable:
    rows = [
        ["Country", "Office", "Opening hours"],
        ["Norway", "The harbour", "Monday to Friday"],
        ["Sweden", "The old station\nbeside the bridge", "Every day"],
        ["Iceland", "None", "By letter"],
        ["Denmark", "The market", "Saturday only"],
    ]
    return _table("words without lines", rows, [60.0, 220.0, 400.0], step=26.0)


def _figures_without_lines() -> LabelledTable:
    rows = [
        ["Part", "Description", "Stock", "Price"],
        *(
            [f"KX-{number}", f"Bracket type {number % 7}", str(number % 50), f"{number % 90}.50"]
            for number in range(1000, 1020)
        ),
    ]
    return _table("figures without lines", rows, [60.0, 130.0, 300.0, 380.0])


def _one_figure_a_row() -> LabelledTable:
    rows = [
        ["Zone", "Price"],
        ["Inner city", "3.20"],
        ["Outer city", "4.10"],
        ["Villages of the north", "6.80"],
        ["Islands", "9.75"],
        ["Abroad", "14.00"],
    ]
    return _table("one figure a row", rows, [60.0, 240.0])


def _statement() -> LabelledTable:
    rows = [
        ["Date", "Entry", "Amount", "Balance"],
        ["02.01.2026", "Rent for January", "-640.00", "1,210.40"],
        ["05.01.2026", "Refund of the waterworks", "38.15", "1,248.55"],
        ["09.01.2026", "Card, bakery at the gate", "-7.30", "1,241.25"],
        ["12.01.2026", "Standing order, savings", "-150.00", "1,091.25"],
        ["30.01.2026", "Wages", "2,480.00", "3,571.25"],
    ]
    return _table("statement", rows, [60.0, 130.0, 330.0, 420.0])


def _merged_cells() -> LabelledTable:
    rows = [
        ["Region", "Size", "Rate"],
        ["North", "Small", "5.10"],
        ["", "Large", "7.90"],
        ["South", "Small", "4.60"],
        ["", "Large", "7.20"],
    ]
    left = [60.0, 220.0, 400.0]
    rules = [rule for rule in _grid(rows, left, 560.0, 660.0, 18.0) if rule[0] == rule[2]]
    heights = [673.0 - 18 * row for row in range(6)]
    rules += [(56.0 if row in (0, 1, 3, 5) else 216.0, height, 560.0, height) for row, height in enumerate(heights)]
    page = [*_prose(760.0), *_parts(rows, left, 660.0), *_prose(120.0)]
    repeated = [rows[0], rows[1], ["North", *rows[2][1:]], rows[3], ["South", *rows[4][1:]]]
    return LabelledTable("merged cells", make_pdf([page], rules=[rules]), repeated)


def _head_of_two_rows() -> LabelledTable:
    rows = [
        ["", "2025", "", "2026", ""],
        ["Hall", "Spring", "Autumn", "Spring", "Autumn"],
        ["A", "120", "135", "128", "140"],
        ["B", "80", "82", "79", "91"],
        ["C", "46", "51", "44", "60"],
    ]
    return _table("head of two rows", rows, [60.0, 160.0, 260.0, 360.0, 460.0], ruled=True)


def _over_two_pages() -> LabelledTable:
    head = ["No.", "Due", "Instalment", "Balance"]
    rows = [[str(n), f"{n % 28 + 1:02}.{n % 12 + 1:02}.2026", "350.00", f"{42000 - 311 * n}.50"] for n in range(1, 61)]
    left = [60.0, 130.0, 260.0, 380.0]
    pages = [_parts([head, *part], left, 760.0) for part in (rows[:38], rows[38:])]
    return LabelledTable("over two pages", make_pdf(pages), [head, *rows[:38], head, *rows[38:]])


def _beside_text() -> LabelledTable:
    rows = [
        ["Item", "Weight"],
        ["Anvil", "48 kg"],
        ["Bench", "31 kg"],
        ["Crate", "12 kg"],
        ["Drum", "20 kg"],
    ]
    text = [(330.0, 660.0 - 14 * line, _SIZE, "text that runs on beside the table it tells of") for line in range(9)]
    page = [*_prose(760.0), *_parts(rows, [60.0, 180.0], 660.0), *text]
    rules = list(_grid(rows, [60.0, 180.0], 290.0, 660.0, 18.0))
    return LabelledTable("beside text", make_pdf([page], rules=[rules]), rows)


def _wrapped_cells() -> LabelledTable:
    rows = [
        ["Fault", "Cause", "What to do"],
        ["No light", "The fuse has blown", "Pull the plug and change\nthe fuse in the lid"],
        ["Loud hum", "The belt is worn\nor too loose", "Tighten it, else call us"],
        ["Water below", "The hose is not tight", "Close the tap, turn the\nclamp, and dry the tray\nwith a cloth"],
    ]
    return _table("wrapped cells", rows, [60.0, 190.0, 360.0], step=22.0, ruled=True)

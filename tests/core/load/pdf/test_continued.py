"""Tables of PDFs that go on over pages: their rows there keep the names of the columns."""

import pytest

from core.chunk import chunk
from core.load import LoadLimits, Sandbox
from core.schema import CutSettings
from tests.core.load.makers import make_pdf
from tests.core.load.pdf.test_cells import Part, read

HEAD = ["No.", "Due", "Instalment", "Balance"]
HEADER = " | ".join(HEAD)
ROWS = [[str(n), f"{n % 28 + 1:02}.{n % 12 + 1:02}.2026", "350.00", f"{42000 - 311 * n}.50"] for n in range(1, 101)]
LEFT = [60.0, 130.0, 260.0, 380.0]


def rows_at(rows: list[list[str]], left: list[float], top: float = 760.0) -> list[Part]:
    return [
        (x, top - 18 * number, 10.0, cell) for number, row in enumerate(rows) for x, cell in zip(left, row, strict=True)
    ]


def headers(pages: list[list[Part]], sandbox: Sandbox, limits: LoadLimits) -> list[str]:
    document = read(make_pdf(pages), sandbox, limits)
    return [block.header for block in document.blocks if block.kind == "table"]


def test_rows_on_later_pages_keep_the_names_of_the_columns(sandbox: Sandbox, limits: LoadLimits) -> None:
    parts = ([HEAD, *ROWS[:38]], ROWS[38:77], ROWS[77:])
    pages = [[*rows_at(part, LEFT), (280.0, 40.0, 10.0, f"Page {n}")] for n, part in enumerate(parts, 1)]
    document = read(make_pdf(pages), sandbox, limits)
    found = [block for block in document.blocks if block.kind == "table"]
    assert [(block.page, block.header, len(block.rows)) for block in found] == [
        (1, HEADER, 39), (2, HEADER, 39), (3, HEADER, 23),
    ]  # fmt: skip
    passages = chunk(document, CutSettings(size=600, overlap=0))
    assert {passage.table_header for passage in passages} == {HEADER}
    assert all(HEADER in passage.text or HEADER in passage.context for passage in passages)


@pytest.mark.parametrize(
    "second",
    [
        rows_at(ROWS[38:77], [60.0, 170.0, 300.0, 420.0]),
        rows_at([row[:3] for row in ROWS[38:77]], LEFT[:3]),
        [(60.0, 760.0, 10.0, "What follows is owed by another house:"), *rows_at(ROWS[38:76], LEFT, 736.0)],
        rows_at(ROWS[38:50], LEFT, 400.0),
    ],
    ids=["other places", "fewer columns", "text between", "further down"],
)
def test_another_table_gets_no_names_of_the_one_before(
    second: list[Part], sandbox: Sandbox, limits: LoadLimits
) -> None:
    assert headers([rows_at([HEAD, *ROWS[:38]], LEFT), second], sandbox, limits) == [HEADER, ""]


def test_a_table_that_ends_high_on_its_page_does_not_go_on(sandbox: Sandbox, limits: LoadLimits) -> None:
    assert headers([rows_at([HEAD, *ROWS[:9]], LEFT), rows_at(ROWS[9:47], LEFT)], sandbox, limits) == [HEADER, ""]

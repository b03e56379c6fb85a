"""What repeats at the edges of a PDF's pages, and what only looks alike there: every fact of a page is searched."""

import re
from pathlib import Path

import pytest

from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.makers import make_pdf
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).resolve().parents[1] / "cases"
WIDE = "words that fill the width of the page so that the line goes on to its end as lines do"
Part = tuple[float, float, float, str]


def read(data: bytes, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, "a.pdf", limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def furniture(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == "furniture"]


def searched(document: Document) -> str:
    return "\n".join(document.text[block.start : block.end] for block in document.blocks if block.kind != "furniture")


def body(page: int) -> list[Part]:
    """Return lines of which no two pages have one alike."""
    names = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibex", "jay"]
    return [(50.0, 700.0 - 14 * line, 11.0, f"{names[page % 10]} {names[line]} {WIDE}") for line in range(10)]


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("f05_table_over_pages.pdf", [rf"KX-{number}\b" for number in range(1000, 1120)]),
        ("f05b_instalment_plan.pdf", [rf"(?m)^{number} (\| )?\d\d\.\d\d\.20" for number in range(1, 121)]),
        (
            "f05d_invoices_one_file.pdf",
            [
                *(f"Invoice no. 2026-{number}" for number in range(310, 316)),
                *(f"Date: {day} March" for day in range(3, 9)),
                *(f"Payable until {day} March" for day in range(17, 23)),
                *(f"due: {number}.50 EUR" for number in range(1200, 1886, 137)),
                *(f"bracket type {page}{row}," for page in range(6) for row in range(8)),
                "(?s)" + "Customer: Halden Works.*" * 6,
            ],
        ),
    ],
)
def test_what_differs_from_page_to_page_is_searched(
    name: str, facts: list[str], sandbox: Sandbox, limits: LoadLimits
) -> None:
    document = read((CASES / name).read_bytes(), sandbox, limits)
    assert [fact for fact in facts if not re.search(fact, searched(document))] == []


@pytest.mark.parametrize(
    "footer",
    [
        "Page {n}",
        "{n}",
        "- {n} -",
        "Seite {n} von 6",
        "{n} / 6",
        "F-{n}",
        "Felby AG | Annual report 2025 | {n}",
        "{n} Annual report of Felby",
        "Annual report of Felby {n}",
        "{roman}",
    ],
)
def test_a_number_that_runs_with_the_pages_is_theirs(footer: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    roman = ["", "i", "ii", "iii", "iv", "v", "vi"]
    pages = [[*body(n), (300.0, 20.0, 9.0, footer.format(n=n, roman=roman[n]))] for n in range(1, 7)]
    document = read(make_pdf(pages), sandbox, limits)
    assert len(furniture(document)) >= 5
    assert footer.format(n=6, roman="vi") in furniture(document)


@pytest.mark.parametrize(
    "header", ["Invoice no. 2026-{n}", "Order {n}", "{n} March 2026", "Record of {n}.03.2026", "Total: {n}00.00 EUR"]
)
def test_a_number_that_only_counts_up_is_a_fact(header: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    pages = [[(50.0, 780.0, 11.0, header.format(n=n + 10)), *body(n)] for n in range(1, 7)]
    document = read(make_pdf(pages), sandbox, limits)
    assert furniture(document) == []


def test_what_only_the_footer_says_is_found_once(sandbox: Sandbox, limits: LoadLimits) -> None:
    pages = [[*body(n), (50.0, 20.0, 9.0, f"Felby AG | Telephone 0431-555010 | Page {n} of 6")] for n in range(1, 7)]
    document = read(make_pdf(pages), sandbox, limits)
    assert searched(document).count("0431-555010") == 1
    assert len(furniture(document)) == 5


def test_a_row_alike_on_every_page_stays_a_row(sandbox: Sandbox, limits: LoadLimits) -> None:
    names = ["", "Ilva", "Brek", "Tarn", "Osk", "Menn"]
    pages = [
        [
            *(
                (50.0, 700.0 - 14 * row, 11.0, f"{names[n]} {names[row]} {n * row}.50 {n + row}.25")
                for row in (1, 2, 3, 4)
            ),
            (50.0, 630.0, 11.0, "Fee for the account 12.00 3.50"),
        ]
        for n in range(1, 6)
    ]
    document = read(make_pdf(pages), sandbox, limits)
    assert searched(document).count("Fee for the account") == 5

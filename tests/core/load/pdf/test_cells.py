"""Tables of words in PDFs: rows and header as people read them, prose left alone, highlights on the very cells."""

from pathlib import Path

import pypdfium2
import pytest

from core.load import LoadLimits, Sandbox, load, render_page
from core.load.pdf.line import PageText
from core.load.pdf.text import character_indices, page_text
from core.schema import Document
from tests.core.load.makers import make_pdf
from tests.core.load.pdf.test_page import words_at
from tests.core.load.test_real_files import check_contract

SAMPLE = Path(__file__).resolve().parents[4] / "core" / "sample" / "files"
CUSTOMS = SAMPLE / "customs-and-import-tax-guide.pdf"
GOODS = SAMPLE / "prohibited-and-restricted-goods.pdf"
Part = tuple[float, float, float, str]

TABLE: list[Part] = [
    (50.0, 700.0, 11.0, "Country"), (200.0, 700.0, 11.0, "Office"), (380.0, 700.0, 11.0, "Opening hours"),
    (50.0, 670.0, 11.0, "Norway"), (200.0, 670.0, 11.0, "The harbour"), (380.0, 670.0, 11.0, "Monday to Friday,"),
    (380.0, 658.0, 11.0, "mornings only"),
    (50.0, 628.0, 11.0, "Sweden"), (200.0, 628.0, 11.0, "The old station"), (380.0, 628.0, 11.0, "Every day"),
    (200.0, 616.0, 11.0, "beside the bridge"),
    (50.0, 586.0, 11.0, "Iceland"), (200.0, 586.0, 11.0, "None"), (380.0, 586.0, 11.0, "By letter"),
]  # fmt: skip
ROWS = [
    "Country | Office | Opening hours",
    "Norway | The harbour | Monday to Friday, mornings only",
    "Sweden | The old station beside the bridge | Every day",
    "Iceland | None | By letter",
]
PROSE = "words that fill the width of the page so that the line goes on to its end as lines do"


def read(data: bytes, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, "a.pdf", limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def tables(document: Document) -> list[list[str]]:
    return [
        [document.text[start:end] for start, end in block.rows] for block in document.blocks if block.kind == "table"
    ]


def first_page(data: bytes) -> tuple[pypdfium2.PdfTextPage, PageText]:
    textpage = pypdfium2.PdfDocument(data)[0].get_textpage()
    return textpage, page_text(textpage)


@pytest.mark.parametrize(
    ("file", "headers"),
    [
        (
            CUSTOMS,
            [
                "Destination | Import tax | Rate | Tax-free up to | Duty-free up to",
                "Step | Calculation | DDU | DDP",
                "Point | DDP, delivered duty paid | DDU, delivered duty unpaid",
                "Fee | Amount | Paid by | When it is charged",
                "Document | Needed for | How many",
                "Goods | HS code | Duty rate",
                "Case | Rule",
                "Word | Meaning",
            ],
        ),
        (
            GOODS,
            [
                "Group | Examples",
                "Goods | Condition | Zones",
                "How the battery travels | Example | Allowed | Limit per parcel",
                "Destination | Not accepted",
            ],
        ),
    ],
)
def test_every_table_of_the_samples_has_its_header(
    file: Path, headers: list[str], sandbox: Sandbox, limits: LoadLimits
) -> None:
    document = read(file.read_bytes(), sandbox, limits)
    found = [block for block in document.blocks if block.kind == "table"]
    assert [block.header for block in found] == headers
    for block in found:
        columns = block.header.count(" | ")
        assert all(document.text[start:end].count(" | ") == columns for start, end in block.rows)


def test_cells_of_several_lines_are_read_whole_and_in_order(sandbox: Sandbox, limits: LoadLimits) -> None:
    rows = [row for table in tables(read(CUSTOMS.read_bytes(), sandbox, limits)) for row in table]
    assert (
        "When | Charged to the sender's account within 10 working days after delivery | "
        "Before delivery: online, by link, or by card at the door"
    ) in rows
    assert "Change from DDU to DDP | €6.00 per shipment | Sender | Asked for after collection; the DDP service fee " \
        "comes on top" in rows  # fmt: skip
    assert "Available to | 10 of 14 destinations; not to the Canary Islands, Mexico, South Korea and the United Arab " \
        "Emirates | All 14 destinations" in rows  # fmt: skip


def test_the_text_below_a_table_stays_out_of_it(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(CUSTOMS.read_bytes(), sandbox, limits)
    start = document.text.index("A recipient who refuses to pay")
    assert next(block.kind for block in document.blocks if block.start == start) == "paragraph"
    caption = document.text.index("Table 5. Customs documents")
    assert next(block for block in document.blocks if block.start == caption).kind == "heading"


def test_words_in_columns_without_lines_are_a_table(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = [(50.0, 740.0, 11.0, PROSE + "."), *TABLE, (50.0, 540.0, 11.0, PROSE), (50.0, 527.0, 11.0, PROSE + ".")]
    document = read(make_pdf([page]), sandbox, limits)
    assert tables(document) == [ROWS]
    assert document.blocks[-1].kind == "paragraph"
    assert document.text[document.blocks[-1].start :] == f"{PROSE}\n{PROSE}."


def test_each_letter_of_a_table_leads_back_to_the_one_drawn_and_bars_to_none() -> None:
    textpage, page = first_page(make_pdf([TABLE]))
    assert page.text.splitlines() == ROWS
    for place, letter in enumerate(page.text):
        found = words_at(textpage, character_indices(textpage, page, place, place + 1))
        assert found == (letter if page.order[place] >= 0 else "")
        assert page.order[place] >= 0 or letter in " |\n"


def test_the_highlight_of_a_row_lies_on_that_row_and_no_other(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = make_pdf([TABLE])
    document = read(data, sandbox, limits)
    start = document.text.index("Sweden")
    image = render_page(data, 1, highlights=[(start, start + len(ROWS[2]))], sandbox=sandbox, limits=limits, scale=1)
    textpage = pypdfium2.PdfDocument(data)[0].get_textpage()
    words = [
        textpage.get_text_bounded(left - 1, 800 - bottom, right + 1, 800 - top).strip()
        for left, top, right, bottom in image.boxes
    ]
    assert words == ["Sweden", "The old station", "beside the bridge", "Every day"]


def test_the_highlight_of_a_sample_row_covers_all_lines_of_its_cells(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = CUSTOMS.read_bytes()
    document = read(data, sandbox, limits)
    page_start = document.page_starts[3]
    row = next(
        row for block in document.blocks for row in block.rows if document.text[slice(*row)].startswith("Customs stor")
    )
    span = (row[0] - page_start, row[1] - page_start)
    image = render_page(data, 4, highlights=[span], sandbox=sandbox, limits=limits, scale=1)
    assert len(image.boxes) == 6
    tops, bottoms = [box[1] for box in image.boxes], [box[3] for box in image.boxes]
    assert max(bottoms) - min(tops) < 30


def test_running_text_in_two_columns_is_no_table(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = [(50.0, 780.0 - 14 * line, 11.0, PROSE) for line in range(20)]
    half = "many words to fill a column"
    columns = [(x, 400.0 - 14 * line, 11.0, half) for line in range(8) for x in (50.0, 340.0)]
    assert tables(read(make_pdf([[*text, *columns]]), sandbox, limits)) == []


def test_numbers_set_apart_from_their_items_are_no_table(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = [(50.0, 780.0 - 14 * line, 11.0, PROSE) for line in range(20)]
    items = [
        part
        for line in range(6)
        for part in ((50.0, 400.0 - 14 * line, 11.0, f"{line + 1}."), (140.0, 400.0 - 14 * line, 11.0, "an item of it"))
    ]
    assert tables(read(make_pdf([[*text, *items]]), sandbox, limits)) == []


def test_papers_in_two_columns_hold_only_the_tables_they_have(
    real_files: Path, sandbox: Sandbox, limits: LoadLimits
) -> None:
    for name in ("office-pdf_layout-parser-paper-fast.pdf", "office-pdf_multi-column-2p.pdf"):
        assert tables(read((real_files / name).read_bytes(), sandbox, limits)) == []
    (found,) = tables(read((real_files / "pdf-multicolumn.pdf").read_bytes(), sandbox, limits))
    assert found[0] == "Country | Population (millions) | Area (km2 ) | Capital | Official Language"
    assert found[1] == "Austria | 8.9 | 83,879 | Vienna | German"


def test_rows_between_the_rules_of_a_paper_are_told_apart(
    real_files: Path, sandbox: Sandbox, limits: LoadLimits
) -> None:
    data = (real_files / "office-pdf_layout-parser-paper-with-table.pdf").read_bytes()
    found = next(table for table in tables(read(data, sandbox, limits)) if table[0].startswith("Dataset"))
    assert found[0] == "Dataset | Base Model1 | Large Model | Notes"
    assert found[2] == "PRImA [3] | M | - | Layouts of scanned modern magazines and scientific reports"
    assert len(found) == 6


def test_korean_tables_are_found_with_their_wrapped_cells(
    real_files: Path, sandbox: Sandbox, limits: LoadLimits
) -> None:
    found = tables(read((real_files / "office-pdf_korean-text-with-tables.pdf").read_bytes(), sandbox, limits))
    assert [table[0] for table in found] == ["업종 | 적립 대상", "업종 | 적립 대상"]
    assert [len(table) for table in found] == [4, 4]

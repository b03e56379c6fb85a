"""PDFs made for the purpose: what becomes a heading, a paragraph, a list, a table, a footer."""

from core.load import LoadLimits, Sandbox, load, recognition_available
from core.schema import Block, Document
from tests.core.load.makers import make_pdf
from tests.core.load.test_real_files import check_contract

WIDE = "words that fill the width of the page so that the line goes on to its end as lines do"


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def read(
    pages: list[list[tuple[float, float, float, str]]], sandbox: Sandbox, limits: LoadLimits, **more: str
) -> Document:
    document = load(make_pdf(pages, **more), "a.pdf", limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def test_larger_lines_are_headings_with_levels(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = [
        (50.0, 750.0, 24.0, "The manual"),
        (50.0, 700.0, 16.0, "How to begin"),
        *((50.0, 680.0 - 14 * line, 11.0, WIDE) for line in range(10)),
        (50.0, 500.0, 16.0, "How to end"),
        (50.0, 480.0, 11.0, WIDE),
    ]
    document = read([page], sandbox, limits)
    headings = [(document.text[b.start : b.end], b.level) for b in document.blocks if b.kind == "heading"]
    assert headings == [("The manual", 1), ("How to begin", 2), ("How to end", 2)]


def test_bookmarks_are_headings_whatever_their_size(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = [(50.0, 750.0, 11.0, "1 Terms of use"), (50.0, 720.0, 11.0, WIDE), (50.0, 706.0, 11.0, WIDE)]
    document = read([page], sandbox, limits, outline="Terms of use")
    assert blocks(document)[0] == ("heading", "1 Terms of use")


def test_gaps_part_paragraphs_and_line_breaks_do_not(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = [(50.0, 700.0 - 14 * line - (20 if line > 2 else 0), 11.0, f"{line} {WIDE}") for line in range(6)]
    kinds = blocks(read([page], sandbox, limits))
    assert [kind for kind, _ in kinds] == ["paragraph", "paragraph"]
    assert kinds[1][1].startswith("3 words")


def test_bullets_are_a_list(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = [(50.0, 700.0 - 14 * line, 11.0, f"- item {line} of the list") for line in range(4)]
    assert blocks(read([page], sandbox, limits)) == [
        ("list", "\n".join(f"- item {line} of the list" for line in range(4)))
    ]


def test_rows_of_figures_are_a_table_with_the_line_above_as_header(sandbox: Sandbox, limits: LoadLimits) -> None:
    rows = ["Year ended 2022 2021", "Parcels 1,200 1,100", "Letters 900 950", "Returns 15 12", "All 2,115 2,062"]
    page = [(50.0, 700.0 - 14 * line, 11.0, row) for line, row in enumerate(rows)]
    document = read([[(50.0, 760.0, 11.0, WIDE + "."), *page]], sandbox, limits)
    table = next(block for block in document.blocks if block.kind == "table")
    assert table.header == "Year ended 2022 2021"
    assert [document.text[start:end] for start, end in table.rows] == rows


def test_repeated_headers_and_page_numbers_are_furniture(sandbox: Sandbox, limits: LoadLimits) -> None:
    words = ["", "one", "two", "three", "four", "five"]
    pages = [
        [
            (50.0, 780.0, 9.0, "Handbook of parcels"),
            *((50.0, 700.0 - 14 * line, 11.0, f"{words[number]} {line} {WIDE}") for line in range(10)),
            (300.0, 20.0, 9.0, f"Page {number} of 5"),
        ]
        for number in range(1, 6)
    ]
    document = read(pages, sandbox, limits)
    furniture = [document.text[b.start : b.end] for b in document.blocks if b.kind == "furniture"]
    assert furniture == [each for n in range(1, 6) for each in ("Handbook of parcels", f"Page {n} of 5")][1:]
    assert blocks(document)[0] == ("paragraph", "Handbook of parcels")  # said nowhere else: found once


def test_parts_of_one_row_are_one_line_of_text(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = [(50.0, 700.0, 12.0, "The area is 5 m"), (140.0, 705.0, 7.0, "2"), (150.0, 700.0, 12.0, "in all")]
    document = read([page], sandbox, limits)
    assert document.text == "The area is 5 m 2 in all"


def test_pages_of_pictures_are_counted(sandbox: Sandbox, limits: LoadLimits) -> None:
    picture = b"q 500 0 0 700 50 50 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q\n"
    data = make_pdf([[(50.0, 700.0, 12.0, "A page with words.")], []]).replace(
        b"<< /Length 0 >>\nstream\nendstream", b"<< /Length %d >>\nstream\n%sendstream" % (len(picture), picture)
    )
    document = load(data, "a.pdf", limits=limits, sandbox=sandbox)
    looked_at = "No words were found in the pictures of 1 page."
    told = looked_at if recognition_available() else "1 of 2 pages holds only pictures."
    assert [warning.what for warning in document.warnings] == [told]
    assert document.blocks == (Block("paragraph", 0, 18, 1),)

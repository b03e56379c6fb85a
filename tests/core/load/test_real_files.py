"""Every real file ends as a Document that keeps the contract, or as a LoadError a person can read."""

from collections import Counter
from pathlib import Path

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load, recognition_available
from core.schema import Document

CODES = [
    "empty",
    "no_text",
    "scanned",
    "encrypted",
    "broken",
    "too_large",
    "too_slow",
    "too_much_memory",
    "unsupported",
    "garbled",
]
# What the set holds on purpose: locked, empty and scanned files, a PDF cut to pieces. Of the eight scans five are
# pictures without words.
REFUSED = {"encrypted": 5, "empty": 3, "no_text": 3, "scanned": 8, "broken": 1}
if recognition_available():
    REFUSED |= {"no_text": 8}
    del REFUSED["scanned"]


def check_contract(document: Document) -> None:
    text = document.text
    assert "\x00" not in text
    text.encode("utf-8")
    before = 0
    for block in document.blocks:
        assert before <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip()
        assert (block.level > 0) == (block.kind == "heading")
        assert block.page is None if document.page_count is None else 1 <= (block.page or 0) <= document.page_count
        assert bool(block.rows) == (block.kind == "table")
        row_before = block.start
        for start, end in block.rows:
            assert row_before <= start < end <= block.end
            row_before = end
        before = block.end
    starts = document.page_starts
    assert list(starts) == sorted(starts)
    assert len(starts) == (document.page_count or 0)
    assert bool(document.page_word) == bool(starts)
    assert len(document.page_names) in (0, document.page_count)
    for block in document.blocks:
        if block.page is not None:
            assert starts[block.page - 1] <= block.start
            assert block.page == len(starts) or block.end <= starts[block.page]
    assert len(document.language) in (0, 2)


@pytest.mark.slow
def test_every_real_file_is_read_or_refused_in_words(real_files: Path, sandbox: Sandbox, limits: LoadLimits) -> None:
    refused: Counter[str] = Counter()
    sentences = []
    lost: list[str] = []
    for path in sorted(real_files.iterdir()):
        try:
            document = load(path.read_bytes(), path.name, limits=limits, sandbox=sandbox)
        except LoadError as error:
            refused[error.code] += 1
            sentences.append(str(error))
        else:
            check_contract(document)
            lost += [f"{path.name}: {each.what}" for each in document.warnings if "words were not read" in each.what]
    assert refused == REFUSED
    assert lost == []
    assert set(refused) <= set(CODES)
    assert [sentence for sentence in sentences if not sentence.endswith(".") or "Error" in sentence] == []


@pytest.mark.parametrize(
    ("name", "heading", "page"),
    [
        ("pdf-GeoTopo-komprimiert.pdf", "1.1 Topologische Räume", 6),
        ("pdf-pdflatex-outline.pdf", "2 Bar", 2),
        ("office-pdf_multi-column.pdf", "1 Introduction", 1),
        ("office-category-level.docx", "A Heading 2", None),
        ("office-sample-presentation.pptx", "This is the second content slide", 3),
        ("office-fake-html.html", "A Third Heading", None),
        ("office-README.md", "XBRL 10-K", None),
        ("office-book-war-and-peace-1p.txt", "CHAPTER I", None),
        ("office-stanley-cups.xlsx", "Stanley Cups Since 67", 2),
        ("office-eml_mime-word-encoded-subject.eml", "Simple email with ☸☿ Unicode subject", None),
    ],
)
def test_headings_are_found(
    name: str, heading: str, page: int | None, real_files: Path, sandbox: Sandbox, limits: LoadLimits
) -> None:
    document = load((real_files / name).read_bytes(), name, limits=limits, sandbox=sandbox)
    headings = [block for block in document.blocks if block.kind == "heading"]
    assert (heading, page) in [(document.text[block.start : block.end], block.page) for block in headings]


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("office-docx-tables.docx", "Header Col 1 | Header Col 2", "Lorem ipsum | A link example"),
        ("office-fake-power-point-table.pptx", "Column 1 | Column 2 | Column 3", "Red | Green | Blue"),
        ("office-fake.odt", "Header row | Mon | Wed | Fri", "Color | Blue | Red | Green"),
        ("office-fake-doc.rtf", "Column 1 | Column 2", "Row 1, Cell 1 | Row 1, Cell 2"),
        ("office-stanley-cups.xlsx", "Team | Location | Stanley Cups", "Flyers | PHI | 2"),
        ("office-simple-table.md", "Item | Price | # In stock", "Bananas | 1.89 | 6"),
    ],
)
def test_tables_keep_their_header_and_rows(
    name: str, header: str, row: str, real_files: Path, sandbox: Sandbox, limits: LoadLimits
) -> None:
    document = load((real_files / name).read_bytes(), name, limits=limits, sandbox=sandbox)
    table = next(block for block in document.blocks if block.kind == "table")
    rows = [document.text[start:end] for start, end in table.rows]
    assert table.header == header
    assert rows[0] == header
    assert row in rows


def test_the_language_is_told(real_files: Path, sandbox: Sandbox, limits: LoadLimits) -> None:
    for name, language in (("pdf-GeoTopo-komprimiert.pdf", "de"), ("office-language-docs_fr_olap.pdf", "fr")):
        assert load((real_files / name).read_bytes(), name, limits=limits, sandbox=sandbox).language == language


def test_a_report_has_its_tables_headings_and_footers_told_apart(
    shared_data: Path, sandbox: Sandbox, limits: LoadLimits
) -> None:
    path = shared_data / "sec_10q" / "documents" / "2022_Q3_AAPL.pdf"
    document = load(path.read_bytes(), path.name, limits=limits, sandbox=sandbox)
    check_contract(document)
    on_page = [block for block in document.blocks if block.page == 4]
    table = next(block for block in on_page if block.kind == "table")
    rows = [document.text[start:end] for start, end in table.rows]
    assert "Three Months Ended Nine Months Ended" in table.header
    assert "Services 19,604 17,486 58,941 50,148" in rows
    furniture = [document.text[block.start : block.end] for block in on_page if block.kind == "furniture"]
    assert "Apple Inc. | Q3 2022 Form 10-Q | 1" in furniture

"""The sample's documents can be read, and every question's answer stands where it says."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from core.sample import EXAMPLE, KINDS, SAMPLE_NAME, SUGGESTED, Place, SampleQuestion, sample_files, sample_questions

FILES = {path.name: path for path in sample_files()}
PLACES = [(question.id, place) for question in sample_questions() for place in question.places]
ABSENT = [question for question in sample_questions() if question.kind == "not_in_documents"]
# What each of these questions asks about; the word must not stand in any document.
ABSENT_WORDS = {
    "absent-brazil": "Brazil", "absent-iceland": "Iceland", "absent-pallet": "pallet", "absent-wages": "wage",
    "absent-depot": "Lyon", "absent-carbon": "CO2", "absent-student": "student", "absent-fuel-september": "September",
    "absent-duty-guitar": "guitar",
}  # fmt: skip
MOST_BYTES = 200_000


def plain(text: str) -> str:
    """One line, without the marks of Markdown tables and bold words."""
    return " ".join(re.sub(r"[|*#]", " ", text).split())


def pdf_pages(path: Path) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return pages


def docx_text(path: Path) -> str:
    import docx

    document = docx.Document(str(path))
    rows = (" ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])


def xlsx_pages(path: Path) -> list[str]:
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return [
        "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True))
        for sheet in book
    ]


def html_text(path: Path) -> str:
    import lxml.html

    return "\n".join(lxml.html.fromstring(path.read_text(encoding="utf-8")).itertext())


@cache
def pages_of(name: str) -> list[str]:
    """The pages or sheets of a sample file as plain text; one for a file without pages."""
    path = FILES[name]
    if path.suffix == ".pdf":
        pages = pdf_pages(path)
    elif path.suffix == ".xlsx":
        pages = xlsx_pages(path)
    else:
        readers = {".docx": docx_text, ".html": html_text, ".md": lambda source: source.read_text(encoding="utf-8")}
        pages = [readers[path.suffix](path)]
    return [plain(page) for page in pages]


def everything() -> str:
    return " ".join(page for name in FILES for page in pages_of(name))


def test_there_are_real_files_of_every_kind() -> None:
    kinds = Counter(path.suffix for path in FILES.values())
    assert kinds[".pdf"] >= 2
    assert set(kinds) == {".pdf", ".docx", ".xlsx", ".md", ".html"}
    assert len(FILES) >= 7
    assert max(len(pages_of(name)) for name in FILES if name.endswith(".pdf")) >= 6
    assert all(2_000 < path.stat().st_size < MOST_BYTES for path in FILES.values())


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_it_is_fictional(name: str) -> None:
    assert "Fictional sample: ShipIt does not exist." in " ".join(pages_of(name))


@pytest.mark.parametrize(("identity", "place"), PLACES, ids=[identity for identity, _ in PLACES])
def test_the_quote_stands_on_its_page(identity: str, place: Place) -> None:
    holding = [number for number, page in enumerate(pages_of(place.document), 1) if plain(place.quote) in page]
    assert holding == [place.page or 1], f"{identity}: on {holding}, not {place.page}"
    assert (place.page is None) == (not place.document.endswith((".pdf", ".xlsx")))


def test_a_right_answer_can_be_made_from_the_quotes() -> None:
    for question in sample_questions():
        quotes = " ".join(place.quote for place in question.places)
        assert all(words in quotes for words in question.answer_contains), question.id
        assert bool(question.answer_contains) == bool(question.places), question.id


def test_there_are_enough_questions_of_every_kind() -> None:
    kinds = Counter(question.kind for question in sample_questions())
    assert kinds.total() >= 36
    assert set(kinds) == set(KINDS)
    assert kinds["table"] >= 8
    assert kinds["comparison"] + kinds["multi"] >= 4
    assert kinds["not_in_documents"] >= 6
    assert len({question.id for question in sample_questions()}) == kinds.total()


def test_questions_do_not_copy_the_documents() -> None:
    text = everything().casefold()
    assert not [question.id for question in sample_questions() if plain(question.question).casefold() in text]


def test_absent_questions_name_no_place_and_ask_for_what_is_nowhere() -> None:
    text = everything().casefold()
    assert {question.id for question in ABSENT} == set(ABSENT_WORDS)
    assert not [question.id for question in ABSENT if question.places]
    assert not [word for word in ABSENT_WORDS.values() if word.casefold() in text]
    assert all(question.places for question in sample_questions() if question not in ABSENT)


def test_follow_ups_come_with_what_was_said_before() -> None:
    for question in sample_questions():
        roles = [speaker for speaker, _ in question.history]
        assert roles == (["user", "assistant"] if question.kind == "followup" else []), question.id


def test_the_first_suggestion_is_about_import_tax() -> None:
    assert SAMPLE_NAME == "ShipIt help"
    assert len(SUGGESTED) == 3
    assert "import tax" in SUGGESTED[0]
    assert isinstance(EXAMPLE, SampleQuestion)
    assert EXAMPLE.question == SUGGESTED[0]
    assert (EXAMPLE.document, EXAMPLE.page) == ("customs-and-import-tax-guide.pdf", 1)
    assert EXAMPLE.quote


def test_both_lists_of_fees_agree() -> None:
    """The customs fees stand in the guide and in the price list: the same amounts in both."""
    import openpyxl

    sheet = openpyxl.load_workbook(FILES["price-list-2026.xlsx"])["Surcharges"]
    guide = " ".join(pages_of("customs-and-import-tax-guide.pdf"))
    names = "Advance payment fee|DDP service|Formal clearance|Customs storage|Returned goods relief|False declaration"
    fees = [row for row in sheet.iter_rows(min_row=7, max_col=2, values_only=True) if str(row[0]) in names.split("|")]
    assert len(fees) == 6
    assert not [name for name, amount in fees if f"{name} {amount}" not in guide]


def test_both_lists_of_thresholds_agree() -> None:
    """The guide's first table repeats eight rows of the page that has all of them."""
    import lxml.html

    page = lxml.html.fromstring(FILES["import-tax-by-country.html"].read_text(encoding="utf-8"))
    rows = [" ".join(cell.text_content() for cell in row.xpath("th|td")[:5]) for row in page.xpath("//tr[th and td]")]
    guide = pages_of("customs-and-import-tax-guide.pdf")[0]
    assert sum(row in guide for row in rows) == 8

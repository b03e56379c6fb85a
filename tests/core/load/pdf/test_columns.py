"""Running text in two columns that the file gives row by row: read column by column, words joined."""

from pathlib import Path

import pypdfium2

from core.load import LoadLimits, Sandbox, load
from core.load.pdf.text import character_indices, page_text
from tests.core.load.makers import make_pdf
from tests.core.load.pdf.test_page import words_at
from tests.core.load.test_real_files import check_contract

CASE = Path(__file__).resolve().parents[1] / "cases" / "f02_two_columns_hyphen.pdf"


def test_columns_are_read_one_after_the_other(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = load(CASE.read_bytes(), "a.pdf", limits=limits, sandbox=sandbox)
    check_contract(document)
    words = " ".join(document.text.split())
    assert words.startswith(
        "The cooling circuit must be inspected every six months. Replacement of the main compressor is only done by "
        "Felby staff. Ask for the maintenance agreement before you call. The cooling circuit"
    )
    assert "checked once a year by the owner. The boiler pressure must stay above 1.2 bar, otherwise the burner is "\
        "switched off by the control unit." in words  # fmt: skip


def test_each_letter_is_still_found_where_it_is_drawn() -> None:
    textpage = pypdfium2.PdfDocument(CASE.read_bytes())[0].get_textpage()
    page = page_text(textpage)
    for place, letter in enumerate(page.text):
        found = words_at(textpage, character_indices(textpage, page, place, place + 1))
        assert found == letter or letter.isspace() or (letter == "-" and found == "\x02")


def test_questions_beside_their_answers_stay_in_rows(sandbox: Sandbox, limits: LoadLimits) -> None:
    rows = [
        (50.0, "How long is the warranty of the press?", 330.0, "Two years from the day of delivery on."),
        (50.0, "Who mends the boiler when it leaks?", 330.0, "Only the staff of the maker may do that."),
        (50.0, "When is the office open in the winter?", 330.0, "Monday to Friday, from eight until five."),
    ] * 3
    page = [
        part
        for number, (left, one, right, other) in enumerate(rows)
        for part in ((left, 700.0 - 20 * number, 11.0, one), (right, 700.0 - 20 * number, 11.0, other))
    ]
    document = load(make_pdf([page]), "a.pdf", limits=limits, sandbox=sandbox)
    first = document.text.index("How long")
    assert document.text.index("Two years") < document.text.index("Who mends")
    assert first < document.text.index("Two years")

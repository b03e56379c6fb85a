"""Hebrew and Arabic in PDFs: words whole and in order, and each letter still found where it is drawn."""

import re
from pathlib import Path

import pypdfium2
import pytest

from core.load import LoadLimits, Sandbox, load
from core.load.pdf.text import character_indices, page_text
from tests.core.load.makers import make_mirrored_pdf
from tests.core.load.pdf.test_page import words_at
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).resolve().parents[1] / "cases"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "f10_arabic.pdf",
            "سياسة الإرجاع: يمكن إرجاع المنتجات خلال ثلاثين يوما من تاريخ الشراء.\nمدة الضمان سنتان من تاريخ التسليم.",
        ),
        ("f11_hebrew.pdf", "תקופת האחריות היא שלוש שנים מיום הקנייה."),
    ],
)
def test_words_are_whole_and_in_order(name: str, words: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    data = (CASES / name).read_bytes()
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    assert document.text == words
    textpage = pypdfium2.PdfDocument(data)[0].get_textpage()
    page = page_text(textpage)
    for place, letter in enumerate(page.text):
        found = words_at(textpage, character_indices(textpage, page, place, place + 1))
        assert found == letter or letter.isspace()


def test_a_column_of_signs_is_one_line() -> None:
    column = "青空文庫日本語"
    data = re.sub(rb"/Span <<[^\n]*?BDC|EMC", lambda match: b" " * len(match.group()), make_mirrored_pdf(column[::-1]))
    lines = (
        b"BT /F1 20 Tf 100 740 Td (abcdefgabcdefgabcdefg) Tj ET BT /F1 20 Tf 100 770 Td (abcdefgabcdefgabcdefg) Tj ET "
    )
    data = data.replace(b"> Tj ", b"> Tj 0 -20 Td").replace(b"BT /F1", lines + b"BT /F1", 1)
    textpage = pypdfium2.PdfDocument(data)[0].get_textpage()
    page = page_text(textpage)
    assert page.text.splitlines() == [column * 3, column * 3, column]
    start = page.text.rindex("文")
    assert words_at(textpage, character_indices(textpage, page, start, start + 2)) == "文庫"

"""Highlights on a page: the offsets of the text must lead to exactly the characters drawn there."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load, render_page
from core.load.pdf.line import PageText
from core.load.pdf.page import highlight_boxes
from core.load.pdf.text import character_indices, page_text
from tests.core.load.makers import make_mirrored_pdf, make_pdf

LINES = [
    (50.0, 700.0, 12.0, "Parcels from outside the union need a customs"),
    (50.0, 680.0, 12.0, "declaration. Import tax is 21 percent."),
    (50.0, 640.0, 12.0, "A second paragraph stands apart."),
]


def words_at(textpage: pypdfium2.PdfTextPage, indices: list[int]) -> str:
    import pypdfium2.raw as pdfium

    return "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in indices)


def without_marks(text: str) -> str:
    return "".join(text.replace("\x02", "").replace("\xad", "").replace("-", "").split())


def drawn(page: PageText, start: int, end: int) -> str:
    """Return a span's text less the bars and blanks put in between the cells of tables."""
    if not page.order:
        return page.text[start:end]
    return "".join(page.text[place] for place in range(start, end) if page.order[place] >= 0)


@pytest.mark.parametrize(
    "name",
    [
        "pdf-habibi.pdf",
        "pdf-habibi-rotated.pdf",
        "office-pdf_multi-column-2p.pdf",
        "pdf-multicolumn.pdf",
        "office-pdf_layout-parser-paper-fast.pdf",
        "office-pdf_embedded-images-tables.pdf",
        "office-pdf_korean-text-with-tables.pdf",
        "office-language-docs_fr_olap.pdf",
    ],
)
def test_every_word_of_a_real_page_leads_back_to_its_characters(name: str, real_files: Path) -> None:
    document = pypdfium2.PdfDocument((real_files / name).read_bytes())
    for number in range(len(document)):
        textpage = document[number].get_textpage()
        page = page_text(textpage)
        for start in range(0, len(page.text), 37):
            end = min(start + 37, len(page.text))
            found = words_at(textpage, character_indices(textpage, page, start, end))
            assert without_marks(found) == without_marks(drawn(page, start, end))


def test_page_starts_are_those_of_the_text_that_highlights_count_in(
    real_files: Path, sandbox: Sandbox, limits: LoadLimits
) -> None:
    data = (real_files / "pdf-GeoTopo-komprimiert.pdf").read_bytes()
    document = load(data, "a.pdf", limits=limits, sandbox=sandbox)
    pdf = pypdfium2.PdfDocument(data)
    for number in (1, 2, 40, 117):
        start = document.page_starts[number - 1]
        text = page_text(pdf[number - 1].get_textpage()).text
        assert document.text[start : start + len(text)] == text


@pytest.mark.parametrize("rotate", [0, 90])
def test_the_highlighted_words_are_yellow_and_others_are_not(rotate: int, sandbox: Sandbox, limits: LoadLimits) -> None:
    data = make_pdf([[(50.0, 300.0, 12.0, "Another page.")], LINES], rotate=rotate)
    document = load(data, "a.pdf", limits=limits, sandbox=sandbox)
    words = "Import tax" if rotate else "customs\ndeclaration"
    start = document.text.index(words) - document.page_starts[1]
    end = start + len(words)
    image = render_page(data, 2, highlights=[(start, end)], sandbox=sandbox, limits=limits, scale=2)
    picture = Image.open(io.BytesIO(image.png))
    assert picture.size == (image.width, image.height) == ((1600, 1200) if rotate else (1200, 1600))
    assert len(image.boxes) == words.count("\n") + 1
    for left, top, right, bottom in image.boxes:
        assert 0 <= left < right <= image.width
        assert 0 <= top < bottom <= image.height
        red, green, blue = picture.getpixel((int(left) + 1, int(top) + 1))
        assert red > 230
        assert green > 200
        assert blue < 200
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_boxes_hold_exactly_the_words_asked_for() -> None:
    document = pypdfium2.PdfDocument(make_pdf([LINES]))
    page = document[0]
    textpage = page.get_textpage()
    text = page_text(textpage).text
    start = text.index("Import tax")
    ((left, top, right, bottom),) = highlight_boxes(page, [(start, start + len("Import tax"))], (600, 800))
    # The picture is one pixel a point, counted from above; the page counts from below.
    found = textpage.get_text_bounded(left - 1, 800 - bottom - 1, right + 1, 800 - top + 1)
    assert found.strip() == "Import tax"


def test_a_page_that_is_not_there_is_a_sentence(sandbox: Sandbox, limits: LoadLimits) -> None:
    with pytest.raises(LoadError, match="no page 9"):
        render_page(make_pdf([LINES]), 9, sandbox=sandbox, limits=limits)


def test_arabic_letters_drawn_from_left_to_right_are_read_in_order_and_still_found() -> None:
    word = "مرحبا"
    textpage = pypdfium2.PdfDocument(make_mirrored_pdf(word))[0].get_textpage()
    page = page_text(textpage)
    assert page.text.strip() == word
    for place, letter in enumerate(word, page.text.index(word)):
        assert words_at(textpage, character_indices(textpage, page, place, place + 1)) == letter


def test_letters_after_one_that_pdfium_counts_twice_are_still_found() -> None:
    data = re.sub(rb"/Span <<[^\n]*?BDC|EMC", lambda match: b" " * len(match.group()), make_mirrored_pdf("cba𝑉"))
    textpage = pypdfium2.PdfDocument(data)[0].get_textpage()
    page = page_text(textpage)
    assert page.text.strip() == "𝑉abc"
    start = page.text.index("abc")
    assert words_at(textpage, character_indices(textpage, page, start, start + 3)) == "abc"

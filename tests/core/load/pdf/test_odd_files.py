"""PDFs that do not begin like one, and pages without text: each is called what it is."""

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load, recognition_available
from tests.core.load.makers import make_pdf

WORDS = make_pdf([[(50.0, 700.0, 12.0, "Words of a page.")]])


@pytest.mark.parametrize(
    "data", [WORDS.partition(b"\n")[2], b"x" * 3000 + b"\n" + WORDS], ids=["no mark", "mark after much else"]
)
def test_a_pdf_whose_mark_is_not_where_it_should_be_is_read(data: bytes, sandbox: Sandbox, limits: LoadLimits) -> None:
    document = load(data, "a.pdf", limits=limits, sandbox=sandbox)
    assert (document.kind, document.text) == ("pdf", "Words of a page.")


def test_a_text_about_pdfs_stays_a_text(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = b"A PDF looks like this:\n" + WORDS.partition(b"\n")[2]
    assert load(text, "a.txt", limits=limits, sandbox=sandbox).kind == "txt"


def test_letters_drawn_as_shapes_are_no_pictures(sandbox: Sandbox, limits: LoadLimits) -> None:
    drawn = [(50.0 + 3 * number, 700.0, 52.0 + 3 * number, 710.0) for number in range(60)]
    told = "no text" if recognition_available() else "drawn as shapes"
    with pytest.raises(LoadError, match=told):
        load(make_pdf([[]], rules=[drawn]), "a.pdf", limits=limits, sandbox=sandbox)


def test_an_empty_page_is_no_picture(sandbox: Sandbox, limits: LoadLimits) -> None:
    pages = [[(50.0, 700.0, 12.0, "Words of a page.")], []]
    assert load(make_pdf(pages), "a.pdf", limits=limits, sandbox=sandbox).warnings == ()
    with pytest.raises(LoadError, match="no text"):
        load(make_pdf([[]]), "a.pdf", limits=limits, sandbox=sandbox)

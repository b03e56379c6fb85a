"""Filled-in fields, notes typed on a page and notes stuck on it: read where they belong, found and highlighted."""

from pathlib import Path

import pypdfium2
import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load, render_page
from core.schema import Document
from tests.core.load.makers import joined_objects
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).resolve().parents[1] / "cases"


def read(data: bytes, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, "a.pdf", limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def form(*annotations: str, text: str = "", fields: bool = True) -> bytes:
    """Write a PDF of one page with these annotations; "LOOK(words)" in one stands for an appearance that shows them."""
    objects = [
        "",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
    objects[3] = f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
    kids = []
    for annotation in annotations:
        before, look, rest = annotation.partition("LOOK(")
        if look:
            words, _, after = rest.partition(")")
            drawn = f"/Tx BMC BT /F1 12 Tf 2 4 Td ({words}) Tj ET EMC"
            objects.append(
                f"<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 5 0 R >> >> "
                f"/Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
            )
            annotation = f"{before}/AP << /N {len(objects)} 0 R >>{after}"
        objects.append(f"<< /Type /Annot {annotation} >>")
        kids.append(f"{len(objects)} 0 R")
    marks = " ".join(kids)
    acro = f"/AcroForm << /Fields [{marks}] /DA (/F1 12 Tf) /DR << /Font << /F1 5 0 R >> >> >>" if fields else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {acro} >>"
    objects[2] = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> >> /Annots [{marks}] >>"
    )
    return joined_objects(objects)


FIELD = "/Subtype /Widget /FT /Tx /F 4 /T (name) /Rect [200 695 400 715]"


def test_values_stand_beside_their_labels(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "f01_filled_form.pdf").read_bytes(), sandbox, limits)
    assert document.text.split("\n") == [
        "Claim form",
        "Name of insured: Ottilie Brandtner",
        "Policy number: PZ-88231",
        "Water damage: ✔",
        "Branch: Ostrum",
    ]


def test_a_value_is_highlighted_where_it_stands(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = (CASES / "f01_filled_form.pdf").read_bytes()
    start = read(data, sandbox, limits).text.index("PZ-88231")
    image = render_page(data, 1, highlights=[(start, start + 8)], sandbox=sandbox, limits=limits, scale=1)
    ((left, top, right, bottom),) = image.boxes
    height = pypdfium2.PdfDocument(data)[0].get_height()
    assert 200 <= left < right <= 270
    assert 690 <= height - bottom < height - top <= 712


def test_typed_notes_are_read_and_sticky_notes_too(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "f06_annotations.pdf").read_bytes(), sandbox, limits)
    assert [document.text[block.start : block.end] for block in document.blocks] == [
        "Plan of the yard, version 3.",
        "Gate 4 is closed from 1 May.",
        "Note: Ask Ilse for the key code of hall B.",
    ]


def test_a_value_that_is_not_drawn_is_read_all_the_same(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(form(f"{FIELD} /V (Ostrum)", text="Branch:"), sandbox, limits)
    assert document.text == "Branch: Ostrum"


def test_a_value_longer_than_its_field_is_read_whole(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(form(f"{FIELD} /V (Ostrum and Karo) LOOK(Ostrum and)", text="Branch:"), sandbox, limits)
    assert document.text == "Branch: Ostrum and Karo"


@pytest.mark.parametrize("flags", ["/F 2", "/F 36", "/F 4 /Ff 8192"])
def test_hidden_and_secret_fields_are_left_out(flags: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    field = FIELD.replace("/F 4", flags)
    document = read(form(f"{field} /V (secret) LOOK(secret)", text="Branch:"), sandbox, limits)
    assert document.text == "Branch:"


@pytest.mark.parametrize(("state", "line"), [("/Yes", "Paid ✔"), ("/Off", "Paid")])
def test_a_box_is_checked_or_nothing(state: str, line: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    box = f"/Subtype /Widget /FT /Btn /F 4 /T (paid) /Rect [200 695 215 710] /V {state} /AS {state}"
    data = form(f"{box} /AP << /N << /Yes 4 0 R /Off 4 0 R >> >>", text="Paid")
    assert read(data, sandbox, limits).text.strip() in (line, f"Paid {line}")


def test_a_note_that_only_copies_the_page_is_not_read_twice(sandbox: Sandbox, limits: LoadLimits) -> None:
    note = "/Subtype /Highlight /Rect [72 695 200 715] /Contents (Gate 4)"
    document = read(form(note, text="Gate 4 is closed.", fields=False), sandbox, limits)
    assert document.text == "Gate 4 is closed."


def test_a_form_that_only_acrobat_shows_is_refused_in_words(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = form(text="Please wait... If this message is not eventually replaced, your viewer cannot show this.")
    data = data.replace(b"/AcroForm << /Fields []", b"/NeedsRendering true /AcroForm << /XFA [(a) 4 0 R] /Fields []")
    with pytest.raises(LoadError, match="XFA"):
        read(data, sandbox, limits)

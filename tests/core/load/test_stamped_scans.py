"""Scanned pages with a stamp, a page's number or a mail program's line over them: the scan is read or told of."""

import pytest

from core.errors import LoadError
from core.load import READ_SCANS, LoadLimits, Sandbox, recognition_available
from core.load.limits import Reading
from core.load.pdf import reader, scanned
from tests.core.load.makers import joined_objects, make_pdf
from tests.core.load.test_recognition import LETTER, read, words, written

STAMP = "RECEIVED 12 MAY"


def over_picture(texts: list[str], colour: str = "", invisible: bool = False, under: bool = False) -> bytes:
    """Write a PDF whose pages are the picture of a letter, or of one colour, with a text each laid over it."""
    import zlib

    import pypdfium2

    picture = pypdfium2.PdfDocument(make_pdf([LETTER]))[0].render(scale=2).to_pil().convert("L")
    shades = bytes(picture.point(lambda _: 230).tobytes()) if colour else picture.tobytes()
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for number, text in enumerate(texts):
        # Each picture is another one, as of a scanner.
        data = zlib.compress(bytes([number]) * 40 + shades[40:], 9 - number).hex() + ">"
        objects.append(
            f"<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
            "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter [/ASCIIHexDecode /FlateDecode] "
            f"/Length {len(data)} >>\nstream\n{data}\nendstream"
        )
        image = len(objects)
        shown = "q 600 0 0 800 0 0 cm /I Do Q\n"
        said = f"BT {'3 Tr ' if invisible else ''}/F1 12 Tf 400 760 Td ({text}) Tj ET\n" if text else ""
        content = said + shown if under else shown + said
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> /XObject << /I {image} 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return joined_objects(objects)


@pytest.fixture
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.setattr(scanned, "recognition_available", lambda: False)
    return Reading("a.pdf", 100, 100, lambda *_: None)


@pytest.mark.skipif(not recognition_available(), reason="Text recognition (rapidocr) is not installed.")
def test_a_scan_under_a_stamp_is_read_and_the_stamp_too(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(over_picture([STAMP]), "a.pdf", sandbox, limits)
    assert words(document.text) == [*words(STAMP), *written(LETTER)]
    assert document.warnings == ()
    first = document.word_boxes[0]
    assert document.text[first.start : first.end] == "Returning"


def test_without_recognition_a_stamped_scan_is_refused_as_a_scan(without_recognition: Reading) -> None:
    with pytest.raises(LoadError, match="only pictures of pages, with a few words put over them") as refused:
        reader.read(over_picture([STAMP]), without_recognition)
    assert refused.value.code == "scanned"


def test_without_recognition_a_text_with_a_stamped_scan_says_so(without_recognition: Reading) -> None:
    said = "This page tells what is to be paid for the parcels that were lost, and by whom, and until which day of May."
    document = reader.read(over_picture([f"{said} {said} {said} {said}", STAMP]), without_recognition)
    assert [(each.what, each.remedy) for each in document.warnings] == [
        ("1 of 2 pages is a picture with a few words put over; only these words were read.", READ_SCANS)
    ]
    assert STAMP in document.text


@pytest.mark.parametrize(
    "data",
    [
        over_picture(["A title"], colour="grey"),
        over_picture(["Returning a parcel"], invisible=True),
        over_picture(["Returning a parcel"], under=True),
        make_pdf([[(60.0, 700.0, 12.0, "A title")]]),
    ],
    ids=["coloured ground", "layer of text that is not seen", "text under the picture", "no picture"],
)
def test_what_is_no_stamped_scan_is_read_as_text(data: bytes, without_recognition: Reading) -> None:
    document = reader.read(data, without_recognition)
    assert document.text in ("A title", "Returning a parcel")
    assert document.warnings == ()


def test_the_ground_of_many_pages_is_no_scan(without_recognition: Reading) -> None:
    from core.load.pdf.stamped import Picture, not_grounds

    letterhead, scan = Picture(900, 10, 10), Picture(800, 10, 10)
    assert not_grounds({1: letterhead, 2: letterhead, 3: letterhead, 4: scan}) == {4}

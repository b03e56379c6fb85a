"""Pages that are pictures within Word and PowerPoint files: recognised, or named; logos are left alone."""

import io
import zipfile

import docx
import pytest
from docx.shared import Cm

from core.load import LoadLimits, Sandbox, load, recognition_available
from core.load.limits import Reading
from core.load.scans.pages import READ_SCANS
from core.load.word import reader
from tests.core.load.makers import make_zip
from tests.core.load.test_presentations import RELATIONS, presentation
from tests.core.load.test_real_files import check_contract
from tests.core.load.test_recognition import LETTER, drawn, saved

RECOGNISED = pytest.mark.skipif(not recognition_available(), reason="Text recognition (rapidocr) is not installed.")


def document_with(width: float, words: str = "") -> bytes:
    document = docx.Document()
    document.add_paragraph(words)
    document.add_picture(io.BytesIO(saved([drawn(LETTER)], "PNG")), width=Cm(width))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@RECOGNISED
def test_a_scan_pasted_into_word_is_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = load(document_with(16, "See below."), "a.docx", limits=limits, sandbox=sandbox)
    check_contract(document)
    assert document.text.startswith("See below.\n\nReturning a parcel")
    assert "within thirty days of its delivery" in document.text


@RECOGNISED
def test_a_small_picture_is_not_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = load(document_with(5, "With our logo."), "a.docx", limits=limits, sandbox=sandbox)
    assert (document.text, document.warnings) == ("With our logo.", ())


@RECOGNISED
def test_a_slide_that_is_a_picture_is_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    picture = (
        "<p:pic><p:blipFill><a:blip r:embed='i'/></p:blipFill><p:spPr><a:xfrm><a:ext cx='9144000' cy='6858000'/>"
        "</a:xfrm></p:spPr></p:pic>"
    )
    related = f'<Relationship Id="i" Type="{RELATIONS}/image" Target="../media/scan.png"/>'
    members = presentation([picture], related=related) | {"ppt/media/scan.png": saved([drawn(LETTER)], "PNG")}
    document = load(make_zip(members), "a.pptx", limits=limits, sandbox=sandbox)
    check_contract(document)
    assert "We pay the postage for returns" in document.text


def test_without_recognition_large_pictures_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.load.scans import inner

    monkeypatch.setattr(inner, "recognition_available", lambda: False)
    reading = Reading("a.docx", 100, 100, lambda *_: None)
    told = [tuple(warning) for warning in reader.read(document_with(16, "See below."), reading).warnings]
    assert told == [("1 picture as large as a page was not read.", READ_SCANS)]


def test_a_damaged_picture_is_named(sandbox: Sandbox, limits: LoadLimits) -> None:
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document_with(16, "See below."))) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            copy.writestr(name, b"no picture" if name.endswith(".png") else whole.read(name))
    document = load(broken.getvalue(), "a.docx", limits=limits, sandbox=sandbox)
    assert [warning.what for warning in document.warnings] == ["1 picture as large as a page was not read."]

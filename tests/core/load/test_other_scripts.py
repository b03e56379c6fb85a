"""Scans in scripts that the built-in recognition does not know: not sure, and read where Tesseract is there."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from core.load import LoadLimits, Sandbox, load, recognition_available
from core.load.scans.reading_order import confidence_of
from core.load.scans.recognise import RecognisedLine, RecognisedWord
from core.load.scans.tesseract import tesseract
from tests.core.load.test_recognition import saved

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
LINES = ("Возврат посылки возможен в течение тридцати дней", "Сохраните чек и упаковку")


def line(text: str, width: float, confidence: float) -> RecognisedLine:
    box = (0.0, 0.0, width, 20.0)
    return RecognisedLine((RecognisedWord(text, box),), box, confidence)


def test_letters_with_room_for_many_more_are_not_sure() -> None:
    assert confidence_of([line("We pay the postage for returns", 340, 0.95)]) == pytest.approx(0.95)
    assert confidence_of([line("包裹可以在三十天内退回", 220, 0.95)]) == pytest.approx(0.95)
    assert confidence_of([line(". .", 600, 0.95), line("41-55501", 600, 0.95)]) < 0.5
    assert confidence_of([]) == 1.0


@pytest.mark.skipif(not recognition_available(), reason="Text recognition (rapidocr) is not installed.")
@pytest.mark.skipif(not (FONT.exists() and tesseract()), reason="Tesseract, or a font of Russian, is not here.")
def test_a_russian_scan_is_read_by_tesseract(sandbox: Sandbox, limits: LoadLimits) -> None:
    picture = Image.new("RGB", (1240, 600), "white")
    brush, font = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 34)
    for number, words in enumerate(LINES):
        brush.text((80, 80 + 62 * number), words, fill="black", font=font)
    document = load(saved([picture], "PNG"), "a.png", limits=limits, sandbox=sandbox)
    assert document.text == "\n".join(LINES)
    assert document.warnings == ()
    assert document.text[document.word_boxes[1].start : document.word_boxes[1].end] == "посылки"

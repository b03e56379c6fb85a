"""Fonts whose letters come out shifted: put right where that makes words, left alone else."""

import pytest

from core.load import LoadLimits, Sandbox, load
from core.load.pdf.shifted import mended
from tests.core.load.makers import make_pdf
from tests.core.load.test_real_files import check_contract

LINES = [
    "The annual report of the press tells that the boiler is checked in spring and in autumn.",
    "Ask for the key of the hall at the office and bring it back by five in the evening.",
]


def shifted(text: str, by: int) -> str:
    return "".join(chr(ord(letter) + by) if letter.isalpha() else letter for letter in text)


@pytest.mark.parametrize("by", [3, 1])
def test_shifted_letters_are_put_right(by: int, sandbox: Sandbox, limits: LoadLimits) -> None:
    page = [(50.0, 700.0 - 14 * number, 11.0, shifted(line, by)) for number, line in enumerate(LINES)]
    document = load(make_pdf([page]), "a.pdf", limits=limits, sandbox=sandbox)
    check_contract(document)
    assert [line.rstrip(",.;:+*-0/1") for line in document.text.split("\n")] == [line.rstrip(".") for line in LINES]


def test_only_the_lines_of_the_broken_font_are_mended() -> None:
    broken = "".join(chr(ord(letter) - 29) for letter in LINES[0])
    assert mended(f"{LINES[1]}\r\n{broken}\r\n{LINES[1]}") == f"{LINES[1]}\r\n{LINES[0]}\r\n{LINES[1]}"


@pytest.mark.parametrize(
    "text",
    [
        "KX-1000 Bracket 12.00\r\nKX-1001 Hinge 13.00\r\nKX-1002 Screw 14.00\r\nKX-1003 Bolt 15.00\r\nKX-1004 Nut 1.00",
        "Tuote toimitetaan asiakkaalle viiden arkisin kuluessa tilauksesta ilman erillistä maksua kaikkialle Suomeen",
        "abc " * 40,
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert mended(text) == text

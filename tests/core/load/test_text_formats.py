"""Plain text, Markdown and CSV: the text is the file's, character for character, and blocks lie in it."""

import codecs

import pytest

from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.test_real_files import check_contract


def read(data: str | bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data.encode() if isinstance(data, str) else data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def rows(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.blocks[-1].rows]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_plain_text_keeps_every_character(line_break: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    text = "Chapter 1\n\nFirst paragraph,\nsecond line.\n\n\n  Indented  \n\n- one\n- two\n".replace("\n", line_break)
    document = read(text, "a.txt", sandbox, limits)
    assert document.text == text
    assert blocks(document) == [
        ("heading", "Chapter 1"),
        ("paragraph", f"First paragraph,{line_break}second line."),
        ("paragraph", "Indented"),
        ("list", f"- one{line_break}- two"),
    ]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", b""),
        ("cp1252", b""),
    ],
)
def test_encodings_are_told(encoding: str, mark: bytes, sandbox: Sandbox, limits: LoadLimits) -> None:
    text = "Zölle und Gebühren für Pakete aus aller Welt. Wer mehr als 150 Euro ausgibt, zahlt Zoll und Prüfgebühr."
    document = read(mark + text.encode(encoding), "a.txt", sandbox, limits)
    assert document.text == text
    assert bool(document.warnings) == (encoding == "cp1252")


def test_shift_jis_and_koi8_are_guessed(sandbox: Sandbox, limits: LoadLimits) -> None:
    for text, encoding in (
        ("国外からの荷物には税金がかかります。" * 20, "shift_jis"),
        ("Посылки из-за границы облагаются налогом. " * 20, "koi8-r"),
    ):
        assert read(text.encode(encoding), "a.txt", sandbox, limits).text == text


def test_markdown_keeps_its_marks_and_its_headings_leave_theirs(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = (
        "---\ntitle: Rates\n---\n# Parcel rates #\n\nText with *marks*.\n\nSetext\n------\n\n"
        "- one\n- two\n  - three\n\n| To | Price |\n|---|---|\n| Spain | 12 |\n| Chile | 30 |\n\n```\ncode\n```\n"
    )
    document = read(text, "rates.md", sandbox, limits)
    assert document.text == text
    assert document.title == "Rates"
    assert blocks(document) == [
        ("paragraph", "title: Rates"),
        ("heading", "Parcel rates"),
        ("paragraph", "Text with *marks*."),
        ("heading", "Setext"),
        ("list", "- one\n- two\n  - three"),
        ("table", "| To | Price |\n|---|---|\n| Spain | 12 |\n| Chile | 30 |"),
        ("paragraph", "```\ncode\n```"),
    ]
    table = document.blocks[5]
    assert table.header == "To | Price"
    assert [text[start:end] for start, end in table.rows] == ["| To | Price |", "| Spain | 12 |", "| Chile | 30 |"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_rows_hold_quoted_line_breaks(
    delimiter: str, line_break: str, sandbox: Sandbox, limits: LoadLimits
) -> None:
    lines = ["Place;Note;Price", '"Lima;Peru";"two', 'lines";12', "Rome;;7"]
    text = line_break.join(line.replace(";", delimiter) for line in lines) + line_break
    document = read(text, "a.csv", sandbox, limits)
    assert document.text == text
    assert document.blocks[0].header == "Place | Note | Price"
    assert rows(document) == [
        lines[0].replace(";", delimiter),
        line_break.join(lines[1:3]).replace(";", delimiter),
        lines[3].replace(";", delimiter),
    ]


def test_a_stray_quotation_mark_does_not_swallow_the_table(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = "Part,Size\n" + 'Screen,"24" wide\n' + "Bolt,3\n" * 500
    assert len(rows(read(text, "a.csv", sandbox, limits))) == 502


def test_figures_in_the_first_row_are_no_header(sandbox: Sandbox, limits: LoadLimits) -> None:
    assert read("Bolt,3\nNut,4\n", "a.csv", sandbox, limits).blocks[0].header == ""


def test_too_little_text_has_no_language(sandbox: Sandbox, limits: LoadLimits) -> None:
    assert read("Total 12", "a.txt", sandbox, limits).language == ""
    spanish = "Los paquetes que llegan desde fuera de la unión pagan impuestos de importación."
    assert read(spanish, "a.txt", sandbox, limits).language == "es"

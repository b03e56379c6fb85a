"""Files that are broken, lie about themselves or mean harm: each ends in one clear sentence, and nothing is lost."""

import io
import random
import zipfile

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.makers import make_docx, make_pdf, make_zip
from tests.core.load.test_real_files import check_contract

PAGE = [(50.0, 700.0 - 14 * line, 11.0, f"Line {line} of a page with some words in it.") for line in range(20)]


def refusal(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> LoadError:
    with pytest.raises(LoadError) as caught:
        load(data, name, limits=limits, sandbox=sandbox)
    assert caught.value.remedy
    return caught.value


def read(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b" \r\n\t\n", "a.txt", "empty"),
        (b"\xef\xbb\xbf", "a.txt", "empty"),
        (b"\x00" * 5000, "a.txt", "empty"),
        (random.Random(7).randbytes(20_000), "a.pdf", "unsupported"),
        (b"%PDF-1.4\n" + random.Random(7).randbytes(5000), "a.pdf", "broken"),
        (make_pdf([PAGE])[:400], "a.pdf", "broken"),
        (b"PK\x03\x04" + random.Random(7).randbytes(500), "a.docx", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(7).randbytes(3000), "a.xls", "broken"),
        (b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(500), "a.docx", "broken"),
        (b"\xff\xd8\xff\xe0" + random.Random(7).randbytes(500), "photo.jpg", "broken"),
        (b"\x00\x00\x00\x18ftypheic" + random.Random(7).randbytes(500), "photo.heic", "broken"),
        (b"ID3\x04" + random.Random(7).randbytes(500), "song.mp3", "unsupported"),
        (b"\x7fELF" + random.Random(7).randbytes(500), "tool", "unsupported"),
        (make_zip({"notes.txt": "words"}), "all.zip", "unsupported"),
        (b"<html><body><script>var x = 1</script></body></html>", "a.html", "no_text"),
        (make_docx(""), "a.docx", "no_text"),
        (make_pdf([[]]), "a.pdf", "no_text"),
    ],
)
def test_what_cannot_be_read_is_refused(
    data: bytes, name: str, code: str, sandbox: Sandbox, limits: LoadLimits
) -> None:
    assert refusal(data, name, sandbox, limits).code == code


def test_a_pdf_called_docx_is_read_as_a_pdf_and_says_so(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(make_pdf([PAGE]), "letter.docx", sandbox, limits)
    assert document.kind == "pdf"
    assert [warning.what for warning in document.warnings] == [
        "The name ends in .docx, but this is a PDF; it was read as that."
    ]


def test_a_page_of_html_called_xls_is_read_as_html(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = (
        b"<html><body><table><tr><th>Part</th><th>Price</th></tr><tr><td>Bolt</td><td>2</td></tr></table></body></html>"
    )
    document = read(data, "export.xls", sandbox, limits)
    assert document.kind == "html"
    assert document.blocks[0].header == "Part | Price"
    assert len(document.warnings) == 1


def test_a_file_over_the_limit_is_refused(sandbox: Sandbox) -> None:
    small = LoadLimits(seconds=10, memory_megabytes=2048, pages=10, megabytes=1)
    assert refusal(b"word " * 300_000, "a.txt", sandbox, small).code == "too_large"


def test_a_zip_bomb_is_refused_by_what_it_declares(sandbox: Sandbox) -> None:
    bomb = make_docx("", extra={"word/media/image1.png": b"\x00" * 30_000_000})
    assert len(bomb) < 100_000
    small = LoadLimits(seconds=10, memory_megabytes=2048, pages=10, megabytes=1)
    assert refusal(bomb, "a.docx", sandbox, small).code == "too_large"


def test_a_zip_bomb_that_declares_too_little_is_not_unpacked(sandbox: Sandbox) -> None:
    bomb = make_docx("", extra={"word/media/image1.png": b"\x00" * 30_000_000})
    size = (30_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    small = LoadLimits(seconds=10, memory_megabytes=2048, pages=10, megabytes=1)
    assert refusal(bomb.replace(size, (10).to_bytes(4, "little")), "a.docx", sandbox, small).code in (
        "too_large",
        "broken",
    )


def test_xml_entities_are_never_expanded(sandbox: Sandbox, limits: LoadLimits) -> None:
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    before = f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]>'
    error = refusal(make_docx("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", before=before), "a.docx", sandbox, limits)
    assert error.code == "broken"


def test_a_docx_cannot_reach_for_a_file_of_this_machine(sandbox: Sandbox, limits: LoadLimits) -> None:
    before = '<!DOCTYPE w [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    error = refusal(make_docx("<w:p><w:r><w:t>&file;</w:t></w:r></w:p>", before=before), "a.docx", sandbox, limits)
    assert error.code == "broken"


def test_html_entities_and_deep_nesting_are_harmless(sandbox: Sandbox, limits: LoadLimits) -> None:
    bomb = b'<!DOCTYPE html [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><html><body><p>Before &b; after</p></body></html>'
    assert "Before" in read(bomb, "a.html", sandbox, limits).text
    deep = b"<html><body>" + b"<div>" * 50_000 + b"the bottom" + b"</div>" * 50_000
    assert "the bottom" in read(deep, "a.html", sandbox, limits).text


def test_a_workbook_that_claims_a_million_columns_is_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Part", "Price"])
    book.active.append(["Bolt", 2])
    stream = io.BytesIO()
    book.save(stream)
    parts = {}
    with zipfile.ZipFile(stream) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    document = read(make_zip(parts), "prices.xlsx", sandbox, limits)
    assert [document.text[start:end] for start, end in document.blocks[-1].rows] == ["Part | Price", "Bolt | 2"]


def test_a_pdf_without_a_character_map_is_called_garbled(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = "".join(chr(code) for code in (1, 2, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18, 19, 20) for _ in range(3))
    assert refusal(make_pdf([[(50, 700, 12, text)]]), "a.pdf", sandbox, limits).code == "garbled"


def test_only_so_many_pages_are_read(sandbox: Sandbox) -> None:
    few = LoadLimits(seconds=10, memory_megabytes=2048, pages=3, megabytes=10)
    document = read(make_pdf([PAGE] * 7), "long.pdf", sandbox, few)
    assert document.page_count == 3
    assert [warning.what for warning in document.warnings] == ["Only the first 3 of 7 pages were read."]


def test_nul_and_lone_surrogates_never_reach_the_text(sandbox: Sandbox, limits: LoadLimits) -> None:
    assert read(b"one\x00two and three words", "a.txt", sandbox, limits).text == "one two and three words"
    wide = b"\xff\xfe" + "left ".encode("utf-16-le") + b"\x00\xd8" + " right".encode("utf-16-le")
    assert read(wide, "a.txt", sandbox, limits).text == "left \ufffd right"


def test_a_child_survives_a_hundred_bad_files(sandbox: Sandbox, limits: LoadLimits) -> None:
    good = make_pdf([PAGE])
    codes = set()
    for size in range(0, len(good), max(1, len(good) // 100)):
        try:
            load(good[: size + 1], "a.pdf", limits=limits, sandbox=sandbox)
        except LoadError as error:
            codes.add(error.code)
    assert "broken" in codes
    assert codes <= {"broken", "no_text", "scanned"}
    assert "Line 3" in read(good, "a.pdf", sandbox, limits).text

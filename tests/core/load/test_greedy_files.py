"""Small files that ask for hours or for all the memory: each is read or refused in words, in seconds."""

import io
import zipfile

import pytest

from core.load import LoadLimits, Sandbox
from core.load.limits import MOST_CHARACTERS
from tests.core.load.makers import make_docx, make_pdf, make_zip
from tests.core.load.test_hostile_files import read, refusal

pytestmark = pytest.mark.timeout(240)
# Far less than a quadratic reader needs for these files, far more than a busy machine takes for a linear one.
SHORT = LoadLimits(seconds=60, memory_megabytes=2048, pages=5000, megabytes=100)
PAGE = [(50.0, 780.0 - line / 2, 4.0, f"Line {line} of a page with some words in it.") for line in range(1500)]


def make_book(spine: list[str], chapters: dict[str, str]) -> bytes:
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters)
    listed = "".join(f'<itemref idref="{name}"/>' for name in spine)
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{listed}</spine></package>'
    )
    pages = {name: f"<html><body><h1>{name}</h1><p>{words}</p></body></html>" for name, words in chapters.items()}
    return make_zip({"mimetype": "application/epub+zip", "book.opf": package, **pages})


def make_text(body: str, **members: str | bytes) -> bytes:
    namespaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content{namespaces}>{text}</office:document-content>"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>'
    )
    kind = members.pop("mimetype", "application/vnd.oasis.opendocument.text")
    meta = f"<office:document-meta{namespaces}><office:meta/></office:document-meta>"
    return make_zip(
        {"mimetype": kind, "content.xml": content, "meta.xml": meta, "META-INF/manifest.xml": manifest, **members}
    )


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<!-- licence -->\n" * 400 + b"<p>The price is 5 euros.</p>", "a.html", "The price is 5 euros."),
        (b"<!---->" * 40 + b"x", "a.txt", "x"),
        (b"# a" + b" \t" * 60_000 + b"b\n\nwords", "a.md", "words"),
        (b"# " + b" \t#" * 30_000 + b"b\n\nwords", "a.md", "words"),
        (b"<div>" * 3000 + b"words" + b"<!--" * 300_000, "a.html", "words"),
        (b"<div>" * 3000 + b"words" + b"<script>" * 100_000, "a.html", "words"),
        (b"---\ntitle: " + b" " * 200_000 + b"x\n---\nwords", "a.md", "words"),
        (b"> " * 30_000 + b"words", "a.md", "words"),
        (b"- " * 30_000 + b"words", "a.md", "words"),
        (b"*a_ " * 50_000 + b"words", "a.md", "words"),
        (b"[" * 50_000 + b"words", "a.md", "words"),
        (b"<b>" * 100_000 + b"words", "a.html", "words"),
        (b"<blockquote>" * 50_000 + b"words", "a.html", "words"),
        (b"<ul><li>" * 20_000 + b"words", "a.html", "words"),
        (b"<table><tr><td>" * 5000 + b"words", "a.html", "words"),
        (b"<html><body>" + b"<header>" * 5000 + b"words", "a.html", "words"),
        (b"{\\rtf1 " + b"{" * 50_000 + b"words", "a.rtf", "words"),
        (b"From: a@b.c\nSubject: s\nContent-Type: text/plain; " + b"-<!--" * 80_000 + b"\n\nwords", "a.eml", "words"),
        (b"From: a@b.c\nSubject: s\nTo: " + b"(" * 200_000 + b"\n\nwords", "a.eml", "words"),
        (b"From: a@b.c\nSubject: s\nTo: " + b"a@b.c, " * 50_000 + b"\n\nwords", "a.eml", "words"),
        (b"From: a@b.c\nSubject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nwords", "a.eml", "words"),
        (b"From: a@b.c\nDate: " + b"1 " * 200_000 + b"\nSubject: s\n\nwords", "a.eml", "words"),
        (b"From: a@b.c\nSubject: s\n\n" + b"> " * 50_000 + b"words", "a.eml", "words"),
    ],
)
def test_what_held_a_lane_for_minutes_is_read_in_seconds(data: bytes, name: str, words: str, sandbox: Sandbox) -> None:
    assert words in read(data, name, sandbox, SHORT).text


def test_a_chapter_listed_thousands_of_times_is_read_once(sandbox: Sandbox) -> None:
    chapters = {"one.xhtml": "<b>word</b> " * 20_000, "two.xhtml": "the end"}
    document = read(make_book(["one.xhtml"] * 5000 + ["two.xhtml"], chapters), "a.epub", sandbox, SHORT)
    assert document.page_count == 2
    assert document.page_names == ("one.xhtml", "two.xhtml")
    assert [warning.what for warning in document.warnings] == [
        "It lists some chapters more than once; each was read once."
    ]


def test_a_page_listed_thousands_of_times_is_read_once(sandbox: Sandbox) -> None:
    one = make_pdf([PAGE, [(50.0, 700.0, 11.0, "The last page.")]])
    listed = one.replace(b"/Kids [5 0 R 7 0 R] /Count 2", b"/Kids [" + b"5 0 R " * 5000 + b"7 0 R] /Count 5001")
    assert len(listed) > len(one)
    few = LoadLimits(seconds=60, memory_megabytes=2048, pages=6000, megabytes=100)
    document = read(listed, "a.pdf", sandbox, few)
    assert document.text.count("Line 7 of a page") == 1
    assert "The last page." in document.text
    assert [warning.what for warning in document.warnings] == [
        "4,999 pages only repeat an earlier one, which was read once."
    ]


@pytest.mark.parametrize("count", ["900000000", "1000", "12", "many"])
def test_blanks_by_the_million_are_one_blank(count: str, sandbox: Sandbox) -> None:
    body = f'<text:p>The price<text:s text:c="{count}"/>is 5 euros.</text:p>'
    assert "The price is 5 euros." in read(make_text(body), "a.odt", sandbox, SHORT).text


@pytest.mark.slow
def test_a_mimetype_that_is_a_bomb_is_not_unpacked(sandbox: Sandbox) -> None:
    kind = b"application/vnd.oasis.opendocument.text" + b" " * 300_000_000
    small = LoadLimits(seconds=60, memory_megabytes=400, pages=10, megabytes=1)
    assert refusal(make_text("<text:p>a</text:p>", mimetype=kind), "a.odt", sandbox, small).code == "too_large"


def large_workbook(rows: int, letters: int) -> bytes:
    """A workbook in which each cell shows one long text that the file holds once."""
    import openpyxl

    book = openpyxl.Workbook()
    for _ in range(rows):
        book.active.append(["x" * letters] * 3)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"word " * (MOST_CHARACTERS // 5 + 1), "a.txt"),
        (b"word\n\n" * (MOST_CHARACTERS // 6 + 1), "a.md"),
        (b"a,b\n" * (MOST_CHARACTERS // 4 + 1), "a.csv"),
        ((b"<p>" + b"words in it " * 1000 + b"</p>") * (MOST_CHARACTERS // 12_000 + 1), "a.html"),
        (large_workbook(1000, 32_000), "a.xlsx"),
    ],
    ids=["txt", "md", "csv", "html", "xlsx"],
)
def test_a_document_of_too_many_characters_is_refused_in_words(data: bytes, name: str, sandbox: Sandbox) -> None:
    large = LoadLimits(seconds=120, memory_megabytes=2048, pages=5000, megabytes=200)
    error = refusal(data, name, sandbox, large)
    assert error.code == "too_large"
    assert error.what.startswith("This file holds more text than one file may: over 20 million characters.")


@pytest.mark.parametrize("length", [131_072, 131_073, 3_000_000])
def test_a_long_cell_is_read_whatever_was_read_before(length: int) -> None:
    fresh = Sandbox()
    try:
        document = read(b"name,text\nfirst," + b"x" * length + b"\nsecond,short\n", "a.csv", fresh, SHORT)
        assert len(document.blocks[0].rows) == 3
    finally:
        fresh.close()


@pytest.mark.parametrize(
    "charset", ["undefined", "idna", "punycode", "hex", "rot13", "zip", "unicode_escape", "x-mine", "utf-8; a", "é"]
)
def test_a_charset_that_is_none_is_no_failure(charset: str, sandbox: Sandbox) -> None:
    words = "Das Paket kostet fünf Euro."
    page = f'<html><head><meta charset="{charset}"></head><body><p>{words}</p></body></html>'
    assert words in read(page.encode("cp1252"), "a.html", sandbox, SHORT).text
    mail = f"From: a@b.c\nSubject: =?{charset}?q?Price?=\nContent-Type: text/plain; charset={charset}\n\n{words}\n"
    assert words in read(mail.encode("cp1252"), "a.eml", sandbox, SHORT).text


@pytest.mark.parametrize("name", ["word/late.xml", "word/part.dat", "customXml/item1"])
@pytest.mark.parametrize("before", [b"", b" " * 3_000_000, b"<!--" + b"x" * 2_000_000 + b"-->"])
def test_entities_are_refused_wherever_they_stand(name: str, before: bytes, sandbox: Sandbox) -> None:
    bomb = before + b'<!DOCTYPE w [<!ENTITY a "ha">]><w>&a;</w>'
    data = make_docx("<w:p><w:r><w:t>words</w:t></w:r></w:p>", extra={name: bomb})
    error = refusal(data, "a.docx", sandbox, SHORT)
    assert error.code == "broken"
    assert "instructions" in error.what
    assert zipfile.is_zipfile(io.BytesIO(data))

"""Web pages, e-mails, office files and e-books made for the purpose."""

import datetime
import email.message
import io

import openpyxl

from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.makers import make_docx, make_zip
from tests.core.load.test_real_files import check_contract


def read(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_only_what_a_reader_sees_of_a_web_page_is_text(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = b"""<!doctype html><html><head><title>Import tax</title><style>p {color: red}</style></head><body>
    <script>track()</script><nav><a href="/">Home</a></nav><header>ShipIt</header>
    <main><h1>Import <em>tax</em></h1><p hidden>hidden</p><p style="display: none">invisible</p>
    <p>Paid by the <b>receiver</b>,<br>not the sender.</p>
    <ol start=3><li>Declare</li><li>Pay<ul><li>by card</li></ul></li></ol>
    <pre>a  b
  c</pre></main><footer>Imprint</footer></body></html>"""
    document = read(page, "a.html", sandbox, limits)
    assert document.title == "Import tax"
    assert blocks(document) == [
        ("furniture", "ShipIt"),
        ("heading", "Import tax"),
        ("paragraph", "Paid by the receiver,\nnot the sender."),
        ("list", "3. Declare\n4. Pay\n  \u2022 by card"),
        ("paragraph", "a  b\n  c"),
        ("furniture", "Imprint"),
    ]


def test_a_table_of_data_is_a_table_and_a_table_for_layout_is_not(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = b"""<html><body><table><tr><td><h2>Rates</h2><p>All rates in euro.</p>
    <table><tr><th>To</th><th>Price</th></tr><tr><td>Spain</td><td>$</td><td>12</td></tr></table></td></tr></table></body></html>"""
    document = read(page, "a.html", sandbox, limits)
    assert blocks(document) == [
        ("heading", "Rates"),
        ("paragraph", "All rates in euro."),
        ("table", "To | Price\nSpain | $12"),
    ]


def test_a_line_wholly_in_bold_is_a_heading(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = b"<html><body><h1>A</h1><p><strong>When to pay</strong></p><p>Pay <b>at once</b></p></body></html>"
    document = read(page, "a.html", sandbox, limits)
    assert [(block.kind, block.level) for block in document.blocks] == [
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 0),
    ]


def test_an_email_has_its_head_and_body_and_hands_over_what_was_attached(sandbox: Sandbox, limits: LoadLimits) -> None:
    message = email.message.EmailMessage()
    message["From"] = "Ana <ana@example.com>"
    message["To"] = "bo@example.com"
    message["Subject"] = "Zölle im März"
    message.set_content("Plain words")
    message.add_alternative("<html><body><p>Dear Bo,</p><ul><li>Pay soon</li></ul></body></html>", subtype="html")
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="../../invoice.exe")
    document = read(message.as_bytes(), "a.eml", sandbox, limits)
    assert blocks(document) == [
        ("heading", "Zölle im März"),
        ("paragraph", "From: Ana <ana@example.com>\nTo: bo@example.com"),
        ("paragraph", "Dear Bo,"),
        ("list", "\u2022 Pay soon"),
        ("paragraph", "Plain words"),
    ]
    assert document.title == "Zölle im März"
    assert document.attachments == (("invoice.exe", b"MZ"),)
    assert document.warnings == ()


def test_word_headings_come_from_styles_and_bold_lines(sandbox: Sandbox, limits: LoadLimits) -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>When to pay</w:t></w:r></w:p>"
    plain = "<w:p><w:r><w:t>Short</w:t></w:r></w:p>"
    footnotes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote>'
        "<w:p><w:r><w:t>Except gifts.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    document = read(make_docx(bold + plain, extra={"word/footnotes.xml": footnotes}), "a.docx", sandbox, limits)
    assert blocks(document) == [("heading", "When to pay"), ("paragraph", "Short"), ("list", "(1) Except gifts.")]


def workbook(sheets: dict[str, list[list[object]]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def as_bytes(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_shows_values_as_its_reader_sees_them(sandbox: Sandbox, limits: LoadLimits) -> None:
    book = workbook({"Rates": [["To", "Since", "Share", "On"], ["Spain", datetime.datetime(2024, 3, 31), 0.125, True]]})
    book["Rates"]["C2"].number_format = "0.0%"
    document = read(as_bytes(book), "a.xlsx", sandbox, limits)
    assert document.page_names == ("Rates",)
    assert blocks(document)[1] == ("table", "To | Since | Share | On\nSpain | 2024-03-31 | 12.5% | TRUE")


def test_tables_on_a_sheet_are_told_apart_and_keep_captions(sandbox: Sandbox, limits: LoadLimits) -> None:
    rows = [["Letters"], ["To", "Price"], ["Spain", 1], [], ["Parcels"], ["To", "Price"], ["Chile", 30]]
    document = read(as_bytes(workbook({"Rates": rows})), "a.xlsx", sandbox, limits)
    assert blocks(document) == [
        ("heading", "Rates"),
        ("heading", "Letters"),
        ("table", "To | Price\nSpain | 1"),
        ("heading", "Parcels"),
        ("table", "To | Price\nChile | 30"),
    ]


def test_hidden_sheets_stay_hidden(sandbox: Sandbox, limits: LoadLimits) -> None:
    book = workbook({"Rates": [["To", "Price"], ["Spain", 1]], "Margins": [["secret", "margin"]]})
    book["Margins"].sheet_state = "hidden"
    document = read(as_bytes(book), "a.xlsx", sandbox, limits)
    assert "secret" not in document.text
    assert [warning.what for warning in document.warnings] == ["A hidden sheet was not read: Margins."]


def test_an_e_book_is_read_in_the_order_of_its_spine(sandbox: Sandbox, limits: LoadLimits) -> None:
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    package = (
        "<package><metadata><title>Two tales</title></metadata><manifest>"
        '<item id="b" href="second%20part.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="a" href="first.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    book = make_zip(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package,
            "OEBPS/first.xhtml": "<html><body><h1>One</h1><p>The first tale.</p></body></html>",
            "OEBPS/second part.xhtml": "<html><body><h1>Two</h1><p>The second tale.</p></body></html>",
        }
    )
    document = read(book, "a.epub", sandbox, limits)
    assert (document.title, document.page_word, document.page_names) == ("Two tales", "chapter", ("One", "Two"))
    assert [(words, block.page) for (_, words), block in zip(blocks(document), document.blocks, strict=True)] == [
        ("One", 1),
        ("The first tale.", 1),
        ("Two", 2),
        ("The second tale.", 2),
    ]

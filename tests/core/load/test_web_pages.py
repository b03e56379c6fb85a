"""Web pages as they are saved: banners answer nothing, forms and formulas say what they say, letters are right."""

from pathlib import Path

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).parent / "cases"


def read(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def searched(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind != "furniture"]


def body(markup: str, sandbox: Sandbox, limits: LoadLimits) -> list[str]:
    return searched(read(f"<html><body><h1>Page</h1>{markup}</body></html>".encode(), "a.html", sandbox, limits))[1:]


def test_a_page_answers_from_what_its_reader_came_for(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "h01_nav_cookie_hidden.html").read_bytes(), "h01.html", sandbox, limits)
    said = searched(document)
    assert "Weight | Fee\n2 kg | 4.90" in said
    assert "Island delivery takes six days." in said
    assert not any("cookies" in words or "3.10" in words or "Jobs" in words for words in said)


def test_a_saved_page_is_read_like_the_page(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = (CASES / "h04_saved_page.mht").read_bytes()
    for name in ("h04.mht", "h04.txt"):
        document = read(data, name, sandbox, limits)
        assert (document.kind, document.text) == ("mht", "FAQ\n\nThe repair takes nine days.")


def test_the_frames_of_a_saved_page_are_read_or_named(sandbox: Sandbox, limits: LoadLimits) -> None:
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n"
    frame = b"\n--B\nContent-Type: text/html\n\n<html><body><p>In the frame</p></body></html>"
    sheet = b'\n--B\nContent-Type: text/html\n\n<html><frameset cols="*"><frame src="a"></frameset></html>'
    document = read(head + sheet + frame + b"\n--B--\n", "a.mht", sandbox, limits)
    assert (document.text, document.warnings) == ("In the frame", ())
    page = b"\n--B\nContent-Type: text/html\n\n<html><body><p>Page</p></body></html>"
    document = read(head + page + frame + b"\n--B--\n", "a.mht", sandbox, limits)
    assert [warning.what for warning in document.warnings] == ["A frame of the page was not read."]


@pytest.mark.parametrize(
    "banner",
    [
        '<div class="cookie-consent">We use cookies. <button>Accept</button></div>',
        '<div id="onetrust-banner-sdk" role="alertdialog">'
        + "<p>We use cookies.</p>" * 60
        + "<button>OK</button></div>",
        '<div role="dialog" aria-label="Cookie consent"><p>We use cookies.</p></div>',
        '<section class="gdpr"><p>We use cookies.</p></section>',
    ],
)
def test_a_consent_banner_is_not_searched(banner: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    assert body(f"{banner}<p>The fee is 12.</p>", sandbox, limits) == ["The fee is 12."]


@pytest.mark.parametrize(
    "page",
    [
        '<main><div class="cookie-notice">We use cookies.</div></main>',
        '<div class="cookies"><h1>Cookies</h1><p>We use cookies.</p></div>',
        '<div class="cookie-policy">' + "<p>We use cookies.</p>" * 60 + "</div>",
    ],
)
def test_a_page_about_cookies_is_searched(page: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    assert "We use cookies." in body(page, sandbox, limits)


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<label>Send by <select><option>Post<option>Courier</select></label>", ["Send by Post, Courier"]),
        ('<p>Name <input value="Bo Lind"></p><input type="hidden" value="x7">', ["Name Bo Lind"]),
        ("<textarea>Leave it at gate 3</textarea>", ["Leave it at gate 3"]),
        ('<p><input type="radio" checked> by post <input type="radio"> by hand</p>', ["☒ by post by hand"]),
        ("<p>Press <button>Save</button> twice.</p>", ["Press Save twice."]),
        ("<div><button>Send</button></div><p>words</p>", ["words"]),
        ('<button aria-expanded="false">Islands?</button><div>Six days.</div>', ["Islands?", "Six days."]),
        ("<dialog><p>Sizes run small.</p></dialog>", ["Sizes run small."]),
        ("<p>Take <math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mi>y</mi></math>.</p>", ["Take x^2 + y."]),
        ("<p>About 10<sup>6</sup> m<sup>2</sup></p>", ["About 10\u2076 m2"]),
        ("<svg>" + "<text>x" * 100 + "</text>" * 100 + "</svg>", ["x" * 100]),
        ("<svg><title>icon</title><text>Depth 4 m</text></svg>", ["Depth 4 m"]),
        ("<p>words</p><noscript>Prices need no script.</noscript>", ["words"]),
    ],
)
def test_forms_and_formulas_say_what_they_say(
    markup: str, said: list[str], sandbox: Sandbox, limits: LoadLimits
) -> None:
    assert body(markup, sandbox, limits) == said


def test_a_page_of_nothing_else_is_read_from_what_stands_for_it(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = b'<html><body><noscript>Open from nine.</noscript><img alt="Map of the gates"></body></html>'
    assert searched(read(page, "a.html", sandbox, limits)) == ["Open from nine.", "Map of the gates"]
    page = b"<html><body><nav><a>Rooms</a></nav><footer>Imprint</footer></body></html>"
    assert searched(read(page, "a.html", sandbox, limits)) == ["Rooms", "Imprint"]
    page = b"<html><body><noscript>You need to enable JavaScript to run this app.</noscript></body></html>"
    with pytest.raises(LoadError) as caught:
        load(page, "a.html", limits=limits, sandbox=sandbox)
    assert caught.value.code == "no_text"
    page = b'<html><frameset cols="*"><frame src="a.html"></frameset></html>'
    with pytest.raises(LoadError, match="frames"):
        load(page, "a.html", limits=limits, sandbox=sandbox)


@pytest.mark.parametrize(
    ("stated", "codec", "words"),
    [
        ("ISO-8859-1", "cp1252", "“Zölle” – 12 €"),
        ("x-sjis", "cp932", "①価格は十二ユーロ"),
        ("gb2312", "gb18030", "朱镕基 价格"),
        ("iso-2022-jp", "iso2022_jp", "価格は十二ユーロ"),
        ("hz-gb-2312", "hz", "价格 十二"),
        ("utf-16", "utf-8", "Zölle"),
        ("euc-kr", "cp949", "똠방각하 가격"),
    ],
)
def test_letters_are_those_of_the_page(
    stated: str, codec: str, words: str, sandbox: Sandbox, limits: LoadLimits
) -> None:
    page = f'<html><head><meta charset="{stated}"></head><body><p>{words}</p></body></html>'
    document = read(page.encode(codec), "a.html", sandbox, limits)
    assert (document.text, document.warnings) == (words, ())


def test_a_page_in_xml_is_decoded_by_its_declaration(sandbox: Sandbox, limits: LoadLimits) -> None:
    head = '<?xml version="1.0" encoding="{}"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
    page = head + "<body><script src='a'/><p>Цена 12 рублей</p></body></html>"
    for stated, codec in (("windows-1251", "cp1251"), ("utf-16", "utf-8")):
        document = read(page.format(stated).encode(codec), "a.xhtml", sandbox, limits)
        assert (document.text, document.warnings) == ("Цена 12 рублей", ())

"""Subtitles, JSON and XML: read as what they are, in words and tables."""

import json
from pathlib import Path

import pytest

from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).parent / "cases"


def read(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def said(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


@pytest.mark.parametrize("name", ["t09.srt", "t09.txt"])
def test_subtitles_are_sentences_under_their_time(name: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "t09_srt.srt").read_bytes(), name, sandbox, limits)
    welcome = "Welcome to the Brunnhof training. The emergency stop is the red lever on the left."
    assert (document.kind, said(document)) == ("srt", ["0:01", welcome])


def test_web_subtitles_lose_their_marks_and_what_rolls_up(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = (
        "WEBVTT - Title\n\nNOTE not shown\n\nSTYLE\n::cue {}\n\n7b-1\n00:01.000 --> 00:03.000 align:left\n"
        "<v Ilse>The <i>pump</i> is\n\n2\n00:03.000 --> 00:05.000\nThe pump is\n&amp; stays on.\n\n"
        "01:40:00.000 --> 01:40:02.000\n{\\an8}Goodbye.\n"
    )
    document = read(text.encode(), "a.vtt", sandbox, limits)
    assert said(document) == ["0:01", "Ilse: The pump is The pump is & stays on.", "1:40:00", "Goodbye."]
    rolling = "1\n00:00:01,000 --> 00:00:02,000\none two\n2\n00:00:02,000 --> 00:00:03,000\none two\nthree\n"
    assert said(read(rolling.encode(), "a.srt", sandbox, limits)) == ["0:01", "one two three"]


def test_json_of_like_objects_is_a_table(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "t10_catalog.json").read_bytes(), "t10.json", sandbox, limits)
    assert said(document) == ["articles", "code | name | price\nSK-9 | Sail kit | 149.0\nOS-2 | Oar set | 58.5"]
    assert document.blocks[1].header == "code | name | price"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"title": "Depot", "opens": {"mon": "8:00", "sat": null}, "tags": ["a", "b"], "open": true}',
         ["title: Depot", "opens", "mon: 8:00", "tags: a, b\nopen: true"]),
        ('[{"name": "Gull", "at": {"dock": 3}}, {"name": "Tern", "at": {"dock": 10.50}}]',
         ["name | at.dock\nGull | 3\nTern | 10.50"]),
        ('[{"name": "Gull", "trips": [{"to": "Felby"}, {"to": "Halden"}]}, {"name": "Tern"}]',
         ["Gull", "name: Gull", "trips", "to: Felby", "to: Halden", "Tern", "name: Tern"]),
        ('{"a": 1}\n{"a": 2, "b": 3}\n', ["a | b\n1\n2 | 3"]),
        ('{"fee": 4, "fee": 5}', ["fee: 4, 5"]),
        ('{"text": "<p>Call <b>us</b></p><ul><li>now</li></ul>"}', ["text: Call us now"]),
        ('["Pay soon", "Pay in cash"]', ["• Pay soon\n• Pay in cash"]),
        ('[[1, 2], [3, 4]]', ["1 | 2\n3 | 4"]),
    ],
)  # fmt: skip
def test_json_is_read_by_its_names(text: str, words: list[str], sandbox: Sandbox, limits: LoadLimits) -> None:
    assert said(read(text.encode(), "a.json", sandbox, limits)) == words


def test_json_that_is_none_is_read_as_text(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(b'{"a": 1, // one\n}', "a.json", sandbox, limits)
    assert (document.kind, document.text) == ("txt", '{"a": 1, // one\n}')
    assert read(b"[1] A reference.\n\nThe fee [2]", "a.txt", sandbox, limits).kind == "txt"


def test_xml_of_records_and_texts_is_read_in_order(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read((CASES / "t11_feed.xml").read_bytes(), "t11.xml", sandbox, limits)
    assert said(document) == ["Sail kit", "code: SK-9\nname: Sail kit\nprice: 149.00"]
    text = (
        "<?xml version='1.0'?><guide><title>Depot</title><opening><mon>8:00</mon><sat>9:00</sat></opening><empty/>"
        "<fees><fee zone='A'><kg>2</kg><eur>4.90</eur></fee><fee zone='B'><kg>5</kg><eur>7.20</eur></fee></fees>"
        "<para>Call <b>us</b> at <i>gate 3</i>.</para><tbl><row><c>a</c><c>b</c></row><row><c>1</c><c>2</c></row></tbl>"
        "</guide>"
    )
    assert said(read(text.encode(), "a.xml", sandbox, limits)) == [
        "title: Depot",
        "opening",
        "mon: 8:00\nsat: 9:00",
        "fees",
        "zone | kg | eur\nA | 2 | 4.90\nB | 5 | 7.20",
        "Call us at gate 3.",
        "tbl",
        "a | b\n1 | 2",
    ]


def test_the_entries_of_a_feed_are_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    rss = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><description>Of the depot</description>'
        "<item><title>Closed</title><pubDate>Tue, 3 Mar 2026</pubDate>"
        "<description>&lt;p&gt;Closed on &lt;b&gt;Monday&lt;/b&gt;.&lt;/p&gt;</description></item></channel></rss>"
    )
    words = ["News", "description: Of the depot", "Closed", "pubDate: Tue, 3 Mar 2026", "Closed on Monday."]
    assert said(read(rss.encode(), "a.rss", sandbox, limits)) == words
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>Open</title><author><name>Bo</name>'
        '</author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Open again.</p></div></content>'
        "</entry></feed>"
    )
    assert said(read(atom.encode(), "a.atom", sandbox, limits)) == ["News", "Open", "author: Bo", "Open again."]


def test_a_drawing_gives_its_texts_alone(sandbox: Sandbox, limits: LoadLimits) -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9"><title>Depth</title><g><text x="1">4 m</text></g></svg>'
    )
    assert said(read(drawing, "a.svg", sandbox, limits)) == ["Depth", "4 m"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"[" * 200_000 + b'"deep"' + b"]" * 200_000, "a.json"),
        (b'{"a":' * 900 + b'"deep"' + b"}" * 900, "a.json"),
        (json.dumps([{f"k{number}": number} for number in range(20_000)]).encode(), "a.json"),
        (b'{"deep": [' + b",".join(b'{"a":%d,"a":2}' % number for number in range(50_000)) + b"]}", "a.json"),
        (b"<?xml version='1.0'?>" + b"<a>x" * 2000 + b"deep" + b"</a>" * 2000, "a.xml"),
        (b"<?xml version='1.0'?><r>" + b"<i><n>deep</n></i><j/>" * 100_000 + b"</r>", "a.xml"),
        (b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><r>deep &b;</r>", "a.xml"),
        (b"1\n00:00:01,000 --> 00:00:02,000\ndeep " + b"\n00:00:01,000 --> 00:00:02,000\n1" * 100_000, "a.srt"),
    ],
)
def test_greedy_texts_end_soon(data: bytes, name: str, sandbox: Sandbox) -> None:
    short = LoadLimits(seconds=25, memory_megabytes=1024, pages=5000, megabytes=100)
    document = read(data, name, sandbox, short)
    assert "deep" in document.text or "k19999" in document.text

"""What stands in Markdown besides Markdown: front matter, tables in HTML, footnotes."""

from pathlib import Path

from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from core.text.tables import cells
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).parent / "cases"


def read(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    return document


def searched(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind != "furniture"]


def table_of(document: Document) -> list[list[str]]:
    table = next(block for block in document.blocks if block.kind == "table")
    return [cells(document.text[start:end]) for start, end in table.rows]


def test_front_matter_is_searched(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = (CASES / "m01_front_matter.md").read_bytes()
    document = read(data, "m01.md", sandbox, limits)
    assert document.text == data.decode()
    assert document.title == "Returns policy"
    assert "effective_date: 2026-02-01\nowner: Ilse Brandt" in searched(document)[0]
    toml = b'+++\ntitle = "Fees"\nowner = "Bo"\n+++\n\n# Fees\n'
    assert searched(read(toml, "a.md", sandbox, limits)) == ['title = "Fees"\nowner = "Bo"', "Fees"]


def test_an_html_table_is_a_table_and_every_word_stays_in_its_place(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = (CASES / "m03_mdx_html_table.md").read_bytes()
    document = read(data, "m03.md", sandbox, limits)
    table = next(block for block in document.blocks if block.kind == "table")
    assert table.header == "Zone | Fee"
    assert table_of(document) == [["Zone", "Fee"], ["North", "4.80 EUR"]]
    assert searched(document)[-1] == "Text after."
    assert len(document.text) == len(data)
    assert document.text.index("North") == data.index(b"North")


def test_a_table_over_many_lines_with_blank_ones_is_whole(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = (
        "Before.\n\n<div>\nOver it\n<table>\n  <caption>Fees &amp; days</caption>\n\n  <tr>\n    <td><b>Zone</b></td>\n"
        "    <td>Fee</td>\n  </tr>\n<!-- <tr><td>old</td><td>3</td></tr> -->\n\n    <tr><td>S&uuml;d</td>\n\n"
        "    <td>4 &euro;</td></tr>\n</table>\n</div>\n\nAfter."
    )
    document = read(text.encode(), "a.md", sandbox, limits)
    assert table_of(document) == [["Zone", "Fee"], ["Süd", "4 €"]]
    said = [" ".join(words.split()) for words in searched(document)]
    assert said == ["Before.", "<div> Over it", "Fees & days", "Zone | Fee Süd | 4 €", "After."]


def test_tables_within_tables_and_without_end_stay_as_they_are(sandbox: Sandbox, limits: LoadLimits) -> None:
    for markup in ("<table><tr><td><table><tr><td>in</td></tr></table></td></tr></table>", "<table><tr><td>open"):
        document = read(f"# A\n\n{markup}\n\nAfter.".encode(), "a.md", sandbox, limits)
        assert searched(document) == ["A", markup, "After."]


def test_footnotes_of_one_word_are_searched_and_bare_tags_are_not(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = 'Fee[^1]\n\n<p align="center"><img src="a.png"></p>\n\n[^1]: Monthly\n\n[home]: https://a.example\n'
    assert searched(read(text.encode(), "a.md", sandbox, limits)) == ["Fee[^1]", "[^1]: Monthly"]


def test_many_tables_cost_no_more_than_one(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = "<table><tr><td>a</td><td>b</td></tr></table>\n\n" * 20_000 + "<table><!--" * 50_000
    assert len(read(text.encode(), "a.md", sandbox, limits).blocks) >= 20_000

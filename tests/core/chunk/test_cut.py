"""How documents are cut: exact spans, at the seams a reader would choose, whatever the document."""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from core.chunk import chunk, without_furniture
from core.schema import Block, BlockKind, CutSettings, Document, Passage
from tests.core.counting import calls

SENTENCE = "The recipient pays import tax before the parcel is handed over. "


def document(*parts: tuple[BlockKind, str] | tuple[BlockKind, str, int], title: str = "") -> Document:
    """A document of these blocks, a blank line between each; the third of a part is its heading level or page."""
    text, blocks = "", []
    for kind, content, *number in parts:
        rows: tuple[tuple[int, int], ...] = ()
        header = ""
        if kind == "table":
            start, spans = len(text), []
            for line in content.split("\n"):
                spans.append((start, start + len(line)))
                start += len(line) + 1
            rows, header = tuple(spans), content.split("\n")[0]
        level = number[0] if kind == "heading" and number else int(kind == "heading")
        blocks.append(Block(kind, len(text), len(text) + len(content), level=level, header=header, rows=rows))
        text += content + "\n\n"
    return Document(text, tuple(blocks), "txt", title=title)


def covered(whole: Document, passages: list[Passage]) -> set[int]:
    return {offset for each in passages for offset in range(each.start, each.end)}


def test_passages_are_exact_trimmed_spans_in_order() -> None:
    whole = document(("heading", "Import"), ("paragraph", SENTENCE * 60), ("list", "- one\n- two"))
    passages = chunk(whole, CutSettings(400, 80))
    assert [each.ordinal for each in passages] == list(range(len(passages)))
    assert all(each.text == whole.text[each.start : each.end] == each.text.strip() for each in passages)
    assert [each.start for each in passages] == sorted(each.start for each in passages)


def test_nothing_but_blanks_is_lost() -> None:
    whole = document(("heading", "Import"), ("paragraph", SENTENCE * 60), ("table", "a | b\n" * 300 + "c | d"))
    lost = set(range(len(whole.text))) - covered(whole, chunk(whole, CutSettings(400, 80)))
    assert "".join(whole.text[offset] for offset in lost).strip() == ""


def test_passages_are_about_as_long_as_asked_for() -> None:
    passages = chunk(document(("paragraph", SENTENCE * 200)), CutSettings(1600, 200))
    assert all(1200 <= len(each.text) <= 1600 * 1.15 for each in passages[:-1])


def test_passages_begin_and_end_with_sentences_and_overlap_by_whole_ones() -> None:
    passages = chunk(document(("paragraph", SENTENCE * 100)), CutSettings(700, 150))
    assert all(each.text.startswith("The recipient") and each.text.endswith("over.") for each in passages)
    overlaps = [left.end - right.start for left, right in pairwise(passages)]
    assert overlaps
    assert all(0 < overlap <= 150 for overlap in overlaps)


def test_without_overlap_nothing_comes_twice() -> None:
    passages = chunk(document(("paragraph", SENTENCE * 100)), CutSettings(700, 0))
    assert all(left.end < right.start for left, right in pairwise(passages))


def test_a_new_section_begins_a_new_passage_with_its_path_in_the_context() -> None:
    whole = document(
        ("heading", "Customs", 1),
        ("heading", "Duty", 2),
        ("paragraph", SENTENCE * 12),
        ("heading", "Fees", 2),
        ("paragraph", SENTENCE * 12),
        title="Guide",
    )
    first, second = chunk(whole, CutSettings(1600, 200))
    assert (first.headings, first.context) == (("Customs", "Duty"), "Guide › Customs › Duty")
    assert (second.headings, second.context) == (("Customs", "Fees"), "Guide › Customs › Fees")
    assert second.text.startswith("Fees")


def test_tiny_sections_go_together_under_what_they_have_in_common() -> None:
    parts = [part for n in range(6) for part in (("heading", f"Question {n}", 2), ("paragraph", SENTENCE))]
    (only,) = chunk(document(("heading", "Answers", 1), *parts), CutSettings(1600, 200))
    assert only.headings == ("Answers",)


def test_the_title_given_stands_before_the_documents_own() -> None:
    whole = document(("paragraph", SENTENCE), title="scan0001")
    assert chunk(whole, CutSettings(), "Price list")[0].context == "Price list"
    assert chunk(whole, CutSettings())[0].context == "scan0001"


def test_a_table_that_fits_stays_whole() -> None:
    rows = "\n".join(f"Zone {n} | {n}.45" for n in range(20))
    whole = document(("paragraph", SENTENCE * 20), ("table", "Zone | Price\n" + rows), ("paragraph", SENTENCE * 20))
    holding = [each for each in chunk(whole, CutSettings(1600, 200)) if "Zone 7 |" in each.text]
    assert holding
    assert all(rows in each.text for each in holding)


def test_a_long_table_is_cut_between_rows_and_each_part_has_its_header_beside_it() -> None:
    rows = [f"Zone {n} | Country {n} | {n}.45" for n in range(300)]
    whole = document(("table", "\n".join(["Zone | Country | Price", *rows])))
    passages = chunk(whole, CutSettings(800, 200))
    assert len(passages) > 5
    assert all(each.kind == "table" and set(each.text.split("\n")[1:]) <= set(rows) for each in passages)
    assert all("Zone | Country | Price" in each.context for each in passages[1:])
    assert not any("Zone | Country | Price" in each.text for each in passages[1:])
    assert sum(each.text.count("\n") + 1 for each in passages) == 301, "no row twice, none lost"


def test_a_long_tables_title_goes_with_its_first_rows_and_stands_beside_all_of_them() -> None:
    rows = [f"Revenue {n} 1,{n:03} 2,{n:03}" for n in range(120)]
    whole = document(
        ("heading", "Statements", 1),
        ("paragraph", SENTENCE * 9),
        ("heading", "Acme and Subsidiaries", 2),
        ("heading", "Consolidated Statement of Cash Flows", 2),
        ("heading", "Years ended December 31", 2),
        ("paragraph", "(in millions) 2023 2022"),
        ("table", "\n".join(rows)),
        ("paragraph", "See the notes."),
        ("heading", "Taxes", 2),
        ("paragraph", SENTENCE * 9),
    )
    before, *parts, after = chunk(whole, CutSettings(800, 100))
    assert before.text.endswith(SENTENCE.strip())
    assert parts[0].text.startswith("Acme and Subsidiaries\n\nConsolidated Statement of Cash Flows")
    assert rows[0] in parts[0].text
    assert all("Consolidated Statement of Cash Flows › Years ended December 31" in each.context for each in parts)
    assert all("(in millions) 2023 2022" in each.context for each in parts[1:])
    assert parts[-1].text.endswith(f"{rows[-1]}\n\nSee the notes.")
    assert all(each.kind == "table" for each in parts)
    assert after.headings == ("Statements", "Taxes")


def test_a_paragraph_before_a_long_table_is_no_title_where_it_is_long() -> None:
    table = "\n".join(f"Zone {n} | {n}.45" for n in range(200))
    text, first, *_ = chunk(document(("paragraph", SENTENCE * 8), ("table", table)), CutSettings(800, 0))
    assert text.text == (SENTENCE * 8).strip()
    assert first.text.startswith("Zone 0 | 0.45")


def test_page_furniture_is_never_at_an_edge_and_never_searched() -> None:
    parts: list[tuple[BlockKind, str]] = []
    for page in range(12):
        parts += [("furniture", "ACME CONFIDENTIAL"), ("paragraph", SENTENCE * 8), ("furniture", f"Page {page}")]
    whole = document(*parts)
    passages = chunk(whole, CutSettings(1600, 200))
    assert any("ACME CONFIDENTIAL" in each.text for each in passages), "else this test tests nothing"
    assert not any(each.text.startswith(("ACME", "Page")) for each in passages)
    assert not any(each.text.endswith(("CONFIDENTIAL", "Page 0", "Page 5")) for each in passages)
    found = [without_furniture(whole, each).search_text for each in passages]
    assert not any("ACME" in text or "Page" in text for text in found)
    assert sum(text.count("recipient") for text in found) == sum(each.text.count("recipient") for each in passages)


def test_a_passage_has_the_page_it_starts_on() -> None:
    text = SENTENCE * 100
    whole = Document(text, (Block("paragraph", 0, len(text)),), "pdf", page_starts=(0, 2000, 4000))
    pages = {each.start: each.page for each in chunk(whole, CutSettings(800, 0))}
    assert all(page == 1 + (start >= 2000) + (start >= 4000) for start, page in pages.items())
    assert set(pages.values()) == {1, 2, 3}


def test_without_page_starts_the_page_is_the_blocks() -> None:
    whole = Document(
        "One slide.\n\nTwo.", (Block("paragraph", 0, 10, page=1), Block("paragraph", 12, 16, page=2)), "pptx"
    )
    assert [each.page for each in chunk(whole, CutSettings(10, 0))] == [1, 2]


@pytest.mark.parametrize("text", ["", "  \n\n \t "])
def test_an_empty_document_has_no_passages(text: str) -> None:
    assert chunk(Document(text, (), "txt"), CutSettings()) == []


def test_words_are_never_cut() -> None:
    words = {f"word{number}" for number in range(3000)}
    text = " ".join(sorted(words))
    passages = chunk(Document(text, (), "txt"), CutSettings(500, 60))
    assert len(passages) > 20
    assert all(set(each.text.split()) <= words for each in passages)


def test_chinese_is_cut_at_its_own_full_stops() -> None:
    passages = chunk(Document("收件人在交付包裹之前支付进口税和关税。" * 200, (), "txt"), CutSettings(400, 60))
    assert len(passages) > 5
    assert all(each.text.endswith("。") for each in passages)


@pytest.mark.parametrize("unit", ["x", "中", "é", "e\u0301", "🚚"])
def test_a_million_characters_without_a_blank_are_cut_all_the_same(unit: str) -> None:
    whole = Document(unit * (1_000_000 // len(unit)), (), "txt")
    passages = chunk(whole, CutSettings(1600, 200))
    assert all(len(each.text) <= 1600 * 1.15 for each in passages)
    assert not any(each.text.startswith("\u0301") for each in passages)
    assert (passages[0].start, passages[-1].end) == (0, len(whole.text))


def test_the_context_stays_short_whatever_the_headings() -> None:
    parts = [("heading", f"A heading that goes on and on {'and on ' * 60}", level) for level in range(1, 9)]
    rows = "\n".join(" | ".join(f"column {n}" for n in range(200)) for _ in range(9))
    passages = chunk(document(*parts, ("table", rows), title="t" * 5000), CutSettings(1600, 200))
    assert all(len(each.context) < 900 for each in passages)


@pytest.mark.parametrize("seed", range(30))
def test_any_document_and_any_settings_keep_the_rules(seed: int) -> None:
    rng = random.Random(seed)
    kinds: list[BlockKind] = ["heading", "paragraph", "list", "table", "furniture"]
    parts: list[tuple[BlockKind, str, int]] = []
    for _ in range(rng.randint(1, 40)):
        words = ["tax", "Zoll.", "中文。", "x" * rng.choice([1, 30, 900]), "\n", "| 5", "No."]
        content = " ".join(rng.choices(words, k=rng.randint(1, 120))).strip()
        parts.append((rng.choice(kinds), content or "tax", rng.randint(1, 4)))
    whole = document(*parts)
    cut = CutSettings(rng.choice([1, 20, 200, 1600]), rng.choice([0, 10, 200, 5000]))
    passages = chunk(whole, cut)
    furniture = {offset for each in whole.blocks if each.kind == "furniture" for offset in range(each.start, each.end)}
    assert all(each.text and each.text == whole.text[each.start : each.end] == each.text.strip() for each in passages)
    assert all(each.start not in furniture and each.end - 1 not in furniture for each in passages)
    assert all(left.start < right.start and left.end < right.end for left, right in pairwise(passages))
    searched = covered(whole, passages) | furniture
    assert not "".join(c for offset, c in enumerate(whole.text) if offset not in searched).strip()


def paragraphs(characters: int) -> Document:
    paragraph = SENTENCE * 8
    return document(*[("paragraph", paragraph)] * (characters // len(paragraph)))


def rows(count: int) -> Document:
    return document(("table", "\n".join(f"{n} | value {n} | text" for n in range(count))))


@pytest.mark.parametrize(("made", "size"), [(paragraphs, 400_000), (rows, 10_000)])
def test_twice_the_text_is_twice_the_work(made: Callable[[int], Document], size: int) -> None:
    one, two = made(size), made(2 * size)
    assert calls(lambda: chunk(two, CutSettings())) < 2.2 * calls(lambda: chunk(one, CutSettings()))


@pytest.mark.timeout(60)  # about 1.5 s on an idle machine; work that grows with the square would take hours
@pytest.mark.parametrize(("made", "size", "least"), [(paragraphs, 7_000_000, 4000), (rows, 200_000, 2000)])
def test_megabytes_are_cut_whole(made: Callable[[int], Document], size: int, least: int) -> None:
    assert len(chunk(made(size), CutSettings())) > least


def test_a_passage_never_ends_at_an_abbreviation() -> None:
    text = "A parcel of approx. Five kilos goes by Fig. 3 and No. 7 of the list, cf. Annex B, to St. Gallen. " * 40
    passages = chunk(Document(text, (), "txt"), CutSettings(300, 60))
    assert len(passages) > 10
    assert all(each.text.startswith("A parcel") and each.text.endswith("Gallen.") for each in passages)


@pytest.mark.parametrize("unit", [".", "a.", ". ", "E.g. ", '."', ".\n"])
def test_a_long_run_of_full_stops_is_cut_like_any_other_text(unit: str) -> None:
    # Were every end of it looked for anew from every stop, this would take an hour, and the time limit of all tests.
    whole = Document(unit * (300_000 // len(unit)), (), "txt")
    passages = chunk(whole, CutSettings(1600, 200))
    assert all(len(each.text) <= 1600 * 1.15 for each in passages)
    assert passages[-1].end == len(whole.text.rstrip())


def test_every_passage_of_a_table_knows_its_header_and_its_whole_rows() -> None:
    lines = ["Country | Duty", *(f"Country {number} | {number}%" for number in range(60))]
    whole = document(("paragraph", SENTENCE), ("table", "\n".join(lines)), ("paragraph", SENTENCE))
    passages = chunk(whole, CutSettings(300, 50))
    assert len(passages) > 3
    in_table = [each for each in passages if each.rows]
    assert {each.table_header for each in in_table} == {"Country | Duty"}
    assert [whole.text[start:end] for each in in_table for start, end in each.rows] == lines
    for each in in_table:
        assert all(each.start <= start < end <= each.end for start, end in each.rows)
    only_text = chunk(document(("paragraph", SENTENCE)), CutSettings())[0]
    assert (only_text.table_header, only_text.rows, only_text.page_breaks) == ("", (), ())


def test_a_row_that_is_cut_is_no_row_and_blanks_around_a_row_are_not_of_it() -> None:
    whole = document(("table", f"Country | Duty\n  Norway | 0% \t\nBrazil | {'much ' * 200}\nChile | 6% "))
    passages = chunk(whole, CutSettings(300, 50))
    rows = [whole.text[start:end] for each in passages for start, end in each.rows]
    assert rows == ["Country | Duty", "Norway | 0%", "Chile | 6%"]


def test_a_header_as_long_as_a_document_is_not_kept_with_every_passage() -> None:
    whole = document(("table", f"Country | {'name ' * 2000}\n" + "\n".join(f"Row {n} | {n}%" for n in range(200))))
    assert {each.table_header for each in chunk(whole, CutSettings(300, 50))} == {""}


def test_the_pages_that_begin_inside_a_passage_are_known() -> None:
    parts = [f"Page {number} says this." for number in range(1, 6)]
    text = "\n\n".join(parts)
    starts = tuple(text.index(part) for part in parts)
    blocks = tuple(Block("paragraph", start, start + len(part)) for start, part in zip(starts, parts, strict=True))
    # Page 4 is empty: it begins where page 5 does.
    whole = Document(text, blocks, "pdf", page_starts=(*starts[:3], starts[3], *starts[3:]))
    assert [(each.page, each.page_breaks) for each in chunk(whole, CutSettings(50, 0))] == [
        (1, (starts[1],)),
        (3, (starts[3], starts[3], starts[4])),
    ]


def test_furniture_that_is_blanked_out_moves_no_row() -> None:
    whole = document(
        ("table", "Country | Duty\nNorway | 0%"), ("furniture", "Page 2 of 7"), ("table", "Chile | 6%\nPeru | 9%")
    )
    [passage] = chunk(whole, CutSettings())
    blanked = without_furniture(whole, passage)
    assert "Page 2" not in blanked.text
    rows = [blanked.text[start - blanked.start : end - blanked.start] for start, end in blanked.rows]
    assert rows == ["Country | Duty", "Norway | 0%", "Chile | 6%", "Peru | 9%"]


def test_headings_that_stand_over_something_are_known() -> None:
    whole = document(
        ("heading", "Returns."), ("heading", "Within 30 days.", 2), ("paragraph", SENTENCE),
        ("heading", "Nothing stands under this."), ("heading", "A line of its own " * 12), ("paragraph", SENTENCE),
        ("heading", "The end."),
    )  # fmt: skip
    for size in (90, 1000):
        passages = chunk(whole, CutSettings(size, 0))
        known = [whole.text[start:end] for each in passages for start, end in each.heading_spans]
        assert known == ["Returns.", "Within 30 days."]

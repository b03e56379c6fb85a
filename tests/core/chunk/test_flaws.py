"""What looks wrong with passages: on real files, and each rule where it holds and where it does not."""

from collections.abc import Callable

import pytest

from core.chunk import FLAW_KINDS, Flaw, chunk, flaws_of, print_of, same_as, uncited
from core.schema import Block, CutSettings, Document, Passage

SENTENCE = "The parcel stays with the neighbour until the evening of the next day. "


def passage(text: str, start: int = 0, ordinal: int = 0, **more: object) -> Passage:
    return Passage(ordinal, start, start + len(text), text, **more)  # type: ignore[arg-type]


def kinds(document: Document, passages: list[Passage]) -> list[tuple[int, str]]:
    return [(n, flaw.kind) for n, flaws in sorted(flaws_of(document, passages).items()) for flaw in flaws]


def paragraph(text: str) -> Document:
    return Document(text, (Block("paragraph", 0, len(text)),), "txt")


def test_a_good_passage_has_nothing_wrong() -> None:
    text = SENTENCE * 3
    assert flaws_of(paragraph(text), chunk(paragraph(text), CutSettings())) == {}


@pytest.mark.parametrize(
    ("text", "short"), [("Test page", True), (SENTENCE, False), ("收件人在交付包裹之前支付进口税。", False)]
)
def test_very_short_is_told_by_what_is_said(text: str, short: bool) -> None:
    assert ((0, "short") in kinds(paragraph(text), [passage(text)])) is short


def test_a_heading_alone_says_nothing_however_long_it_is() -> None:
    text = "Everything about parcels that come back to their sender"
    alone = passage(text, heading_spans=((0, len(text)),))
    assert kinds(paragraph(text), [alone]) == [(0, "short")]


def test_a_cut_in_a_sentence_is_seen_on_both_sides() -> None:
    text = SENTENCE * 4
    at = len(SENTENCE) + 30
    parts = [passage(text[:at]), passage(text[at:], at, 1)]
    assert kinds(paragraph(text), parts) == [(0, "sentence"), (1, "sentence")]
    at = len(SENTENCE)
    assert kinds(paragraph(text), [passage(text[:at]), passage(text[at:], at, 1)]) == []


def test_a_sentence_that_a_new_page_tore_apart_is_seen() -> None:
    first, second = "Goods that are sent to another country are as a rule", "taxed there before they are handed over."
    text = f"{first}\n\n{second}"
    whole = Document(text, (Block("paragraph", 0, len(first)), Block("paragraph", len(first) + 2, len(text))), "pdf")
    parts = [passage(first), passage(second, len(first) + 2, 1)]
    assert (0, "sentence") in kinds(whole, parts)
    finished = Document(text.replace("rule", "law.", 1), whole.blocks, "pdf")
    assert kinds(finished, [passage(finished.text[: len(first)])]) == []


def test_a_row_that_is_cut_is_seen() -> None:
    rows = [
        "Country | Price of a small parcel in euro",
        "France | twelve euro and fifty cents",
        "Spain | fourteen euro",
    ]
    text = "\n".join(rows)
    spans, at = [], 0
    for row in rows:
        spans.append((at, at + len(row)))
        at += len(row) + 1
    whole = Document(text, (Block("table", 0, len(text), header=rows[0], rows=tuple(spans)),), "docx")
    middle = spans[1][0] + 10
    assert (0, "table") in kinds(whole, [passage(text[:middle]), passage(text[middle:], middle, 1)])
    between = spans[1][0]
    whole_rows = [passage(text[:between]), passage(text[between:], between, 1)]
    assert not any(kind == "table" for _, kind in kinds(whole, whole_rows))


def test_the_same_words_on_three_pages_are_repeated_and_on_two_are_not() -> None:
    page = SENTENCE + "\n"
    for pages, seen in ((3, True), (2, False)):
        text = page * pages
        starts = tuple(len(page) * n for n in range(pages))
        blocks = tuple(Block("paragraph", start, start + len(SENTENCE), n + 1) for n, start in enumerate(starts))
        whole = Document(text, blocks, "pdf", page_starts=starts)
        parts = [passage(SENTENCE, start, n) for n, start in enumerate(starts)]
        assert ((0, "repeated") in kinds(whole, parts)) is seen


def test_what_passages_share_is_not_repeated() -> None:
    text = "".join(f"Rule {n} of this house was made in the year {1900 + n} by the owner. " for n in range(60))
    assert kinds(paragraph(text), chunk(paragraph(text), CutSettings(400, 200))) == []


def test_figures_alone_have_no_letters() -> None:
    figures = "12.5 18.25 -0.75 | 1,200 | 44 % 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30"
    assert (0, "letterless") in kinds(paragraph(figures), [passage(figures)])
    assert not kinds(paragraph(f"France {figures} Spain and Malta"), [passage(f"France {figures} Spain and Malta")])


def test_the_same_as_another_sources_is_named() -> None:
    mine = [passage("Call us on Monday."), passage("Parcels are  HEAVY.", 20, 1)]
    elsewhere = {"a.txt": print_of("Something else"), "b.txt": print_of("Other") + print_of("parcels are heavy.")}
    assert same_as(mine, elsewhere) == {1: Flaw("same", "b.txt")}


def test_what_no_answer_cited_is_told_by_the_places_cited() -> None:
    parts = [passage("a" * 10, 0, 0), passage("b" * 10, 10, 1), passage("c" * 10, 20, 2)]
    assert set(uncited(parts, [(12, 14)])) == {0, 2}
    assert set(uncited(parts, [(5, 15), (0, 1)])) == {2}
    assert set(uncited(parts, [(0, 30), (2, 3)])) == set()
    assert set(uncited(parts, [])) == {0, 1, 2}


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("office-csv-with-long-lines.csv", "letterless", 23),  # a sheet of measured values
        ("office-csv-with-long-lines.csv", "table", 35),  # its rows are longer than a passage
        ("office-pdf_all-number-table.pdf", "letterless", 1),
        ("office-fake-html-with-image-from-url.html", "short", 1),  # "Test page"
        ("pdf-mistitled_outlines_example.pdf", "repeated", 8),  # the same paragraph under each heading
        ("office-norwich-city.txt", "sentence", 5),  # one paragraph of 47,000 characters with hardly a full stop
    ],
)
def test_real_files(name: str, kind: str, count: int, real_document: Callable[[str], Document]) -> None:
    document = real_document(name)
    found = flaws_of(document, chunk(document, CutSettings(), name))
    assert sum(flaw.kind == kind for flaws in found.values() for flaw in flaws) == count


@pytest.mark.parametrize("name", ["office-winter-sports.epub", "office-example-10k.html"])
def test_real_texts_are_mostly_all_right(name: str, real_document: Callable[[str], Document]) -> None:
    document = real_document(name)
    passages = chunk(document, CutSettings(), name)
    assert len(flaws_of(document, passages)) <= 0.03 * len(passages)
    assert len(FLAW_KINDS) == 7

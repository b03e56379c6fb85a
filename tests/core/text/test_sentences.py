"""Where a sentence ends: one judge for quotes, citations and the seams of passages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from core.schema import StoredPassage
from core.text import names_columns, segments, segments_of, sentence_spans
from tests.core.text.texts import CSV, HELP, TABLE, lines


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "It weighs approx. Five kilos.",
        "Call No. 5 or Nr. 7.",
        "See Fig. 3 and vol. II of it.",
        "Das gilt z.B. Montags bzw. Dienstags.",
        "It is 3.50 EUR",
        "1. Open the box.",
        "He asked… and left.",
        "J. R. Smith of the U.S. Customs.",
        "Wir öffnen am 3. März 2026 um neun.",
        "Am 24. Dezember und am 1. Januar ist geschlossen.",
        "Nach § 5 Abs. 2 Satz 1 Nr. 3 gilt das nicht.",
        "See Art. 7 of the rules.",
        "Le 14. Juillet est férié.",
    ],
)
def test_what_is_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("  It ends here.   So does this!  ", ["It ends here.", "So does this!"]),
        ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
        ("谁来付？收件人。", ["谁来付？", "收件人。"]),
        ("The fee is 5. (It was 4.) It rises.", ["The fee is 5.", "(It was 4.)", "It rises."]),
        ("It costs 5. May I pay later?", ["It costs 5.", "May I pay later?"]),
        ("Es sind 12. Dann kommt März.", ["Es sind 12.", "Dann kommt März."]),
        ("An end of abcdefghijklmnopqrst. Then more.", ["An end of abcdefghijklmnopqrst.", "Then more."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_are_spans_without_the_blanks_around_them(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_only_the_span_given_is_looked_at() -> None:
    text = "Before it. One here. Two here. After it."
    assert [text[start:end] for start, end in sentence_spans(text, 11, 30)] == ["One here.", "Two here."]


@pytest.mark.parametrize("unit", [".", "a.", "a. ", "E.g. ", "1. ", "A:\n", '."', "- a\n", "A line.\n\n", " "])
def test_a_long_text_of_anything_is_split_in_one_go(unit: str) -> None:
    # What looks back or ahead from every mark through the whole text takes minutes here, and the tests' time limit.
    text = unit * (1_000_000 // len(unit))
    spans = [(segment.start, segment.end) for segment in segments(text)]
    assert spans == sorted(spans)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


def split(text: str, rows: Sequence[tuple[int, int]] = ()) -> list[tuple[str, str]]:
    return [(segment.kind, text[segment.start : segment.end]) for segment in segments(text, rows)]


def test_segments_are_exact_and_leave_nothing_but_blanks_out() -> None:
    found = segments(HELP)
    left = re.sub(r"\s", "", HELP)
    assert "".join(re.sub(r"\s", "", HELP[segment.start : segment.end]) for segment in found) == left
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Smith paid 3.50 EUR. He left.", 2),
        ("See e.g. page 4. It is short.", 2),
        ("The U.S. Customs office is open. Call No. 5 first.", 2),
        ("J. R. Smith wrote it.", 1),
        ("Wait… what? Yes! Good.", 3),
        ("Die Frist beträgt z.B. 14 Tage. Danach nicht mehr.", 2),
        ("关税门槛是150欧元。超过的部分要缴税！谁来付？收件人。", 4),
        ("A line that goes on\nand ends here. Another.", 2),
        ("1. Open the box\n2. Take the label", 2),
        ("He said “Stop.” Then he left.", 2),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(segments(text)) == count


def test_headings_questions_and_rows_are_told_apart() -> None:
    kinds = [kind for kind, _ in split(HELP)]
    assert kinds[:3] == ["heading", "question", "sentence"]
    assert ("heading", "# Gifts") in split(HELP)
    assert [kind for kind, _ in split(TABLE)] == ["row"] * 3
    assert [kind for kind, _ in split(CSV, lines(CSV))] == ["row"] * 3
    assert [kind for kind, _ in split(CSV)] != ["row"] * 3


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Zone | Up to 1 kg | Up to 5 kg", "Zone 5 | 24.95 | 47.95", True),
        ("Service | Price in 2026", "Express | €12.50", True),
        ("Country | Rate", "Norway | 25%", True),
        ("Damaged parcel | 7 calendar days", "Lost parcel | 60 calendar days", False),
        ("Zone 1 | 6.95", "Zone 2 | 9.95", False),
        ("Zone 1 to 3 | standard", "Zone 4 | express | 3", False),
    ],
)
def test_a_first_row_names_columns_or_is_a_row_like_the_others(first: str, second: str, names: bool) -> None:
    assert names_columns(first, second) is names


def test_a_numbered_heading_right_under_a_paragraph_is_no_sentence() -> None:
    text = (
        "The parcels travel at the prices of zone 4 and cannot be sent with the duty paid by the sender.\n"
        "1.2 Duty and tax are two different charges\n"
        "Customs duty depends on what the goods are, and on the country where they were made by somebody."
    )
    kinds = [(each.kind, text[each.start : each.end].split()[0]) for each in segments(text)]
    assert kinds == [("sentence", "The"), ("heading", "1.2"), ("sentence", "Customs")]


def stored(text: str, *, start: int = 0, rows: Sequence[str] = (), headings: Sequence[str] = ()) -> StoredPassage:
    """A passage of which these parts are known to be rows and headings."""
    spans = [
        tuple((start + text.index(part), start + text.index(part) + len(part)) for part in parts)
        for parts in (rows, headings)
    ]
    return StoredPassage(
        "1", "s", "v", 0, start, start + len(text), 1, text, "", "", rows=spans[0], heading_spans=spans[1]
    )


def parts_of(passage: StoredPassage) -> list[tuple[str, str]]:
    return [(part.kind, passage.text[part.start : part.end]) for part in segments_of(passage)]


def test_a_known_heading_is_one_whatever_it_ends_with() -> None:
    text = "It says delivered, but I have nothing.\n\nAsk your neighbours.\n\n## Nobody came?\nWe try twice."
    known = stored(text, start=50, headings=["It says delivered, but I have nothing.", "Nobody came?"])
    assert parts_of(known) == [
        ("heading", "It says delivered, but I have nothing."),
        ("sentence", "Ask your neighbours."),
        ("question", "## Nobody came?"),
        ("sentence", "We try twice."),
    ]


def test_rows_and_headings_of_a_passage_that_is_cut_short_are_those_that_lie_in_it_whole() -> None:
    text = "Prices of 2026.\n\nZone | Price\nZone 1 | 4 EUR"
    known = stored(text, start=100, rows=["Zone | Price", "Zone 1 | 4 EUR"], headings=["Prices of 2026."])
    parts = [("heading", "Prices of 2026."), ("row", "Zone | Price"), ("row", "Zone 1 | 4 EUR")]
    assert parts_of(known) == parts
    assert parts_of(replace(known, text=text[:35]))[:2] == parts[:2]
    assert parts_of(replace(known, start=101, text=text[1:]))[0] == ("sentence", "rices of 2026.")

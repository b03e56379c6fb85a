"""Where a sentence ends: one judge for quotes, citations and the seams of passages."""

import pytest

from core.text import segments, sentence_spans


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

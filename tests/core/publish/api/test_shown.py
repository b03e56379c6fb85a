"""What is sent of a streamed answer and what follows it: the markers of the whole stand for the citations beside it."""

import re

import pytest

from core.publish.api.shown import CORRECTED, Shown, harmless, rest_of
from core.schema import Citation


def cited(*quotes: str) -> tuple[Citation, ...]:
    return tuple(Citation(n, "s", "v", "a.md", None, n, n + 1, quote, 0, 9) for n, quote in enumerate(quotes, 1))


@pytest.mark.parametrize(
    ("sent", "text", "quotes", "whole", "numbers"),
    [
        ("", "All of it. [1]", ["a"], "All of it. [1]", [(1, "a")]),
        ("One. [1] ", "One. [1] Two. [2]", ["a", "b"], "One. [1] Two. [2]", [(1, "a"), (2, "b")]),
        # One passage, two spans of it: sent with one number, found to be two places.
        ("One. [1] Two. [1] ", "One. [1] Two. [2] Three. [3]", ["a", "b", "c"], "One. [1] Two. [1] Three. [2]",
         [(1, "a"), (1, "b"), (2, "c")]),
        # Two passages that hold the same place.
        ("One. [1] Two. [2] ", "One. [1] Two. [1] End.", ["a"], "One. [1] Two. [2] End.", [(1, "a"), (2, "a")]),
        ("One. [1][2] ", "One. [1][2] Two. [1]", ["a", "b"], "One. [1][2] Two. [1]", [(1, "a"), (2, "b")]),
        # The model named no place, or the markers were held back: they come at the end.
        ("One. Two. ", "One. [1] Two. [2] Three.", ["a", "b"], "One. Two. [2] Three. [1]", [(1, "a"), (2, "b")]),
        ("One. Two.", "One. [1] Two. [2]", ["a", "b"], "One. Two. [2] [1]", [(2, "b"), (1, "a")]),
        # A marker that was dropped stands for nothing.
        ("One. [1] Two. [2] ", "One. Two. [1] End.", ["b"], "One. [1] Two. [2] End.", [(2, "b")]),
        ("Eins\n\n", "Eins\n\nZwei [1]", ["a"], "Eins\n\nZwei [1]", [(1, "a")]),
    ],
)  # fmt: skip
def test_what_was_sent_and_what_follows_are_one_answer(
    sent: str, text: str, quotes: list[str], whole: str, numbers: list[tuple[int, str]]
) -> None:
    rest, citations, corrected = rest_of(sent, Shown(text, cited(*quotes)))
    assert not corrected
    assert sent + rest == whole
    assert sorted((each.number, each.quote) for each in citations) == sorted(numbers)
    assert {number for number, _ in numbers} <= {int(number) for number in re.findall(r"\[(\d+)\]", whole)}


def test_another_answer_follows_whole_with_numbers_of_its_own() -> None:
    rest, citations, corrected = rest_of("Gold. [1] Silver. [2] ", Shown("“Tin.” [1]", cited("Tin.")))
    assert corrected
    assert rest == f"\n\n{CORRECTED}\n\n“Tin.” [3]"
    assert [each.number for each in citations] == [3]
    rest, _, corrected = rest_of("Gold. ", Shown("“Tin.” [1]", cited("Tin.")), "It was not found.")
    assert (corrected, rest) == (True, "\n\nIt was not found.\n\n“Tin.” [1]")


def test_a_note_stands_below() -> None:
    assert rest_of("One. ", Shown("One. Two.", ()), "Check it.")[0] == "Two.\n\nCheck it."


def test_words_of_documents_load_and_lead_nowhere() -> None:
    text = "![a](http://e/p.png) [b](http://e) <img src=x> </b> <!-- c --> 3 < 4 a<b\n[1]: http://e ![d][1]"
    shown = harmless(text)
    for loads in ("![", "](", "]:", "<i", "</", "<!", "<b"):
        assert loads not in shown
    assert "3 < 4" in shown

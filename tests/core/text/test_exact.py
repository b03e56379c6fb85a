"""Exact things: one whole term however they are written, and what is a quantity is none."""

import pytest

from core.text import exact_things, holds, read_question, search_terms


def named(question: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [(thing.written, thing.terms, thing.kind) for thing in exact_things(question)]


@pytest.mark.parametrize(
    ("question", "written", "term", "kind"),
    [
        ("What does AX-4410-B cost?", "AX-4410-B", "ax4410b", "code"),
        ("price of ax4410b", "ax4410b", "ax4410b", "code"),
        ("Is the AX 4410 B in stock?", "AX 4410 B", "ax4410b", "code"),
        ("What about AX/4410/B", "AX/4410/B", "ax4410b", "code"),
        ("Where is INV-2024-0012?", "INV-2024-0012", "inv20240012", "code"),
        ("Are you ISO 9001 certified?", "ISO 9001", "iso9001", "code"),
        ("Who paid invoice 4711?", "4711", "4711", "code"),
        ("what does error 651 mean", "651", "651", "code"),
        ("Wer hat Rechnung Nr. 4711 bezahlt?", "4711", "4711", "code"),
        ("What became of 20231145?", "20231145", "20231145", "code"),
        ("What is new in v2.3.1?", "v2.3.1", "2.3.1", "code"),
        ("What is new in version 2.3?", "2.3", "2.3", "code"),
        ("Who reads help@Shipit.example?", "help@Shipit.example", "help@shipit.example", "mail"),
        ("Whose number is +49 30 1234567?", "+49 30 1234567", "301234567", "phone"),
        ("Whose number is 030/123 45 67?", "030/123 45 67", "301234567", "phone"),
        ("Who answers (555) 010-2030?", "(555) 010-2030", "5550102030", "phone"),
        ("Was steht in § 12?", "§ 12", "§12", "section"),
        ("Was steht in § 12 Abs. 3?", "§ 12 Abs. 3", "§12.3", "section"),
        ("What does Section 12.3 say?", "Section 12.3", "§12.3", "section"),
        ("Was regelt Art. 7?", "Art. 7", "art.7", "section"),
    ],
)
def test_a_question_names_it_as_one_term(question: str, written: str, term: str, kind: str) -> None:
    (thing,) = exact_things(question)
    assert (thing.written, thing.terms[0], thing.kind) == (written, term, kind)
    assert thing.needed


@pytest.mark.parametrize(
    "question",
    [
        "How long do 5 days, 3 kg, 20 € and 12,000 miles take in 2023?",
        "Show me the 10-Q for Q3 2022",
        "What are the COVID-19 rules?",
        "Who built the Boeing 747 and the B-52?",
        "How long was the 100-year war?",
        "Does a 5000mAh battery fit?",
        "Who won in 1998-99?",
        "What happened between 2019-2020?",
        "Which orders came in 2023?",
        "Is 50000 a year enough?",
        "How many are 1.234.567 parcels?",
        "Is the 24/7 hotline free?",
        "What does the 2.5 kg parcel cost?",
        "Tell me about FY2023Q3",
        "It was held in1905",
    ],
)
def test_quantities_years_and_small_numbers_are_no_exact_things(question: str) -> None:
    assert named(question) == []


@pytest.mark.parametrize(
    "written",
    [
        "3 March 2026",
        "March 3, 2026",
        "March 3rd, 2026",
        "3rd of March 2026",
        "3. März 2026",
        "03.03.2026",
        "3.3.2026",
        "2026-03-03",
        "2026/03/03",
        "3/3/2026",
        "3/3/26",
        "3 de marzo de 2026",
        "3 mars 2026",
        "3 maart 2026",
        "2026年3月3日",
    ],
)
def test_a_date_is_one_term_in_every_way_of_writing_it(written: str) -> None:
    assert named(f"What is on {written}?")[0][1:] == (("2026-03-03",), "date")
    assert {"2026-03-03", "--03-03"} <= set(search_terms(f"It begins on {written}.", ["en"]))
    assert not exact_things(written)[0].needed


def test_a_date_that_may_be_read_two_ways_is_both() -> None:
    assert named("Open on 3/4/2026?")[0][1] == ("2026-04-03", "2026-03-04")
    assert named("Open on 13/4/2026?")[0][1] == ("2026-04-13",)


@pytest.mark.parametrize("written", ["24 December", "24. Dezember", "December 24th", "24 de diciembre", "24 décembre"])
def test_a_day_without_a_year_is_found_in_every_year(written: str) -> None:
    assert named(f"Open on {written}?")[0][1] == ("--12-24",)
    assert "--12-24" in search_terms("Closed on 24 December 2026.", ["en"])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("AX-4410-B", "The box AX4410B costs 5 euros."),
        ("AX4410B", "The box AX-4410-B costs 5 euros."),
        ("AX4410B", "Der Karton ax/4410/b"),
        ("AX-4410-B", "AX 4410 B | 5.00"),
        ("AX-4410-B", "AX-4410-A,5\nAX-4410-B,6\n"),
        ("invoice 4711", "Price 5\n4711\n"),
        ("+49 30 1234567", "Call 030 / 123 45 67 by day"),
        ("030 1234567", "Tel. +49 (0)30 1234567"),
        ("help@shipit.example", "Write to HELP@shipit.example."),
        ("v2.3.1", "Changes in 2.3.1"),
        ("invoice 4711", "Paid: no.4711, INV-4711."),
        ("section 12", "## 12. Returns"),
        ("§ 12", "Section 12: Returns"),
        ("§ 12 Abs. 3", "Nach § 12 (3) gilt es."),
    ],
)
def test_it_is_held_and_found_in_other_spellings(question: str, text: str) -> None:
    (thing,) = exact_things(question)
    assert holds(thing, text)
    assert not set(search_terms(question)).isdisjoint(search_terms(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("AX-4410-B", "AX-4410-A and AX-4411-B"),
        ("AX-4410-B", "AX-4410-B2 and KAX-4410-B"),
        ("AX-4410", "AX-4410-B"),
        ("invoice 4711", "Invoices 47110 and 14711"),
        ("v2.3.1", "Version 2.3.10, 12.3.1 and 2.3.1.4"),
        ("030 1234567", "Call 030 1234568"),
        ("help@shipit.example", "Write to nohelp@shipit.example or help@shipit.example.org"),
        ("§ 12", "§ 120 and § 12a and 12 boxes"),
        ("Art. 7", "§ 7"),
    ],
)
def test_what_is_near_does_not_hold_it(question: str, text: str) -> None:
    (thing,) = exact_things(question)
    assert not holds(thing, text)


def test_a_code_is_one_word_of_the_question_and_found_only_whole() -> None:
    question = read_question("What does the AX-4410-B carry?", ["en"])
    assert dict(question.words) == {"ax-4410-b": ("ax4410b",), "carry": ("carry", "carri")[1:]}


def test_no_more_things_are_named_than_anyone_asks_for() -> None:
    assert len(exact_things(" ".join(f"AX-{number}-B" for number in range(1000, 3000)))) == 8

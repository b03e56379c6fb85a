"""Whoever asks for a person is told the lines of the documents that say how to reach one."""

import pytest

from core.answer.contact import contact_lines
from core.schema import Hit, StoredPassage
from core.text import search_terms


def hit(text: str, name: str = "a.md") -> Hit:
    passage = StoredPassage(name, name, "v", 0, 10, 10 + len(text), 3, text, "", " ".join(search_terms(text)))
    return Hit(passage, name, 1.0)


@pytest.mark.parametrize(
    "line",
    [
        "Write to help@shipit.example, we answer within one day.",
        "Telephone: +49 221 123456 on working days.",
        "Sie erreichen uns unter (0221) 12 34 56.",
        "Support: telephone extension 7700, from 7:00 to 20:00.",
        "Teléfono: 912 345 678.",
    ],
)
def test_a_line_with_an_address_or_a_number_is_found_with_its_place(line: str) -> None:
    [found] = contact_lines([hit(f"Parcels travel fast. {line}")], ("en",))
    assert found.quote == line
    assert (found.start, found.page, found.source_name) == (31, 3, "a.md")


@pytest.mark.parametrize(
    "line",
    [
        "The delay ended on 01-02-2026 at noon.",
        "It costs 0.50 EUR, or 1 000 000 in all.",
        "The number SH202603014477 stands on the receipt.",
        "Call it a day after 3 attempts.",
        "Contact is a fine word.",
    ],
)
def test_other_figures_are_no_telephone_number(line: str) -> None:
    assert contact_lines([hit(line)], ("en",)) == []


def test_what_is_said_of_getting_in_touch_comes_before_an_address_in_passing() -> None:
    passing = hit("Data go to x@y.example.", "b.md")
    meant = hit("Contact us by e-mail at help@y.example for customer support.")
    assert [line.source_name for line in contact_lines([passing, meant], ("en",))] == ["a.md"]

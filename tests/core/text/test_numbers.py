"""One grammar of numbers: what each reader of a text asks of it."""

import pytest

from core.text import (
    ends_in_figure,
    figures,
    fills_figure_column,
    is_figure,
    is_number,
    is_sign,
    is_year,
    search_terms,
    shows_amount,
    signs_apart,
)
from core.text.numbers import is_amount


@pytest.mark.parametrize(
    "cell",
    [
        "5", "-5", "0.5", "1,234.50", "1.234,50", "1'234.50", "1 234,50", "1\u00a0234", "(1,234)", "(3.2)%", "$5",
        "$ 5", "€12.50", "12 €", "(12 €)", "₹1,200", "19 %", "1.5x",
    ],
)  # fmt: skip
def test_a_number_is_a_number_an_amount_and_a_figure(cell: str) -> None:
    assert is_number(cell)
    assert is_amount(cell)


@pytest.mark.parametrize("cell", ["2024", "JAN 2024", "2023 2022", "12.03.2024", "8517.12.00", "Zone 5", "", "-", "$"])
def test_years_dates_codes_and_words_are_no_numbers(cell: str) -> None:
    # Blanks part groups of three only: "2023 2022" are two years, which name columns. A date or code is not a number
    # either, though both were once taken for one by the readers of sheets.
    assert not is_number(cell)
    assert not is_amount(cell)


@pytest.mark.parametrize("cell", ["12 EUR", "NOK 350", "5 kg", "≤ 5 kg", "**12**", "45 min"])
def test_an_amount_may_have_its_unit(cell: str) -> None:
    assert is_amount(cell)
    assert not is_number(cell)


@pytest.mark.parametrize("cell", ["7 days", "Up to 1 kg", "3 to 5", "1-2-3"])
def test_words_with_a_number_are_no_amount(cell: str) -> None:
    assert not is_amount(cell)


@pytest.mark.parametrize("text", ["5", "2024", "12.03.2024", "3/31/2023", "8517.12.00", "±3", "1.2E+5", "$-5", "(5)%"])
def test_whatever_fills_a_column_of_figures_is_a_figure(text: str) -> None:
    assert is_figure(text)


def test_a_statement_writes_a_dash_where_there_is_nothing() -> None:
    assert all(map(fills_figure_column, ["—", "-", "N/A", "n/a", "NM", "(1,234)", "2023", "31,"]))
    assert not any(map(fills_figure_column, ["3/31/2023", "of", "--", "Total"]))


def test_an_amount_shows_that_it_is_no_page_note_or_code() -> None:
    assert all(map(shows_amount, ["1,234", "(5)", "5%", "$5", "0.5", "1.234,50"]))
    assert not any(map(shows_amount, ["5", "-5", "2024", "5)", "(5", "8517.12.00", "12."]))


def test_signs_stand_apart_in_the_columns_of_a_statement() -> None:
    assert all(map(is_sign, ["$", "€", "%", ")%", "("]))
    assert not any(map(is_sign, ["", "$5", "x", "-"]))
    assert signs_apart("Cash $ 5 and € (4) and 3) %, $5 not") == 3


def test_a_line_ends_in_a_figure_within_its_bounds() -> None:
    text = "Cash $ 5,123 left"
    assert ends_in_figure(text, 0, 12)
    assert not ends_in_figure(text, 0, len(text))


def test_a_year_is_four_digits_of_this_century_or_the_last() -> None:
    assert all(map(is_year, ["1999", " 2026 "]))
    assert not any(map(is_year, ["1899", "20260", "FY2026"]))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,234.50 = 1.234,50 = 1'234.5 = 1\u00a0234,5 = 1234.5", {"1234.5"}),
        ("1.500 EUR or 1,500", {"1500"}),
        # A group never begins with a zero: this is an eighth, not a hundred and twenty-five.
        ("0.125 is 0,1250", {"0.125"}),
        # A code stays itself and is not the number its digits would make.
        ("HS 8517.12.00 on 12.03.2024", {"8517.12.00", "12.03.2024"}),
        ("007 of 2,000,000, and 6.", {"7", "2000000", "6"}),
        ("Zone 5 100 parcels", {"5", "100"}),
        ("none", set()),
    ],
)
def test_figures_are_written_one_way(text: str, numbers: set[str]) -> None:
    assert figures(text) == numbers


@pytest.mark.parametrize(
    ("question", "text"),
    # The apostrophe of a Swiss amount parted it like that of a word, and only its last three digits were found.
    [("1234567", "CHF 1'234'567"), ("1,234.50", "1’234.50 Franken"), ("0.125", "0,125 mm"), ("0,125", "0.125 mm")],
)
def test_search_reads_numbers_by_the_same_grammar(question: str, text: str) -> None:
    assert set(search_terms(question)) <= set(search_terms(text))
    assert search_terms(question)[0] not in ("567", "50", "0125")


def test_long_runs_of_digits_and_marks_are_read_in_one_go() -> None:
    for unit in ("1", "1,", "1.000,", " ", "1 000 ", "-", "$", "1'000'"):
        text = unit * 100_000
        assert not is_amount(text + " wxyz")
        assert not is_figure(text + " wxyz")
        figures(text)

"""Numbers as Excel shows them; the wanted texts are what it shows for these formats."""

import pytest

from core.load.sheets.number_format import formatter, text_formatter

ACCOUNTING = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1067, "00000", "01067"),
        (12.5, '#,##0.00\\ "€"', "12.50 €"),
        (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"),
        (0.125, "0.0%", "12.5%"),
        (7, '"SN-"0000', "SN-0007"),
        (2.5, '0.00" kg"', "2.50 kg"),
        (37.5 / 24, "[h]:mm", "37:30"),
        (37.5 / 24 / 60, "[mm]:ss", "37:30"),
        (-1.5, "[h]:mm:ss", "-36:00:00"),
        (2.5, "# ?/?", "2 1/2"),
        (0.3125, '# ?/16 "inch"', "5/16 inch"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (12345.678, "##0.0E+0", "12.3E+3"),
        (9.999, "0.00E+00", "1.00E+01"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (1234.5, ACCOUNTING, "$1,234.50"),
        (-1234.5, ACCOUNTING, "$(1,234.50)"),
        (0, ACCOUNTING, "$-"),
        (0, '0;-0;"none"', "none"),
        (0, "0;-0;", ""),
        (-5, "0", "-5"),
        (5, "[Red][>1000]0,\\k;0", "5"),
        (5000, "[Red][>1000]0,\\k;0", "5k"),
        (-11, '[<-10]#" low"', "-11 low"),
        (1234567, '0.0,,"M"', "1.2M"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5551234567, "(###) ###-####", "(555) 123-4567"),
        (2.675, "0.00", "2.68"),
        (5, "0.##", "5"),
        (0.5, "#.00", ".50"),
        (0.1 + 0.2, "General", "0.3"),
        (3 / 62, "General", "0.048387097"),
        (0.00001, "General", "0.00001"),
        (1.123e-10, "General", "1.123E-10"),
        (4930123456, "General", "4930123456"),
        (3, 'General" pcs"', "3 pcs"),
        (45382, "dd.mm.yyyy", "2024-03-31"),
        (45382.6, "m/d/yy h:mm", "2024-03-31 14:24"),
        (45382, "mmm-yy", "Mar-24"),
        (45382, "mmmm yyyy", "March 2024"),
        (45382, "dddd", "Sunday"),
        (45382.6, "h:mm AM/PM", "2:24 PM"),
        (45382.123456, "hh:mm:ss.000", "02:57:46.598"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (-1, "yyyy-mm-dd", "-1"),
        (float("nan"), "0.00", "#NUM!"),
    ],
)
def test_a_number_is_shown_by_its_format(value: float, code: str, shown: str) -> None:
    assert formatter(code)(value) == shown


def test_dates_may_count_from_1904() -> None:
    assert formatter("yyyy-mm-dd", from_1904=True)(43920) == "2024-03-31"


@pytest.mark.parametrize(
    ("code", "shown"), [('"Dr. "@', "Dr. Halden"), (";;;", ""), ("0;-0;;@", "Halden"), ("0.00", "Halden")]
)
def test_a_text_is_shown_by_its_format(code: str, shown: str) -> None:
    show = text_formatter(code)
    assert (show("Halden") if show else "Halden") == shown


def test_formats_that_ask_for_much_are_shown_all_the_same() -> None:
    whole = ("0", "?/", "[h]", ";", '"', "#,##0,", "E+", "0.0", "%", "m", "0;", "[>1]0;", "@")
    for code in [piece * (count // len(piece)) for piece in whole for count in (250, 5000)]:
        for value in (1e300, -0.1, 0.0, 5e-324, 45000.5):
            assert isinstance(formatter(code)(value), str)
        show = text_formatter(code)
        assert show is None or isinstance(show("a"), str)

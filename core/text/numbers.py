"""Numbers as people write them: one grammar for tables, search terms and citations, and what each of them asks of it.

A number is "1,234.50", "1.234,50", "1'234.50" or "1 234,50" (groups of three, the first without a leading zero), else
digits with at most one decimal mark. One mark before three digits parts a group: "1.500" is fifteen hundred.
"""

import re

CURRENCY_SIGNS = "$€£¥₩₹₽₺₴₪₫฿₱₦¢"
_CODES = "AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|INR|JPY|KRW|MXN|NOK|NZD|PLN|RUB|SEK|SGD|TRY|UAH|USD|ZAR"
# For the words of a text: the grouped numbers, whose marks say nothing but where the thousands are.
GROUPED = (
    r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"
    r"|[1-9]\d{0,2}(?:['’]\d{3})+(?:[.,]\d+)?|[1-9]\d{0,2}(?:[\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?"
)
_PLAIN = r"\d+(?:[.,]\d+)?"
_IN_A_CELL = rf"{GROUPED}|[1-9]\d{{0,2}}(?: \d{{3}})+(?:[.,]\d+)?|{_PLAIN}"
_MARKS_BETWEEN = r"\d[\d.,'’/]*"
_BEFORE = rf"[-−–—+±(]?\s?[{CURRENCY_SIGNS}]?\s?[-−–—+±(]?"
_AFTER = rf"(?:E[-+]?\d+)?\s?[%‰)x]*\s?[{CURRENCY_SIGNS}]?\)?"

_NUMBER = re.compile(rf"{_BEFORE}(?:{_IN_A_CELL}){_AFTER}")
_FIGURE = re.compile(rf"{_BEFORE}{_MARKS_BETWEEN}{_AFTER}")
_AMOUNT = re.compile(rf"\W*(?:(?:{_CODES})\s?)?(?:{_IN_A_CELL})\W*(?:[^\W\d]{{1,3}}\W*)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE = re.compile(r"[-−–—+±]?\d+x*|\(\d+|\d+\)+")
_NOTHING = re.compile(r"[-–—]|N/?[AM]", re.IGNORECASE)
_SIGNS = frozenset(f"{CURRENCY_SIGNS}%()")
_SIGN_APART = re.compile(rf"[{CURRENCY_SIGNS}] [\d(—–-]|\d\)? %")
_FIGURE_AT_END = re.compile(rf"[\s(][{CURRENCY_SIGNS}]?\d[\d.,]*\s?[%)]*$|\s[—–]$")
_IN_TEXT = re.compile(rf"(?<![\d.,])(?:{GROUPED})(?![\d]|[.,'’]\d)|\d+(?:[.,]\d+)*")
_GROUPED = re.compile(GROUPED)
_NO_DIGIT = re.compile(r"\D")
_DECIMALS = re.compile(r"[.,]\d+$")


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 source", "1,203 passages"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def is_year(cell: str) -> bool:
    """Tell whether a cell holds nothing but a year, which names a column as often as it fills one."""
    return _YEAR.fullmatch(cell.strip()) is not None


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a number, a sum of money or a percentage and nothing else; a year is none of them."""
    return _NUMBER.fullmatch(cell.strip()) is not None and not is_year(cell)


def is_amount(cell: str) -> bool:
    """Tell whether a cell holds a number with or without its unit: "€12.50", "CHF 150", "5 kg"; a year is none."""
    return is_number(cell) or (_AMOUNT.fullmatch(cell.strip()) is not None and not is_year(cell))


def is_figure(text: str) -> bool:
    """Tell whether a text is what stands in a column of figures: a number, and also a year, a date or a code."""
    return _FIGURE.fullmatch(text) is not None


def fills_figure_column(word: str) -> bool:
    """Tell whether a word of a financial statement is a figure, or what it writes for none: a dash, "n/a" or "NM".

    The day of "March 31, 2023" counts, since such a line stands among rows of figures; a date like 3/31/2023 does not.
    """
    return (is_figure(word) and "/" not in word) or _NOTHING.fullmatch(word) is not None


def shows_amount(word: str) -> bool:
    """Tell whether a figure shows that it is an amount and no page, note or code: groups, decimals, %, parentheses."""
    return _NUMBER.fullmatch(word) is not None and _BARE.fullmatch(word) is None


def is_sign(word: str) -> bool:
    """Tell whether a word is nothing but the currency, percent sign or parenthesis of a figure beside it."""
    return word != "" and _SIGNS.issuperset(word)


def signs_apart(text: str) -> int:
    """Count the currency and percent signs that a gap parts from their figure, as in the columns of a statement."""
    return len(_SIGN_APART.findall(text))


def ends_in_figure(text: str, start: int, end: int) -> bool:
    """Tell whether the line ``text[start:end]`` ends in a figure, or in the dash that stands for one."""
    return _FIGURE_AT_END.search(text, start, end) is not None


def without_groups(number: str) -> str:
    """Return a grouped number as digits with a point for its decimals: "1.234,50" -> "1234.50"; others as they are."""
    if not _GROUPED.fullmatch(number):
        return number
    last = _DECIMALS.search(number)
    before = number[: last.start()] if last else ""
    if last and not before.isdigit() and last.group()[0] not in before:
        return f"{_NO_DIGIT.sub('', before)}.{last.group()[1:]}"
    return _NO_DIGIT.sub("", number)


def figures(text: str) -> frozenset[str]:
    """Return the numbers in a text, each written one way: "1,234.50", "1.234,50" and "1234.5" are the same.

    Signs, currencies and percent signs are left out; a date or a code with several points stays itself.
    """
    return frozenset(map(_written_one_way, _IN_TEXT.findall(text)))


def _written_one_way(number: str) -> str:
    number = without_groups(number).replace(",", ".")
    if number.count(".") > 1:
        return number
    whole, _, rest = number.partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")

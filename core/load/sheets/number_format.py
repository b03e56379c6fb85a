"""Numbers of spreadsheets as their number format shows them: ECMA-376 part 1, 18.8.30 and 18.8.31.

No kept library does this in Python (ssf's last release is of 2020). Marks are those of the format codes themselves:
a point before decimals, commas between thousands. Whole dates are always written 2024-03-31.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache, partial

from core.load.sheets.date_format import ELAPSED, date_text
from core.text import CURRENCY_SIGNS

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0;-"$"#,##0', 6: '"$"#,##0;-"$"#,##0',
    7: '"$"#,##0.00;-"$"#,##0.00', 8: '"$"#,##0.00;-"$"#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 41: '#,##0;(#,##0);"-"', 42: '"$"#,##0;("$"#,##0);"-"',
    43: '#,##0.00;(#,##0.00);"-"', 44: '"$"#,##0.00;("$"#,##0.00);"-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
    # Chinese, Japanese and Korean Excel keep their dates under these.
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
}  # fmt: skip
Formatter = Callable[[float], str]
_SIGNS = frozenset(CURRENCY_SIGNS)
_TOKEN = re.compile(
    r'"([^"]*)"?|\\(.)|[_*](.)|\[\$([^\[\]-]*+)[^\[\]]*+\]|\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]|\[([^\[\]]*+)\]'
    r"|(General|am/pm|a/p|上午/下午|y+|m+|d+|h+|s+|e(?![+-])|g+|b+)|(E[+-])|([0#?])|([.,%/@;])|(.)",
    re.IGNORECASE | re.DOTALL,
)
_EXACT = Context(prec=2000)
_LONGEST_CODE = 255  # Excel takes no longer ones


@dataclass(slots=True)
class Section:
    """One of up to four parts of a format code: ``tokens`` are (kind, text), ``test`` is its condition, if any."""

    tokens: list[tuple[str, str]]
    test: tuple[str, float] | None = None
    kind: str = "number"


def general(value: float) -> str:
    """Return a number as a cell without a format shows it, all digits of long whole numbers included."""
    if not math.isfinite(value):
        return "#NUM!"
    if isinstance(value, int) or (abs(value) < 1e15 and value == int(value)):
        return str(int(value))
    if abs(value) < 1:
        short = f"{value:.9f}".rstrip("0")
        if abs(value) >= 1e-4 or float(short) == value:
            return short
    text = f"{value:.10g}" if abs(value) < 1e15 else str(value)
    return f"{value:.0f}" if "e" in text and 1 <= abs(value) < 1e15 else text.upper()


@lru_cache(maxsize=4096)
def formatter(code: str, *, from_1904: bool = False) -> Formatter:
    """Return what shows a number (or a date's serial number) under a format code."""
    if not code or code.lower() == "general" or code == "@" or len(code) > _LONGEST_CODE:
        return general
    sections = _sections(code)
    return _plain_formatter(sections) or partial(_shown, sections, from_1904)


@lru_cache(maxsize=4096)
def text_formatter(code: str) -> Callable[[str], str] | None:
    """Return what shows a text under a format code, None where the code leaves texts as they are."""
    if ("@" not in code and code.count(";") < 3) or code == "@" or len(code) > _LONGEST_CODE:
        return None
    sections = _sections(code)
    last = sections[-1]
    if len(sections) < 4 and ("@", "@") not in last.tokens:
        return None
    kinds = ("@", "general", "literal", "space")
    parts = [None if kind in kinds[:2] else text for kind, text in last.tokens if kind in kinds]
    if parts == [None]:
        return None
    return lambda text: "".join(text if part is None else part for part in parts).strip()


def is_date(code: str) -> bool:
    """Tell whether a format code shows numbers as dates or times."""
    return any(section.kind == "date" for section in _sections(code[:_LONGEST_CODE])[:2])


def _sections(code: str) -> list[Section]:
    sections = [Section([])]
    for match in _TOKEN.finditer(code):
        quoted, escaped, space, currency, operator, bound, bracket, word, exponent, digit, mark, other = match.groups()
        section = sections[-1]
        if mark == ";":
            sections.append(Section([]))
        elif space is not None:
            # What fills a cell's width is no blank after a currency's sign: "$12", but "€ 12" where one is typed.
            sign = match.group()[0] == "*" and section.tokens and section.tokens[-1][1][-1:] in _SIGNS
            section.tokens.append(("space", "" if sign else " "))
        elif operator:
            section.test = (operator, _number(bound))
        elif bracket is not None:
            if ELAPSED.fullmatch(bracket):
                section.tokens.append(("date", f"[{bracket.lower()}]"))
        elif word:
            section.tokens.append(("general" if word.lower() == "general" else "date", word.lower()))
        elif exponent:
            section.tokens.append(("exponent", exponent))
        elif digit or mark:
            section.tokens.append(("digit" if digit else mark, digit or mark))
        else:
            text = next((part for part in (quoted, escaped, currency, other) if part is not None), "")
            section.tokens.append(("literal", text))
    for section in sections:
        section.kind = _kind({kind for kind, _ in section.tokens})
    return sections[:4]


def _plain_formatter(sections: list[Section]) -> Formatter | None:
    """Return a quick way for most formats ("0.00", "#,##0 kg", "0%"): one run of digits, its whole part ending in 0."""
    marks = "".join(text if kind in ("digit", ".", ",") else "x" for kind, text in sections[0].tokens)
    run = re.fullmatch(r"(x*)((?:#,##)?0+)(?:\.(0+))?(x*)", marks)
    if run is None or len(sections) > 1 or sections[0].test or sections[0].kind != "number":
        return None
    if any(kind not in ("digit", ".", ",", "%", "literal", "space") for kind, _ in sections[0].tokens):
        return None
    before, after = ("".join(text for _, text in sections[0].tokens[slice(*run.span(group))]) for group in (1, 4))
    percent = 2 * sum(kind == "%" for kind, _ in sections[0].tokens)
    decimals, least = Decimal(1).scaleb(-len(run[3] or "")), len(run[2].replace(",", "")) if "#" not in run[2] else 1
    width = least + (len(run[3]) + 1 if run[3] else 0)
    how = ",f" if "," in run[2] else "f"

    def plain(value: float) -> str:
        number = Decimal(repr(abs(value)))
        if not number.is_finite():
            return general(value)
        number = number.scaleb(percent, _EXACT) if percent else number
        digits = format(number.quantize(decimals, ROUND_HALF_UP, _EXACT), how).rjust(width, "0")
        return " ".join(f"{'-' if value < 0 else ''}{before}{digits}{after}".split())

    return plain


def _kind(kinds: set[str]) -> str:
    for kind in ("general", "date"):
        if kind in kinds:
            return kind
    if "digit" not in kinds:
        return "words"
    return "fraction" if "/" in kinds else "number"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _shown(sections: list[Section], from_1904: bool, value: float) -> str:
    if not math.isfinite(value):
        return general(value)
    section, bare = _chosen(sections, value)
    if section is None:
        return general(value)
    magnitude = abs(value)
    if section.kind == "date":
        return date_text(value, section.tokens, from_1904) or general(value)
    if section.kind == "words":
        text = "".join(general(magnitude) if kind == "@" else words for kind, words in section.tokens)
        minus = "-" if value < 0 and not bare and any(kind == "@" for kind, _ in section.tokens) else ""
        return minus + " ".join(text.split())
    if section.kind == "general":
        text = "".join(general(magnitude) if kind == "general" else words for kind, words in section.tokens)
    elif section.kind == "fraction":
        text = _fraction(magnitude, section.tokens)
    else:
        text = _digits(magnitude, section.tokens)
    return ("-" if value < 0 and not bare else "") + " ".join(text.split())


def _chosen(sections: list[Section], value: float) -> tuple[Section | None, bool]:
    """Return the section that shows ``value``, and whether it shows it without its minus sign."""
    numeric = sections[:3]
    if len(sections) > 1 and len(sections) < 4 and ("@", "@") in sections[-1].tokens:
        numeric = sections[:-1]
    if any(section.test for section in numeric):
        for section in numeric:
            if section.test and _holds(value, *section.test):
                return section, len(numeric) > 1 and section.test[0] in ("<", "<=") and section.test[1] <= 0
        free = [section for section in numeric if not section.test]
        below = len(free) > 1 and value < 0
        return (free[0 if below or len(free) == 1 else -1], below) if free else (None, False)
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    if value == 0 and len(numeric) > 2:
        return numeric[2], True
    return numeric[0], False


def _holds(value: float, operator: str, bound: float) -> bool:
    return {
        "<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound, "=": value == bound,
        "<>": value != bound,
    }[operator]  # fmt: skip


def _digits(value: float, tokens: list[tuple[str, str]]) -> str:
    """Show a number without its sign: digits fill the places from the point outwards, words between them stay."""
    kinds = [kind for kind, _ in tokens]
    exponent_at = kinds.index("exponent") if "exponent" in kinds else len(tokens)
    point = kinds.index(".") if "." in kinds[:exponent_at] else exponent_at
    whole = [place for place in range(point) if kinds[place] == "digit"]
    after = [place for place in range(point, exponent_at) if kinds[place] == "digit"]
    last = whole[-1] if whole else -1
    grouped = any(kind == "," for kind in kinds[whole[0] : last]) if whole else False
    scale = 2 * kinds.count("%") - 3 * sum(kind == "," for kind in kinds[last + 1 : point])
    scale -= 3 * sum(kind == "," for kind in kinds[point:exponent_at])
    number = Decimal(repr(value)).scaleb(scale, _EXACT)
    power = 0
    if exponent_at < len(tokens):
        number, power = _scientific(number, max(1, len(whole)), len(after))
    rounded = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP, _EXACT)
    before_point, _, behind = f"{rounded:f}".partition(".")
    zeros = [place for place in whole if tokens[place][1] == "0"]
    digits = before_point.lstrip("0").rjust(len(whole) - whole.index(zeros[0]) if zeros else 0, "0")
    kept = max((rank for rank, place in enumerate(after, 1) if tokens[place][1] == "0"), default=0)
    behind = behind[:kept] + behind[kept:].rstrip("0")
    shown = _placed(digits, whole, grouped)
    shown |= {place: behind[rank : rank + 1] for rank, place in enumerate(after)}
    if not whole and digits:
        shown[point] = digits + "."
    text = []
    for place, (kind, words) in enumerate(tokens):
        if place > exponent_at:
            if kind == "digit":
                continue
        elif place == exponent_at:
            least = kinds[exponent_at:].count("digit")
            sign = "-" if power < 0 else "+" if "+" in words else ""
            text.append(f"E{sign}{abs(power):0{max(1, least)}d}")
            continue
        # "5." of "0.##" says no more than "5".
        bare = kind in (",", "digit", "@") or (kind == "." and after and not behind and place == point)
        text.append(shown.get(place, "" if bare else words))
    return "".join(text)


def _placed(digits: str, places: list[int], grouped: bool) -> dict[int, str]:
    """Return what stands at each place left of the point; the first place takes all digits there are too many."""
    shown = {}
    for rank, place in enumerate(places):
        right = len(places) - rank - 1
        start = 0 if rank == 0 else max(0, len(digits) - right - 1)
        piece = digits[start : max(0, len(digits) - right)]
        if grouped:
            piece = "".join(
                digit + ("," if (right + len(piece) - index - 1) % 3 == 0 and right + len(piece) - index - 1 else "")
                for index, digit in enumerate(piece)
            )
        shown[place] = piece
    return shown


def _scientific(number: Decimal, width: int, decimals: int) -> tuple[Decimal, int]:
    """Return a number as a mantissa and its power of ten, a multiple of ``width``."""
    if not number:
        return number, 0
    power = number.adjusted() // width * width
    mantissa = number.scaleb(-power, _EXACT)
    if round(mantissa, decimals) >= 10**width:
        power += width
        mantissa = number.scaleb(-power, _EXACT)
    return mantissa, power


def _fraction(value: float, tokens: list[tuple[str, str]]) -> str:
    """Show "2 1/2" for 2.5 under "# ?/?"; a denominator written out ("# ?/16") is kept."""
    slash = next(place for place, (kind, _) in enumerate(tokens) if kind == "/")
    places = [place for place in range(slash) if tokens[place][0] == "digit"] or [slash]
    mixed = any(kind != "digit" for kind, _ in tokens[places[0] : places[-1]])
    end = slash + 1
    while end < len(tokens) and (tokens[end][0] == "digit" or tokens[end][1].isdecimal()):
        end += 1
    before = "".join(words for kind, words in tokens[: places[0]] if kind in ("literal", "space"))
    after = "".join(words for kind, words in tokens[end:] if kind in ("literal", "space"))
    written = "".join(words for _, words in tokens[slash + 1 : end])
    exact = Fraction(Decimal(repr(value)))
    whole = int(exact) if mixed else 0
    rest = exact - whole
    if written.isdecimal() and int(written):
        denominator = min(int(written[:6]), 100_000)
        numerator = round(rest * denominator)
    else:
        nearest = rest.limit_denominator(10 ** min(max(1, len(written)), 5) - 1)
        numerator, denominator = nearest.numerator, nearest.denominator
    if mixed and numerator == denominator:
        whole, numerator = whole + 1, 0
    if mixed and not numerator:
        return f"{before}{whole}{after}"
    return f"{before}{f'{whole} ' if whole else ''}{numerator}/{denominator}{after}"

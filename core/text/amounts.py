"""Text in, the amounts in it with their units out; and the step of a table that a cell stands for: "up to 5 kg"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from core.text.numbers import CURRENCY_SIGNS, GROUPED, without_groups
from core.text.units import UNITS

CURRENCIES = frozenset({"eur", "usd", "gbp", "chf", *CURRENCY_SIGNS})
_COUNTING = (
    "two three four five six seven eight nine ten eleven twelve",
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "dos tres cuatro cinco seis siete ocho nueve diez once doce",
)
_NUMBER_WORDS = {word: number for words in _COUNTING for number, word in enumerate(words.split(), 2)}
# What stands after a number and is no unit of it: "1 to 3", "20 of them".
_AFTER_NUMBERS = """
    to and or of in for from per up by with at on the a is are das die der und oder bis zu von in ins nach für je pro
    mit ab am im y o e et ou a al de del en por para con hasta à au par pour x than are do does was what how
    """
_NO_UNITS = frozenset(_AFTER_NUMBERS.split())
_ADJECTIVES = r"(?:working|business|calendar|full|ganze|volle)\s"
_AMOUNT = re.compile(
    rf"(?P<sign>[{CURRENCY_SIGNS}]\s?)?(?P<minus>(?<!\w)(?<!\w\s)[-−](?=\d)|\bminus\s(?=\d))?"
    rf"(?:(?<![\w.,:/])(?P<digits>{GROUPED}|\d++(?:[.,]\d++)?)|\b(?P<word>{'|'.join(_NUMBER_WORDS)})\b)"
    rf"(?:\s?(?:{_ADJECTIVES})?(?P<unit>°\s?[CF]\b|[{CURRENCY_SIGNS}%°]|[^\W\d_]++))?",
    re.IGNORECASE,
)
_BOUND = {
    "under": r"under|below|less than|unter|weniger als|menos de|moins de|<(?!=)",
    "up_to": r"up to|at most|no more than|not more than|max(?:imum|imal|\.)?|until|bis(?: zu)?|höchstens|hasta|máximo|"
    r"jusqu['’]à|fino a|até|tot|≤|<=",
    "over": r"over|above|more than|über|mehr als|más de|plus de|oltre|>(?!=)",
    "from": r"from|after|at least|min(?:imum|destens|\.)?|starting at|ab|nach|von|desde|a partir de|después de|dès|"
    r"après|≥|>=",
}
_BOUNDS = re.compile("|".join(rf"(?P<{name}>(?<!\w)(?:{way})(?!\w))" for name, way in _BOUND.items()), re.IGNORECASE)
_BETWEEN = re.compile(r"-|–|—|to|bis(?: zu)?|a|à|hasta|and|und|y|(?:and )?up to", re.IGNORECASE)
_MORE = re.compile(
    r"\s?(?:\+|(?:and|or|und|oder|y|o|et|ou) (?:more|above|over|mehr|darüber|más|plus)\b)", re.IGNORECASE
)
_LESS = re.compile(r"\s?(?:or|oder|o|ou) (?:less|weniger|menos|moins)\b", re.IGNORECASE)
_LONGEST_STEP = 80
MEASURES = frozenset(kind for kind, _ in UNITS.values())


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a text, ``text[start:end]`` with its unit.

    ``kind`` is what is measured ("mass", "eur"), else the word that follows ("nights"), or "" for a bare number.
    """

    value: float
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a cell such as "up to 5 kg", "over 10" or "1-3 nights" takes. ``words`` is what else it says.

    A ``plain`` one is no more than an amount: a step where it stands in a list of them, the smallest that is enough.
    """

    low: float
    high: float
    kind: str
    low_open: bool = False
    high_open: bool = False
    plain: bool = False
    words: str = ""

    def holds(self, value: float) -> bool:
        """Tell whether an amount lies in it."""
        above = value > self.low if self.low_open else value >= self.low
        return above and (value < self.high if self.high_open else value <= self.high)


def amounts(text: str) -> list[Amount]:
    """Return the amounts in a text, in order; a number in a code, a time of day or a size "20 x 30" is none."""
    found = []
    for match in _AMOUNT.finditer(text):
        digits = match["digits"]
        start, end = match.span("digits" if digits else "word")
        if digits and _is_in_a_code(text, start, end):
            continue
        value = float(without_groups(digits).replace(",", ".")) if digits else _NUMBER_WORDS[match["word"].casefold()]
        unit = (match["unit"] or "").replace(" ", "").casefold()
        if unit and unit not in _NO_UNITS and not match["sign"]:
            end = match.end()
        else:
            unit = (match["sign"] or "").strip()
        kind, factor = UNITS.get(unit, (unit, 1.0))
        found.append(Amount((-value if match["minus"] else value) * factor, kind, match.start(), end))
    return found


def _is_in_a_code(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 20) : start].rsplit(" ", 1)
    joined = bool(before[-1]) and any(sign.isalpha() for sign in before[-1]) and before[-1][-1] in "-_."
    sized = any(near.strip()[:1] in ("x", "×") for near in (text[end : end + 2], text[max(0, start - 2) : start][::-1]))
    after = text[end : end + 2]
    return joined or sized or (len(after) == 2 and after[0] in ":/." and after[1].isdigit())


def measured(word: str) -> tuple[str, float]:
    """Return what a unit measures and how many of the smallest unit it holds: "kg" -> ("mass", 1000); else ("", 1)."""
    return UNITS.get(word.casefold(), ("", 1.0))


@lru_cache(maxsize=8192)
def step(cell: str, unit: str = "") -> Step | None:
    """Read a cell or the name of a column as a step; ``unit`` is that of its column. None where it is none."""
    found = amounts(cell) if len(cell) <= _LONGEST_STEP else []
    if not 1 <= len(found) <= 2:
        return None
    first, last = found[0], found[-1]
    kind, factor = (last.kind or first.kind), 1.0
    if not kind:
        kind, factor = measured(unit)
    low, high = first.value * factor, last.value * factor
    if len(found) == 2 and not first.kind and kind == last.kind:
        low *= _factor_of(cell[last.start : last.end])
    lead, rest = cell[: first.start], cell[last.end :]
    bounds = list(_BOUNDS.finditer(lead))
    bound = bounds[-1].lastgroup if bounds else ""
    words = " ".join(f"{_BOUNDS.sub(' ', lead)} {_LESS.sub('', _MORE.sub('', rest))}".strip(" ,;:()").split())
    if len(found) == 2:
        if not _BETWEEN.fullmatch(cell[first.end : last.start].strip(" ,+")) or low > high:
            return None
        return Step(low, high, kind, low_open=bound == "over", words=words)
    if bound in ("under", "up_to") or _LESS.match(rest):
        return Step(-inf, high, kind, high_open=bound == "under", words=words)
    if bound in ("over", "from") or _MORE.match(rest):
        return Step(low, inf, kind, low_open=bound == "over", words=words)
    return Step(-inf, high, kind, plain=True, words=words) if kind or not words else None


def _factor_of(amount: str) -> float:
    """Return the factor of the unit in which an amount is written."""
    letters = amount.lstrip(f"0123456789.,'’−-+{CURRENCY_SIGNS} ").split(" ")
    return measured(letters[-1])[1]


def fitting(steps: Sequence[Step | None], value: float) -> list[int]:
    """Return which of the steps of a table an amount falls into: all of equal ones, none where it is beyond them.

    What says where it ends ("1 to 3") goes before the smallest that is enough ("up to 5"), that before "over 10".
    """
    holding = [(index, each) for index, each in enumerate(steps) if each and each.holds(value)]
    if not holding:
        return []
    between = [(index, each) for index, each in holding if each.low > -inf and each.high < inf]
    if between:
        same = {(each.low, each.high) for _, each in between}
        return [index for index, _ in between] if len(same) == 1 else []
    limited = [(each.high, index) for index, each in holding if each.high < inf]
    if limited:
        smallest = min(limited)[0]
        return [index for high, index in limited if high == smallest]
    largest = max(each.low for _, each in holding)
    return [index for index, each in holding if each.low == largest]

"""The steps of a table, "up to 5 kg" or "1-3 nights": a cell read as one, and which of them an amount falls into."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import inf

from core.text.amounts import MEASURES, Amount, amounts, measured
from core.text.numbers import CURRENCY_SIGNS
from core.text.terms import search_terms

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
_WORD = re.compile(r"[^\W\d_]+")


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


def unit_of_column(name: str) -> str:
    """Return the unit that the name of a column gives: "max_load_kg", "Weight (kg)"; "" where it gives none."""
    return next((word for word in reversed(_WORD.findall(name)) if measured(word)[0]), "€" if "€" in name else "")


def may_fall_into(each: Step, amount: Amount, name: str, languages: Sequence[str]) -> bool:
    """Tell whether an amount may fall into a step of the column ``name``: measured or counted alike."""
    if each.kind in MEASURES or amount.kind in MEASURES:
        return amount.kind == each.kind
    things = search_terms(f"{each.kind} {name.replace('_', ' ')}", languages)
    return not amount.kind or not set(things).isdisjoint(search_terms(amount.kind, languages))


def lie_apart(steps: Iterable[Step]) -> bool:
    """Tell whether steps do not reach into each other: "6 to 9 days" beside "8 to 12 days" are answers, no steps."""
    spans = sorted({(each.low, each.high) for each in steps if each.low > -inf and each.high < inf})
    return all(one[1] <= other[0] for one, other in pairwise(spans))

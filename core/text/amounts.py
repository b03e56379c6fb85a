"""Text in, the amounts in it with their units out."""

import re
from dataclasses import dataclass

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

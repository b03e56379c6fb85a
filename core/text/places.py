"""Cities and countries' codes in a question, put as the countries that the sources speak of.

"9 kg to Lisbon" is answered by a row for Portugal, "CH limit" by one for Switzerland. Only where the sources name the
country and not the city: where they do, the question is about it. The cities are those of GeoNames (cities.tsv;
tests/core/text/make_cities.py makes it).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from core.text.names import countries_in, country_names, folded
from core.text.terms import STOP_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WORDS = re.compile(r"\S+")
_TO = frozenset(
    _WORDS.findall("to from in into near at via nach aus bei von a en desde hacia de à vers depuis da naar uit para em")
)
# Cities that are first names or other words as well: only with a capital, and after a word such as "to".
_WORDS_TOO = frozenset(
    _WORDS.findall("""
    nice reading essen male pest buda surrey mesa victoria madison charlotte douglas stanley austin lincoln florence
    florencia florenz sofia chandler henderson brent derby preston plymouth buffalo phoenix wellington columbus queens
    salvador valencia santiago porto kiel bonn surat vigo bari roma rom rome orlando jamestown latina
    """)
)
# Codes of two letters that are other things as well.
_NO_CODES = frozenset(
    _WORDS.findall("""
    in it no at be is as do so to me my by or an am pm id tv hr ai pc gb mb cm mm km ml mg kg la ma mt pa pr pt pe co mo
    dj cd gp ps sd sm
    """)
)
_COUNTRIES = ("countries", "länder", "países", "pays", "paesi", "landen")  # sources with these may mean all others
_JOINTS = frozenset("-_/0123456789")
_MOST_WORDS = 4  # of a city's name

Known = Callable[[str], bool]
"""Tells whether a casefolded word stands in the sources."""


def with_countries_named(question: str, known: Known) -> str:
    """Return the question with the country's name for each city and code whose country the sources name."""
    words = list(_WORD.finditer(question))
    named: list[tuple[int, int, str]] = []
    end = 0
    for place, word in enumerate(words):
        before = words[place - 1][0].casefold() if place else ""
        code = _code(question, *word.span(), before)
        if country := _called(code, known):
            named.append((*word.span(), country))
            continue
        for last in range(min(place + _MOST_WORDS, len(words)), place, -1):
            start, stop = word.start(), words[last - 1].end()
            code = _city(question[start:stop], before, known) if start >= end else ""
            if country := _called(code, known, others=True):
                named.append((start, stop, country))
                end = stop
                break
    for start, stop, country in reversed(named):
        question = question[:start] + country.title() + question[stop:]
    return question


def _called(code: str, known: Known, *, others: bool = False) -> str:
    """Return a country's name in the sources' words, "" where they do not speak of it.

    With ``others`` they may speak of all countries that they do not name.
    """
    names = country_names(code)
    rest = names[:1] if others and any(map(known, _COUNTRIES)) else []
    return next((name for name in names if _stands(name, known)), next(iter(rest), ""))


def is_city(word: str) -> bool:
    """Tell whether a word is a city's name and hardly anything else: such a word is no slip for another."""
    return folded(word) in _cities() and folded(word) not in _WORDS_TOO


def _city(name: str, before: str, known: Known) -> str:
    """Return the code of the country that a city lies in, whose name the sources do not hold; else ""."""
    plain = folded(name)
    code = _cities().get(plain, "")
    if not code or countries_in(name) or _stands(name.casefold(), known):
        return ""
    return code if plain not in _WORDS_TOO or (before in _TO and name[0].isupper()) else ""


def _code(question: str, start: int, stop: int, before: str) -> str:
    """Return a country's code where a word is one: in capitals, or in small letters after "to" or "from"."""
    name, small = question[start:stop], question[start:stop].casefold()
    if len(name) != 2 or not name.isascii() or (name.islower() and small in STOP_WORDS):
        return ""
    if question[max(0, start - 1) : start] in _JOINTS or question[stop : stop + 1] in _JOINTS:  # of "AX-4410-B"
        return ""
    after_number = question[:start].rstrip()[-1:].isdigit()
    if small in _NO_CODES and not (small == "gb" and name.isupper() and not after_number):
        return ""
    if name.isupper():
        return "" if question.isupper() else name
    return name.upper() if name.islower() and before in _TO - {"a", "de", "en", "da"} else ""


def _stands(name: str, known: Known) -> bool:
    """Tell whether all words of a name stand in the sources; words of two letters are not counted there."""
    words = [word for word in re.findall(r"[^\W\d_]+", name) if len(word) > 2]
    return bool(words) and all(map(known, words))


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in Path(__file__).with_name("cities.tsv").read_text(encoding="utf-8").splitlines():
        code, names = line.split("\t")
        for name in names.split("|"):
            found.setdefault(folded(name), code)
    return found

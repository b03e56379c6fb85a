"""Other names of the same thing: countries, months, days, units, money and common abbreviations, in six languages.

The names of countries, months and days are those of Unicode CLDR (names.tsv; tests/core/text/make_names.py makes it).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from core.text.units import UNIT_GROUPS

REMEMBERED = 4_000  # texts whose countries, and months, are known: cells and sentences that each question looks into
# Each line names one thing. What has a bar in front is only understood, and never looked for: it means too much else.
_GROUPS = """
gbp |pound |pounds
asap
info infos information informationen
max maximum maximal máximo
tel phone telephone telefon teléfono téléphone telefoon
fax telefax
approx approximately circa ca ungefähr etwa aproximadamente environ
incl including inkl inklusive einschließlich incluido inclus
excl excluding exkl exklusive
vat mwst mehrwertsteuer umsatzsteuer ust iva tva btw
qty quantity menge cantidad quantité
dept department abteilung departamento département
temp temperature temperatur
app application anwendung
lab laboratory labor
photo photograph foto fotografie
fridge refrigerator kühlschrank
wifi wlan
pw password passwort kennwort contraseña
ceo geschäftsführer
hq headquarters headquarter
faq faqs
"""
# A sign that is no word, and what it is said as.
_SIGNS = {"€": "~eur", "$": "~usd", "£": "~gbp", "%": "~percent"}
_SAID = {"eur": "~eur", "usd": "~usd", "gbp": "~gbp", "percent": "~percent"}
_CAPITALS = {"US": "US", "USA": "US", "U.S.": "US", "U.S.A.": "US", "UK": "GB", "U.K.": "GB", "UAE": "AE", "EU": "EU"}
_IN_CAPITALS = re.compile(r"\b(?:USA?\b|U\.S\.(?:A\.)?|UK\b|U\.K\.|UAE\b|EU\b)")
_SIGN = re.compile("[€$£%]")
_IN_SMALL = re.compile(r"\b(?:usa|uk|uae)\b")  # no words of any language here, unlike "us" and "eu"
# Names of months that are words of another language in small letters: "two days ago", Spanish for August.
_NO_MONTHS = frozenset(("may", "march", "mar", "mars", "sep", "set", "ago", "mag", "ott"))
_SPLIT = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_TWO_LETTERS_OF = "de"  # the one language that writes its days with two letters: "Mo-Fr 9-18 Uhr"


@dataclass(slots=True)
class _Names:
    """``keys`` says what a name may stand for; ``names`` what each of them is called; ``long`` the names of several
    words by their first two; ``months`` the number of a month by its name; ``english`` the name of a key in English;
    ``countries`` all names of a country."""

    keys: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    long: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)
    english: dict[str, str] = field(default_factory=dict)
    countries: dict[str, list[str]] = field(default_factory=dict)


def folded(name: str) -> str:
    """Return a name as it is compared: without capitals, accents and full stops."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name.casefold()))
    return unicodedata.normalize("NFC", plain).replace(".", "")


def month_of(name: str) -> int:
    """Return which month a word names, from 1; 0 where it names none."""
    return _names().months.get(name.casefold(), 0)


def month_names() -> frozenset[str]:
    """Return the names of all months, casefolded."""
    return frozenset(_names().months)


def is_name(word: str) -> bool:
    """Tell whether a word is a name that is known here: such a word is never taken for another."""
    return folded(word) in _names().keys


def term_of(key: str) -> str:
    """Return the term that texts get for what they call by several words, or by a sign: "United States" is ``~us``."""
    kind, _, name = key.partition(":")
    return f"~{name.casefold()}" if kind == "country" else _SAID.get(name, "")


def other_names(word: str, languages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what else the thing is called that a word names, single words only, and the terms texts get for it.

    Days and months are looked for in English and these languages.
    """
    known = _names()
    words: list[str] = []
    terms: list[str] = []
    for key in known.keys.get(folded(word), ()):
        terms += filter(None, [term_of(key)])
        for name, language in known.names[key]:
            suits = not language or language == "en" or language in languages
            if suits and (len(name) > 2 or language in ("", _TWO_LETTERS_OF)) and name != word:
                words.append(name)
    return words, terms


def long_names(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Find names of several words: where they begin and end among ``words``, casefolded, and what they name."""
    long = _names().long
    end = 0
    for start in [index for index, pair in enumerate(pairwise(words)) if pair in long]:
        if start < end:
            continue
        for name, key in long[words[start], words[start + 1]]:
            if tuple(words[start : start + len(name)]) == name:
                end = start + len(name)
                yield start, end, key
                break


def english_names(words: Sequence[str], language: str) -> list[str]:
    """Return the words of a question, casefolded, with the names of countries, months and days in English.

    Those of months and days are known in the question's ``language``; a name of several words becomes one item.
    """
    known = _names()
    long = {start: (end, key) for start, end, key in long_names(words)}
    named: list[str] = []
    place = 0
    while place < len(words):
        end, key = long.get(place, (place + 1, ""))
        for each in [key] if key else known.keys.get(folded(words[place]), ()):
            kind = each.partition(":")[0]
            if kind == "country" or (kind != "word" and (words[place], language) in known.names[each]):
                key = each
                break
        named.append(known.english.get(key, " ".join(words[place:end])))
        place = end
    return named


def named_as_in(there: str, question: str) -> str:
    """Return the question with each country called as the text ``there`` calls it: "usa" becomes "united states".

    What the text calls the same, or by no name, stays.
    """
    said = there.casefold()
    for start, end, key in _country_spans(question):
        if not _says(said, question[start:end].casefold()):
            name = next((name for name in _names().countries.get(key, ()) if _says(said, name)), question[start:end])
            question = question[:start] + name + question[end:]
    return question


def with_countries_as(name: str, question: str) -> str:
    """Return the question with ``name`` in the place of each country: "how long to Zone 4"."""
    for start, end, _ in _country_spans(question):
        question = question[:start] + name + question[end:]
    return question


def _country_spans(text: str) -> list[tuple[int, int, str]]:
    """Return where a text names countries, and their keys, the last first."""
    words = list(_SPLIT.finditer(text))
    folds = [word[0].casefold() for word in words]
    spans = [(words[start].start(), words[end - 1].end(), key) for start, end, key in long_names(folds)]
    long = [(start, end) for start, end, _ in spans]
    for word, fold in zip(words, folds, strict=True):
        keys = [*capital_names(word[0]).values(), *_names().keys.get(folded(fold), ())]
        keys = [key for key in keys if key.startswith("country:")]
        if keys and not any(start <= word.start() < end for start, end in long):
            spans.append((word.start(), word.end(), keys[0]))
    return sorted((span for span in spans if span[2].startswith("country:")), reverse=True)


def _says(text: str, name: str) -> bool:
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def name_terms(text: str, words: Sequence[str]) -> list[str]:
    """Return the terms for what a text calls by several words, by capitals (USA) or by a sign (€), each sign once."""
    terms = [term_of(key) for _, _, key in long_names(words)]
    if "U" in text:
        terms += [f"~{_CAPITALS[name].casefold()}" for name in _IN_CAPITALS.findall(text)]
    if signs := frozenset(_SIGN.findall(text)):
        terms += [_SIGNS[sign] for sign in sorted(signs)]
    return terms


def capital_names(text: str) -> dict[str, str]:
    """Return what a question calls by initials: the word as its terms have it, and what it names: "us" the US."""
    found = [*_IN_CAPITALS.findall(text), *(name.upper() for name in _IN_SMALL.findall(text))]
    return {name.replace(".", "").casefold(): f"country:{_CAPITALS[name]}" for name in found}


@lru_cache(maxsize=REMEMBERED)
def countries_in(text: str) -> frozenset[str]:
    """Return the countries that a text names, by their keys, "country:JP"; the EU is none, as it holds some."""
    words = [word.casefold() for word in _SPLIT.findall(text)]
    keys = [key for word in words for key in _names().keys.get(folded(word), ())]
    keys += [key for _, _, key in long_names(words)]
    keys += capital_names(text).values()
    return frozenset(key for key in keys if key.startswith("country:") and key != "country:EU")


# Members of the European Union, November 2026.
_IN_THE_UNION = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
IN_THE_UNION = frozenset(f"country:{code}" for code in _IN_THE_UNION.split())


@lru_cache(maxsize=REMEMBERED)
def months_in(text: str) -> frozenset[int]:
    """Return the months that a text names, from 1; those that are other words too only with a capital."""
    words = [word for word in _SPLIT.findall(text) if word not in _NO_MONTHS]
    return frozenset(filter(None, map(month_of, words)))


def country_names(code: str) -> list[str]:
    """Return all names of the country of a code of two letters, casefolded, English first; none of what is no code."""
    return _names().countries.get(f"country:{code}", [])


def names_of(key: str) -> list[str]:
    """Return the names of one word that a country has."""
    return [name for name, _ in _names().names[key]]


@lru_cache(maxsize=1)
def _names() -> _Names:
    made = _Names()
    for line in Path(__file__).with_name("names.tsv").read_text(encoding="utf-8").splitlines():
        kind, number, language, names = line.split("\t")
        for name in names.split("|"):
            _add(made, f"{kind}:{number}", language, name)
    for line in filter(None, (*UNIT_GROUPS, *_GROUPS.splitlines())):
        words = line.split()
        for word in words:
            _add(made, f"word:{words[0]}", "", word)
    for long in made.long.values():
        long.sort(key=lambda item: -len(item[0]))
    return made


def _add(made: _Names, key: str, language: str, name: str) -> None:
    name, looked_for = name.removeprefix("|").casefold(), not name.startswith("|")
    names = made.names.setdefault(key, [])
    if language in ("en", ""):  # of a country's, English comes first
        made.english.setdefault(key, name)
    if key.startswith("country:") and len(name) > 2:
        made.countries.setdefault(key, []).append(name)
    words = tuple(_SPLIT.findall(name))
    if len(words) > 1:
        if len(words[0]) > 2:
            made.long.setdefault(words[:2], []).append((words, key))
        return
    if key.startswith("month:") and len(name) > 2:
        made.months.setdefault(name, int(key.partition(":")[2]))
    if len(name) < 3 and key.startswith("country:"):
        return
    if key not in made.keys.setdefault(folded(name), []):
        made.keys[folded(name)].append(key)
    if looked_for and (name, language) not in names:
        names.append((name, language))

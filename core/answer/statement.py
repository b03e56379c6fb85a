"""A sentence or a table's row in, what it states out: its words, amounts, names, who does it, and what it denies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.answer.kin import COUNTRY_OF, DAY_OF, roles, same_words
from core.answer.plain_words import CLOCK, plain_words
from core.answer.small_words import (
    ALSO_ONLY,
    CALENDAR,
    EXCEPT,
    FIRST_PERSON,
    MEANT,
    NEGATORS,
    ONLY,
    QUIET,
    REFUSALS,
    SECOND_PERSON,
    WORKING,
)
from core.foreign import gloss
from core.text import (
    CURRENCIES,
    MEASURES,
    STOP_WORDS,
    amounts,
    asked_in,
    countries_in,
    measured,
    months_in,
    search_terms,
)

# A code of letters and digits with hyphens is one word, "AX-4410-B".
_WORD = re.compile(
    r"(?=[^\W_]{0,12}[-/]?[^\W_]{0,12}\d)[^\W\d_][^\W_]{0,12}(?:[-/\u2010\u2011][^\W_]{1,12}){1,4}(?![^\W_])"
    r"|[^\W_]+(?:['’][^\W_]+)?"
)
_ENDS_COUNTED = re.compile(r"[,;.|()·]")  # what a number counts stands before it
_BETWEEN = frozenset(
    ("to", "-", "–", "bis", "a", "à", "by", "and", "or", "und", "oder", "x", "×", "y", "bis zu", "up to")
)
_HYPHENS = ("-", "\u2010", "\u2011")
_HOURS = 24
_SHORTEST_PARTICIPLE = 6
_KNOWN = ("country:", "month:")
_RANGE = frozenset(("to", "-", "–", "bis", "a", "à"))
_DAYS = re.compile(r"\s(?:days?|hours?|weeks?|tage?n?)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d")
# Where a part of a sentence ends that says something of its own.
_BORDER = re.compile(
    r"[;:()|·–—]|,(?=\s)|\b(?:and|but|while|whereas|or|und|aber|oder|sondern|während|y|et|ou|e|o|en|pero|mais|"
    r"ma|maar)\b"
)
_STRONG = re.compile(r"[;|·]|\b(?:but|while|whereas|aber|sondern|während|pero|mais|maar)\b")
_BOUNDS = {"atmost": 1, "atleast": -1}
_SCOPE = 2  # words that a "not" denies
_LOOKED_AT = 2  # words behind a number among which its unit may stand: "5 full working days"
_DAYS_OF_WORK = frozenset(word for word in WORKING if word not in ("working", "business"))

Terms = frozenset[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that means something: ``terms`` it may stand as, without and with (``wide``) what says the same.

    ``named`` tells a name; ``upper`` that it has a capital, ``capital`` that it has one although it opens no sentence,
    as German nouns do.
    """

    text: str
    start: int
    terms: Terms
    wide: Terms
    named: bool = False
    capital: bool = False
    upper: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A number with what it counts: ``raw`` as written, ``factor`` of the smallest unit of ``kind``.

    ``bound`` is 1 for "at most", -1 for "at least"; ``days`` is "working" or "calendar".
    """

    raw: float
    factor: float
    kind: str
    start: int
    bound: int = 0
    days: str = ""

    @property
    def value(self) -> float:
        """The amount in the smallest unit."""
        return round(self.raw * self.factor, 4)


@dataclass(frozen=True, slots=True)
class Denial:
    """A "not": the words that it denies; ``whole`` where it denies all of its part, as "prohibited" does."""

    words: tuple[Word, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one clause or cell says.

    Of a cell, ``column``, ``over`` and ``rates`` are the words, amounts and rates of its column's name, and ``key``
    says that it names the row.
    """

    words: tuple[Word, ...] = ()
    said: tuple[Said, ...] = ()
    roles: frozenset[tuple[int, int]] = frozenset()
    denials: tuple[Denial, ...] = ()
    column: tuple[Word, ...] = ()
    over: tuple[Said, ...] = ()
    rates: frozenset[tuple[str, float]] = frozenset()
    key: bool = False

    @property
    def is_anchored(self) -> bool:
        """Whether it has something of its own that may be taken for another's."""
        return bool(self.said or self.roles or self.denials or any(word.named for word in self.words))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a text states, in parts and in all; ``only`` is "only" and its like,
    ``speaks`` that it says "we", ``addresses`` that it says "you"."""

    parts: tuple[Part, ...]
    words: tuple[Word, ...]
    said: tuple[Said, ...]
    dates: Terms
    rates: frozenset[tuple[str, float]]
    only: bool
    alone: bool
    speaks: bool = False
    addresses: bool = False
    pieces: tuple[tuple[Word, ...], ...] = ()


@lru_cache(maxsize=4096)
def statement(text: str, languages: tuple[str, ...], german: bool = False, foreign: str = "") -> Statement:
    """Read a sentence, row or cell; in ``german`` a capital makes no name.

    ``foreign`` is its language where it is compared with a text in another: English words stand for its own as well.
    """
    plain = plain_words(text)
    words = list(_words(plain.text, languages, german, foreign))
    said = _said(plain.text)
    borders = [match.span() for match in _BORDER.finditer(plain.text)]
    parts = _parts(plain.text, borders, words, said)
    tokens = frozenset(match.group().casefold() for match in _WORD.finditer(plain.text))
    return Statement(
        parts,
        tuple(words),
        said,
        plain.dates,
        plain.rates,
        _says_only(plain.text),
        bool(tokens & ALSO_ONLY) or any(each.bound for each in said),
        bool(tokens & FIRST_PERSON),
        bool(tokens & SECOND_PERSON),
        _pieces(words, borders),
    )


def joined(parts: Sequence[Statement]) -> Statement:
    """Make one statement of the cells of a row, or of sentences that follow each other."""
    return Statement(
        tuple(part for each in parts for part in each.parts),
        tuple(word for each in parts for word in each.words),
        tuple(said for each in parts for said in each.said),
        frozenset().union(*(each.dates for each in parts)),
        frozenset().union(*(each.rates for each in parts)),
        any(each.only for each in parts),
        any(each.alone for each in parts),
        any(each.speaks for each in parts),
        any(each.addresses for each in parts),
        tuple(piece for each in parts for piece in each.pieces),
    )


@lru_cache(maxsize=20_000)
def terms_of(word: str, languages: tuple[str, ...], foreign: str = "") -> tuple[Terms, Terms]:
    """Return the terms that a casefolded word may stand as, and these with what says the same."""
    english = gloss(word, foreign) if foreign else ""
    terms = frozenset(search_terms(f"{word} {english}", languages))
    if word.startswith("ge") and len(word) > _SHORTEST_PARTICIPLE and "de" in languages:
        terms |= frozenset(search_terms(word[2:], languages))  # "gehaftet" is of "haften"
    known = countries_in(word) | {table[word] for table in (COUNTRY_OF, DAY_OF) if word in table}
    known |= {f"month:{month}" for month in months_in(word.capitalize())}
    same = same_words(languages)
    return terms | known, terms.union(known, *(same.get(term, frozenset()) for term in terms))


def quick_terms(text: str, languages: tuple[str, ...], foreign: str = "") -> Terms:
    """Return the terms of all words of a text, with what says the same."""
    return frozenset().union(*(terms_of(word, languages, foreign)[1] for word in set(_WORD.findall(text.casefold()))))


def _words(text: str, languages: tuple[str, ...], german: bool, foreign: str) -> Iterator[Word]:
    """Give the words of a text that mean something; numbers are none, what has letters and digits is a name."""
    before = ""
    for match in _WORD.finditer(text):
        written = match.group()
        word = written.casefold().partition("'")[0].partition("’")[0]
        opens = not before or before.rstrip().endswith((".", "!", "?", ":", "|", "“", '"', "„", "·", "(", "-", "*"))
        before = text[max(0, match.start() - 3) : match.end()]
        stops = word in STOP_WORDS and (german or word not in MEANT) and not (written.isupper() and len(written) > 1)
        counts_days = (word in WORKING or word in CALENDAR) and _DAYS.match(text, match.end())
        if word.isdigit() or stops or word in QUIET or measured(word)[0] or counts_days:
            continue
        if "-" in word and _NUMBER.search(word):
            code = frozenset((word.replace("-", ""),))
            yield Word(word, match.start(), code, code, named=True, capital=True, upper=True)
            continue
        terms, wide = terms_of(word, languages, foreign)
        capital = written[0].isupper() and not german and not opens
        initials = len(written) > 1 and written.isupper()
        mixed = bool(_NUMBER.search(written)) and not word[0].isdigit()
        is_known = word in DAY_OF or (written[0].isupper() and any(term.startswith(_KNOWN) for term in terms))
        named = capital or initials or mixed or is_known
        yield Word(word, match.start(), terms, wide, named, written[0].isupper() and not opens, written[0].isupper())


def _said(text: str) -> tuple[Said, ...]:
    """Return the amounts of a text, each with the unit it has: its own, one a word later, or that of the range."""
    spanish = asked_in(text) == "es"  # "once" is eleven there alone
    found = [each for each in amounts(text) if spanish or _NUMBER.search(text, each.start, each.end)]
    made: list[Said] = []
    for each in reversed(found):
        written = text[each.start : each.end]
        kind, factor = each.kind, _factor(written) if each.kind in MEASURES else 1.0
        raw = each.value / factor
        near = [
            *_WORD.findall(written),
            *_WORD.findall(_ENDS_COUNTED.split(text[each.end : each.end + 40])[0])[:_LOOKED_AT],
        ]
        behind = [word.casefold() for word in near]
        following = text[each.end : made[-1].start].strip().casefold() if made else "."
        if not kind and following in (_RANGE if made and made[-1].kind == CLOCK else _BETWEEN):
            kind, factor = made[-1].kind, made[-1].factor
            raw *= 60 if kind == CLOCK and raw <= _HOURS else 1
        elif kind not in MEASURES and kind not in CURRENCIES:
            own = next((word for word in behind if measured(word)[0]), "")
            kind, factor = measured(own) if own else (kind, 1.0)
        days = "working" if WORKING.intersection(behind) else "calendar" if CALENDAR.intersection(behind) else ""
        made.append(Said(round(raw, 6), factor, kind, each.start, _bound(text, each.start), days))
    return tuple(reversed(made))


def _factor(written: str) -> float:
    letters = written.split()[-1].lstrip("0123456789.,'’−-+$€£¥ ").casefold()
    return measured(letters)[1]


def _bound(text: str, start: int) -> int:
    before = _WORD.findall(text[max(0, start - 30) : start])[-3:]
    return next((_BOUNDS[word] for word in reversed(before) if word in _BOUNDS), 0)


def _says_only(text: str) -> bool:
    """Tell whether a text says "only" of something else than of an amount, which it makes no smaller."""
    for match in _WORD.finditer(text):
        if match.group().casefold() in ONLY and not _NUMBER.search(text[match.end() : match.end() + 12]):
            return True
    return False


def _parts(text: str, borders: list[tuple[int, int]], words: list[Word], said: tuple[Said, ...]) -> tuple[Part, ...]:
    """Cut a text into parts that each have something of their own."""
    edges = [0, *(end for _, end in borders), len(text)]
    joints = {end for start, end in borders if text[start:end].isalpha()}
    strong = {end for start, end in borders if _STRONG.match(text, start)}
    parts: list[Part] = []
    denied = _denials(text, words)
    waiting: Part | None = None  # "films" of ", films and games for one week" belongs to what follows
    for left, right in pairwise(edges):
        part = _part(left, right, words, said, denied)
        if not (part.words or part.said or part.denials):
            continue
        if waiting is not None:
            if part.is_anchored:
                part = _merged(waiting, part)
            else:
                parts[-1] = _merged(parts[-1], waiting)
            waiting = None
        bare = not part.said and not part.denials and not part.roles and all(word.named for word in part.words)
        leans = bool(parts) and left not in strong and (not parts[-1].is_anchored or bare or not part.is_anchored)
        if leans and parts[-1].is_anchored and not part.is_anchored and text[left - 1] == "," and right in joints:
            waiting = part
        elif leans:
            parts[-1] = _merged(parts[-1], part)
        else:
            parts.append(part)
    if waiting is not None:
        parts[-1] = _merged(parts[-1], waiting)
    return tuple(parts)


def _pieces(words: list[Word], borders: list[tuple[int, int]]) -> tuple[tuple[Word, ...], ...]:
    edges = [0, *(end for _, end in borders), 1 << 60]
    cut = (tuple(word for word in words if left <= word.start < right) for left, right in pairwise(edges))
    return tuple(filter(None, cut))


def _part(
    left: int, right: int, words: list[Word], said: tuple[Said, ...], denied: list[tuple[int, bool, bool]]
) -> Part:
    own = tuple(word for word in words if left <= word.start < right)
    sides = frozenset(side for word in own for side in roles().get(word.text, ()))
    denials = tuple(
        _denial(start, own, excepts=excepts, refuses=refuses)
        for start, excepts, refuses in denied
        if left <= start < right
    )
    return Part(own, tuple(each for each in said if left <= each.start < right), sides, denials)


def _denials(text: str, words: Sequence[Word]) -> list[tuple[int, bool, bool]]:
    """Find what denies in a text: where it begins, whether it makes an exception, and whether it refuses."""
    found = []
    for match in _WORD.finditer(text):
        token = match.group().casefold()
        if token in NEGATORS and text[match.end() : match.end() + 1] not in _HYPHENS:  # "no-show" denies nothing
            found.append((match.start(), False, False))
        elif token in EXCEPT:
            found.append((match.start(), True, False))
        elif token in REFUSALS and not any(match.start() < word.start <= match.end() + 1 for word in words):
            found.append((match.start(), False, True))
    return found


def _denial(place: int, words: tuple[Word, ...], *, excepts: bool, refuses: bool) -> Denial:
    if refuses:
        return Denial(tuple(word for word in words if word.start != place), whole=True)
    after = tuple(word for word in words if word.start > place)[:_SCOPE]
    if excepts:
        return Denial(after[:1])
    before = tuple(word for word in words if word.start < place)[-_SCOPE:]
    return Denial(after or before)


def _merged(first: Part, second: Part) -> Part:
    return Part(
        first.words + second.words, first.said + second.said, first.roles | second.roles, first.denials + second.denials
    )

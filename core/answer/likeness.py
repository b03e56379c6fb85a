"""What of two statements is alike: their words, whatever their forms, their amounts, and who stands on which side."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.answer.kin import Sides
from core.answer.plain_words import CLOCK
from core.answer.statement import Said, Word
from core.text import CURRENCIES, MEASURES

_TIMES = {"time", "months"}
_POUND = 453.59237  # grams: "5 pounds" may be money as well
_BEGINNING = 6  # letters that two forms of a word have in common
_PART = 5  # letters at least of a word that is part of a compound


@dataclass(frozen=True, slots=True)
class Bag:
    """Words to look in: their terms, these with what says the same, and how they begin."""

    terms: frozenset[str]
    wide: frozenset[str]
    beginnings: frozenset[str]
    long: tuple[str, ...]

    def has(self, word: Word) -> bool:
        """Tell whether a word is in it, in any of its forms, or as a part of a compound."""
        if not word.terms.isdisjoint(self.terms) or not word.wide.isdisjoint(self.wide):
            return True
        if word.named:
            return False
        stems = [term for term in word.terms if term.isalpha()]
        if any(len(stem) >= _BEGINNING and stem[:_BEGINNING] in self.beginnings for stem in stems):
            return True
        return any(len(stem) >= _PART and (stem in other or other in stem) for stem in stems for other in self.long)


def bag_of(words: Iterable[Word]) -> Bag:
    """Return words to look in."""
    words = tuple(words)
    terms = frozenset().union(*(word.terms for word in words))
    wide = frozenset().union(*(word.wide for word in words))
    stems = [term for term in terms if term.isalpha()]
    beginnings = frozenset(stem[:_BEGINNING] for stem in stems if len(stem) >= _BEGINNING)
    return Bag(terms, wide, beginnings, tuple(stem for stem in stems if len(stem) >= _PART))


def is_same(one: Said, other: Said) -> bool:
    """Tell whether an amount of a sentence is one of a span, as far as their units tell."""
    if {one.days, other.days} == {"working", "calendar"} or (one.days == "working" and other.kind and not other.days):
        return False
    if one.kind == other.kind or (one.kind and other.kind and not is_unit(one.kind) and not is_unit(other.kind)):
        return abs(one.value - other.value) < 1e-6 * max(1.0, abs(one.value))
    if CLOCK in (one.kind, other.kind):
        hour, time = (one, other) if other.kind == CLOCK else (other, one)
        return not hour.kind and 60 * hour.raw == time.raw
    if {one.kind, other.kind} == {"mass", "gbp"} and _POUND in (one.factor, other.factor):
        return one.raw == other.raw
    if one.kind and other.kind:  # a unit and another, or a unit and what is counted
        return False
    return one.raw == other.raw


def is_unit(kind: str) -> bool:
    """Tell whether a kind of amount is measured, and not counted."""
    return kind in MEASURES or kind in CURRENCIES or kind == CLOCK


def alike(one: Said, other: Said) -> bool:
    """Tell whether two amounts may count the same thing."""
    same = one.kind == other.kind or {one.kind, other.kind} == _TIMES
    return same or not (is_unit(one.kind) and is_unit(other.kind))


def sides(word: Word, table: Sides) -> frozenset[tuple[int, int]]:
    """Return where a word stands in a table of sides."""
    return table.get(word.text, frozenset())


def facing(side: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Tell whether one of the others is on another side of the same line."""
    return any(line == side[0] and place != side[1] for line, place in others)


def shares(word: Word, words: Iterable[Word]) -> bool:
    """Tell whether one of the words says the same as a word."""
    return any(not word.wide.isdisjoint(other.wide) for other in words)

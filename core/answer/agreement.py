"""Two statements in, whether the one bears the other out."""

import re
from dataclasses import dataclass
from typing import Literal

from core.answer.denials import bounds_agree, denials_agree, is_denied
from core.answer.kin import opposites, roles
from core.answer.likeness import Bag, bag_of, facing, is_same, sides
from core.answer.owners import columns_agree, is_of_another_clause, owners_agree
from core.answer.statement import Statement

# Shares of a sentence's words that its span must hold: where the model named it, and where it did not.
SUPPORTED = (0.55, 0.4, 0.3)  # by how many of its numbers stand there too: none, one, more
ADDED = (0.65, 0.55, 0.45)
ADDED_WORDS = 3
AROUND = 0.6  # what a word counts that stands only in the headings over it
_ENOUGH_WORDS, _FEW = 3, 2
_FORMS = 3  # letters that "ride" and "ridden" begin with alike
_ALMOST_ALL = 0.7  # what must stand there where a word of the question does not
_PIECE = 3  # words of a clause none of which is found: it says something else
_LIGHTLY = 0.4  # what a word counts that says little
_LIGHT = frozenset(
    re.findall(
        r"\S+",
        """
        allowed permitted possible required necessary erlaubt möglich nötig take takes taken get gets make makes
        made use used want wants need needs go goes come comes work works worked run runs happen happens apply
        applies become set put keep way case time part thing things applicable möchten nehmen machen gilt gelten
        gehen kommen erfolgt beträgt liegt
        """,
    )
)

Verdict = Literal["yes", "little", "other number", "no"]
"""Borne out; not enough of it there; enough, but with another number; said otherwise there."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a span: headings and columns over it, and its whole passage."""

    over: Bag
    read: Statement
    passage: Bag


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a span states, its words to look in, and what stands around it."""

    span: Statement
    own: Bag
    around: Around


def share_of(said: Statement, own: Bag, around: Around) -> float:
    """Return the share of a sentence's words that stand in a span, those in the headings over it counted less."""
    if not said.words:
        return 1.0 if said.said or said.dates else 0.0
    weights = [_LIGHTLY if word.text in _LIGHT else 1.0 for word in said.words]
    held = (1.0 if own.has(word) else AROUND if around.over.has(word) else 0.0 for word in said.words)
    return sum(weight * share for weight, share in zip(weights, held, strict=True)) / sum(weights)


def agreement(said: Statement, found: Evidence, question: Statement | None, *, added: bool) -> tuple[Verdict, float]:
    """Tell whether a span bears a sentence out, and the share of its words that it holds.

    It does where enough of the sentence is said there, and nothing of it is said otherwise.
    """
    span, own, around = found.span, found.own, found.around
    share = share_of(said, own, around)
    if not (_names_stand(said, span, own, around, question) and _times_stand(said, span, around.read)):
        return "little", share
    if not _numbers_stand(said, span, around.read, question):
        return "other number", share
    if not (
        _sides_agree(said, span)
        and columns_agree(said, span)
        and owners_agree(said, span)
        and not is_of_another_clause(said, span)
        and denials_agree(said, span)
        and bounds_agree(said, span)
        and not _is_exchanged(said, span, own)
        and not (said.only and not span.alone)
    ):
        return "no", share
    return "yes" if _is_enough(said, span, own, around, question, share, added=added) else "little", share


def _is_enough(
    said: Statement, span: Statement, own: Bag, around: Around, question: Statement | None, share: float, *, added: bool
) -> bool:
    numbers = min(2, sum(any(is_same(one, other) for other in span.said) for one in said.said))
    if not any(map(own.has, said.words)) and not numbers:
        return False
    if added and (len(said.words) + len(said.said) < ADDED_WORDS or share < ADDED[numbers]):
        return False
    if share < SUPPORTED[numbers]:
        return False
    lost = [piece for piece in said.pieces if not any(own.has(word) or around.over.has(word) for word in piece)]
    if any(len(piece) >= _PIECE for piece in lost):
        return False
    if question is None:
        return True
    shared = [word for word in question.words if any(word.text == other.text for other in said.words)]
    missing = [word for word in shared if not own.has(word) and not around.over.has(word)]
    if not missing or (numbers and not added):
        return True
    return not added and 2 * len(missing) <= len(shared) and share >= _ALMOST_ALL


def _names_stand(said: Statement, span: Statement, own: Bag, around: Around, question: Statement | None) -> bool:
    """Tell whether the names of a sentence stand in the span or over it; "we" may be one that its document has.

    A noun of the question that the whole passage has not is what was asked about, and not what is told of.
    """
    asked = {word.text for word in question.words if word.capital} if question else set()
    for word in said.words:
        if own.has(word) or around.over.has(word):
            continue
        own_sides = sides(word, roles())
        if own_sides and not span.addresses and not any(own_sides & sides(other, roles()) for other in span.words):
            return False
        if word.named and not (span.speaks and around.passage.has(word)):
            return False
        if word.upper and word.text in asked and not around.passage.has(word):
            return False
    return True


def _numbers_stand(said: Statement, span: Statement, over: Statement, question: Statement | None) -> bool:
    """Tell whether all numbers of a sentence stand in the span, over it, or in the question, and one in the span."""
    inside = 0
    for each in said.said:
        if any(is_same(each, other) for other in span.said):
            inside += 1
        elif not any(is_same(each, other) for other in over.said) and not (
            question and any(is_same(each, other) for other in question.said)
        ):
            return False
    return inside > 0 or not said.said


def _times_stand(said: Statement, span: Statement, over: Statement) -> bool:
    rates, dates = span.rates | over.rates, span.dates | over.dates
    if rates and not said.rates <= rates:
        return False
    return all(any(_is_same_date(date, other) for other in dates) for date in said.dates)


def _is_same_date(one: str, other: str) -> bool:
    years = {one[:-6].strip("-"), other[:-6].strip("-")} - {""}
    return one[-6:] == other[-6:] and len(years) < 2


def _sides_agree(said: Statement, span: Statement) -> bool:
    """Tell whether no word of the sentence stands there as its opposite; "not after" and "before" are no opposites."""
    table = opposites()
    own = frozenset().union(*(sides(word, table) for word in said.words))
    for word in said.words:
        for side in sides(word, table):
            there = [each for each in span.words if facing(side, sides(each, table))]
            here = any(side in sides(each, table) for each in span.words)
            if there and not here and not facing(side, own) and is_denied(word, said) == is_denied(there[0], span):
                return False
    parts = [part for part in said.parts if part.roles]
    there_roles = frozenset().union(*(part.roles for part in span.parts))
    return not any(
        facing(side, there_roles) and side not in there_roles and not facing(side, part.roles)
        for part in parts
        for side in part.roles
    )


def _is_exchanged(said: Statement, span: Statement, own: Bag) -> bool:
    """Tell whether a sentence is that of the span but for who or what it is said of, or has its two sides exchanged."""
    table = roles()
    for line in {line for word in said.words for line, _ in sides(word, table)}:
        here, there = (
            [place for word in read.words for at, place in sorted(sides(word, table)) if at == line]
            for read in (said, span)
        )
        clauses, others = ({part.roles for part in read.parts if part.roles} for read in (said, span))
        moved = len(clauses) > 1 and clauses == others  # "unless …" may stand first or last
        if here == there[::-1] != there and not moved and all(map(own.has, said.words)):
            return True
    lost = [place for place, word in enumerate(said.words) if not own.has(word)]
    if len(lost) != 1 or span.speaks or any(part.column for part in span.parts) or len(said.words) < _ENOUGH_WORDS:
        return False
    word, mine = said.words[lost[0]], bag_of(said.words)
    rest = [other for other in span.words if not mine.has(other)]
    if word.text in _LIGHT or any(other.text[:_FORMS] == word.text[:_FORMS] for other in rest):
        return False
    alike = [other for other in rest if other.capital == word.capital or other is span.words[0]]
    return bool(alike) and len(rest) <= _FEW and (lost[0] == 0 or word.capital)

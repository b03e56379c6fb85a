"""Two statements in, whether the one bears the other out."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.answer.kin import Sides, opposites, roles
from core.answer.plain_words import CLOCK
from core.answer.statement import Denial, Part, Said, Statement, Word
from core.text import CURRENCIES, MEASURES

# Shares of a sentence's words that its span must hold: where the model named it, and where it did not.
SUPPORTED = (0.55, 0.4, 0.3)  # by how many of its numbers stand there too: none, one, more
ADDED = (0.65, 0.65, 0.5)
ADDED_WORDS = 3
AROUND = 0.6  # what a word counts that stands only in the headings over it
_CLEARLY = 0.3  # by so much a part of a span must fit better than another to own what is said
_HEAVY = 3.0  # what a name counts among the words that tell parts apart
_AMOUNT = 2.0
_BEGINNING = 6  # letters that two forms of a word have in common
_ENOUGH_WORDS, _FEW = 3, 2
_PIECE = 3  # words of a clause none of which is found: it says something else
_LIGHTLY = 0.4  # what a word counts that says little
_LIGHT = frozenset(
    [
        "take",
        "takes",
        "taken",
        "get",
        "gets",
        "make",
        "makes",
        "made",
        "use",
        "used",
        "want",
        "wants",
        "need",
        "needs",
        "go",
        "goes",
        "come",
        "comes",
        "work",
        "works",
        "worked",
        "run",
        "runs",
        "happen",
        "happens",
        "apply",
        "applies",
        "become",
        "set",
        "put",
        "keep",
        "way",
        "case",
        "time",
        "part",
        "thing",
        "things",
        "applicable",
        "möchten",
        "nehmen",
        "machen",
        "gilt",
        "gelten",
        "gehen",
        "kommen",
        "erfolgt",
        "beträgt",
        "liegt",
    ]
)

Verdict = Literal["yes", "little", "other number", "no"]
"""Borne out; not enough of it there; enough, but with another number; said otherwise there."""


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
        return any(len(stem) >= 5 and (stem in other or other in stem) for stem in stems for other in self.long)


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


def bag_of(words: Iterable[Word]) -> Bag:
    """Return words to look in."""
    words = tuple(words)
    terms = frozenset().union(*(word.terms for word in words))
    wide = frozenset().union(*(word.wide for word in words))
    stems = [term for term in terms if term.isalpha()]
    beginnings = frozenset(stem[:_BEGINNING] for stem in stems if len(stem) >= _BEGINNING)
    return Bag(terms, wide, beginnings, tuple(stem for stem in stems if len(stem) >= 5))


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
        and _columns_agree(said, span)
        and _owners_agree(said, span)
        and _denials_agree(said, span)
        and _bounds_agree(said, span)
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
    return not missing or (not added and (numbers > 0 or 2 * len(missing) <= len(shared)))


def _names_stand(said: Statement, span: Statement, own: Bag, around: Around, question: Statement | None) -> bool:
    """Tell whether the names of a sentence stand in the span or over it; "we" may be one that its document has.

    A noun of the question that the whole passage has not is what was asked about, and not what is told of.
    """
    asked = {word.text for word in question.words if word.capital} if question else set()
    for word in said.words:
        if own.has(word) or around.over.has(word):
            continue
        if word.named and not (span.speaks and around.passage.has(word)):
            return False
        if word.capital and word.text in asked and not around.passage.has(word):
            return False
    return True


def is_same(one: Said, other: Said) -> bool:
    """Tell whether an amount of a sentence is one of a span, as far as their units tell."""
    if {one.days, other.days} == {"working", "calendar"} or (one.days == "working" and other.kind and not other.days):
        return False
    if one.kind == other.kind or (one.kind and other.kind and not _is_unit(one.kind) and not _is_unit(other.kind)):
        return abs(one.value - other.value) < 1e-6 * max(1.0, abs(one.value))
    if CLOCK in (one.kind, other.kind):
        hour, time = (one, other) if other.kind == CLOCK else (other, one)
        return not hour.kind and 60 * hour.raw == time.raw
    if one.kind and other.kind:  # a unit and another, or a unit and what is counted
        return False
    return one.raw == other.raw


def _is_unit(kind: str) -> bool:
    return kind in MEASURES or kind in CURRENCIES or kind == CLOCK


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


def _sides(word: Word, table: Sides) -> frozenset[tuple[int, int]]:
    return table.get(word.text, frozenset())


def _facing(side: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Tell whether one of the others is on another side of the same line."""
    return any(line == side[0] and place != side[1] for line, place in others)


def _sides_agree(said: Statement, span: Statement) -> bool:
    """Tell whether no word of the sentence stands there as its opposite; "not after" and "before" are no opposites."""
    table = opposites()
    own = frozenset().union(*(_sides(word, table) for word in said.words))
    for word in said.words:
        for side in _sides(word, table):
            there = [each for each in span.words if _facing(side, _sides(each, table))]
            here = any(side in _sides(each, table) for each in span.words)
            if there and not here and not _facing(side, own) and _is_denied(word, said) == _is_denied(there[0], span):
                return False
    parts = [part for part in said.parts if part.roles]
    there_roles = frozenset().union(*(part.roles for part in span.parts))
    return not any(
        _facing(side, there_roles) and side not in there_roles and not _facing(side, part.roles)
        for part in parts
        for side in part.roles
    )


def _bounds_agree(said: Statement, span: Statement) -> bool:
    """Tell whether "at most" is not "at least" there, unless one of the two is denied."""
    for part in said.parts:
        for each in part.said:
            same = [(one, other) for other in span.parts for one in other.said if each.bound and is_same(each, one)]
            if same and all(one.bound == -each.bound and bool(at.denials) == bool(part.denials) for one, at in same):
                return False
    return True


def _is_exchanged(said: Statement, span: Statement, own: Bag) -> bool:
    """Tell whether a sentence is that of the span but for who or what it is said of, or has its two sides exchanged."""
    table = roles()
    for line in {line for word in said.words for line, _ in _sides(word, table)}:
        here, there = (
            [place for word in read.words for at, place in sorted(_sides(word, table)) if at == line]
            for read in (said, span)
        )
        if here == there[::-1] != there and all(map(own.has, said.words)):
            return True
    lost = [place for place, word in enumerate(said.words) if not own.has(word)]
    if len(lost) != 1 or span.speaks or any(part.column for part in span.parts) or len(said.words) < _ENOUGH_WORDS:
        return False
    word, mine = said.words[lost[0]], bag_of(said.words)
    rest = [other for other in span.words if not mine.has(other)]
    alike = [other for other in rest if other.capital == word.capital or other is span.words[0]]
    return bool(alike) and len(rest) <= _FEW and (lost[0] == 0 or word.capital)


def _is_denied(word: Word, read: Statement) -> bool:
    return any(word in denial.words for part in read.parts for denial in part.denials)


def _columns_agree(said: Statement, span: Statement) -> bool:
    """Tell whether what a sentence says of the columns that it names does not stand in the row's other columns."""
    values = [part for part in span.parts if part.column and not part.key]
    names = [word for word in said.words if word.upper]
    named = [part for part in values if all(_shares(word, names) for word in part.column)]
    others = [part for part in values if not any(_shares(word, said.words) for word in part.column)]
    if not named or not others:
        return True
    rest = [part for part in span.parts if part not in others]
    kept = bag_of(word for part in rest for word in (*part.words, *part.column))
    elsewhere = bag_of(word for part in others for word in part.words)
    return sum(elsewhere.has(word) and not kept.has(word) for word in said.words) < 2


def _owners_agree(said: Statement, span: Statement) -> bool:
    """Tell whether each number, name and role is said there of what the sentence says it of, and not of another."""
    if len(span.parts) < 2:
        return True
    counted = [part for part in said.parts if part.said]
    acting = [part for part in said.parts if part.roles]
    return (
        all(_owns_number(each, part if len(counted) > 1 else said, span) for part in counted for each in part.said)
        and all(_owns_role(side, part if len(acting) > 1 else said, span) for part in acting for side in part.roles)
        and all(_owns_name(word, part, span) for part in said.parts for word in part.words if word.named)
    )


def _owns_number(number: Said, said: Part | Statement, span: Statement) -> bool:
    def holds(part: Part) -> bool:
        return any(is_same(number, one) for one in part.said)

    def rivals(part: Part) -> bool:
        return not part.key and any(_alike(number, one) for one in part.said)

    owners, others = _owners(span, holds, rivals)
    return _is_owned(said, owners, others, lambda word: True, number=number)


def _owns_role(side: tuple[int, int], said: Part | Statement, span: Statement) -> bool:
    """Tell whether who does something does it there; a row that has one for each column must have one of them named."""
    table = roles()
    parts = said.parts if isinstance(said, Statement) else (said,)
    if any(_facing(side, part.roles) for part in parts):
        return True

    def tells(word: Word) -> bool:
        return not any(line == side[0] for line, _ in _sides(word, table))

    owners, others = _owners(span, lambda part: side in part.roles, lambda part: _facing(side, part.roles))
    in_cells = bool(others) and all(part.column for part in (*owners, *others))
    return _is_owned(said, owners, others, tells, clearly=in_cells)


def _owns_name(name: Word, said: Part, span: Statement) -> bool:
    def holds(part: Part) -> bool:
        return any(not name.wide.isdisjoint(word.wide) for word in (*part.words, *part.column))

    def rivals(part: Part) -> bool:
        return not part.key and not part.column and any(word.named for word in part.words)

    owners, others = _owners(span, holds, rivals)
    return _is_owned(said, owners, others, lambda word: not word.named)


def _owners(
    span: Statement, holds: Callable[[Part], bool], rivals: Callable[[Part], bool]
) -> tuple[list[Part], list[Part]]:
    owners = [part for part in span.parts if holds(part)]
    return owners, [part for part in span.parts if not holds(part) and rivals(part)]


def _is_owned(
    said: Part | Statement,
    owners: Sequence[Part],
    others: Sequence[Part],
    tells: Callable[[Word], bool],
    *,
    number: Said | None = None,
    clearly: bool = False,
) -> bool:
    """Tell whether no other part of a span, that says the like, fits clearly better than those that hold it.

    With ``clearly`` those must fit better themselves. Words that several have tell nothing.
    """
    if not owners or not others:
        return True
    parts = (*owners, *others)
    own = [tuple(word for word in (*part.words, *part.column) if tells(word)) for part in parts]
    counts = Counter(term for words in own for term in frozenset().union(*(word.terms for word in words)))

    def fit(place: int) -> float:
        weights = [
            (_weight(word), _shares(word, said.words))
            for word in own[place]
            if len(parts) == 1 or max(counts[term] for term in word.terms) < 2
        ]
        counted = [each for each in parts[place].said if number is not None and not _alike(number, each)]
        weights += [(_AMOUNT, any(is_same(each, one) for one in said.said)) for each in (*parts[place].over, *counted)]
        return _share(weights)

    if said.words and number is not None and _opens(said, own[len(owners) :]) and not _opens(said, own[: len(owners)]):
        return False  # another part begins with what the sentence is about
    best, rival = max(map(fit, range(len(owners)))), max(map(fit, range(len(owners), len(parts))))
    leans = not any(own[place] or parts[place].over for place in range(len(owners)))  # on what was said before it
    return best > rival if clearly else rival < best + _CLEARLY * (2 if leans else 1)


def _opens(said: Part | Statement, parts: Sequence[tuple[Word, ...]]) -> bool:
    return any(words and _shares(said.words[0], words[:1]) for words in parts)


def _weight(word: Word) -> float:
    return _HEAVY if word.named or _sides(word, roles()) else 1.0


def _share(weights: Sequence[tuple[float, bool]]) -> float:
    whole = sum(weight for weight, _ in weights)
    return sum(weight for weight, found in weights if found) / whole if whole else 0.0


def _alike(one: Said, other: Said) -> bool:
    return one.kind == other.kind or not (_is_unit(one.kind) and _is_unit(other.kind))


def _denials_agree(said: Statement, span: Statement) -> bool:
    """Tell whether the sentence denies what the span denies, and nothing else.

    A denial in words that the other side has not may be the same one in other words, and makes up for one there.
    """
    relevant = _relevant(said, span)
    here = [denial for part in said.parts for denial in part.denials]
    there = [denial for part in relevant for denial in part.denials]
    left_here, left_there = list(here), list(there)
    for one in here:
        same = next((other for other in left_there if any(_shares(word, other.words) for word in one.words)), None)
        if same is not None:
            left_here.remove(one)
            left_there.remove(same)
    said_so = [word for part in said.parts for word in part.words if not _within(word, part.denials)]
    there_so = [word for part in relevant if not part.denials for word in part.words]
    wrong_there = [each for each in left_there if any(_shares(word, said_so) for word in each.words)]
    wrong_here = [each for each in left_here if any(_shares(word, there_so) for word in each.words)]
    spare_here, spare_there = len(left_here) - len(wrong_here), len(left_there) - len(wrong_there)
    return len(wrong_there) <= spare_here and len(wrong_here) <= spare_there


def _within(word: Word, denials: Sequence[Denial]) -> bool:
    return any(word in denial.words for denial in denials)


def _relevant(said: Statement, span: Statement) -> list[Part]:
    """Return the parts of a span that a sentence speaks of: those with its numbers, else with its words.

    Of a row these are those whose column it names, if it names one.
    """
    columns = [part for part in span.parts if part.column and not part.key]
    named = [part for part in columns if any(_shares(word, said.words) for word in part.column)]
    if columns:
        kept = named or columns
        return [part for part in span.parts if part in kept or (part not in columns and _speaks_of(said, part))]
    found: list[Part] = []
    for own in said.parts:
        counted = [part for part in span.parts if any(is_same(one, other) for one in own.said for other in part.said)]
        found += counted or [part for part in span.parts if _speaks_of(own, part)]
    denied = [part for part in span.parts if part.denials and not part.said]
    found += [part for part in denied if any(_shares(word, said.words) for each in part.denials for word in each.words)]
    return [part for part in span.parts if part in found]


def _speaks_of(said: Statement | Part, part: Part) -> bool:
    return any(_shares(word, said.words) for word in part.words)


def _shares(word: Word, words: Iterable[Word]) -> bool:
    return any(not word.wide.isdisjoint(other.wide) for other in words)

"""Two statements in, whether what the one says of something the other says of the same, and not of another."""

from collections import Counter
from collections.abc import Callable, Sequence

from core.answer.kin import roles
from core.answer.likeness import alike, bag_of, facing, is_same, shares, sides
from core.answer.statement import Part, Said, Statement, Word

_CLEARLY = 0.3  # by so much a part of a span must fit better than another to own what is said
_HEAVY = 3.0  # what a name counts among the words that tell parts apart
_FEW_WORDS = 3
_AMOUNT = 2.0  # what another amount counts there


def columns_agree(said: Statement, span: Statement) -> bool:
    """Tell whether what a sentence says of the columns that it names does not stand in the row's other columns."""
    values = [part for part in span.parts if part.column and not part.key]
    names = [word for word in said.words if word.upper]
    named = [part for part in values if all(shares(word, names) for word in part.column)]
    others = [part for part in values if not any(shares(word, said.words) for word in part.column)]
    if not named or not others:
        return True
    rest = [part for part in span.parts if part not in others]
    kept = bag_of(word for part in rest for word in (*part.words, *part.column))
    elsewhere = bag_of(word for part in others for word in part.words)
    return sum(elsewhere.has(word) and not kept.has(word) for word in said.words) < 2


def owners_agree(said: Statement, span: Statement) -> bool:
    """Tell whether each number, name and role is said there of what the sentence says it of, and not of another."""
    if len(span.parts) < 2:
        return True
    counted = [part for part in said.parts if part.said]
    acting = [part for part in said.parts if part.roles]
    if said.rates and counted and not _rates_agree(said, span):
        return False
    return (
        all(_owns_number(each, part if len(counted) > 1 else said, span) for part in counted for each in part.said)
        and all(_owns_role(side, part if len(acting) > 1 else said, span) for part in acting for side in part.roles)
        and all(_owns_name(word, part, span) for part in said.parts for word in part.words if word.named)
    )


def _rates_agree(said: Statement, span: Statement) -> bool:
    """Tell whether a number of the sentence stands in a column of the sentence's rates, where columns have some."""
    columns = [
        part
        for part in span.parts
        if part.rates and any(is_same(one, other) for one in said.said for other in part.said)
    ]
    return not columns or any(not said.rates.isdisjoint(part.rates) for part in columns)


def _owns_number(number: Said, said: Part | Statement, span: Statement) -> bool:
    def holds(part: Part) -> bool:
        return any(is_same(number, one) for one in part.said)

    def rivals(part: Part) -> bool:
        return not part.key and any(alike(number, one) for one in part.said)

    owners, others = _owners(span, holds, rivals)
    return _is_owned(said, owners, others, lambda word: True, number=number)


def _owns_role(side: tuple[int, int], said: Part | Statement, span: Statement) -> bool:
    """Tell whether who does something does it there; a row that has one for each column must have one of them named."""
    table = roles()
    parts = said.parts if isinstance(said, Statement) else (said,)
    if any(facing(side, part.roles) for part in parts):
        return True

    def tells(word: Word) -> bool:
        return not any(line == side[0] for line, _ in sides(word, table))

    owners, others = _owners(span, lambda part: side in part.roles, lambda part: facing(side, part.roles))
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
            (_weight(word), shares(word, said.words))
            for word in own[place]
            if len(parts) == 1 or max(counts[term] for term in word.terms) < 2
        ]
        counted = [each for each in parts[place].said if number is not None and not alike(number, each)]
        weights += [(_AMOUNT, any(is_same(each, one) for one in said.said)) for each in (*parts[place].over, *counted)]
        return _share(weights)

    if said.words and number is not None and _opens(said, own[len(owners) :]) and not _opens(said, own[: len(owners)]):
        return False  # another part begins with what the sentence is about
    best, rival = max(map(fit, range(len(owners)))), max(map(fit, range(len(owners), len(parts))))
    leans = not any(own[place] or parts[place].over for place in range(len(owners)))  # on what was said before it
    return best > rival if clearly else rival < best + _CLEARLY * (2 if leans else 1)


def is_of_another_clause(said: Statement, span: Statement) -> bool:
    """Tell whether a sentence says of its first word what the span says of another one, in another clause.

    That is so where the clause of the first word goes on otherwise, and that of the others is of something else.
    """
    if len(said.parts) > 1 or len(said.words) < _FEW_WORDS or len(span.pieces) < _FEW_WORDS - 1:
        return False
    first, rest = said.words[0], said.words[1:]
    own = [piece for piece in span.pieces if shares(first, piece)]
    others = [piece for piece in span.pieces if not shares(first, piece)]
    if not own or any(all(shares(word, said.words) for word in piece) for piece in own):
        return False
    held = [word for word in rest if any(shares(word, piece) for piece in own)]
    elsewhere = [word for word in rest if word not in held]
    for piece in others:
        there = [word for word in elsewhere if shares(word, piece)]
        if there and len(there) >= len(held) and not all(shares(word, said.words) for word in piece):
            return True
    return False


def _opens(said: Part | Statement, parts: Sequence[tuple[Word, ...]]) -> bool:
    return any(words and shares(said.words[0], words[:1]) for words in parts)


def _weight(word: Word) -> float:
    return _HEAVY if word.named or sides(word, roles()) else 1.0


def _share(weights: Sequence[tuple[float, bool]]) -> float:
    whole = sum(weight for weight, _ in weights)
    return sum(weight for weight, found in weights if found) / whole if whole else 0.0

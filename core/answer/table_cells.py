"""A table and a question in, the rows and the columns that the question means out."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.answer.table_question import Asked, answers, is_named_for, names_of, words_of
from core.answer.tables import Row, Table
from core.text import (
    CURRENCIES,
    MEASURES,
    Amount,
    Step,
    amounts,
    countries_in,
    fitting,
    lie_apart,
    may_fall_into,
    search_terms,
    step,
    unit_of_column,
)

MOST_ROWS = 3
MOST_CELLS = 3
_LONGEST_KEY = 200
_COMPARED = 100  # rows that tell whether there are several steps at all
_LETTER = re.compile(r"[a-zA-Z]")
# A sum under such a name is no price: "Tax-free up to", "Highest cover".
_LIMIT = re.compile(
    r"\b(?:up to|limits?|allowance|threshold|free|cover\w*|refund\w*|compensation|bis|frei\w*|\w+frei|grenze|\w+grenze|"
    r"höchst\w*|erstattung\w*|hasta|límite|exent\w*|reembolso)\b",
    re.IGNORECASE,
)
_TRIED = 6  # rows that tell whether a column is one of steps
# Words that say nothing about what is asked where goods are sent and sold.
_EMPTY = """
    need want take send ship get buy use parcel parcels package packages box item please tell know go come there
    brauche brauchen möchte will schicken senden verschicken nehmen macht geht paket päckchen quiero necesito enviar
    mandar paquete tengo dauert lasts last
    """
_FILLERS = frozenset(_EMPTY.split())

By = Literal["range", "name", "kind", "only", "row"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row that a question means, the columns that tell so, and where the question says it."""

    row: Row
    keys: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question means in a table: rows, columns (none: the whole row), and how much of the question says so."""

    table: Table
    rows: tuple[Chosen, ...]
    columns: tuple[int, ...]
    by: By
    explained: frozenset[int]

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the words of the cells that answer."""
        return tuple(each.row.cells[column].text for each in self.rows for column in self.columns)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands over a table, where a question says some of it, and where it says that or the text beside it.

    ``elsewhere`` is where it says what stands in passages without this table.
    """

    over: str
    near: frozenset[int]
    known: frozenset[int]
    elsewhere: frozenset[int] = frozenset()


def read(
    table: Table, asked: Asked, rows: list[Chosen], around: Callable[[], Around], must: frozenset[int] = frozenset()
) -> Reading | None:
    """Return what a question means in a table; None where it names no row, or no one of several columns.

    ``rows`` are those that it names. ``must``: places of which the name of the row or of the column takes some. Amounts
    decide between the rows or the columns that are steps; beyond the last step there is no answer.
    """
    placed = place_amounts(table, rows or [Chosen(row) for row in table.rows], asked)
    if placed is None:
        return None
    rows, steps, left = placed
    if not 0 < len(rows) <= MOST_ROWS or not all(each.keys for each in rows):
        return None
    chosen = choose_columns(table, rows, asked, steps)
    if chosen is None:
        return None
    columns, by, said = chosen
    if must and not (said & must or all(each.places & must for each in rows)):
        return None
    spoken = frozenset[int]().union(*(each.places for each in rows), said)
    for amount, places in left:
        if places <= spoken:
            continue
        cells = (each.row.cells[column].text for each in rows for column in columns)
        if not any(near.kind == amount.kind in MEASURES - CURRENCIES for cell in cells for near in amounts(cell)):
            return None
        spoken |= places
    reading = Reading(table, tuple(rows), columns, by, spoken)
    return reading if _speaks_of_it(reading, asked, around()) else None


def named_rows(table: Table, asked: Asked) -> list[Chosen]:
    """Return the rows that the question names, of which it says the most; ``[]`` where it names none."""
    remembered: dict[tuple[int, str], frozenset[int]] = {}
    # "no import tax" in a cell under "Import tax" names nothing.
    headers = frozenset[int]().union(*(asked.heading(header_words(name)) for name in table.names))
    found: list[Chosen] = []
    for row in table.rows:
        keys, places = set[int](), frozenset[int]()
        for column, cell in enumerate(row.cells):
            key = (column, cell.text)
            if key not in remembered:
                said = _places_of(asked, cell.text, table.name(column))
                remembered[key] = said - headers - asked.counted if column else said
            if remembered[key]:
                keys.add(column)
                places |= remembered[key]
        if keys:
            found.append(Chosen(row, frozenset(keys), places))
    most = max((len(each.places) for each in found), default=0)
    found = [each for each in found if len(each.places) == most]
    first = min((min(each.keys) for each in found), default=0)
    found = [each for each in found if first in each.keys]
    if len({each.places for each in found}) > 1:
        return found
    typed = asked.text.casefold()
    literal = [each for each in found if any(each.row.cells[key].text.casefold() in typed for key in each.keys)]
    return literal or found


def _places_of(asked: Asked, cell: str, name: str) -> frozenset[int]:
    """Return where the question says the name in a cell; a bare number is said with the name of its column."""
    best = frozenset[int]()
    if not cell or len(cell) > _LONGEST_KEY or not _may_be_said(asked, cell):
        return best
    for words in names_of(cell):
        if len(words) == 1 and words[0].isdigit() and len(words[0]) < 4:
            at = frozenset[int]().union(*(asked.named((word, words[0])) for word in words_of(name)))
        else:
            at = asked.named(words)
        best = max(best, at, key=len)
    taken = step(cell)
    if not taken or (taken.plain and not taken.kind):
        return best
    # An amount falls into "up to 5 kg" or does not; that the question says 5 kg names nothing.
    besides = words_of(taken.words)
    if taken.kind in MEASURES:
        return best or asked.named(besides) if besides else frozenset()
    return best if besides else frozenset()


def _may_be_said(asked: Asked, cell: str) -> bool:
    if cell.isascii() and not _LETTER.search(cell):
        return cell in asked.places
    return any(map(asked.at, words_of(cell))) or any(map(asked.at_country, countries_in(cell)))


def place_amounts(
    table: Table, rows: Sequence[Chosen], asked: Asked
) -> tuple[list[Chosen], tuple[int, ...], list[tuple[Amount, frozenset[int]]]] | None:
    """Let the amounts in a question choose between rows, or between columns that are steps.

    Returns the rows, the columns that the amounts fall into, and the amounts that chose nothing; None where an amount
    is beyond all steps.
    """
    chosen = list(rows)
    columns: tuple[int, ...] = ()
    left = []
    for amount, places in asked.amounts:
        if all(places <= each.places for each in chosen):
            continue
        down = _step_column(table, chosen, amount, asked)
        across = [] if down else _step_names(table, amount, asked)
        if down:
            column, steps = down
            held = fitting(steps, amount.value)
            chosen = [_with(chosen[index], column, places) for index in held]
        elif any(across):
            held = fitting(across, amount.value)
            if columns:
                return None
            columns = tuple(held)
            chosen = [replace(each, places=each.places | places) for each in chosen]
        else:
            left.append((amount, places))
            continue
        if not held:
            return None
    return chosen, columns, left


def _with(chosen: Chosen, column: int, places: frozenset[int]) -> Chosen:
    return Chosen(chosen.row, chosen.keys | {column}, chosen.places | places)


def _step_column(
    table: Table, rows: Sequence[Chosen], amount: Amount, asked: Asked
) -> tuple[int, list[Step | None]] | None:
    """Return the one column of these rows whose cells are steps for an amount, and its steps."""
    found = []
    for column in range(table.width()):
        unit = unit_of_column(table.name(column))
        tried = [each for row in table.rows[:_TRIED] if (each := step(row.cells[column].text, unit))]
        plain = all(each.plain for each in tried) and column and tried and tried[0].kind in CURRENCIES | {""}
        if len(tried) * 5 < min(len(table.rows), _TRIED) * 4 or plain:
            continue
        if not all(may_fall_into(each, amount, table.name(column), asked.languages) for each in tried):
            continue
        steps = [step(each.row.cells[column].text, unit) for each in rows]
        distinct = {step(row.cells[column].text, unit) for row in table.rows[:_COMPARED]}
        if len(distinct) > 1 and lie_apart(each for each in steps if each):
            found.append((column, steps))
    return found[0] if len(found) == 1 else None


def _step_names(table: Table, amount: Amount, asked: Asked) -> list[Step | None]:
    """Return the names of the columns as steps for an amount; None for each that is none."""
    steps: list[Step | None] = []
    for name in table.names:
        each = step(name)
        steps.append(each if each and may_fall_into(each, amount, name, asked.languages) else None)
    # "Full day (24 hours)" beside "Part day (8 hours or more)" are two things, no steps of one.
    called = Counter(each.words.casefold() for each in steps if each)
    return [each if each and called[each.words.casefold()] > 1 else None for each in steps]


def header_words(name: str) -> list[str]:
    """Return the words of the name of a column, as files write it too: "price_eur"."""
    return words_of(name.replace("_", " "))


def choose_columns(
    table: Table, rows: Sequence[Chosen], asked: Asked, steps: Sequence[int]
) -> tuple[tuple[int, ...], By, frozenset[int]] | None:
    """Return the columns that answer, how they were found, and where the question says it; None where it is not clear.

    What the question names, of that the column of which it says the most; else what is of the kind it asks for.
    """
    keys = frozenset[int]().union(*(each.keys for each in rows))
    taken = frozenset[int]().union(*(each.places for each in rows))
    open_columns = [
        column
        for column in (steps or range(table.width()))
        if column not in keys and any(each.row.cells[column].text for each in rows)
    ]
    said = {column: asked.heading(header_words(table.name(column))) - taken for column in open_columns}
    named = _said_most(table, open_columns, said) or list(steps)
    by: By = "range" if steps else "name"
    if steps:
        columns = named
    elif named:
        columns = [each for each in named if _answers(table, rows, asked, each, said[each] | taken)]
        if len(columns) < len(named):
            return None
    else:
        columns = [column for column in open_columns if _answers(table, rows, asked, column, frozenset())]
        by = "kind" if asked.wanted else "only" if len(open_columns) == 1 else "row"
    if not 0 < len(columns) * len(rows) <= MOST_CELLS:
        return None
    return tuple(columns), by, frozenset[int]().union(*(said[column] for column in columns))


def _said_most(table: Table, columns: Sequence[int], said: dict[int, frozenset[int]]) -> list[int]:
    """Return the columns of whose names a question says the most; those whose whole names it says, side by side."""
    whole = [
        column for column in columns if said[column] and len(said[column]) >= len(header_words(table.name(column)))
    ]
    if len(whole) > 1 and sum(len(said[column]) for column in whole) == len(
        frozenset[int]().union(*(said[column] for column in whole))
    ):
        return whole
    most = max(map(len, said.values()), default=0)
    return [column for column in columns if most and len(said[column]) == most]


def _answers(table: Table, rows: Sequence[Chosen], asked: Asked, column: int, said: frozenset[int]) -> bool:
    """Tell whether the cells of a column may be what is asked for; the row's own name says it as that of the column.

    ``said`` is where the question says the names of row and column: what these say it asks for is no kind of cell.
    """
    if asked.asking and asked.asking <= said:
        asked = replace(asked, wanted="")
    if asked.wanted == "money" and not said and _LIMIT.search(table.name(column)) and not step(table.name(column)):
        return False
    return any(
        answers(asked, each.row.cells[column].text, f"{table.name(column)} {each.row.cells[0].text}", meant=bool(said))
        for each in rows
    )


def known_places(asked: Asked, around: str) -> frozenset[int]:
    """Return where a question says words that stand around a table."""
    terms = search_terms(around, asked.languages)
    found = frozenset[int]().union(*(asked.places.get(f"~{term}", frozenset()) for term in dict.fromkeys(terms)))
    fillers = (place for place, word in enumerate(asked.words) if word in _FILLERS)
    return found | asked.asking | frozenset(fillers)


def unexplained(asked: Asked, explained: frozenset[int]) -> tuple[int, int]:
    """Return how many words of a question are left over, and how many tell what it is about, without its amounts."""
    amounts_at = frozenset[int]().union(*(places for _, places in asked.amounts))
    about = frozenset(range(asked.typed)) - asked.asking - amounts_at
    return len(about - explained), len(about)


def _speaks_of_it(reading: Reading, asked: Asked, around: Around) -> bool:
    """Tell whether enough of a question is about the cells found: the less of them it names, the more it has to be."""
    left, about = unexplained(asked, reading.explained | around.known)
    if reading.by in ("range", "name"):
        return left * 2 < max(about, 1)
    left, about = unexplained(asked, reading.explained | around.near)
    if reading.by == "row":
        return left == 0
    if reading.by == "kind" and asked.wanted != "money":
        names = (reading.table.name(column) for column in reading.columns)
        called = " ".join([around.over, *names, *(each.row.cells[0].text for each in reading.rows)])
        if not is_named_for(asked.wanted, called):
            return False
    by_name = any(each.places - frozenset().union(*(at for _, at in asked.amounts)) for each in reading.rows)
    # Of "can I send perfume to Spain" a table without perfume says little, where other passages speak of it.
    of_others = around.elsewhere - reading.explained - around.known - asked.asking
    return left <= (1 if by_name and about >= 3 and not of_others else 0)

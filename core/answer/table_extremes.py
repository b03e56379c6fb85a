"""The cheapest, the longest, how many: a question and a whole table in, the rows that answer out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import prod
from operator import mul
from typing import Literal

from core.answer.table_cells import MOST_ROWS, Chosen, header_words, place_amounts, unexplained
from core.answer.table_question import Asked, counted_noun, is_named_for, suits, words_of
from core.answer.tables import Row, Table
from core.text import CURRENCIES, amounts, measured, search_terms

MOST_COUNTED = 12
Way = Literal["lowest", "highest"]
_FREE = re.compile(r"free|kostenlos|gratis|gratuit", re.IGNORECASE)
_MONTH_NAMES = "jan ene feb . mar mär apr abr may mai jun . jul . aug ago sep . oct okt nov . dec dez dic"
_MONTHS = {name: 1 + place // 2 for place, name in enumerate(_MONTH_NAMES.split())} | {"dic": 12}
_DATE = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|\.)? (?:de )?([^\W\d_]{3,12})\.?,? (?:de )?((?:19|20)\d\d)\b")
_DATE_IN_NUMBERS = re.compile(r"\b(?:((?:19|20)\d\d)-(\d\d)-(\d\d)|(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d))\b")
# (which end, what is compared, how it is asked)
_ASKED: tuple[tuple[Way, str, str], ...] = (
    ("lowest", "money", r"cheapest|least expensive|billigste[nrms]?|günstigste[nrms]?|más barat[oa]s?|"
     r"más económic[oa]s?|moins chère?s?"),
    ("highest", "money", r"most expensive|dearest|priciest|teuerste[nrms]?|más car[oa]s?|plus chère?s?"),
    ("highest", "load", r"heaviest|schwerste[nrms]?|más pesad[oa]s?|plus lourde?s?|"
     r"(?:carr(?:y|ies)|bears?) (?:the )?most|tr(?:ägt|agen) am meisten"),
    ("lowest", "weight", r"lightest|leichteste[nrms]?|más liger[oa]s?|plus légère?s?"),
    ("lowest", "time", r"fastest|quickest|soonest|schnellste[nrms]?|más rápid[oa]s?|plus rapides?"),
    ("highest", "time", r"slowest|langsamste[nrms]?|más lent[oa]s?|plus lente?s?"),
    ("highest", "date", r"latest|newest|most recent|neueste[nrms]?|aktuellste[nrms]?|más recientes?"),
    ("lowest", "date", r"oldest|earliest|älteste[nrms]?|früheste[nrms]?|más antigu[oa]s?"),
    ("highest", "size", r"biggest|largest|größte[nrms]?|más grandes?|plus grande?s?"),
    ("lowest", "size", r"smallest|kleinste[nrms]?|más pequeñ[oa]s?|plus petite?s?"),
    ("highest", "", r"longest|highest|greatest|tallest|most|längste[nrms]?|höchste[nrms]?|"
     r"(?:am )?meisten?|más (?:larg[oa]|alt[oa])s?|mayor(?:es)?|el máximo"),
    ("lowest", "", r"shortest|lowest|least|fewest|kürzeste[nrms]?|niedrigste[nrms]?|"
     r"(?:am )?wenigsten?|más (?:cort[oa]|baj[oa])s?|menor(?:es)?"),
)  # fmt: skip
_EXTREMES = tuple((way, kind, re.compile(rf"\b(?:{asked})\b", re.IGNORECASE)) for way, kind, asked in _ASKED)
_SIDE = r"\d{1,6}(?:[.,]\d{1,3})?(?:\s?(?:mm|cm|m)\b)?"
_SIZE = re.compile(rf"\s*({_SIDE})\s?[x×]\s?({_SIDE})(?:\s?[x×]\s?({_SIDE}))?")
_A_LIMIT = re.compile(r"\b(?:at|at the) (?:most|least|latest|earliest)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The rows that hold the lowest or highest cell of a column, and where the question says so."""

    table: Table
    rows: tuple[Row, ...]
    columns: tuple[int, ...]
    way: Way
    explained: frozenset[int]


def extreme_asked(asked: Asked) -> tuple[Way, str, frozenset[int]] | None:
    """Return which end of a column a question asks for, what is compared, and where it says so."""
    for way, kind, pattern in _EXTREMES:
        match = pattern.search(asked.text)
        if match and not _A_LIMIT.search(asked.text):
            return way, kind, asked.shared(words_of(match[0]))
    return None


def extreme(table: Table, asked: Asked, known: frozenset[int]) -> Extreme | None:
    """Return the rows of a whole table that hold its lowest or highest cell of the column that is meant."""
    wanted = extreme_asked(asked)
    if wanted is None or not table.whole or len(table.rows) < 2:
        return None
    way, kind, said = wanted
    headers = frozenset[int]().union(*(asked.heading(header_words(name)) for name in table.names))
    rows, within = _rows_that_say(table, asked, said | headers | asked.asking)
    placed = place_amounts(table, [Chosen(row) for row in rows], asked)
    if placed is None or placed[2]:
        return None
    chosen, steps, _ = placed
    explained = said | headers | within | frozenset[int]().union(*(places for _, places in asked.amounts))
    left, about = unexplained(replace(asked, asking=asked.asking | said), explained | known)
    if left * 2 >= max(about, 1) or not (headers | within):
        return None
    rows = [each.row for each in chosen]
    columns = steps or _columns_meant(table, rows, asked, kind)
    found = [_ends_of(rows, column, way, kind) for column in columns]
    if not found or not found[0] or any(other != found[0] for other in found) or len(found[0]) > MOST_ROWS:
        return None
    priced: list[int] = []
    if kind == "size" and asked.wanted == "money":  # "how much is the biggest box": compared by size, told by price
        priced = [column for column in _of_kind("money", table, rows) if is_named_for("money", table.name(column))]
    return Extreme(table, tuple(rows[index] for index in found[0]), tuple(priced or columns)[:3], way, explained)


def _rows_that_say(table: Table, asked: Asked, besides: frozenset[int]) -> tuple[list[Row], frozenset[int]]:
    """Return the rows that hold the words of the question which some rows hold, and where these words stand."""
    rows, within = list(table.rows), frozenset[int]()
    amounts_at = frozenset[int]().union(*(places for _, places in asked.amounts))
    holding = {id(row): asked.shared(words_of(" ".join(cell.text for cell in row.cells))) for row in rows}
    for place in range(asked.typed):
        if place in besides or place in amounts_at:
            continue
        holders = [row for row in rows if place in holding[id(row)]]
        if holders:
            rows, within = holders, within | {place}
    return rows, within


def _columns_meant(table: Table, rows: Sequence[Row], asked: Asked, kind: str) -> tuple[int, ...]:
    """Return the columns of numbers that a question means: named by it, else of the kind it compares, else the one."""
    if kind == "size":
        sized = [column for column in range(1, table.width()) if all(_sized(row.cells[column].text) for row in rows)]
        named = _columns_meant(table, rows, asked, "")
        by_name = any(asked.heading(header_words(table.name(column))) for column in named)
        if len(sized) == 1 and (not by_name or set(named) <= set(_of_kind("money", table, rows))):
            return tuple(sized)
        return named
    comparable = [
        column
        for column in range(1, table.width())  # the first one names what is compared
        if sum(_value(row.cells[column].text, "highest", kind) is not None for row in rows) * 5 >= len(rows) * 3
    ]
    wanted = kind or asked.wanted
    if wanted and wanted != "date":
        suiting = [column for column in _of_kind(wanted, table, rows) if column in comparable]
        comparable = suiting or ([] if kind else comparable)
    said = {column: asked.heading(header_words(table.name(column))) for column in comparable}
    most = max(map(len, said.values()), default=0)
    meant = [column for column in comparable if len(said[column]) == most]
    return tuple(meant) if most or len(meant) == 1 else ()


def _of_kind(wanted: str, table: Table, rows: Sequence[Row]) -> list[int]:
    """Return the columns with what is asked for, the first left out, which names what is compared."""
    return [
        column
        for column in range(1, table.width())
        if any(suits(wanted, row.cells[column].text, table.name(column)) for row in rows)
    ]


def _ends_of(rows: Sequence[Row], column: int, way: Way, kind: str) -> list[int]:
    """Return which rows hold the lowest or highest cell of a column; ``[]`` where its cells cannot be compared."""
    values = {index: value for index, row in enumerate(rows) if (value := _value(row.cells[column].text, way, kind))}
    kinds = {kind for kind, _ in values.values()} - {""}
    if len(values) < 2 or len(kinds) > 1:
        return []
    best = (min if way == "lowest" else max)(value for _, value in values.values())
    return [index for index, (_, value) in values.items() if value == best]


def _value(cell: str, way: Way, kind: str) -> tuple[str, float] | None:
    """Return what a cell is compared by: its amount, of a range the end that is asked for; a date; nothing to pay."""
    if date := _date(cell):
        return ("date", date)
    if kind == "date":
        return None
    if kind == "size" and (size := _sized(cell)):
        return size
    found = [each for each in amounts(cell) if cell[: each.start].strip(" ~≈") == "" or len(cell) < 30]
    if not found:
        return ("", 0.0) if kind in ("money", "") and _FREE.fullmatch(cell) else None
    best = (min if way == "lowest" else max)(found, key=lambda each: each.value)
    measure = next((each.kind for each in found if each.kind), "")
    return (measure if measured_kind(measure) else "", best.value)


def measured_kind(kind: str) -> bool:
    """Tell whether an amount of this kind can be compared with others of it alone."""
    return kind in CURRENCIES or kind in ("mass", "length", "time", "months", "percent", "volume", "degrees", "data")


def _sized(cell: str) -> tuple[str, float] | None:
    """Return the sides of "300 x 445 mm" multiplied, and what it can be compared with: as many sides, with a unit."""
    match = _SIZE.match(cell)
    if not match:
        return None
    parts = [side for side in match.groups() if side]
    units = [side.lstrip("0123456789., ") for side in parts]
    factors = [measured(unit or units[-1])[1] for unit in units]  # "30 x 20 cm": the last unit is that of all
    sides = [float(side.rstrip(" cm").replace(",", ".")) for side in parts]
    return (f"{len(parts)} sides {'measured' if units[-1] else ''}", prod(map(mul, sides, factors)))


def _date(cell: str) -> float:
    """Return a date as a number that grows with it; 0 where a cell holds none."""
    if match := _DATE.search(cell):
        month = _MONTHS.get(match[2].casefold()[:3], 0)
        return int(match[3]) * 372 + month * 31 + int(match[1]) if month else 0
    if match := _DATE_IN_NUMBERS.search(cell):
        in_order = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
        return sum(int(part) * days for part, days in zip(in_order, (372, 31, 1), strict=True))
    return 0


def counted_rows(table: Table, asked: Asked, known: frozenset[int], languages: Sequence[str]) -> tuple[Row, ...]:
    """Return one row for each thing that a question asks the number of; () where it does not, or they are too many.

    The thing is what the first column is called, or what stands over the table; nothing else may be asked.
    """
    noun = counted_noun(asked.text)
    if not noun or not table.whole or measured(noun)[0]:
        return ()
    terms = frozenset(search_terms(noun, languages))
    over = table.above if len(words_of(table.above)) <= 3 else ""
    if terms.isdisjoint(chain(search_terms(table.name(0), languages), search_terms(over, languages))):
        return ()
    left, _ = unexplained(asked, known | asked.at(noun))
    rows = {row.cells[0].text.casefold(): row for row in reversed(table.rows) if row.cells[0].text}
    return tuple(reversed(rows.values())) if left == 0 and len(rows) <= MOST_COUNTED else ()

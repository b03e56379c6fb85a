"""Question and passages in, the cells of their tables that answer it out: row and column by what the question names.

Nothing is reckoned, and no number is told that does not stand in a cell; where it is not clear, there is no answer.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from core.answer.table_cells import (
    Around,
    By,
    Chosen,
    Reading,
    header_words,
    known_places,
    named_rows,
    place_amounts,
    read,
)
from core.answer.table_extremes import counted_rows, extreme, extreme_asked
from core.answer.table_question import Asked, asked_of, words_of
from core.answer.tables import Cell, Row, Table, tables_of
from core.schema import Hit, Question
from core.text import countries_in, for_others, months_in, search_terms

How = Literal["cell", "row", "joined", "lowest", "highest", "count"]
_RANKS: tuple[By, ...] = ("row", "only", "kind", "name", "range")
_MOST_AMOUNTS = 6  # a question with more of them is a text
_JOINING_WORDS = 4
_KEY = re.compile(r"[^\W\d_]{3,20} (?:\d{1,2}|[A-Za-z])")
_DEFINED = re.compile(r"\b(?:counts?|classed|considered|qualif(?:y|ies)) (?:as )?(?:an?|as)\b", re.IGNORECASE)
_WIDE = 5  # a row with more columns is shown as its names and what answers
_LONG = 160


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """A row that answers: ``hit.passage.text[start:end]``, of which the cells in ``columns`` are the answer.

    ``columns`` are empty where the whole row is; ``shown`` are the columns that are to be shown, with their ``names``
    ("" where not known). A row that was joined over others has them in ``over``: Japan is zone 5, zone 5 costs 48.00.
    """

    hit: Hit
    start: int
    end: int
    cells: tuple[Cell, ...]
    names: tuple[str, ...]
    columns: tuple[int, ...]
    shown: tuple[int, ...]
    how: How
    over: tuple["TableAnswer", ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Return the cells that answer as spans of the passage's text."""
        return tuple((self.cells[column].start, self.cells[column].end) for column in self.columns)


def table_answers(
    question: Question, hits: Sequence[Hit], look: Callable[[str], Sequence[Hit]] | None = None
) -> list[TableAnswer]:
    """Return the rows that answer a question, the best first; ``[]`` unless it is clear which they are.

    The question has to name the row, and the column where several could answer. ``look`` searches by text: it is asked
    once at most, for the table that gives the answer to what a first one gives: country to zone, zone to price.
    """
    asked = asked_of(question)
    if not asked.words or not hits or len(asked.amounts) > _MOST_AMOUNTS or _DEFINED.search(asked.text):
        return []
    return [each for each in _answers(question, asked, hits, look) if not _of_another_month(each, asked)]


def _answers(
    question: Question, asked: Asked, hits: Sequence[Hit], look: Callable[[str], Sequence[Hit]] | None
) -> list[TableAnswer]:
    tables = tables_of(hits)
    if extreme_asked(asked):
        if found := _extremes(tables, hits, asked):
            return found
    elif found := _read_all(tables, hits, question, asked):
        return found
    if found := _counted(tables, hits, asked):
        return found
    if look and (wanted := _wanted_besides(tables, hits, asked)):
        further = [*hits, *(hit for hit in look(wanted) if hit.passage.id not in {hit.passage.id for hit in hits})]
        return _read_all(tables_of(further), further, question, asked) if len(further) > len(hits) else []
    return []


def _of_another_month(answer: TableAnswer, asked: Asked) -> bool:
    """Tell whether a row is of another month than the one that is asked about: of "June to September" nobody knows."""
    months, own = months_in(asked.text), months_in(" ".join(cell.text for cell in answer.cells))
    return bool(months) and len(own) == 1 and own.isdisjoint(months)


def asks_for_an_end(question: Question) -> bool:
    """Tell whether the cheapest, the longest … is asked, for which all rows of a table are needed."""
    return extreme_asked(asked_of(question)) is not None


def _around(table: Table, hits: Sequence[Hit], asked: Asked, also: frozenset[int] = frozenset()) -> Around:
    """Return what stands around a table: headings, names of columns, the text beside it."""
    over, beside = [" ".join(table.names).replace("_", " "), table.above], []
    for number in dict.fromkeys(row.hit for row in table.rows):
        passage = hits[number].passage
        rows = [row for row in table.rows if row.hit == number]
        over += [hits[number].source_name, passage.context]
        beside += [passage.text[: rows[0].start], passage.text[rows[-1].end :]]
    near = known_places(asked, " ".join(over)) | also
    return Around(" ".join(over), near, near | known_places(asked, " ".join(beside)), _elsewhere(table, hits, asked))


def _elsewhere(table: Table, hits: Sequence[Hit], asked: Asked) -> frozenset[int]:
    """Return where a question says what stands in passages without this table."""
    own = {row.hit for row in table.rows}
    terms = {f"~{term}" for n, hit in enumerate(hits) if n not in own for term in hit.passage.terms.split()}
    return frozenset[int]().union(*(places for term, places in asked.places.items() if term in terms))


# --- one table --------------------------------------------------------------------------------------------------------


def _read_all(tables: Sequence[Table], hits: Sequence[Hit], question: Question, asked: Asked) -> list[TableAnswer]:
    """Return the rows of one table, else of two that are joined."""
    named = [(table, named_rows(table, asked)) for table in tables]
    readings = [
        found for table, rows in named if (found := read(table, asked, rows, partial(_around, table, hits, asked)))
    ]
    if readings:
        return [
            _answer(reading, chosen, hits, "cell")
            for reading in _best(readings, hits)
            for chosen in _told_apart(reading)
        ]
    return _joined(named, hits, question, asked)


def _best(readings: Sequence[Reading], hits: Sequence[Hit]) -> list[Reading]:
    """Return the reading of which the question says the most; ``[]`` where two that it says as much differ.

    Of such two the one in a source that its owner prefers.
    """
    if not readings:
        return []
    best = max(map(_worth, readings))
    equal = [reading for reading in readings if _worth(reading) == best]
    equal = [reading for reading in equal if _is_preferred(reading.table, hits)] or equal
    return equal[:1] if len({reading.cells for reading in equal}) == 1 else []


def _is_preferred(table: Table, hits: Sequence[Hit]) -> bool:
    return all(hits[row.hit].preferred for row in table.rows)


def _names_more(reading: Reading, named: Sequence[tuple[Table, list[Chosen]]]) -> bool:
    """Tell whether a question names a row of another table by words that the reading has no place for."""
    others = (each for table, rows in named if table is not reading.table for each in rows if 0 in each.keys)
    return any(each.places.isdisjoint(reading.explained) for each in others)


def _told_apart(reading: Reading) -> list[Chosen]:
    """Return the rows of a reading, once each where several say the same of one thing."""
    told: dict[tuple[str, ...], Chosen] = {}
    for each in reading.rows:
        told.setdefault(tuple(each.row.cells[column].text for column in (0, *reading.columns)), each)
    return list(told.values()) if reading.columns else list(reading.rows)


def _worth(reading: Reading) -> tuple[int, int, int]:
    return len(reading.explained), _RANKS.index(reading.by), -len(reading.cells)


def _answer(
    reading: Reading, chosen: Chosen, hits: Sequence[Hit], how: How, over: tuple[TableAnswer, ...] = ()
) -> TableAnswer:
    how = "row" if how == "cell" and not reading.columns else how
    others = [each.row for each in reading.rows]
    return _shown(reading.table, chosen.row, hits, reading.columns, chosen.keys, others, how, over)


def _shown(
    table: Table,
    row: Row,
    hits: Sequence[Hit],
    columns: Sequence[int],
    keys: frozenset[int],
    others: Sequence[Row],
    how: How,
    over: tuple[TableAnswer, ...] = (),
) -> TableAnswer:
    """Say how a row is shown: whole, or where it is long its names, the cells that answer, and what sets it apart."""
    shown = tuple(range(len(row.cells)))
    if columns and (len(shown) > _WIDE or sum(len(cell.text) for cell in row.cells) > _LONG):
        alike = [*others, *(other for other in table.rows if other.cells[0].text == row.cells[0].text)]
        apart = {
            column
            for column in range(min(columns))
            if len({other.cells[column].text for other in alike}) > 1 and row.cells[column].text.isalpha()
        }
        shown = tuple(sorted({0, *keys, *columns, *apart}))
    hit = hits[row.hit]
    return TableAnswer(hit, row.start, row.end, row.cells, table.names, tuple(columns), shown, how, over)


# --- two tables -------------------------------------------------------------------------------------------------------


def _joined(
    named: Sequence[tuple[Table, list[Chosen]]], hits: Sequence[Hit], question: Question, asked: Asked
) -> list[TableAnswer]:
    """Read a second table with what a first one gives for the question: the zone of a country."""
    found: list[tuple[Reading, TableAnswer]] = []
    for first, rows in filter(_is_one_thing, named):
        for column in range(first.width()):
            said = _said(first, rows, column)
            if not said:
                continue
            more = asked_of(question, said)
            besides = frozenset(range(asked.typed, len(more.words)))
            for second, _ in named:
                if second is first:
                    continue
                around = partial(_around, second, hits, asked, rows[0].places)
                reading = read(second, more, named_rows(second, more), around, besides)
                wanted = reading and reading.columns and (reading.by == "range" or asked.wanted or asked.amounts)
                if reading and wanted and _same_thing(first, column, reading, rows[0], asked):
                    over = _shown(first, rows[0].row, hits, (column,), rows[0].keys, (), "joined")
                    found.append((reading, over))
    best = _best([reading for reading, _ in found], hits)
    return [
        _answer(reading, chosen, hits, "joined", (over,))
        for reading, over in found
        if any(reading is each for each in best)
        for chosen in _told_apart(reading)
    ]


def keys_given(countries: frozenset[str], hits: Sequence[Hit]) -> dict[str, TableAnswer]:
    """Return what tables give for countries, to look up elsewhere, each with its row: "Zone 4" for the United Kingdom.

    That is a word with a number or letter, in the first column of all rows that name one of the countries.
    """
    given: dict[str, TableAnswer] = {}
    for table in tables_of(hits):
        naming = [
            (row, column)
            for row in table.rows
            for column, cell in enumerate(row.cells)
            if column and not countries.isdisjoint(countries_in(cell.text))
        ] or [
            (row, column)
            for row in table.rows
            for column, cell in enumerate(row.cells)
            if column and for_others(cell.text, countries) == "these"
        ]
        rows = [Chosen(row, frozenset((column,))) for row, column in naming]
        if _is_one_thing((table, rows)) and _KEY.fullmatch(said := _said(table, rows, 0)):
            row, column = naming[0]
            given.setdefault(said, _shown(table, row, hits, (0,), frozenset((column,)), (), "joined"))
    return given


def words_of_keys(hits: Sequence[Hit]) -> list[str]:
    """Return what the keys are called that the rows of tables stand under: "Zone" for "Zone 4"."""
    firsts = [row.cells[0].text for table in tables_of(hits) for row in table.rows if row.cells]
    return list(dict.fromkeys(first.split()[0] for first in firsts if _KEY.fullmatch(first)))


def _is_one_thing(named: tuple[Table, list[Chosen]]) -> bool:
    """Tell whether the rows that a question names in a table are those of one thing."""
    return len({chosen.row.cells[0].text for chosen in named[1]}) == 1


def _said(table: Table, rows: Sequence[Chosen], column: int) -> str:
    """Return what the rows of a first table give to look up in a second: "Zone 5"; "" where it is no name."""
    values = {each.row.cells[column].text for each in rows}
    value = next(iter(values))
    if len(values) != 1 or column in rows[0].keys or not 0 < len(words_of(value)) <= _JOINING_WORDS:
        return ""
    names = header_words(table.name(column))
    return " ".join(f"{name} {value}" for name in names) if value.isdigit() or len(value) == 1 else value


def _same_thing(first: Table, column: int, reading: Reading, row: Chosen, asked: Asked) -> bool:
    """Tell whether the second table is read by what the first one gave: a zone by a zone."""

    def terms(words: str) -> frozenset[str]:
        return frozenset(search_terms(" ".join(header_words(words)), asked.languages))

    given, numbered = terms(first.name(column)), any(sign.isdigit() for sign in row.row.cells[column].text)
    for chosen in reading.rows:
        names = " ".join(reading.table.name(each) for each in chosen.keys)
        cells = " ".join(chosen.row.cells[each].text for each in chosen.keys)
        across = " ".join(reading.table.name(each) for each in reading.columns)
        if given.isdisjoint(terms(f"{names} {cells} {across}")) if numbered else given != terms(names):
            return False
    return True


def _wanted_besides(tables: Sequence[Table], hits: Sequence[Hit], asked: Asked) -> str:
    """Return what to look for in order to find the other of two tables; "" where there is no first one.

    That is what the first one gives for the row that is named, or the row of a table into which only the amount falls.
    """
    named = [(table, named_rows(table, asked)) for table in tables]
    for first, rows in filter(_is_one_thing, named):
        given = list(filter(None, (_said(first, rows, column) for column in range(1, first.width()))))
        if given and (asked.amounts or asked.wanted):
            return f"{' '.join(given[:3])} {asked.text}"
    for second, rows in named:
        placed = None if rows else place_amounts(second, [Chosen(row) for row in second.rows], asked)
        if placed and placed[1] and not placed[2]:
            known = _around(second, hits, asked).known.union(*(places for _, places in asked.amounts))
            left = [word for place, word in enumerate(asked.words) if place not in known]
            return f"{' '.join(left)} {second.name(0)}" if left else ""
    return ""


# --- all rows of a table ----------------------------------------------------------------------------------------------


def _extremes(tables: Sequence[Table], hits: Sequence[Hit], asked: Asked) -> list[TableAnswer]:
    found = [each for table in tables if (each := extreme(table, asked, _around(table, hits, asked).known))]
    most = max((len(each.explained) for each in found), default=0)
    best = [each for each in found if len(each.explained) == most]
    best = [each for each in best if _is_preferred(each.table, hits)] or best
    if len(best) != 1:
        return []
    (each,) = best
    return [_shown(each.table, row, hits, each.columns, frozenset(), (), each.way) for row in each.rows]


def extreme_around(question: Question, hits: Sequence[Hit], hit: int, start: int) -> list[TableAnswer]:
    """Return the row at the end that a question asks for, of the table of which a reader took the row at ``start``.

    Who takes "software" for "firmware" knows the table, and not that the latest of its rows is meant.
    """
    asked = asked_of(question)
    if not extreme_asked(asked):
        return []
    for table in tables_of(hits):
        if any((row.hit, row.start) == (hit, start) for row in table.rows):
            each = extreme(table, asked, frozenset(range(len(asked.words))))
            rows = each.rows if each else ()
            return [_shown(table, row, hits, each.columns, frozenset(), (), each.way) for row in rows if each]
    return []


def _counted(tables: Sequence[Table], hits: Sequence[Hit], asked: Asked) -> list[TableAnswer]:
    """Return the rows that are counted, unless another table has others of the same name."""
    found = [
        (table, rows)
        for table in tables
        if (rows := counted_rows(table, asked, _around(table, hits, asked).near, asked.languages))
    ]
    if len({frozenset(row.cells[0].text.casefold() for row in rows) for _, rows in found}) != 1:
        return []
    table, rows = found[0]
    return [_shown(table, row, hits, (0,), frozenset(), (), "count") for row in rows]

"""A question with an amount and rows of tables in; out which rows are of another range: "up to 5 kg" for 12 kg."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from core.reader.candidates import Candidate
from core.schema import Question
from core.text import Amount, Step, amounts, fitting, lie_apart, may_fall_into, step, unit_of_column

MOST_ASKED = 4  # amounts in a question

Places = dict[int, Step | None]
"""The step that a column has in each row, by the place of the row in the pool."""


def out_of_range(question: Question, pool: Sequence[Candidate]) -> np.ndarray:
    """Tell of each candidate whether it is a row for other amounts than the question's; bool beside the pool.

    Only in a table with one column of ranges for such an amount that do not reach into each other, one of which, in
    another row, holds it. "10 kg" is no range: it says what a row has, and not what it is for.
    """
    out = np.zeros(len(pool), dtype=bool)
    asked = amounts(question.understood or question.alone)[:MOST_ASKED]
    rows = [place for place, candidate in enumerate(pool) if candidate.kind == "row"] if asked else []
    tables: dict[tuple[frozenset[str], frozenset[str]], list[int]] = defaultdict(list)
    for place in rows:
        tables[pool[place].above, pool[place].context].append(place)
    for places in tables.values():
        columns = _columns(pool, places)
        for amount in asked:
            of_steps = [steps for name, steps in columns.items() if _is_for(amount, name, steps, question.languages)]
            if len(of_steps) == 1:
                steps = of_steps[0]
                held = [list(steps)[index] for index in fitting(list(steps.values()), amount.value)]
                out[[place for place in steps if held and place not in held]] = True
    return out


def _columns(pool: Sequence[Candidate], places: Sequence[int]) -> dict[str, Places]:
    """Return the columns, by name, whose cells are ranges in most of these rows."""
    columns: dict[str, Places] = defaultdict(dict)
    for place in places:
        for cell in pool[place].shown.split(" · "):
            name, _, value = cell.rpartition(": ")
            columns[name][place] = step(value, unit_of_column(name))
    return {
        name: steps
        for name, steps in columns.items()
        if name and len(steps) > 1 and sum(map(_is_range, steps.values())) * 5 >= len(places) * 4
    }


def _is_range(each: Step | None) -> bool:
    return each is not None and not each.plain


def _is_for(amount: Amount, name: str, steps: Places, languages: Sequence[str]) -> bool:
    """Tell whether an amount may fall into the ranges of a column: measured or counted alike, and they lie apart."""
    ranges = [each for each in steps.values() if each]
    taken = all(may_fall_into(each, amount, name, languages) for each in ranges)
    return taken and len(set(ranges)) > 1 and lie_apart(ranges)

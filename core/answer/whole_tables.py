"""Hits that hold parts of tables in, the hits with the rest of these tables out: the cheapest of all rows is asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.answer.tables import tables_of
from core.schema import Hit, StoredPassage

ROUNDS = 12  # queries, each of which brings a passage at each open end of a table
MOST_PASSAGES = 40


def with_rest_of_tables(
    hits: Sequence[Hit], neighbours: Callable[[Sequence[Hit]], Sequence[StoredPassage]]
) -> list[Hit]:
    """Return the hits, and behind them the passages that tables among them go on in, as far as they are not too long.

    Raises StoreError.
    """
    found = list(hits)
    for _ in range(ROUNDS):
        known = {(hit.passage.version_id, hit.passage.ordinal) for hit in found}
        ends = [
            hit
            for table in tables_of(found)
            for row, there in ((table.rows[0], table.begins), (table.rows[-1], table.ends))
            if not there and (hit := found[row.hit])
        ]
        beside = neighbours(list(dict.fromkeys(ends))) if ends else ()
        of_version = {hit.passage.version_id: hit for hit in found}
        new = [each for each in beside if (each.version_id, each.ordinal) not in known]
        if not new or len(found) + len(new) > MOST_PASSAGES:
            break
        found += [replace(of_version[each.version_id], passage=each, score=0.0, reading=None) for each in new]
    return found

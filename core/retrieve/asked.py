"""Hits of questions that people ask for a passage in, hits of the passages out."""

from collections.abc import Sequence
from dataclasses import replace

from core.schema import StoredPassage, StoreHit

Place = tuple[str, int]
"""A version and an ordinal in it: a passage, whatever it was found by."""


def by_place(hits: Sequence[StoreHit]) -> dict[Place, StoreHit]:
    """Collect hits, each passage once; one that was found by a question that stands for it has that one's scores, too.

    Where only the question was found it stays in the passage's place: it says all that the passage says.
    """
    found: dict[Place, StoreHit] = {}
    for item in hits:
        passage = item.passage
        place = passage.version_id, passage.ordinal if passage.alias_of is None else passage.alias_of
        found[place] = joined(found.get(place), item)
    return found


def unaliased(passage: StoredPassage) -> StoredPassage:
    """Return the passage that a question stands for; any other as it is."""
    return passage if passage.alias_of is None else replace(passage, ordinal=passage.alias_of, alias_of=None)


def joined(first: StoreHit | None, second: StoreHit) -> StoreHit:
    """Put together what two searches know of one passage: the better of each score, itself before a stand-in."""
    if first is None:
        return second
    passage = second.passage if first.passage.alias_of is not None else first.passage
    return StoreHit(passage, _best(first.similarity, second.similarity), _best(first.lexical, second.lexical))


def _best(one: float | None, other: float | None) -> float | None:
    return max((score for score in (one, other) if score is not None), default=None)

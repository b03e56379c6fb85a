"""What another cut would change on a source, passage by passage."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.schema import Passage

SHARED = 0.5  # a passage of which one new passage holds so much has changed; else its words are spread over several


@dataclass(frozen=True, slots=True)
class CutChange:
    """How many passages stay as they are, change, or go; ``new`` are the ordinals of those that were not there before.

    Only those that are new have to be prepared for search.
    """

    stay: int
    change: int
    go: int
    new: frozenset[int]


def cut_change(before: Sequence[Passage], after: Sequence[Passage]) -> CutChange:
    """Compare two cuts of the same text; a passage stays where its words and what stands in front are the same."""
    left = Counter(passage.search_text for passage in before)
    new = set()
    for passage in after:
        if left[passage.search_text]:
            left[passage.search_text] -= 1
        else:
            new.add(passage.ordinal)
    there = Counter(passage.search_text for passage in after)
    ends = [passage.end for passage in after]  # in order, as passages are
    change = go = 0
    for passage in before:
        if there[passage.search_text]:
            there[passage.search_text] -= 1
            continue
        shared = 0
        for other in after[bisect_left(ends, passage.start) :]:
            if other.start >= passage.end:
                break
            shared = max(shared, min(other.end, passage.end) - max(other.start, passage.start))
        if shared >= SHARED * (passage.end - passage.start):
            change += 1
        else:
            go += 1
    return CutChange(len(before) - change - go, change, go, frozenset(new))

"""What a search finds out on its way to the hits, kept only where somebody wants to see it: the chat does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.retrieve.meant_sources import MeantSources
from core.schema import Hit, Question, StoreHit


@dataclass(frozen=True, slots=True)
class Look:
    """One search by words and meaning, before the reader.

    ``parts`` are arrays beside ``pool``: what each candidate's score is the sum of ("meaning", "words", "coverage",
    "phrase", "source", "named"). ``coverage`` is the share of the question's words in each, 0 to 1; ``chosen`` are
    indexes of the pool, best first; ``limit`` is how many were wanted.
    """

    question: Question
    pool: tuple[StoreHit, ...]
    parts: Mapping[str, np.ndarray]
    coverage: np.ndarray
    chosen: tuple[int, ...]
    meant: MeantSources
    limit: int


@dataclass(slots=True)
class Trace:
    """All that the last search of a retriever found out; filled in by it.

    ``looks`` are its searches, the first one for the question itself; ``read`` is what the reader put in order, best
    first (empty where it looked at nothing); ``hits`` are what was found in the end, best first.
    """

    looks: list[Look] = field(default_factory=list)
    read: list[Hit] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    def begin(self) -> None:
        """Forget the search before."""
        self.looks, self.read, self.hits = [], [], []

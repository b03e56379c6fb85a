"""A question and the passages found in, every candidate with its score out: the one judge of what answers.

Signs that cost nothing (words shared, headings, meaning) choose what the model reads; the model's log-odds and the
signs together make the score. Without the model the signs alone do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings

from core.reader.candidates import Candidate, candidates
from core.reader.model import answering
from core.reader.signs import scores
from core.schema import Hit, Question
from core.text import Segment, segments

MOST_READ = 96  # candidates that the model reads of a question; of 48 it never saw what answers in 7 of 100
OF_EACH = 2  # of each passage at least
LEAST = -1.0  # log-odds
_UNREAD = -6.0  # log-odds of a candidate that was not worth reading

_NOTHING = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: ``pool`` the candidates, ``split`` the segments of each hit's passage; arrays beside the pool.

    ``fit`` is each candidate's score: with the model (``by_model``) log-odds that it answers, from 0 likelier than not;
    without it a number that only ranks. ``share`` is the share of the question's words around it; ``signs`` what the
    signs alone say; ``model`` the model's log-odds alone; ``spans`` the characters of ``shown`` that answer.
    """

    pool: Sequence[Candidate]
    split: Sequence[Sequence[Segment]]
    fit: np.ndarray
    share: np.ndarray
    signs: np.ndarray
    model: np.ndarray
    spans: Sequence[tuple[int, int]]
    by_model: bool

    @property
    def least(self) -> float:
        """The score below which a candidate answers nothing: a further quote needs more than that."""
        return LEAST if self.by_model else -np.inf


def read(
    question: Question, hits: Sequence[Hit], *, embeddings: Embeddings | None = None, with_model: bool = True
) -> Reading:
    """Score every sentence, list item and row of ``hits`` as an answer to the question. Raises ModelError."""
    split = [segments(hit.passage.text, hit.passage.row_spans) for hit in hits]
    pool = candidates(hits, split, question.languages)
    if not pool:
        return Reading((), split, _NOTHING, _NOTHING, _NOTHING, _NOTHING, (), by_model=False)
    signs, share = scores(question, hits, pool, embeddings)
    worth = _worth_reading(pool, signs)
    pairs = [(pool[index].around, pool[index].shown) for index in worth]
    answers = answering(question.understood or question.alone, pairs) if with_model else None
    model = np.full(len(pool), _UNREAD)
    spans = [(0, 0)] * len(pool)
    for index, answer in zip(worth, answers or (), strict=False):
        model[index] = answer.score
        spans[index] = (answer.start, answer.end)
    fit = together(model, signs) if answers is not None else signs
    return Reading(pool, split, fit, share, signs, model, spans, answers is not None)


def _worth_reading(pool: Sequence[Candidate], signs: np.ndarray) -> list[int]:
    """Choose what the model reads: the best two of each passage, then the best of all."""
    order = [int(index) for index in np.argsort(-signs, kind="stable")]
    taken: dict[int, int] = {}
    first: list[int] = []
    for index in order:
        hit = pool[index].hit
        taken[hit] = taken.get(hit, 0) + 1
        if taken[hit] <= OF_EACH:
            first.append(index)
    return list(dict.fromkeys([*first, *order]))[:MOST_READ]


def together(model: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Put the model's log-odds and the signs together; how much each counts is fitted by training/reader/fit.py."""
    return 1.1 * model + 0.29 * (signs - (signs.max() if len(signs) else 0.0))

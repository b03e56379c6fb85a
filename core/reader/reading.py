"""A question and the passages found in, every candidate with its score out: the one judge of what answers.

Signs that cost nothing (words shared, headings, meaning) choose what the model reads; the model's log-odds and the
signs together make the score. The model knows English: in other languages nearness in meaning takes its place.
Without either the signs alone make it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings

from core.errors import ModelError
from core.foreign import sentence_odds
from core.log import log_failure
from core.reader.candidates import Candidate, candidates, on_one_line
from core.reader.model import answering
from core.reader.nearness import is_comparable, nearness
from core.reader.signs import scores
from core.schema import Hit, Question
from core.text import Segment, asked_in, holds, segments

# Candidates that the model reads of a question, in a quarter of a second on two cores: 48 leave out what answers in 7
# of 100 questions, 96 in none (training/reader/fit_signs.py).
MOST_READ = 64
MOST_COMPARED = 48  # in another language
MOST_READ_TOO = 24  # of these, in German
OF_EACH = 2  # of each passage at least
LEAST = -3.0  # log-odds
_UNREAD = -6.0  # log-odds of a candidate that was not worth reading
# Nearness and signs as log-odds: training/reader/fit.py on 688 German questions about eight documents.
_NEAR, _NEAR_SIGNS, _NEAR_BASE = 13.9, 0.61, -3.4
# What a candidate loses that holds none of a code, number or paragraph that is named, where another one holds it.
_NOT_NAMED = 3.0

_NOTHING = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: ``pool`` the candidates, ``split`` the segments of each hit's passage; arrays beside the pool.

    ``fit`` is each candidate's score: where it was read (``by_model``) log-odds that it answers, from 0 likelier than
    not; else a number that only ranks. ``share`` is the share of the question's words around it; ``signs`` what the
    signs alone say; ``model`` what the model alone does; ``spans`` the characters of ``shown`` that answer.
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
    question: Question,
    hits: Sequence[Hit],
    *,
    embeddings: Embeddings | None = None,
    with_model: bool = True,
    most: int = MOST_READ,
) -> Reading:
    """Score every sentence, list item and row of ``hits`` as an answer to the question. Raises ModelError.

    ``most`` are read by the model, those with the best signs.
    """
    split = [segments(hit.passage.text, hit.passage.row_spans) for hit in hits]
    pool = candidates(hits, split, question.languages)
    if not pool:
        return Reading((), split, _NOTHING, _NOTHING, _NOTHING, _NOTHING, (), by_model=False)
    own = np.array([not hits[candidate.hit].asked_in for candidate in pool])
    signs, share = scores(question, hits, pool, embeddings if own.any() else None)
    worth = _worth_reading(pool, signs, own)[:most]
    fit, model, spans = _odds(question, pool, worth if with_model else (), signs)
    by_model = fit is not None
    fit = (signs if fit is None else fit) - _NOT_NAMED * _lacking(question, pool)
    if not own.all():
        fit = np.where(own, fit if by_model else fit - fit.max(), 0.0)
        fit[~own] = _by_meaning(
            question, hits, split, [each for each, at in zip(pool, own, strict=True) if not at], signs[~own]
        )
    return Reading(pool, split, fit, share, signs, model, spans, by_model or not own.any())


def in_english(question: Question) -> bool:
    """Tell whether the model can read a question: it was trained on English."""
    told = asked_in(question.alone)
    return told == "en" or (not told and (not question.languages or "en" in question.languages))


def _lacking(question: Question, pool: Sequence[Candidate]) -> np.ndarray:
    """Return how many of the exact things that are named each candidate lacks, in its words and what is over it."""
    lacking = np.zeros(len(pool))
    for thing in (thing for thing in question.exact if thing.needed):
        held = np.array([holds(thing, f"{candidate.around}\n{candidate.shown}") for candidate in pool])
        lacking += ~held if held.any() else 0
    return lacking


def _odds(
    question: Question, pool: Sequence[Candidate], worth: Sequence[int], signs: np.ndarray
) -> tuple[np.ndarray | None, np.ndarray, list[tuple[int, int]]]:
    """Read what is worth it in the way that knows the question's language; no odds where neither does, or can."""
    model, spans = np.full(len(pool), _UNREAD), [(0, 0)] * len(pool)
    if not worth:
        return None, model, spans
    if in_english(question):
        pairs = [(pool[index].around, pool[index].shown) for index in worth]
        answers = answering(question.understood or question.alone, pairs)
        for index, answer in zip(worth, answers or (), strict=False):
            model[index] = answer.score
            spans[index] = (answer.start, answer.end)
        return None if answers is None else together(model, signs), model, spans
    language = asked_in(question.alone) or next(filter(is_comparable, question.languages), "")
    return (_compared(question, pool, worth[:MOST_COMPARED], signs, language), model, spans)


def _compared(
    question: Question, pool: Sequence[Candidate], worth: Sequence[int], signs: np.ndarray, language: str
) -> np.ndarray | None:
    """Score candidates in the question's own language, which is not English, by nearness and signs.

    Of German the model has seen enough to help among the nearest: .57 of the answers first, .54 without it.
    """
    asked = question.understood or question.alone
    cosines = nearness(asked, [pool[index].shown for index in worth]) if is_comparable(language) else None
    if cosines is None:
        return None
    fit, signs = np.full(len(pool), _UNREAD), signs - signs.max()
    fit[worth] = _NEAR * cosines + _NEAR_SIGNS * signs[worth] + _NEAR_BASE
    if language != "de":
        return fit
    nearest = np.argsort(-fit, kind="stable")[:MOST_READ_TOO]
    answers = answering(asked, [(pool[index].around, pool[index].shown) for index in nearest])
    if answers is None:
        return fit
    near = {index: float(cosine) for index, cosine in zip(worth, cosines, strict=True)}
    fit = np.full(len(pool), _UNREAD)
    for index, answer in zip(nearest.tolist(), answers, strict=True):
        fit[index] = 0.69 * answer.score + 0.4 * signs[index] + 11.25 * near.get(index, -1.0) - 2.4
    return fit


def _by_meaning(
    question: Question,
    hits: Sequence[Hit],
    split: Sequence[Sequence[Segment]],
    pool: Sequence[Candidate],
    signs: np.ndarray,
) -> np.ndarray:
    """Score candidates in another language than the question: the model reads but one at a time."""
    sentences = [(each.shown, _right_above(hits[each.hit], split[each.hit], each)) for each in pool]
    passages = np.array([each.hit for each in pool])
    reading = np.array([hits[each.hit].reading or 0.0 for each in pool])
    try:
        return sentence_odds(question.alone, sentences, signs, passages, reading)
    except ModelError as error:  # the passages were found: their sentences are told apart by the signs
        log_failure("reader.not_compared", error)
        return reading + 0.25 * (signs - signs.max())


def _right_above(hit: Hit, spans: Sequence[Segment], candidate: Candidate) -> str:
    """Return the heading or question right above a candidate on one line, "" where there is none."""
    before = spans[candidate.index - 1] if candidate.index else None
    return (
        on_one_line(hit.passage.text[before.start : before.end])
        if before and before.kind in ("heading", "question")
        else ""
    )


def _worth_reading(pool: Sequence[Candidate], signs: np.ndarray, own: np.ndarray) -> list[int]:
    """Choose what the model reads of the question's ``own`` language: the best two of each passage, then of all."""
    order = [int(index) for index in np.argsort(-signs, kind="stable") if own[index]]
    taken: dict[int, int] = {}
    first: list[int] = []
    for index in order:
        hit = pool[index].hit
        taken[hit] = taken.get(hit, 0) + 1
        if taken[hit] <= OF_EACH:
            first.append(index)
    return list(dict.fromkeys([*first, *order]))


def together(model: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Put the model's log-odds and the signs together, weighed on 1,311 questions about documents it never saw.

    ``training/reader/fit.py`` finds the weights.
    """
    return 1.0 * model + 0.36 * (signs - (signs.max() if len(signs) else 0.0))

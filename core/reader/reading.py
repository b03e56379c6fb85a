"""A question and the passages found in, every candidate with its score out: the one judge of what answers.

What costs little (words shared, headings, vectors) chooses what the model reads; together with the model's log-odds it
makes the score. The model knows English: in other languages, and between two, nearness in meaning takes its place.
Without either the signs alone make it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from core.foreign import gloss, prepare_glosses
from core.reader.asked import asked_before
from core.reader.candidates import Candidate, candidates
from core.reader.model import already_read, answering, characters_read
from core.reader.nearness import choice, is_comparable, nearness
from core.reader.ranges import out_of_range
from core.reader.signs import scores
from core.schema import Hit, Question
from core.text import Segment, asked_in, countries_in, for_others, holds, months_in, named_as_in

# Candidates that the model reads of a question, in a quarter of a second on two cores. Of 277 questions in other words
# than those of 16 documents, the answer is among 24 passages in .81, among the 64 chosen of their candidates in .74
# (with 12 passages .69 and .66; chosen by the signs alone .59; the best 96 .77).
MOST_READ = 64
# Of these, the likeliest are read first, and the rest only where none of them clearly answers: of 300 questions in
# other words than those of 4 sets of documents as many are right as when all are read (16 at first: one less), and the
# median question takes .6 of the time.
_READ_FIRST, _READ_NEXT = 24, 8
_CLEARLY = 2.0  # log-odds
_CHOICE_SIGNS = 0.2  # what the signs count beside the choice's log-odds
MOST_CHARACTERS = 11_000  # of all together: of long sentences fewer are read
MOST_READ_TOO = 24  # in German, of those nearest in meaning
LEAST = -3.0  # log-odds
_UNREAD = -6.0  # log-odds of a candidate that was not worth reading
# What makes log-odds of model, choice, nearness and signs: training/reader/fit.py, on 577 English questions about
# English documents that the model never saw, where the best candidate answers in .714 (without the choice .688), on 335
# German ones about German documents, and 646 German, Spanish and French ones about English documents.
_ENGLISH = (0.9, 0.3, 0.21, 0.04)  # model, choice, signs, base
_GERMAN = (0.44, 0.52, 0.78, 0.12, 1.1)  # model, model of English words for both, nearness, signs, base
_IN_ENGLISH_WORDS = (0.58, 0.83, 0.24, 1.1)  # the same where the model knows nothing of the language itself
_OTHER_LANGUAGE = (1.05, 0.40, 0.29)  # nearness, signs, base
_ACROSS = (1.01, 0.65, 0.0)  # the same where the question is in another language than the text
_ACROSS_READ = (0.67, 0.59, 0.39, 0.4)  # model (of the question's gloss), nearness, signs, base
# What a candidate loses that holds none of a code, number or paragraph that is named, where another one holds it.
_NOT_NAMED = 3.0
_AMONG_BEST = 5
_FOR_OTHERS = 3.5  # what the row for all others gains in a table by country that has none for the one named
_OUT_OF_RANGE = 4.0  # what a row loses that is for other amounts than the one named
_OF_ANOTHER = 6.0  # what a row of other countries loses than those named: it answers nothing

# What a preferred source's best candidate may be behind the best of the others to be put before it, in log-odds, and
# how well it must answer itself. Two sources that say 24 things otherwise, each in its own words, each preferred in
# turn: it is quoted first in .81 (.50 without). Of 65 questions that a source answers first which is not preferred, all
# others being so, 2 lose that quote (tests/benchmarks/preferred.py; chosen by the same questions).
PREFERRED_LEAD = 3.3
PREFERRED_LEAST = 1.4
_JUST_BEFORE = 0.01

_LETTERS = re.compile(r"[^\W\d_]+")
_NAMING_CELLS = 3  # of a row, that may tell which countries it is for
_NOTHING = np.zeros(0)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What each candidate's score is made of, as in Reading; filled in by whoever is asked."""

    model: np.ndarray
    signs: np.ndarray
    near: np.ndarray
    glossed: np.ndarray
    spans: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: ``pool`` the candidates, ``split`` the segments of each hit's passage; arrays beside the pool.

    ``fit`` is each candidate's score: where it was read (``by_model``) log-odds that it answers, from 0 likelier than
    not; else a number that only ranks. ``share`` is the share of the question's words around it; ``signs`` what the
    signs alone say, ``model`` and ``near`` what the model and nearness in meaning alone do, ``glossed`` what the model
    makes of it in English words (where they were not asked: 0, or less than all others); ``spans`` the characters of
    ``shown`` that answer.
    """

    pool: Sequence[Candidate]
    split: Sequence[Sequence[Segment]]
    fit: np.ndarray
    share: np.ndarray
    signs: np.ndarray
    model: np.ndarray
    near: np.ndarray
    glossed: np.ndarray
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

    ``most`` are read by the model; where these are fewer than a search reads, what it has read for the same question
    is among them.
    """
    split, pool = candidates(hits, question.languages)
    if not pool:
        none = _NOTHING
        return Reading((), split, none, none, none, none, none, none, (), by_model=False)
    own = np.array([not hits[candidate.hit].asked_in for candidate in pool])
    signs, share = scores(question, hits, pool, embeddings if own.any() else None)
    model, near, glossed = np.full(len(pool), _UNREAD), np.zeros(len(pool)), np.full(len(pool), _UNREAD)
    parts = _Parts(model, signs, near, glossed, [(0, 0)] * len(pool))
    fit = _own_fit(question, pool, own, parts, most) if with_model else None
    by_model = fit is not None
    fit = signs if fit is None else fit
    if not own.all():
        fit = np.where(own, fit if by_model else fit - fit.max(), 0.0)
        fit[~own] = _by_meaning(question, hits, pool, np.flatnonzero(~own), parts)
    by_model = by_model or not own.any()
    fit = fit + _named(question, pool, fit)
    fit = fit + asked_before(question, hits, pool, fit, signs)
    fit = _preferred_first(hits, pool, fit, share, by_model)
    spans = parts.spans
    return Reading(pool, split, fit, share, signs, model, near, glossed, spans, by_model)


def _preferred_first(
    hits: Sequence[Hit], pool: Sequence[Candidate], fit: np.ndarray, share: np.ndarray, by_model: bool
) -> np.ndarray:
    """Lift what stands in preferred sources just before the best of the others, where it answers too.

    All of it alike, and no further: whether anything answers at all is told by the same number as before.
    """
    liked = np.array([hits[candidate.hit].preferred for candidate in pool])
    if not liked.any() or liked.all():
        return fit
    own, best = (int(np.argmax(np.where(among, fit, -np.inf))) for among in (liked, ~liked))
    behind = fit[best] - fit[own]
    answers = fit[own] >= PREFERRED_LEAST if by_model else share[own] >= share[best]
    if behind < 0 or behind > PREFERRED_LEAD or not answers:
        return fit
    return np.where(liked, fit + behind + _JUST_BEFORE, fit)


def in_english(question: Question) -> bool:
    """Tell whether the model can read a question: it was trained on English."""
    told = asked_in(question.alone)
    return told == "en" or (not told and (not question.languages or "en" in question.languages))


def _named(question: Question, pool: Sequence[Candidate], fit: np.ndarray) -> np.ndarray:
    """Return what the exact things that are named change in each candidate's score, by its words and what is over it.

    Who names a section wants what stands there, whatever words it has.
    """
    change = np.zeros(len(pool))
    for thing in (thing for thing in question.exact if thing.needed):
        held = np.array([holds(thing, _with_headings(candidate)) for candidate in pool])
        if held.any():
            change += np.where(held, max(0.0, -fit[held].max()) if thing.kind == "section" else 0.0, -_NOT_NAMED)
    change -= np.where(out_of_range(question, pool), _OUT_OF_RANGE, 0.0)
    parts = [(candidate.around, candidate.shown) for candidate in pool]
    if countries := countries_in(question.understood or question.alone):
        named = [countries_in(around) | countries_in(shown) for around, shown in parts]
        change += _for_others(pool, fit, countries, named)
    if months := months_in(question.understood or question.alone):
        own = [months_in(around) | months_in(shown) for around, shown in parts]
        several = np.array([len(each) > 1 for each in own])  # "June to September" may hold July
        change += np.where(several, 0.0, _for_others(pool, fit, months, own))
    return change


def _with_headings(candidate: Candidate) -> str:
    """Return a candidate with a line for each heading over it: a section's number stands at the beginning of one."""
    return "\n".join((*candidate.around.split(" › "), candidate.shown))


def _for_others(
    pool: Sequence[Candidate], fit: np.ndarray, asked: frozenset[Any], named: Sequence[frozenset[Any]]
) -> np.ndarray:
    """Return what rows lose or gain that are of another country, or month, than is asked about, or of all others.

    ``named`` is by candidate. Where one of the best is a row of another, and nothing names what is asked about, that is
    told one by one: then nothing else answers it either, but the row for all others, which gains. In a table with a row
    of its own for it the row for all others loses.
    """
    row = np.array([candidate.kind == "row" for candidate in pool])
    lacks = np.array([own.isdisjoint(asked) for own in named])
    others = np.array([_for_others_in(*each, asked) for each in zip(pool, named, strict=True)])
    of_another = row & lacks & (np.array([bool(own) for own in named]) | (others == "not these"))
    rest = row & lacks & (others == "these")
    change = np.where(of_another, -_OF_ANOTHER, 0.0)
    if lacks.all() and of_another[np.argsort(-fit, kind="stable")[:_AMONG_BEST]].any():
        change = np.minimum(change, np.where(rest, 0.0, -_NOT_NAMED))
    numbers: dict[frozenset[str], int] = {}
    tables = np.array([numbers.setdefault(candidate.above, len(numbers)) for candidate in pool])
    for place in np.flatnonzero(rest):
        table = row & (tables == tables[place])
        if (table & ~lacks).any():
            change[place] = -_NOT_NAMED
        elif (table & of_another).any():
            change[place] = _FOR_OTHERS
    return change


def _for_others_in(candidate: Candidate, named: frozenset[Any], asked: frozenset[Any]) -> str:
    """Tell whether a row is for all that no other row is of, as ``for_others`` does.

    Of a row that names some itself only the first cell tells: "Germany · 20.00 · other rates on request" is of Germany.
    """
    cells = [cell.rpartition(": ")[2] for cell in candidate.shown.split(" · ")[: 1 if named else _NAMING_CELLS]]
    told = [for_others(cell, asked) for cell in cells]
    return "these" if "these" in told else max(told, default="")


def _own_fit(
    question: Question, pool: Sequence[Candidate], own: np.ndarray, parts: _Parts, most: int
) -> np.ndarray | None:
    """Score candidates in the question's own language in the way that knows it; None where neither does, or can."""
    if not own.any():
        return None
    if in_english(question):
        pairs = [(each.around, each.shown) for each in pool]
        asked = named_as_in("\n".join(map("\n".join, pairs)), question.understood or question.alone)
        chances = choice(asked, pairs)
        chosen = _worth_reading(asked, pairs, own, chances + _CHOICE_SIGNS * parts.signs, most)
        model, by_choice, by_signs, base = _ENGLISH
        beside = by_choice * chances + by_signs * (parts.signs - parts.signs[own].max()) + base
        if not _read_until_clear(asked, pool, chosen, parts, beside):
            return None
        return np.where(parts.model > _UNREAD, model * parts.model + beside, _UNREAD)
    language = asked_in(question.alone) or next(filter(is_comparable, question.languages), "")
    if not is_comparable(language) or not _compare(question, pool, np.flatnonzero(own), parts):
        return None
    signs = parts.signs - parts.signs[own].max()
    near, by_signs, base = _OTHER_LANGUAGE
    fit = np.where(own, near * parts.near + by_signs * signs + base, _UNREAD)
    nearest = np.argsort(-fit, kind="stable")[:MOST_READ_TOO].tolist()
    if not _read_in_english(question, pool, nearest, language, parts):
        return fit
    if language == "de" and _read(question.understood or question.alone, pool, nearest, parts):
        # Of German the model has seen enough to help among the nearest.
        model, glossed, near, by_signs, base = _GERMAN
        read_too = model * parts.model + glossed * parts.glossed + near * parts.near + by_signs * signs + base
    else:
        glossed, near, by_signs, base = _IN_ENGLISH_WORDS
        read_too = glossed * parts.glossed + near * parts.near + by_signs * signs + base
    return np.where(np.isin(np.arange(len(pool)), nearest), read_too, _UNREAD)


def _read_in_english(
    question: Question, pool: Sequence[Candidate], worth: Sequence[int], language: str, parts: _Parts
) -> bool:
    """Have the model read some candidates in English words, as the question; False in a language that has no list."""
    asked = _glossed(question.understood or question.alone, language)
    prepare_glosses((part for i in worth for part in (*pool[i].around.split(" › "), pool[i].shown)), language)
    pairs = [(_glossed(pool[i].around, language), _glossed(pool[i].shown, language)) for i in worth] if asked else []
    answers = answering(asked, pairs) if asked else None
    if answers is None:
        return False
    parts.glossed[list(worth)] = [answer.score for answer in answers]
    return True


@lru_cache(maxsize=2_000)
def _glossed(text: str, language: str) -> str:
    return " › ".join(gloss(part, language) for part in text.split(" › "))


def _worth_reading(
    asked: str, pairs: Sequence[tuple[str, str]], own: np.ndarray, worth: np.ndarray, most: int
) -> list[int]:
    """Choose what the model reads: the ``most`` likely ones; where these are few, what it has read as well.

    What a search reads must not depend on what was read before: the same question finds the same each time.
    """
    order = np.argsort(-np.where(own, worth, -np.inf), kind="stable")[: min(most, int(own.sum()))]
    characters = np.cumsum([characters_read(pairs[place]) for place in order])
    worth_it = order[: int(np.searchsorted(characters, MOST_CHARACTERS, side="right"))]
    if most == MOST_READ:
        return worth_it.tolist()
    return np.union1d(np.flatnonzero(own & already_read(asked, pairs)), worth_it).tolist()


def _read(asked: str, pool: Sequence[Candidate], worth: Sequence[int], parts: _Parts) -> bool:
    """Have the model read some candidates; False where it cannot."""
    answers = answering(asked, [(pool[index].around, pool[index].shown) for index in worth])
    if answers is None:
        return False
    for index, answer in zip(worth, answers, strict=True):
        parts.model[index] = answer.score
        parts.spans[index] = (answer.start, answer.end)
    return True


def _read_until_clear(
    asked: str, pool: Sequence[Candidate], worth: Sequence[int], parts: _Parts, beside: np.ndarray
) -> bool:
    """Have the model read the candidates in their order until one clearly answers; False where it cannot.

    ``beside`` is what is added to each candidate's log-odds by the model.
    """
    ends = range(_READ_FIRST, max(len(worth), _READ_FIRST) + _READ_NEXT, _READ_NEXT)
    for begin, end in pairwise((0, *ends)):
        batch = list(worth[begin:end])
        if not _read(asked, pool, batch, parts):
            return False
        if (_ENGLISH[0] * parts.model[batch] + beside[batch]).max(initial=_UNREAD) >= _CLEARLY:
            break
    return True


def _compare(question: Question, pool: Sequence[Candidate], which: np.ndarray, parts: _Parts) -> bool:
    """Compare some candidates with the question in meaning; False where that cannot be done."""
    near = nearness(question.understood or question.alone, [(pool[i].around, pool[i].shown) for i in which])
    if near is not None:
        parts.near[which] = near
    return near is not None


def _by_meaning(
    question: Question, hits: Sequence[Hit], pool: Sequence[Candidate], which: np.ndarray, parts: _Parts
) -> np.ndarray:
    """Score the candidates that are in another language than the question: by vectors; English ones are read, too."""
    signs = parts.signs[which] - parts.signs[which].max()
    if not _compare(question, pool, which, parts):  # the passages were found: the signs tell their sentences apart
        return 0.25 * signs
    near, by_signs, base = _ACROSS
    fit = near * parts.near[which] + by_signs * signs + base
    english = np.array([hits[pool[index].hit].language == "en" for index in which])
    if not english.any():
        return np.asarray(fit)
    nearest = np.argsort(-np.where(english, fit, -np.inf), kind="stable")[: min(MOST_READ_TOO, int(english.sum()))]
    said = frozenset(_LETTERS.findall(" ".join(f"{pool[i].around} {pool[i].shown}" for i in which).casefold()))
    asked_in = hits[pool[int(which[0])].hit].asked_in
    words = gloss(question.understood or question.alone, asked_in, said)
    if not words or not _read(words, pool, which[nearest].tolist(), parts):
        return np.asarray(fit)
    model, near, by_signs, base = _ACROSS_READ
    read_too = model * parts.model[which] + near * parts.near[which] + by_signs * signs + base
    return np.where(np.isin(np.arange(len(which)), nearest), read_too, np.where(english, _UNREAD, fit))

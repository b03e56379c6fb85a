"""A question and passages that people ask for in known words in; out what that adds to their sentences' scores."""

from collections.abc import Sequence

import numpy as np

from core.reader.candidates import Candidate
from core.schema import Hit, Question
from core.text import search_terms

# Share of words that a question has in common with a known one, of both, from which it is that one: "shipping to
# Norway" is not "shipping to Spain" (.67).
SAME = 0.75
ASKED = 3.0  # log-odds of what answers a known question, at least


def asked_before(
    question: Question, hits: Sequence[Hit], pool: Sequence[Candidate], fit: np.ndarray, signs: np.ndarray
) -> np.ndarray:
    """Return what is added to each candidate's score, beside the pool: 0 where nobody said what is asked for a passage.

    The best sentence of a passage that this very question was said to ask for is an answer, whatever else tells; the
    others stay behind it as they were, or in the order of their ``signs`` where none was read.
    """
    change = np.zeros(len(pool))
    for number, hit in enumerate(hits):
        if not hit.passage.asked or not any(_is_same(question, asked) for asked in hit.passage.asked.split("\n")):
            continue
        own = np.flatnonzero([candidate.hit == number for candidate in pool])
        if not len(own):
            continue
        order = fit[own] if np.ptp(fit[own]) > 0 else signs[own]
        change[own] = np.maximum(0.0, ASKED + order - order.max() - fit[own])
    return change


def _is_same(question: Question, asked: str) -> bool:
    """Tell whether a question has nearly all words of a known one, and few others."""
    known = set(search_terms(asked, question.languages))
    ways = [set(question.terms)]
    if question.own_words:  # it may be known in the very words that were typed
        ways.append(set(search_terms(question.alone, question.languages)))
    return any(2 * len(known & said) >= SAME * (len(known) + len(said)) for said in ways if known & said)

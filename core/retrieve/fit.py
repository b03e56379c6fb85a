"""Do the hits speak of what is asked at all?"""

from collections.abc import Sequence

import numpy as np

from core.schema import Hit, Question, Sureness
from core.text import holds

# "I don't know". Questions with their source there and gone, share said to fit: XQuAD articles en .99 and .45,
# de .93 and .29, es 1.00 and .48, zh .97 and .29; reports .99 and (questions of NQ asked of them) .29; sample .86 and
# .44; NQ .99 and .90, where passages on the same subject are left. Area under the curve .92 on average.
FIT = 0.5
FIT_LENGTH = 0.35
# "None of them answers" stands at so many log-odds: training/reader/fit.py.
NONE_ANSWERS = -0.2
# Log-odds that are wanted besides, by the owner's choice. Of 48 questions to 4 sets of documents (tests/benchmarks/
# answer_sets) so many are said to fit, and of 60 put to documents of another set: readily .96 and .43, as measured .90
# and .30, only when sure .69 and .08.
BESIDES: dict[Sureness, float] = {"readily": -1.5, "measured": 0.0, "sure": 2.0}


def fits(question: Question, hits: Sequence[Hit], sureness: Sureness = "measured") -> bool:
    """Tell whether the hits speak of what is asked at all; where they do not, the answer is "I don't know"."""
    return fit_score(question, hits) >= fit_from(sureness) and not missing_things(question, hits)


def fit_from(sureness: Sureness) -> float:
    """Return the score from which hits fit: ``FIT`` as measured, further from it by so many log-odds else."""
    return float(FIT / (FIT + (1 - FIT) * np.exp(-BESIDES[sureness])))


def none_answers(sureness: Sureness) -> float:
    """Return the log-odds from which a candidate answers."""
    return NONE_ANSWERS + BESIDES[sureness]


def missing_things(question: Question, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the codes, numbers and addresses that a question names and no hit holds whole, as they are written in it.

    What holds them comes first in every search: what is not among the hits is not in the documents.
    """
    needed = [thing for thing in question.exact if thing.needed]
    texts = [f"{hit.source_name}\n{hit.passage.context}\n{hit.passage.text}" for hit in hits] if needed else []
    return tuple(thing.written for thing in needed if not any(holds(thing, text) for text in texts))


def fit_score(question: Question, hits: Sequence[Hit]) -> float:
    """Return how well the hits fit the question, from 0; 0.5 is where ``fits`` begins as measured.

    The reader decides where it read the hits, else the words alone; of hits in two languages it may have read but one.
    """
    read = [hit.reading for hit in hits if hit.reading is not None]
    if not read:
        return words_fit(question, hits)
    odds = max(read) - NONE_ANSWERS
    unread = [hit for hit in hits if hit.reading is None]
    return max(float(1 / (1 + np.exp(-odds))), words_fit(question, unread))


def words_fit(question: Question, hits: Sequence[Hit]) -> float:
    """Return how much of the question the words of the hits cover, so that it holds for every embedding.

    A long question needs a smaller share of its words.
    """
    if not hits:
        return 0.0
    coverage = (hits[0].coverage + max(hit.coverage for hit in hits)) / 2
    return float(coverage * max(len(question.words), 1) ** FIT_LENGTH)

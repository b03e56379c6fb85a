"""Two statements in, whether the one denies what the other denies, and "at most" is not "at least" in it."""

from collections.abc import Sequence

from core.answer.likeness import is_same, shares
from core.answer.statement import Denial, Part, Statement, Word


def denials_agree(said: Statement, span: Statement) -> bool:
    """Tell whether the sentence denies what the span denies, and nothing else.

    A denial in words that the other side has not may be the same one in other words, and makes up for one there.
    """
    relevant = _relevant(said, span)
    here = [denial for part in said.parts for denial in part.denials]
    there = [denial for part in relevant for denial in part.denials]
    left_here, left_there = list(here), list(there)
    for one in here:
        same = next((other for other in left_there if any(shares(word, other.words) for word in one.words)), None)
        if same is not None:
            left_here.remove(one)
            left_there.remove(same)
    said_so = [word for part in said.parts for word in part.words if not _within(word, part.denials)]
    there_so = [word for part in relevant if not part.denials for word in part.words]
    wrong_there = [each for each in left_there if any(shares(word, said_so) for word in each.words)]
    wrong_here = [each for each in left_here if any(shares(word, there_so) for word in each.words)]
    spare_here, spare_there = len(left_here) - len(wrong_here), len(left_there) - len(wrong_there)
    return len(wrong_there) <= spare_here and len(wrong_here) <= spare_there


def bounds_agree(said: Statement, span: Statement) -> bool:
    """Tell whether "at most" is not "at least" there, unless one of the two is denied."""
    for part in said.parts:
        for each in part.said:
            same = [(one, other) for other in span.parts for one in other.said if each.bound and is_same(each, one)]
            if same and all(one.bound == -each.bound and bool(at.denials) == bool(part.denials) for one, at in same):
                return False
    return True


def is_denied(word: Word, read: Statement) -> bool:
    """Tell whether a statement denies a word of its own."""
    return any(word in denial.words for part in read.parts for denial in part.denials)


def _within(word: Word, denials: Sequence[Denial]) -> bool:
    return any(word in denial.words for denial in denials)


def _relevant(said: Statement, span: Statement) -> list[Part]:
    """Return the parts of a span that a sentence speaks of: those with its numbers, else with its words.

    Of a row these are those whose column it names, if it names one.
    """
    columns = [part for part in span.parts if part.column and not part.key]
    named = [part for part in columns if any(shares(word, said.words) for word in part.column)]
    if columns:
        kept = named or columns
        return [part for part in span.parts if part in kept or (part not in columns and _speaks_of(said, part))]
    found: list[Part] = []
    for own in said.parts:
        counted = [part for part in span.parts if any(is_same(one, other) for one in own.said for other in part.said)]
        found += counted or [part for part in span.parts if _speaks_of(own, part)]
    denied = [part for part in span.parts if part.denials and not part.said]
    found += [part for part in denied if any(shares(word, said.words) for each in part.denials for word in each.words)]
    return [part for part in span.parts if part in found]


def _speaks_of(said: Statement | Part, part: Part) -> bool:
    return any(shares(word, said.words) for word in part.words)

"""A question read once: its search terms and the words that carry its meaning, for everybody who needs them."""

from collections.abc import Sequence
from functools import lru_cache

from core.schema import Question
from core.text.terms import content_terms, search_terms


def read_question(text: str, languages: Sequence[str] = (), *, alone: str = "") -> Question:
    """Return a question as it is searched and answered; ``alone`` is its stand-alone form (else it is ``text``).

    ``languages`` are the two-letter codes of the sources it is asked of. The same question is read only once.
    """
    return _read(text, alone or text, tuple(sorted(set(languages))))


@lru_cache(maxsize=128)
def _read(text: str, alone: str, languages: tuple[str, ...]) -> Question:
    terms = tuple(dict.fromkeys(search_terms(alone, languages)))
    return Question(text, alone, languages, terms, content_terms(alone, languages))

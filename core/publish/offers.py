"""Questions to begin with, as the visitor's page offers them."""

import time
from functools import lru_cache

from core.assistants import assistants
from core.assistants.suggested_questions import QUESTIONS, suggested_questions

FRESH_SECONDS = 60.0  # making them reads whole documents, which not every visit must wait for


def questions_to_begin_with(assistant_id: str, language: str) -> list[str]:
    """Return up to three questions: the owner's own, else ours, which are in English and for that page alone."""
    own = assistants.profile(assistant_id).suggested
    if own:
        return list(own[:QUESTIONS])
    return list(_made(assistant_id, time.monotonic() // FRESH_SECONDS)) if language == "en" else []


@lru_cache(maxsize=64)
def _made(assistant_id: str, _moment: float) -> tuple[str, ...]:
    return tuple(suggested_questions(assistant_id))

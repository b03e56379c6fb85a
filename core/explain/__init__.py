"""Explain: why a question found what it found, where words are that it did not find, and questions asked again."""

from core.explain.expected import Cause, Expected, Place, expected
from core.explain.own_words import add_own_word
from core.explain.question_run import request_run, run_job, run_questions
from core.explain.search import Placed, Read, Reason, SearchTest, search_test
from core.explain.unknown_words import UnknownWord, proposed_words

__all__ = [
    "Cause",
    "Expected",
    "Place",
    "Placed",
    "Read",
    "Reason",
    "SearchTest",
    "UnknownWord",
    "add_own_word",
    "expected",
    "proposed_words",
    "request_run",
    "run_job",
    "run_questions",
    "search_test",
]

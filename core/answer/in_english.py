"""A question in another language about English passages, in English words: the tables are read with these."""

from collections.abc import Sequence
from dataclasses import replace

from core.foreign import gloss
from core.schema import Hit, Question
from core.text import read_question


def in_english_words(question: Question, hits: Sequence[Hit]) -> tuple[Question, list[Hit]]:
    """Return the question in English words and its hits as those of an English question; both as they are else."""
    told = next((hit.asked_in for hit in hits if hit.asked_in), "")
    if not told or any(hit.language != "en" for hit in hits):
        return question, list(hits)
    words = gloss(question.understood, told, question.read_as or frozenset())
    if not words:
        return question, list(hits)
    asked = read_question(words, question.languages, vocabulary=question.read_as)
    return asked, [replace(hit, language="", asked_in="") for hit in hits]


def as_asked(hits: Sequence[Hit], among: Sequence[Hit]) -> list[Hit]:
    """Let hits of a question in English words be again those of the language in which ``among`` were found."""
    told = next((hit.asked_in for hit in among if hit.asked_in), "")
    return [replace(hit, language="en", asked_in=told) if told else hit for hit in hits]

"""Answer: hits to a streamed, cited, checked answer, written by a model or quoted word for word."""

from core.answer.asking import ask
from core.answer.chain import answer_chain
from core.answer.prompt import system_prompt
from core.answer.voice_choices import CLOSENESS, LANGUAGES, LENGTHS, SAMPLE_QUESTION, TONES, Choice

__all__ = [
    "CLOSENESS",
    "LANGUAGES",
    "LENGTHS",
    "SAMPLE_QUESTION",
    "TONES",
    "Choice",
    "answer_chain",
    "ask",
    "system_prompt",
]

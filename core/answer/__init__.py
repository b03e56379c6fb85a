"""Answer: hits to a streamed, cited, checked answer, written by a model or quoted word for word."""

from core.answer.asking import ask
from core.answer.chain import answer_chain
from core.answer.prompt import system_prompt
from core.answer.room import UNKNOWN_ROOM, Room, room_for
from core.answer.small_talk_replies import Replies, words_around
from core.answer.tokens import tokens
from core.answer.voice_choices import CLOSENESS, LANGUAGES, LENGTHS, SAMPLE_QUESTION, TONES, Choice

__all__ = [
    "CLOSENESS",
    "LANGUAGES",
    "LENGTHS",
    "SAMPLE_QUESTION",
    "TONES",
    "UNKNOWN_ROOM",
    "Choice",
    "Replies",
    "Room",
    "answer_chain",
    "ask",
    "room_for",
    "system_prompt",
    "tokens",
    "words_around",
]

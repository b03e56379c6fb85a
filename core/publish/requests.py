"""What a visitor's page may send: read within limits, and refused in a sentence."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from core.errors import AnswerbookError
from core.publish.words import Words
from core.schema import Turn

BODY_BYTES = 128 * 1024
QUESTION_CHARACTERS = 2_000
HISTORY_TURNS = 40
HISTORY_CHARACTERS = 24_000
_VISITOR = re.compile(r"[\w-]{0,64}", re.ASCII)


class Refused(AnswerbookError):
    """A visitor's request is not taken; ``status`` is the HTTP status that says so."""

    def __init__(self, words: Words, why: str, status: int = 400, **facts: object) -> None:
        super().__init__(words[why].format(**facts), words[f"{why}_remedy"].format(**facts), code=why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """A visitor's question, what was said before it, the random id that their page gave itself, and the work it did."""

    question: str
    history: tuple[Turn, ...]
    visitor: str
    proof: str


async def read_json(request: Request, words: Words) -> Mapping[str, Any]:
    """Read a request's JSON object, as far as it is not too large. Raises Refused."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > BODY_BYTES:
            raise Refused(words, "too_much", 413)
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(words, "unreadable") from None
    if not isinstance(read, dict):
        raise Refused(words, "unreadable")
    return read


def read_question(sent: Mapping[str, Any], words: Words) -> Asked:
    """Read ``{"question", "history", "visitor", "proof"}``. Raises Refused."""
    question = text_of(sent, "question", words).strip()
    if not question:
        raise Refused(words, "empty")
    if len(question) > QUESTION_CHARACTERS:
        raise Refused(words, "too_long", 413, count=len(question), most=QUESTION_CHARACTERS)
    history, visitor = _read_history(sent.get("history", []), words), read_visitor(sent, words)
    return Asked(question, history, visitor, text_of(sent, "proof", words))


@dataclass(frozen=True, slots=True)
class Message:
    """What a visitor wants to tell a person, how to reach them, and what they had asked before."""

    name: str
    contact: str
    message: str
    asked: tuple[str, ...]


def read_message(sent: Mapping[str, Any], words: Words) -> Message:
    """Read ``{"name", "contact", "message", "asked"}``. Raises Refused."""
    name, contact, message = (" ".join(text_of(sent, part, words).split()) for part in ("name", "contact", "message"))
    asked = sent.get("asked", [])
    if not isinstance(asked, list) or not all(isinstance(question, str) for question in asked):
        raise Refused(words, "unreadable")
    if not contact or not message:
        raise Refused(words, "form_empty")
    return Message(name, contact, message, tuple(text_of({"": question}, "", words) for question in asked))


def read_visitor(sent: Mapping[str, Any], words: Words) -> str:
    """Read the random id of a visitor's page, empty where it sent none. Raises Refused."""
    visitor = text_of(sent, "visitor", words)
    if not _VISITOR.fullmatch(visitor):
        raise Refused(words, "unreadable")
    return visitor


def text_of(sent: Mapping[str, Any], name: str, words: Words) -> str:
    """Return a text of what was sent, empty where there is none. Raises Refused for what is no text, or no Unicode."""
    value = sent.get(name, "")
    if not isinstance(value, str) or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Refused(words, "unreadable")
    return value.replace("\0", "")


def _read_history(turns: Any, words: Words) -> tuple[Turn, ...]:
    if not isinstance(turns, list):
        raise Refused(words, "unreadable")
    read = []
    for turn in turns:
        if not isinstance(turn, dict) or turn.get("role") not in ("user", "assistant"):
            raise Refused(words, "unreadable")
        read.append(Turn(turn["role"], text_of(turn, "text", words)))
    if len(read) > HISTORY_TURNS or sum(len(turn.text) for turn in read) > HISTORY_CHARACTERS:
        raise Refused(words, "too_much", 413)
    return tuple(read)

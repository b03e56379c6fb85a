"""What a program sends, read within limits, and refused in a sentence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from core.publish.api.refusals import Refusal
from core.publish.requests import HISTORY_CHARACTERS, HISTORY_TURNS
from core.schema import Turn

BODY_BYTES = 1024 * 1024
QUESTION_CHARACTERS = 4_000  # as much as an answer looks at: core/answer/asking.py
MOST_MESSAGES = 2_000
IGNORED = ("system", "developer", "tool", "function")
"""Roles that change nothing: how the assistant speaks and what it may do is its owner's alone."""


@dataclass(frozen=True, slots=True)
class AskedInChat:
    """A request to /v1/chat/completions: the question, what was said before it, and how to answer."""

    model: str
    question: str
    history: tuple[Turn, ...]
    stream: bool
    with_usage: bool
    characters: tuple[str, ...]  # all that was sent, for its count of tokens


async def read_json(request: Request) -> Mapping[str, Any]:
    """Read a request's JSON object, as far as it is not too large. Raises Refusal."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > BODY_BYTES:
            raise Refusal(
                "This is too long to be read.",
                f"Send at most {BODY_BYTES // 1024} KB, with less of what was said before.",
                status=413,
                code="too_long",
            )
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise _unreadable("no JSON") from None
    if not isinstance(sent, dict):
        raise _unreadable("no JSON object")
    return sent


def read_chat(sent: Mapping[str, Any]) -> AskedInChat:
    """Read what OpenAI's clients send to chat/completions; what we do not know is left aside. Raises Refusal."""
    if sent.get("n") not in (None, 1):
        raise Refusal("There is one answer to a question.", "Leave “n” out, or set it to 1.", code="bad_n")
    stream = _yes_or_no(sent, "stream")
    options = sent.get("stream_options")
    with_usage = stream and isinstance(options, dict) and options.get("include_usage") is True
    turns, everything = _read_messages(sent.get("messages"))
    if not turns or turns[-1].role != "user":
        raise Refusal(
            "There is no question.", "The last of “messages” must be the user's, with some text.", code="no_question"
        )
    question = _checked_question(turns[-1].text)
    return AskedInChat(text_of(sent, "model"), question, _newest(turns[:-1]), stream, with_usage, everything)


def read_question(sent: Mapping[str, Any]) -> tuple[str, tuple[Turn, ...]]:
    """Read ``{"question", "history": [{"role", "text"}]}``. Raises Refusal."""
    history = sent.get("history") or []
    if not isinstance(history, list) or len(history) > MOST_MESSAGES:
        raise _unreadable("no list in “history”")
    turns = []
    for turn in history:
        if not isinstance(turn, dict) or turn.get("role") not in ("user", "assistant"):
            raise _unreadable("a turn of “history” without the role “user” or “assistant”")
        turns.append(Turn(turn["role"], text_of(turn, "text")))
    return _checked_question(text_of(sent, "question")), _newest(turns)


def text_of(sent: Mapping[str, Any], name: str) -> str:
    """Return a text of what was sent, empty where there is none. Raises Refusal for what is none, or no Unicode."""
    value = sent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _unreadable(f"no text in “{name}”")
    return _clean(value)


def number_of(given: object, name: str, first: int, most: int) -> int:
    """Return a whole number from 1 to ``most``; ``first`` where none was sent. Raises Refusal."""
    if given is None:
        return first
    text = str(given)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise Refusal(f"“{name}” is not right.", f"It is a whole number from 1 to {most}.", code="bad_number")
    return int(text)


def _yes_or_no(sent: Mapping[str, Any], name: str) -> bool:
    value = sent.get(name)
    if value is not None and not isinstance(value, bool):
        raise _unreadable(f"neither true nor false in “{name}”")
    return bool(value)


def _read_messages(messages: object) -> tuple[list[Turn], tuple[str, ...]]:
    """Return the turns that count, and the text of all messages."""
    if not isinstance(messages, list) or not messages or len(messages) > MOST_MESSAGES:
        raise _unreadable(f"no list of 1 to {MOST_MESSAGES} “messages”")
    turns: list[Turn] = []
    everything = []
    for message in messages:
        if not isinstance(message, dict):
            raise _unreadable("a message that is no object")
        role, text = message.get("role"), _content(message.get("content"))
        if role in ("user", "assistant"):
            if text.strip():
                turns.append(Turn(role, text))
        elif role not in IGNORED:
            raise _unreadable("a message without a known “role”")
        everything.append(text)
    return turns, tuple(everything)


def _content(content: object) -> str:
    """Return a message's text: as it is, or of its parts."""
    if content is None or isinstance(content, str):
        return _clean(content or "")
    if not isinstance(content, list):
        raise _unreadable("a message's “content” that is no text")
    texts = []
    for part in content:
        if not isinstance(part, dict) or part.get("type") not in ("text", "input_text", "refusal"):
            raise Refusal("Only text can be asked.", "Leave pictures, sound and files out.", code="text_only")
        texts.append(text_of(part, "refusal" if part["type"] == "refusal" else "text"))
    return "\n".join(texts)


def _clean(text: str) -> str:
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _unreadable("half a sign of Unicode")
    return text.replace("\0", "")


def _checked_question(text: str) -> str:
    question = text.strip()
    if not question:
        raise Refusal("There is no question.", "Send some text.", code="no_question")
    if len(question) > QUESTION_CHARACTERS:
        raise Refusal(
            f"The question is {len(question)} characters long.",
            f"Ask in at most {QUESTION_CHARACTERS}.",
            status=413,
            code="too_long",
        )
    return question


def _newest(turns: list[Turn]) -> tuple[Turn, ...]:
    """Return the end of what was said: programs send all of it, and a follow-up needs the last few turns."""
    kept: list[Turn] = []
    left = HISTORY_CHARACTERS
    for turn in reversed(turns[-HISTORY_TURNS:]):
        if len(turn.text) > left:
            break
        left -= len(turn.text)
        kept.append(turn)
    return tuple(reversed(kept))


def _unreadable(found: str) -> Refusal:
    return Refusal(f"The request could not be read: {found}.", "See /v1/docs for what to send.", code="unreadable")

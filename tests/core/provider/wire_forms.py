"""Answers as model services send them, to be put together in the rows of the table of behaviours."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fake_provider import Behaviour, Reply, Request

WORDS = ("The depot opens ", "at 9 in the ", "morning. [1]")
ANSWER = "".join(WORDS)
STREAM = "text/event-stream"
PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1><hr>nginx</body></html>"


@dataclass(frozen=True)
class Row:
    """A behaviour, and what the owner sees of it.

    ``settings`` is what the test in Settings comes to: "saved", or its sentences; ``chat`` what the chat shows: the
    answer, or its sentences. ``learnt`` are the traits that are not as usual, ``notes`` what the test says beside.
    """

    name: str
    behave: Behaviour
    settings: str = "saved"
    chat: str = ANSWER
    learnt: dict[str, Any] = field(default_factory=dict)
    notes: str = ""
    key: str = "sk-test-0123456789abcdef"


def in_chat(reply: Reply | Callable[[Request], Reply | None]) -> Behaviour:
    """Behave so where an answer is asked for; the models are listed as usual."""

    def behave(request: Request) -> Reply | None:
        if not request.path.endswith("/chat/completions"):
            return None
        return reply if isinstance(reply, Reply) else reply(request)

    return behave


def always(reply: Reply) -> Behaviour:
    return lambda request: reply


def lists(entry: dict[str, Any], pages: dict[str, Any] | None = None) -> Behaviour:
    """List one model so; ``pages`` are further addresses with what they hold."""

    def behave(request: Request) -> Reply | None:
        if request.path.endswith("/v1/models"):
            return json_reply({"object": "list", "data": [{"id": "fake-chat", "object": "model", **entry}]})
        return json_reply(pages[request.path]) if pages and request.path in pages else None

    return behave


def json_reply(content: object, status: int = 200, **headers: str) -> Reply:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status, (json.dumps(content).encode(),), headers=named)


def error(status: int, message: str, kind: str = "invalid_request_error", code: Any = None, **headers: str) -> Reply:
    """An error in the form of OpenAI, which most services keep to."""
    return json_reply({"error": {"message": message, "type": kind, "param": None, "code": code}}, status, **headers)


def page(status: int, title: str, **headers: str) -> Reply:
    text = PAGE % (title.encode(), title.encode())
    return Reply(status, (text,), "text/html; charset=utf-8", tuple(headers.items()))


def event(delta: object = None, reason: str | None = None, **others: Any) -> bytes:
    choice = {"index": 0, "delta": {} if delta is None else delta, "finish_reason": reason}
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "fake-chat"}
    return b"data: " + json.dumps({**head, "choices": [choice], **others}).encode() + b"\n\n"


def said(words: str) -> bytes:
    return event({"content": words})


SAID = tuple(map(said, WORDS))
STOP = event(reason="stop")
DONE = b"data: [DONE]\n\n"


def stream(*pieces: bytes, kind: str = STREAM, breaks: bool = False, silence: float = 0.0) -> Reply:
    return Reply(200, pieces, kind, breaks=breaks, silence=silence)


def whole(content: object = ANSWER, reason: str | None = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": content, **message}
    choice = {"index": 0, "message": said, "finish_reason": reason}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "fake-chat", "choices": [choice]}


def refusing(refused: Callable[[dict[str, Any]], bool], reply: Reply) -> Behaviour:
    """Refuse requests of one form; all others are answered as usual."""
    return in_chat(lambda request: reply if refused(request.body) else None)


def streaming(body: dict[str, Any]) -> bool:
    return bool(body.get("stream"))


def with_system(body: dict[str, Any]) -> bool:
    return any(message["role"] in ("system", "developer") for message in body["messages"])


def out_of_turn(body: dict[str, Any]) -> bool:
    roles = [message["role"] for message in body["messages"] if message["role"] != "system"]
    return any(role != ("user", "assistant")[number % 2] for number, role in enumerate(roles))


def limited_by(*names: str) -> Callable[[dict[str, Any]], bool]:
    return lambda body: any(name in body for name in names)

"""Mistral: OpenAI's form of streams with errors of its own."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.protocol_servers.serving import Speaker


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"object": "error", "message": message, "type": kind, "param": None, "code": "1500"}


class MistralSpeaker(Speaker):
    """POST /v1/chat/completions, POST /v1/embeddings, GET /v1/models."""

    make = "mistralai"
    path_of_address = "/v1"
    errors: ClassVar[dict[str, tuple[int, Any]]] = {
        "key": (401, {"detail": "Unauthorized KEY"}),
        "quota": (402, _error("payment_required", "Insufficient balance.")),
        "rate": (429, _error("rate_limited", "Requests rate limit exceeded")),
        "too_long": (
            400,
            _error(
                "invalid_request", "Prompt contains 40000 tokens, too large for model with 32768 maximum context length"
            ),
        ),
        "no_model": (400, _error("invalid_model", "Invalid model: x")),
        "server": (500, _error("internal_server_error", "Internal error")),
        "busy": (503, _error("service_unavailable", "Service unavailable, overloaded")),
    }
    ends: ClassVar[dict[str, tuple[str, str]]] = {"ending-chat": ("2027-01-01T12:00:00Z", "good-chat")}
    models: ClassVar[tuple[str, ...]] = ("good-chat", "good-embed", "ending-chat")

    def wants(self) -> str:
        ways = {"/chat/completions": "chat", "/embeddings": "embed", "/models": "models"}
        return ways.get(self.path.removeprefix(self.path_of_address), "")

    def listed(self) -> Any:
        rows = []
        for name in self.models:
            end, successor = self.ends.get(name, (None, None))
            rows.append({"id": name, "object": "model", "deprecation": end, "deprecation_replacement_model": successor})
        return {"object": "list", "data": rows}

    def answer_whole(self, text: str) -> Any:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return {"id": "c", "object": "chat.completion", "created": 0, "model": "good-chat", "choices": [choice]}

    def events(self, text: str, failure: str) -> Iterator[bytes]:
        for number, word in enumerate(self.words(text)):
            if failure in ("stream_error", "cut_clean", "filter") and number == 3:
                if failure == "stream_error":
                    yield self._event({"object": "error", "message": "Internal error", "type": "internal_server_error"})
                if failure == "filter":
                    yield self._delta("", "content_filter")
                    break
                return
            yield self._delta(word, None)
        else:
            yield self._delta("", "length" if failure == "length" else "stop")
        yield b"data: [DONE]\n\n"

    def _delta(self, text: str, reason: str | None) -> bytes:
        choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": reason}
        return self._event({"id": "c", "object": "chat.completion.chunk", "model": "good-chat", "choices": [choice]})

    def _event(self, values: Any) -> bytes:
        return f"data: {json.dumps(values)}\n\n".encode()

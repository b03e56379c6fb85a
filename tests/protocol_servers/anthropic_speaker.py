"""Anthropic's messages: server-sent events with names."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.protocol_servers.serving import Speaker


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


class AnthropicSpeaker(Speaker):
    """POST /v1/messages, GET /v1/models."""

    make = "anthropic"
    errors: ClassVar[dict[str, tuple[int, Any]]] = {
        "key": (401, _error("authentication_error", "invalid x-api-key KEY")),
        "quota": (400, _error("invalid_request_error", "Your credit balance is too low to access the Anthropic API.")),
        "rate": (429, _error("rate_limit_error", "This request would exceed your rate limit.")),
        "too_long": (400, _error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum")),
        "no_model": (404, _error("not_found_error", "model: claude-of-old")),
        "server": (500, _error("api_error", "Internal server error")),
        "busy": (529, _error("overloaded_error", "Overloaded")),
    }

    def key(self) -> str:
        return self.headers.get("x-api-key") or super().key()

    def wants(self) -> str:
        path = self.path.partition("?")[0]
        return {"/v1/messages": "chat", "/v1/models": "models"}.get(path, "")

    def listed(self) -> Any:
        made = [{"type": "model", "id": name, "display_name": name} for name in self.models]
        return {"data": made, "has_more": False, "first_id": None, "last_id": None}

    def events(self, text: str, failure: str) -> Iterator[bytes]:
        usage = {"input_tokens": 9, "output_tokens": 1}
        head = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "good-chat", "usage": usage}
        yield self._event("message_start", message={**head, "stop_reason": None, "stop_sequence": None})
        yield self._event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        yield self._event("ping")
        for number, word in enumerate(self.words(text)):
            if failure in ("stream_error", "cut_clean") and number == 3:
                if failure == "stream_error":
                    yield self._event("error", error={"type": "overloaded_error", "message": "Overloaded"})
                return
            yield self._event("content_block_delta", index=0, delta={"type": "text_delta", "text": word})
        yield self._event("content_block_stop", index=0)
        reason = {"length": "max_tokens", "filter": "refusal"}.get(failure, "end_turn")
        yield self._event("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage=usage)
        yield self._event("message_stop")

    def _event(self, name: str, **values: Any) -> bytes:
        return f"event: {name}\ndata: {json.dumps({'type': name, **values})}\n\n".encode()

"""Google's generateContent, streamed as server-sent events; embeddings as OpenAI's, which Google offers beside it."""

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.protocol_servers.serving import Speaker

_RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}


def _error(code: int, status: str, message: str, details: list[Any] | None = None) -> tuple[int, Any]:
    return code, {"error": {"code": code, "message": message, "status": status, "details": details or []}}


class GoogleSpeaker(Speaker):
    """POST /v1beta/models/NAME:streamGenerateContent?alt=sse, GET /v1beta/models, POST /v1beta/openai/embeddings."""

    make = "google_genai"
    errors: ClassVar[dict[str, tuple[int, Any]]] = {
        "key": _error(400, "INVALID_ARGUMENT", "API key not valid: KEY. Please pass a valid API key."),
        "quota": _error(
            429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your billing details."
        ),
        "rate": _error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, check plan and billing.", [_RETRY]),
        "too_long": _error(
            400,
            "INVALID_ARGUMENT",
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        ),
        "no_model": _error(404, "NOT_FOUND", "models/x is not found for API version v1beta, or is not supported."),
        "server": _error(500, "INTERNAL", "An internal error has occurred."),
        "busy": _error(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    }

    def key(self) -> str:
        return self.headers.get("x-goog-api-key") or super().key()

    def wants(self) -> str:
        path = self.path.partition("?")[0]
        if path.endswith((":streamGenerateContent", ":generateContent")):
            return "chat"
        return {"/v1beta/models": "models", "/v1beta/openai/embeddings": "embed"}.get(path, "")

    def model(self, body: dict[str, Any]) -> str:
        named = re.search(r"/models/([^:?]+):", self.path)
        return named[1] if named else super().model(body)

    def streams(self, body: dict[str, Any]) -> bool:
        return ":stream" in self.path

    def listed(self) -> Any:
        ways = {"good-embed": ["embedContent"]}
        return {
            "models": [
                {"name": f"models/{name}", "supportedGenerationMethods": ways.get(name, ["generateContent"])}
                for name in self.models
            ]
        }

    def alive(self) -> bytes:
        return self._event(self._part("", None))

    def answer_whole(self, text: str) -> Any:
        return self._part(text, "STOP")

    def events(self, text: str, failure: str) -> Iterator[bytes]:
        for number, word in enumerate(self.words(text)):
            if failure == "filter" and number == 3:
                yield self._event(self._part("", "SAFETY"))
                return
            if failure in ("stream_error", "cut_clean") and number == 3:
                if failure == "stream_error":
                    yield self._event(_error(503, "UNAVAILABLE", "The model is overloaded.")[1])
                return
            yield self._event(self._part(word, None))
        yield self._event(self._part("", "MAX_TOKENS" if failure == "length" else "STOP"))

    def _part(self, text: str, reason: str | None) -> dict[str, Any]:
        candidate: dict[str, Any] = {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}
        if reason:
            candidate["finishReason"] = reason
        return {"candidates": [candidate], "modelVersion": "good-chat"}

    def _event(self, values: Any) -> bytes:
        return f"data: {json.dumps(values)}\r\n\r\n".encode()

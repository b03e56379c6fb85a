"""Ollama: one JSON object a line."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.protocol_servers.serving import Speaker


class OllamaSpeaker(Speaker):
    """POST /api/chat, POST /api/show, GET /api/tags, POST /v1/embeddings."""

    make = "ollama"
    content_type = "application/x-ndjson"
    errors: ClassVar[dict[str, tuple[int, Any]]] = {
        "key": (401, {"error": "unauthorized KEY"}),
        "quota": (402, {"error": "payment required: billing"}),
        "rate": (429, {"error": "too many requests"}),
        "too_long": (400, {"error": "the input length exceeds the context length"}),
        "no_model": (404, {"error": "model 'x' not found"}),
        "server": (500, {"error": "llama runner process has terminated"}),
        "busy": (503, {"error": "server busy, please try again. maximum pending requests exceeded"}),
    }
    models: ClassVar[tuple[str, ...]] = ("good-chat", "good-embed", "small:latest")
    context = 131_072
    parameters = 'stop "<|end|>"'

    def wants(self) -> str:
        ways = {"/api/chat": "chat", "/api/tags": "models", "/v1/embeddings": "embed", "/api/show": "show"}
        return ways.get(self.path, "")

    def listed(self) -> Any:
        return {"models": [{"name": name, "model": name, "size": 2_019_393_189} for name in self.models]}

    def do_POST(self) -> None:
        if self.path != "/api/show":
            super().do_POST()
            return
        model = self.model(json.loads(self.rfile.read(int(self.headers.get("content-length") or 0))))
        if model not in self.models and not model.startswith("fail-"):
            self.send_json(404, {"error": f"model '{model}' not found"})
            return
        info = {"general.architecture": "llama", "llama.context_length": self.context, "llama.block_count": 16}
        told = {"model_info": info, "parameters": self.parameters, "capabilities": ["completion"]}
        self.send_json(200, told)

    def streams(self, body: dict[str, Any]) -> bool:
        return bool(body.get("stream", True))

    def alive(self) -> bytes:
        return self._line("", done=False)

    def answer_whole(self, text: str) -> Any:
        return json.loads(self._line(text, done=True))

    def events(self, text: str, failure: str) -> Iterator[bytes]:
        for number, word in enumerate(self.words(text)):
            if failure in ("stream_error", "cut_clean", "filter") and number == 3:
                if failure == "stream_error":
                    yield json.dumps({"error": "llama runner process has terminated"}).encode() + b"\n"
                if failure == "filter":
                    break
                return
            yield self._line(word, done=False)
        reason = {"length": "length", "filter": "content_filter"}.get(failure, "stop")
        yield self._line("", done=True, reason=reason)

    def _line(self, text: str, *, done: bool, reason: str = "stop") -> bytes:
        message = {"role": "assistant", "content": text}
        line = {"model": "good-chat", "created_at": "2026-11-30T12:00:00Z", "message": message, "done": done}
        return json.dumps({**line, "done_reason": reason} if done else line).encode() + b"\n"

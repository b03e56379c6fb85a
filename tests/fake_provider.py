"""A model provider for tests: a real HTTP server on this machine that speaks the OpenAI protocol, and fails on demand.

In tests: ``with FakeProvider() as server: …`` and ``server.base_url``. In a browser's place:
``python -m tests.fake_provider --port 8123``, then http://127.0.0.1:8123/v1 with any key, models "fake-chat" and
"fake-embed".

A failure is a word, with an argument where it takes one ("429:2": busy, come back in 2 s). It is chosen
- for the next requests in turn: ``server.script(["503", "429:0", "ok"])``,
- by the model's name or the key: "fail-401", "fail-cut:40".
``FAILURES`` lists them. ``server.requests`` keeps every request.
"""

import argparse
import json
import re
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.fake_replies import MOST_INPUTS, UNKNOWN, packed, prompt_tokens, refusal, reply, vector
from tests.fake_wire import Behaviour, Reply, Request

__all__ = ["FAILURES", "UNKNOWN", "Behaviour", "FakeProvider", "Reply", "Request"]

FAILURES = {
    "400": "a 400 without a known reason",
    "401": "wrong key; the answer repeats the key, as careless services do",
    "402": "payment required",
    "403": "the key may not do this",
    "404": "no such model",
    "429": "too many requests; argument: Retry-After in seconds",
    "quota": "429 that waiting does not help: no credit left",
    "500": "a fault of the service",
    "503": "overloaded; argument: Retry-After in seconds",
    "too_long": "context_length_exceeded",
    "413": "too large a request, without a word on how large it may be",
    "window": "refuses a prompt of more tokens than its argument, as llama.cpp does, and tells its window",
    "filter": "the request was declined by a content filter",
    "filtered": "the answer was stopped by the content filter; argument: after how many characters",
    "length": "the answer was stopped at the length limit; argument: after how many characters",
    "hang": "says nothing; argument: seconds",
    "drip": "a blank comment every 0.1 s and never a word",
    "slow": "an answer with a pause before each piece; argument: seconds",
    "cut": "breaks off; argument: after how many characters of the answer",
    "cut_clean": "ends without saying that it has ended; argument: after how many characters",
    "stream_error": "an error in the middle of the stream; argument: after how many characters",
    "bad_json": "an answer that is no JSON",
    "bad_chunk": "a stream whose second piece is no JSON",
    "no_choices": "an answer with an empty list of choices",
    "empty": "an answer without a word",
    "html": "a web page",
    "redirect": "sends the caller on; argument: address",
    "max_tokens": "refuses max_tokens, as thinking models do",
    "nan": "embeddings: one number is not a number",
    "zero": "embeddings: a vector of zeros",
    "short": "embeddings: one vector is missing",
    "ragged": "embeddings: one vector is shorter",
    "shuffled": "embeddings: out of order, told by their index",
    "few": "embeddings: refuses more than so many inputs; argument: how many",
}


@dataclass
class FakeProvider:
    """The server. ``dimension`` is the embeddings' length, ``pause`` the seconds between two pieces of an answer.

    ``silences_ended`` counts the hanging requests that came to their end, ``answers_sent`` the streams sent whole: so
    that a test can see that nobody waited for them. ``hung_up`` counts the answers whose caller closed the connection.
    ``behave`` comes before all else.
    """

    port: int = 0
    dimension: int = 64
    pause: float = 0.0
    models: tuple[str, ...] = ("fake-chat", "fake-embed")
    prefix: str = "/v1"
    requests: list[Request] = field(default_factory=list)
    silences_ended: int = 0
    answers_sent: int = 0
    hung_up: int = 0
    behave: Behaviour | None = None
    _script: deque[str] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = _Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> "FakeProvider":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def stay_silent(self, seconds: float) -> None:
        """Say nothing for so long, or until the server ends."""
        if not self._closing.wait(seconds):
            self.silences_ended += 1

    def closing(self) -> bool:
        """Say whether the server is about to end."""
        return self._closing.is_set()

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.serve_forever()

    @property
    def root(self) -> str:
        """The server's address without the protocol's /v1."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The address to enter in Settings."""
        return f"{self.root}{self.prefix}"

    def script(self, failures: Iterable[str]) -> None:
        """Set what happens to the next chat and embedding requests, one each; afterwards all is well."""
        with self._lock:
            self._script = deque(failures)

    def seen(self, path: str = "/chat/completions") -> list[Request]:
        """Return the requests to one endpoint so far."""
        return [request for request in self.requests if request.path.endswith(path)]

    def take(self, request: Request) -> str:
        """Note a request and say which failure it gets; empty for none."""
        with self._lock:
            self.requests.append(request)
            scripted = self._script.popleft() if self._script and request.body else ""
        if scripted:
            return "" if scripted == "ok" else scripted
        for name in (str(request.body.get("model", "")), request.key):
            if name.startswith("fail-"):
                return name.removeprefix("fail-")
        return ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about callers that hang up: many tests do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: FakeProvider
    received: Request

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        failure, _ = self._received()
        if self._behaved():
            return
        if self.path != f"{self.provider.prefix}/models":
            self._page(404)
        elif not self._failed(failure):
            listed = [{"id": name, "object": "model", "created": 0, "owned_by": "fake"} for name in self._names()]
            self._json(200, {"object": "list", "data": listed})

    def do_POST(self) -> None:
        failure, body = self._received()
        if self._behaved():
            return
        endpoints = {"/chat/completions": self._chat, "/embeddings": self._embed}
        endpoint = endpoints.get(self.path.removeprefix(self.provider.prefix))
        if endpoint is None or not self.path.startswith(self.provider.prefix):
            self._page(404)
        elif not self._failed(failure):
            name = str(body.get("model", ""))
            if name in self._names() or name.startswith("fail-"):
                endpoint(body, failure)
            else:
                self._failed("404")

    def _behaved(self) -> bool:
        """Answer as the service is told to behave; say whether it was."""
        reply = self.provider.behave(self.received) if self.provider.behave else None
        if reply is None:
            return False
        if not reply.pieces and self._left_alone(reply.silence):
            return True
        self.send_response(reply.status)
        for name, value in (("Content-Type", reply.kind), ("Transfer-Encoding", "chunked"), *reply.headers):
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()
        for number, piece in enumerate(reply.pieces, 1):
            if reply.silence and number == len(reply.pieces) and self._left_alone(reply.silence):
                return True
            self._chunk(piece)
        if reply.breaks:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")
        return True

    def _left_alone(self, seconds: float) -> bool:
        """Say nothing for so long; True where the caller closed the connection meanwhile."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.provider.closing():
            if select.select([self.connection], [], [], 0.02)[0] and not self.connection.recv(1, socket.MSG_PEEK):
                self.provider.hung_up += 1
                self.close_connection = True
                return True
        return False

    def _names(self) -> tuple[str, ...]:
        return self.provider.models

    def _received(self) -> tuple[str, dict[str, Any]]:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.loads(raw) if raw else {}
        key = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        self.received = Request(self.path, key, body, time.monotonic())
        return self.provider.take(self.received), body

    def _failed(self, failure: str) -> bool:
        """Answer with the failure if it is one of a whole answer; say whether it was."""
        name, _, argument = failure.partition(":")
        key = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        errors: dict[str, tuple[int, str, str]] = {
            "400": (400, "invalid_request_error", "Something is off."),
            "401": (401, "invalid_api_key", f"Incorrect API key provided: {key}."),
            "402": (402, "payment_required", "Pay first."),
            "403": (403, "forbidden", "You have insufficient permissions for this operation."),
            "404": (404, "model_not_found", "The model does not exist or you do not have access to it."),
            "429": (429, "rate_limit_exceeded", "Rate limit reached for requests."),
            "quota": (429, "insufficient_quota", "You exceeded your current quota, please check your plan."),
            "500": (500, "server_error", "The server had an error."),
            "503": (503, "overloaded", "The engine is overloaded."),
            "413": (413, "request_too_large", "Payload too large."),
            "too_long": (400, "context_length_exceeded", "This model's maximum context length is 8192 tokens."),
            "filter": (400, "content_filter", "The response was filtered by the content management policy."),
        }
        if name in errors:
            status, code, message = errors[name]
            headers = {"Retry-After": argument} if argument else {}
            error = {"message": message, "type": code, "param": None, "code": code}
            self._json(status, {"error": error}, headers)
        elif name == "html":
            self._page(200)
        elif name == "bad_json":
            self._send(200, "application/json", b'{"choices": [')
        elif name == "redirect":
            self._send(307, "text/plain", b"", {"Location": argument + self.path})
        elif name == "hang":
            self.provider.stay_silent(float(argument or 5))
            self.close_connection = True
        else:
            return False
        return True

    def _chat(self, body: dict[str, Any], failure: str) -> None:
        name, _, argument = failure.partition(":")
        if name == "max_tokens" and "max_tokens" in body:
            words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            self._json(400, {"error": {"message": words, "type": "invalid_request_error", "code": "unsupported"}})
            return
        if name == "window" and (asked := prompt_tokens(body.get("messages", []))) > int(argument):
            words = f"request ({asked} tokens) exceeds the available context size ({argument} tokens)"
            kind = {"type": "exceed_context_size_error", "n_prompt_tokens": asked, "n_ctx": int(argument)}
            self._json(400, {"error": {"code": 400, "message": words, **kind}})
            return
        text = "" if name == "empty" else reply(body.get("messages", []))
        if body.get("stream"):
            self._stream(text, name, argument)
            return
        reasons = {"length": "length", "filtered": "content_filter"}
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": reasons.get(name, "stop"),
        }
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        head = {"id": "fake", "object": "chat.completion", "created": 0, "model": body.get("model"), "usage": usage}
        self._json(200, {**head, "choices": [] if name == "no_choices" else [choice]})

    def _stream(self, text: str, name: str, argument: str) -> None:
        """Send an answer as server-sent events in small pieces, with the failure in its place."""
        stops = {"cut": 20, "cut_clean": 20, "stream_error": 20, "filtered": 20, "length": 20}
        if name in stops:
            text = text[: int(argument or stops[name])]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self._pieces(text, name, argument)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _pieces(self, text: str, name: str, argument: str) -> None:
        if name == "drip":
            for _ in range(100):
                self._chunk(b": still there\n\n")
                time.sleep(0.1)
        self._event({"role": "assistant", "content": ""})
        for number, piece in enumerate(re.findall(r"\S+\s*|\s+", text)):
            time.sleep(float(argument or 0.2) if name == "slow" else self.provider.pause)
            if name == "bad_chunk" and number == 1:
                self._chunk(b"data: {broken\n\n")
            self._event({"content": piece}, choices=name != "no_choices")
        if name == "cut":
            self.close_connection = True  # the chunked body lacks its end
            return
        if name == "stream_error":
            error = {"error": {"message": "The server had an error.", "type": "server_error", "code": None}}
            self._chunk(f"data: {json.dumps(error)}\n\n".encode())
        elif name != "cut_clean":
            reason = {"length": "length", "filtered": "content_filter"}.get(name, "stop")
            self._event({}, reason=reason, choices=name != "no_choices")
            self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")
        self.provider.answers_sent += 1

    def _event(self, delta: dict[str, str], *, reason: str | None = None, choices: bool = True) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        event = {"id": "fake", "object": "chat.completion.chunk", "created": 0, "model": "fake-chat"}
        self._chunk(f"data: {json.dumps({**event, 'choices': [choice] if choices else []})}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _embed(self, body: dict[str, Any], failure: str) -> None:
        name, _, argument = failure.partition(":")
        texts = [body["input"]] if isinstance(body.get("input"), str) else body.get("input") or []
        if why := refusal(texts, int(argument) if name == "few" else MOST_INPUTS):
            error = {"message": why, "type": "invalid_request_error", "code": None}
            self._json(400, {"error": error})
            return
        vectors = [vector(text, self.provider.dimension) for text in texts]
        if name == "nan":
            vectors[-1][0] = float("nan")
        elif name == "zero":
            vectors[-1] = [0.0] * self.provider.dimension
        elif name == "short":
            vectors = vectors[:-1]
        elif name == "ragged":
            vectors[-1] = vectors[-1][:-1]
        short_form = body.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": index, "embedding": packed(numbers) if short_form else numbers}
            for index, numbers in enumerate(vectors)
        ]
        if name == "shuffled":
            data.reverse()
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        self._json(200, {"object": "list", "data": data, "model": body.get("model"), "usage": usage})

    def _page(self, status: int) -> None:
        self._send(status, "text/html; charset=utf-8", b"<!doctype html><title>Welcome</title><h1>It works</h1>")

    def _json(self, status: int, content: object, headers: dict[str, str] | None = None) -> None:
        self._send(status, "application/json", json.dumps(content).encode(), headers)

    def _send(self, status: int, kind: str, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    parser = argparse.ArgumentParser(description="A model provider for tests, speaking the OpenAI protocol.")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--dimension", type=int, default=64)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two pieces of an answer")
    chosen = parser.parse_args()
    FakeProvider(port=chosen.port, dimension=chosen.dimension, pause=chosen.pause).serve_forever()


if __name__ == "__main__":
    main()

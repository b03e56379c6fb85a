"""What all protocol servers share: the HTTP server, which failure a request gets, and the stream around the pieces."""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar

from pydantic import SecretStr

from core.schema import Provider
from tests.fake_replies import vector

TEXT = "A parcel to Norway takes two days [1]."
FAILURES = {
    "key": "the key is wrong; the answer repeats it, as careless services do",
    "quota": "no credit left",
    "rate": "too many requests, come back in 1 s",
    "too_long": "the prompt is longer than the model's window",
    "no_model": "no such model",
    "server": "a fault of the service",
    "busy": "overloaded",
    "cut": "the stream breaks off after some words",
    "cut_clean": "the stream ends after some words, and no reason is given",
    "stream_error": "an error within the stream, after some words",
    "length": "the answer was stopped at its limit",
    "filter": "the answer was stopped by a filter, after some words",
    "empty": "an answer without a word",
    "html": "a web page",
    "bad_json": "an answer that cannot be read",
    "hang": "says nothing",
    "drip": "signs of life, and never a word",
    "redirect": "sends the caller on to another address",
}


@dataclass(frozen=True)
class Asked:
    """A request as it came: its path with the query, its headers in small letters, its body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Speaker(BaseHTTPRequestHandler):
    """One request to a service; a subclass says how its make speaks."""

    protocol_version = "HTTP/1.1"
    server_of: "ProtocolServer"
    make = ""
    path_of_address = ""
    content_type = "text/event-stream"
    errors: ClassVar[dict[str, tuple[int, Any]]] = {}
    models: ClassVar[tuple[str, ...]] = ("good-chat", "good-embed")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    # --- What a subclass says ---------------------------------------------------------------------------------------

    def key(self) -> str:
        """The key as it came."""
        return (self.headers.get("authorization") or "").removeprefix("Bearer ")

    def wants(self) -> str:
        """What is asked for by the path: "models", "chat", "embed", or "" for what is not spoken."""
        raise NotImplementedError

    def model(self, body: dict[str, Any]) -> str:
        """The model that is asked for."""
        return str(body.get("model", ""))

    def listed(self) -> Any:
        """The answer to what models there are."""
        raise NotImplementedError

    def events(self, text: str, failure: str) -> Iterator[bytes]:
        """The pieces of a stream with this text; ``failure`` is "", "length", "filter", "cut_clean", "stream_error"."""
        raise NotImplementedError

    def alive(self) -> bytes:
        """A sign of life that says nothing."""
        return b": still there\n\n"

    def answer_whole(self, text: str) -> Any:
        """An answer that is not streamed."""
        raise NotImplementedError

    # --- What all share ---------------------------------------------------------------------------------------------

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        self._serve(json.loads(raw) if raw else {})

    def _serve(self, body: dict[str, Any]) -> None:
        wanted = self.wants()
        failure = self.server_of.take(
            Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body),
            self.model(body) if wanted in ("chat", "embed") else "",
            self.key(),
            scripted=wanted in ("chat", "embed"),
        )
        if self._failed(failure):
            return
        if wanted == "models":
            self.send_json(200, self.listed())
        elif wanted == "embed":
            texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
            data = [{"object": "embedding", "index": n, "embedding": vector(t, 16)} for n, t in enumerate(texts)]
            self.send_json(200, {"object": "list", "data": data, "model": self.model(body), "usage": {}})
        elif wanted == "chat" and not (self.model(body) in self.models or self.model(body).startswith("fail-")):
            self._failed("no_model")
        elif wanted == "chat":
            self._chat(body, failure)
        else:
            self._send(404, "text/html", b"<!doctype html><h1>Not here</h1>")

    def streams(self, body: dict[str, Any]) -> bool:
        """Whether a stream is asked for."""
        return bool(body.get("stream"))

    def _chat(self, body: dict[str, Any], failure: str) -> None:
        text = "" if failure == "empty" else TEXT
        if not self.streams(body):
            self.send_json(200, self.answer_whole(text))
            return
        self.send_response(200)
        self.send_header("Content-Type", self.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            if failure == "drip":
                for _ in range(100):
                    self._chunk(self.alive())
                    time.sleep(0.05)
            for sent, piece in enumerate(self.events(text, failure), 1):
                self._chunk(piece)
                if failure == "cut" and sent == 5:
                    self.close_connection = True
                    return
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _failed(self, failure: str) -> bool:
        if failure in self.errors:
            status, body = self.errors[failure]
            text = json.dumps(body).replace("KEY", self.key())
            self._send(status, "application/json", text.encode(), {"Retry-After": "1"} if failure == "rate" else {})
        elif failure == "html":
            self._send(200, "text/html; charset=utf-8", b"<!doctype html><h1>Welcome</h1>")
        elif failure == "bad_json":
            self._send(200, self.content_type, b'data: {"broken\n\n')
        elif failure == "redirect":
            self._send(307, "text/plain", b"", {"Location": f"{self.server_of.elsewhere}{self.path}"})
        elif failure == "hang":
            self.server_of.closing.wait(5)
            self.close_connection = True
        else:
            return False
        return True

    def words(self, text: str) -> list[str]:
        """A text in small pieces."""
        return re.findall(r"\S+\s*", text)

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def send_json(self, status: int, content: Any) -> None:
        """Answer with JSON."""
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, kind: str, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about callers that hang up: many tests do."""


@dataclass
class ProtocolServer:
    """A server that speaks as ``speaker`` does. ``asked`` keeps every request."""

    speaker: type[Speaker]
    asked: list[Asked] = field(default_factory=list)
    elsewhere: str = ""
    closing: threading.Event = field(default_factory=threading.Event)
    _script: deque[str] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "ProtocolServer":
        self._server = _Server(("127.0.0.1", 0), type("Speaker", (self.speaker,), {"server_of": self}))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def root(self) -> str:
        """The server's address without a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def provider(self, model: str = "good-chat", key: str = "a-key-of-some-length", embedding: str = "") -> Provider:
        """The provider to set up for this server."""
        address = f"{self.root}{self.speaker.path_of_address}"
        return Provider(address, SecretStr(key), model, embedding, self.speaker.make)

    def script(self, failures: Iterable[str]) -> None:
        """Set what happens to the next requests for an answer or for vectors; "ok" is none."""
        self._script = deque(failures)

    def take(self, asked: Asked, model: str, key: str, *, scripted: bool) -> str:
        """Note a request and say which failure it gets; empty for none."""
        with self._lock:
            self.asked.append(asked)
            if scripted and self._script:
                failure = self._script.popleft()
                return "" if failure == "ok" else failure
        for name in (model, key):
            if name.startswith("fail-"):
                return name.removeprefix("fail-")
        return ""

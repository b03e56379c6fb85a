"""A model service that says what a test wants, delta by delta, and notes whether its caller hung up."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class DeltaServer:
    """``deltas`` are what it streams, again and again where ``endless``; ``reason`` is why it ends."""

    base_url: str = ""
    deltas: Sequence[Mapping[str, Any]] = ()
    reason: str | None = "stop"
    endless: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def say(self, text: str, size: int = 4, **options: Any) -> None:
        """Stream a text in pieces of ``size`` characters."""
        self.deltas = [{"content": text[at : at + size]} for at in range(0, len(text), size)]
        self.reason, self.endless = options.get("reason", "stop"), options.get("endless", False)


@contextmanager
def delta_server() -> Iterator[DeltaServer]:
    """Serve on loopback for as long as the test runs."""
    served = DeltaServer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            served.requests.append(body)
            if not body.get("stream"):
                message = {"role": "assistant", "content": ""}
                for delta in served.deltas:
                    for name, value in delta.items():
                        message[name] = f"{message.get(name) or ''}{value or ''}"
                self._answer({"index": 0, "message": message, "finish_reason": served.reason})
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                while True:
                    for delta in served.deltas:
                        self._event({"index": 0, "delta": delta, "finish_reason": None})
                    if not served.endless:
                        break
                self._event({"index": 0, "delta": {}, "finish_reason": served.reason})
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                served.hung_up.set()

        def _event(self, choice: Mapping[str, Any]) -> None:
            event = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

        def _answer(self, choice: Mapping[str, Any]) -> None:
            whole = {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
            data = json.dumps(whole).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()

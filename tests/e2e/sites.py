"""Little websites, each on a port of its own: other origins than Answerbook, and as "localhost" another site."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STRICT = "default-src 'self'; script-src 'self' {host}; style-src 'self'; frame-src {host}"


class Site:
    """Serves ``pages``: HTML by path; each with ``policy`` as its Content-Security-Policy, ``asked`` is what came."""

    def __init__(self, policy: str = "") -> None:
        self.pages: dict[str, str] = {}
        self.policy = policy
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://localhost:{self._server.server_address[1]}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = site.pages.get(self.path)
                self.send_response(404 if page is None else 200)
                kinds = {".js": "text/javascript", ".css": "text/css"}
                kind = next((kind for end, kind in kinds.items() if self.path.endswith(end)), "text/html")
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                if site.policy:
                    self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler

    def __enter__(self) -> "Site":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def document(body: str, head: str = "") -> str:
    """A page as an owner has one."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>A shop</title><link rel="stylesheet" href="/site.css">{head}</head><body>{body}</body></html>'
    )

"""The server: Streamlit's pages, the health route, security headers and the worker, started together.

``streamlit run app.py`` finds ``app`` by itself.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import AnswerbookError
from core.log import log, log_failure
from core.operate import health, open_data_folder, use_few_arenas
from core.worker import Worker

os.environ.setdefault("SCARF_NO_ANALYTICS", "true")
use_few_arenas()
worker = Worker()

# Streamlit's own pages need inline styles, blob workers and eval (Vega charts); nothing may come from another host.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds the headers Streamlit does not set to every response, without buffering any."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and write the headers when its response starts."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


async def health_route(_request: Request) -> JSONResponse:
    """``/api/health``: 200 when database, store and worker can be used, else 503; says which and the versions."""
    report = await anyio.to_thread.run_sync(health, worker.state)
    return JSONResponse(report, status_code=200 if report["ok"] else 503)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start the worker with the server and stop it with it; a data folder that cannot be used stops neither."""
    try:
        await anyio.to_thread.run_sync(open_data_folder)
    except AnswerbookError as error:
        log_failure("start.failed", error)
    worker.start()  # it waits for a database that is away
    log("server.started")
    yield {"worker": worker}
    await anyio.to_thread.run_sync(worker.stop)
    log("server.stopped")


app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    routes=[Route("/api/health", health_route)],
    lifespan=lifespan,
    middleware=[Middleware(SecurityHeaders)],
)

"""The server: Streamlit's pages, health routes, front door, gate, security headers and the worker, started together.

``streamlit run app.py`` finds ``app`` by itself.
"""

import os
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
import streamlit.runtime
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from core.backup import ROUTES as BACKUP_ROUTES
from core.demo import routes as demo_routes
from core.errors import AnswerbookError
from core.gate import ROUTES, Gate, say_code
from core.log import log, log_failure
from core.operate import (
    Door,
    UploadLimit,
    close_slow_connections,
    end_streams_with_the_server,
    health,
    keep_files_private,
    note_start,
    open_data_folder,
    spare_what_stays,
    use_few_arenas,
)
from core.people import Recorder, forget_old_sessions
from core.publish import program_routes
from core.publish import routes as visitor_routes
from core.reader import prepare_reader
from core.worker import Worker
from pages.parts.new_runs import keep_windows_whole
from pages.parts.person import who_acts
from pages.parts.redraw import only_redraw

os.environ.setdefault("SCARF_NO_ANALYTICS", "true")
keep_files_private()
use_few_arenas()
close_slow_connections()
end_streams_with_the_server()
keep_windows_whole()
worker = Worker()


def inline_script_hashes() -> str:
    """Return, for the Content-Security-Policy, the hashes of the scripts that Streamlit writes into its one page."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_bytes().replace(b"\r\n", b"\n")
    hashes = [
        b64encode(sha256(script).digest()).decode() for script in re.findall(rb"<script>(.*?)</script>", page, re.S)
    ]
    return " ".join(f"'sha256-{value}'" for value in hashes)


# Streamlit's own pages need inline styles, blob workers and eval (Vega charts); no other script that is written into a
# page runs, and nothing may come from another host.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' 'unsafe-eval' blob: {inline_script_hashes()}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",  # the websocket of our own address is meant by it, no other
        "worker-src 'self' blob:",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'none'",
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
                # A response with a policy of its own says in it who may frame it.
                own = "X-Frame-Options" if "Content-Security-Policy" in headers else ""
                for name, value in SECURITY_HEADERS.items():
                    if name != own:
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def waiting_uploads() -> dict[str, int]:
    """Return how many bytes of uploaded files wait in memory, by session; copied, as other threads add and remove."""
    if not streamlit.runtime.exists():
        return {}
    manager = streamlit.runtime.get_instance().uploaded_file_mgr
    sessions = list(manager.file_storage.items()) if isinstance(manager, MemoryUploadedFileManager) else []
    return {session: sum(len(file.data) for file in list(files.values())) for session, files in sessions}


async def alive_route(_request: Request) -> JSONResponse:
    """``/api/alive``: 200 as long as this process answers. It looks at nothing else: a restart mends no database."""
    return JSONResponse({"ok": True})


async def ready_route(_request: Request) -> JSONResponse:
    """``/api/ready``: 200 when database, store and worker can be used, else 503; says which and the versions."""
    report = await anyio.to_thread.run_sync(health, worker.state)
    return JSONResponse(report, status_code=200 if report["ok"] else 503)


def listens_at() -> str:
    """Return the address this server listens at; "" for all of them."""
    return st.get_option("server.address") or ""


def open_for_people() -> None:
    """Make the data folder usable, and say in the log how the first owner is made where others can reach it."""
    note_start(listens_at())
    open_data_folder()
    forget_old_sessions()
    say_code(listens_at())


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start the worker with the server and stop it with it; a data folder that cannot be used stops neither."""
    try:
        await anyio.to_thread.run_sync(open_for_people)
    except AnswerbookError as error:
        log_failure("start.failed", error)
    Recorder(who_acts).start()
    prepare_reader()
    worker.start()  # it waits for a database that is away
    spare_what_stays()
    log("server.started")
    yield {"worker": worker}
    await anyio.to_thread.run_sync(worker.stop)
    log("server.stopped")


app = st.App(
    Path(__file__).parent / "pages" / "frame.py",
    routes=[
        *ROUTES,
        Route("/api/alive", alive_route),
        Route("/api/ready", ready_route),
        Route("/api/health", ready_route),  # its name before there were two
        *BACKUP_ROUTES,
        *program_routes,
        *visitor_routes,
        *demo_routes,
    ],
    lifespan=lifespan,
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(Door),
        Middleware(Gate, listens_at, only_redraw),
        Middleware(UploadLimit, waiting_uploads),
    ],
)

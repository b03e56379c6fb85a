"""The visitors' routes on a real port of this process, and what a visitor's browser asks of them."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from core.assistants import lifecycle, source_rows, sources
from core.publish import Publication, routes, save_publication
from tests.core.work import wait_until, work_off

TEXT = "# Returns\n\nParcels can be sent back within 30 days of delivery. The label is in the box."
QUESTION = "When can parcels be sent back?"
HTML = {"Accept": "text/html"}


def published_assistant(name: str = "Help", text: str = TEXT, **changes: Any) -> Publication:
    """An assistant that has read one text, online."""
    made = lifecycle.create_assistant(name)
    sources.add_files(made, [("returns.md", text.encode())])
    work_off()
    return save_publication(made, state="link", **changes)


def source_of(publication: Publication) -> str:
    return source_rows.source_names(publication.assistant_id)[0].id


@contextmanager
def served() -> Iterator[httpx.Client]:
    """Serve as app.py does, without Streamlit; hands out a client that asks as a browser on its address."""
    with serving(routes) as client:
        yield client


@contextmanager
def serving(these: Sequence[BaseRoute]) -> Iterator[httpx.Client]:
    """Serve these routes; hands out a client that asks as a browser on their address."""
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=these), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, 20)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


def events(body: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream: name and content."""
    blocks = [block.split("\n") for block in body.split("\n\n") if block.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def ask(client: httpx.Client, name: str, question: str = QUESTION, **more: Any) -> list[tuple[str, dict[str, Any]]]:
    """Ask and return the events, all of them."""
    answer = client.post(f"/a/{name}/ask", json={"question": question, "history": [], "visitor": "v1", **more})
    assert answer.headers["content-type"].startswith("text/event-stream"), answer.text
    return events(answer.text)

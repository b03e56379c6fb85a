"""A demo link's address on a real port, and what its viewer's browser asks of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from core.demo import routes
from core.publish import routes as visitor_routes
from tests.core.publish.serving import QUESTION, events, serving


@contextmanager
def served() -> Iterator[httpx.Client]:
    """Serve as app.py does, without Streamlit; the client keeps cookies as a browser does."""
    with serving([*visitor_routes, *routes]) as client:
        yield client


def ask(client: httpx.Client, secret: str, question: str = QUESTION, **more: Any) -> list[tuple[str, dict[str, Any]]]:
    """Ask at a link and return the events, all of them."""
    answer = client.post(f"/demo/{secret}/ask", json={"question": question, "history": [], "visitor": "v1", **more})
    assert answer.headers["content-type"].startswith("text/event-stream"), answer.text
    return events(answer.text)

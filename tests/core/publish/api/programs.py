"""Programs that ask over real HTTP: the API on a real port, assistants with keys, and OpenAI's own client."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from openai import OpenAI
from pydantic import SecretStr
from starlette.applications import Starlette

from core import model_connection
from core.publish import SCOPES, create_key, program_routes, routes
from core.schema import Provider
from tests.core.publish.serving import published_assistant
from tests.core.work import wait_until
from tests.fake_provider import FakeProvider


@dataclass(frozen=True)
class Program:
    """A program with a key of an assistant. ``key_id`` is what to revoke."""

    client: httpx.Client
    base: str
    assistant_id: str
    model: str
    key: str
    key_id: str

    @property
    def path(self) -> str:
        return f"/v1/assistants/{self.assistant_id}"

    def openai(self, **more: object) -> OpenAI:
        """OpenAI's own client, as anyone would set it up."""
        settings = {"base_url": f"{self.base}/v1", "api_key": self.key, "max_retries": 0, "timeout": 60.0, **more}
        return OpenAI(**settings)  # type: ignore[arg-type]


@contextmanager
def api() -> Iterator[str]:
    """Serve as app.py does, without Streamlit; hands out the address."""
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=[*program_routes, *routes]), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, 20)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def program(
    base: str, assistant_id: str, model: str, scopes: Sequence[str] = SCOPES, sites: Sequence[str] = ()
) -> Program:
    """A program with a new key."""
    key, kept = create_key(assistant_id, "Our shop", scopes, sites)
    headers = {"Authorization": f"Bearer {key}"}
    client = httpx.Client(base_url=base, trust_env=False, timeout=60, headers=headers)
    return Program(client, base, assistant_id, model, key, kept.id)


@contextmanager
def asking(text: str = "", **changes: object) -> Iterator[Program]:
    """An assistant that has read one text, and a program that may do everything."""
    made = published_assistant(**({"text": text} if text else {}), **changes)
    with api() as base:
        opened = program(base, made.assistant_id, made.name)
        with opened.client:
            yield opened


def connect(provider: FakeProvider) -> FakeProvider:
    """Let a model write the answers."""
    model_connection.save_provider(Provider(provider.base_url, SecretStr("key-1"), "fake-chat"))
    provider.requests.clear()
    return provider

"""HTTP clients that keep our limits, for the clients of every make: some stand on httpx, the newer ones on httpx2."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
    import httpx2


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a service may take, in seconds: to connect, between two signs of life, and for the whole answer."""

    connect: float = 10.0
    silence: float = 15.0
    total: float = 60.0


class NotModelApi(Exception):
    """Something answered at this address, but it does not speak the protocol of a model service."""


class Redirected(Exception):
    """The address sends its callers on to another one; the key is not taken along."""


@lru_cache(maxsize=16)
def http_client(patience: Patience) -> "httpx2.Client":
    """Return the shared HTTP client that keeps these limits and follows no redirects (they would carry the key away).

    Thread-safe. It refuses web pages (NotModelApi), redirects (Redirected) and answers that drip on for longer than
    ``patience.total``.
    """
    import httpx2
    import openai

    return openai.DefaultHttpxClient(**client_arguments(httpx2, patience))


@lru_cache(maxsize=16)
def keyed_client(patience: Patience, base_url: str, key: str) -> "httpx.Client":
    """Return a client as ``http_client`` does, on httpx, that sends this key to this address only."""
    import httpx

    headers = {"Accept": "application/json", "Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=base_url, headers=headers, **client_arguments(httpx, patience))


def client_arguments(library: Any, patience: Patience) -> dict[str, Any]:
    """Return what a Client of httpx or httpx2 (``library``) is made with to keep these limits."""

    class DeadlineStream(library.SyncByteStream):
        """A response body that must be over in time; the read timeout alone starts anew with every byte."""

        def __init__(self, stream: Any, seconds: float) -> None:
            self._stream = stream
            self._deadline = time.monotonic() + seconds

        def __iter__(self) -> Iterator[bytes]:
            for piece in self._stream:
                yield piece
                if time.monotonic() > self._deadline:
                    raise library.ReadTimeout("The answer took too long.")

        def close(self) -> None:
            self._stream.close()

    def guard(response: Any) -> None:
        _refuse_what_is_no_answer(response)
        if isinstance(response.stream, library.SyncByteStream):
            response.stream = DeadlineStream(response.stream, patience.total - patience.silence)

    timeout = library.Timeout(patience.silence, connect=patience.connect)
    return {"follow_redirects": False, "timeout": timeout, "event_hooks": {"response": [guard]}}


def async_client_arguments(library: Any, patience: Patience) -> dict[str, Any]:
    """Return what an AsyncClient of httpx or httpx2 (``library``) is made with to keep these limits."""

    class DeadlineStream(library.AsyncByteStream):
        """A response body that must be over in time."""

        def __init__(self, stream: Any, seconds: float) -> None:
            self._stream = stream
            self._deadline = time.monotonic() + seconds

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in self._stream:
                yield piece
                if time.monotonic() > self._deadline:
                    raise library.ReadTimeout("The answer took too long.")

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def guard(response: Any) -> None:
        _refuse_what_is_no_answer(response)
        if isinstance(response.stream, library.AsyncByteStream):
            response.stream = DeadlineStream(response.stream, patience.total - patience.silence)

    return {**client_arguments(library, patience), "event_hooks": {"response": [guard]}}


def _refuse_what_is_no_answer(response: Any) -> None:
    """Raise Redirected or NotModelApi for what the service itself has not said."""
    if response.has_redirect_location:
        raise Redirected
    if "html" in response.headers.get("content-type", "").lower() and response.status_code < 500:
        raise NotModelApi


def timeout_of(patience: Patience) -> "httpx2.Timeout":
    """Return these limits as the HTTP client knows them; it has none for the whole answer (see ``http_client``)."""
    import httpx2

    return httpx2.Timeout(patience.silence, connect=patience.connect)

"""Connections on which no whole request arrives are closed: uvicorn itself waits for ever, and Streamlit starts it."""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 20.0


def close_slow_connections(seconds: float = HEAD_SECONDS) -> None:
    """From now on close each connection that has not sent the head of a request within ``seconds``.

    A further request on the same connection has at most twice as long. Streamlit hands uvicorn neither a protocol nor
    such a limit and no setting leads there, so the protocol class itself is given the watch. A websocket has left that
    protocol; a body that comes slowly has had its head read and is the application's.
    """
    before = AutoHTTPProtocol.connection_made

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        before(self, transport)
        self.loop.call_later(seconds, _look, self, None, seconds)

    AutoHTTPProtocol.connection_made = connection_made  # type: ignore[assignment, method-assign]  # see above


def _look(protocol: Any, last: Any, seconds: float) -> None:
    """Close a connection that has begun no request since the last look and answers none."""
    transport = protocol.transport
    if transport.is_closing() or transport.get_protocol() is not protocol:
        return
    request = protocol.cycle
    if request is last and (request is None or request.response_complete):
        transport.close()
    else:
        protocol.loop.call_later(seconds, _look, protocol, request, seconds)

"""As the server ends, answers that still stream end with it: uvicorn itself would wait for each of them."""

from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol


def end_streams_with_the_server() -> None:
    """From now on close, when the server ends, each connection on which a response has begun and goes on.

    Whoever sends it is told that the reader has left. Streamlit hands uvicorn no limit for this, and a visitor's answer
    waits for a model as long as that takes: the host would kill the process before its worker has put things away.
    """
    protocol: Any = AutoHTTPProtocol  # uvicorn's two protocol classes both have it, their common type does not
    before = protocol.shutdown

    def shutdown(self: Any) -> None:
        before(self)
        request = self.cycle
        if request is not None and request.response_started and not request.response_complete:
            self.transport.close()

    protocol.shutdown = shutdown

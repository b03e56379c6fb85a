"""As the server ends, answers that still stream end with it: uvicorn itself would wait for each of them."""

from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol


def end_streams_with_the_server() -> None:
    """From now on close, when the server ends, each connection on which an answer has begun and goes on.

    One that is not streamed says by ``waits_for_a_model`` in its state that it has begun; its scope is another by then,
    as what stands in front copies it. Whoever sends it is told that
    the reader has left. Streamlit hands uvicorn no limit for this, and a visitor's answer waits for a model as long as
    that takes: the host would kill the process before its worker has put things away.
    """
    protocol: Any = AutoHTTPProtocol  # uvicorn's two protocol classes both have it, their common type does not
    before = protocol.shutdown

    def shutdown(self: Any) -> None:
        before(self)
        request = self.cycle
        if request is None or request.response_complete:
            return
        if request.response_started or request.scope.get("state", {}).get("waits_for_a_model"):
            self.transport.close()

    protocol.shutdown = shutdown

"""What goes over the wire of the fake provider: a request as it came, an answer as it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request as it came. ``seconds`` is the server's clock, for asserting waits."""

    path: str
    key: str
    body: dict[str, Any]
    seconds: float


@dataclass(frozen=True)
class Reply:
    """An answer as it stands on the wire. ``kind`` is its content type, empty for none; ``breaks``: it has no end.

    ``silence`` is how many seconds are said nothing before the last piece, or before all where there is none.
    """

    status: int = 200
    pieces: tuple[bytes, ...] = ()
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    breaks: bool = False
    silence: float = 0.0


Behaviour = Callable[[Request], Reply | None]
"""A request in, the answer out with which a service meets it; None where it does as all do."""

"""A connection to Postgres that gives up on a server which is there and says nothing more.

A frozen server, or a network that swallows everything, ends no connection: without this a page would wait for ever.
"""

from collections.abc import Generator
from time import monotonic
from typing import Any, TypeVar

import psycopg

CONNECT_SECONDS = 10
SILENT_SECONDS = 40.0  # a page asks the dead connection, then connects anew: a sentence within a minute

T = TypeVar("T")


class PatientConnection(psycopg.Connection[Any]):
    """Raises OperationalError, closed, when the server has said nothing for ``silent_seconds`` of an order."""

    silent_seconds = SILENT_SECONDS

    def wait(self, gen: Generator[Any, Any, T], *arguments: Any, **options: Any) -> T:
        """Wait as psycopg does, with a limit: every order of every cursor comes through here."""
        return super().wait(self._while_it_speaks(gen), *arguments, **options)

    def _while_it_speaks(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        try:
            wanted = next(gen)
            heard = monotonic()
            while True:
                ready = yield wanted
                if ready:
                    heard = monotonic()
                elif monotonic() - heard > self.silent_seconds:
                    self.close()
                    raise psycopg.OperationalError("the server has said nothing for too long")
                wanted = gen.send(ready)
        except StopIteration as end:
            value: T = end.value
            return value


def connect(*arguments: Any, **options: Any) -> PatientConnection:
    """Connect as psycopg does, within ``CONNECT_SECONDS`` where the address does not say how long."""
    return PatientConnection.connect(*arguments, **{"connect_timeout": CONNECT_SECONDS, **options})

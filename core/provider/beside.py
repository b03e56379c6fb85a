"""Requests run beside their caller, on one event loop of our own: whoever gives up closes the connection at once."""

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import aclosing
from typing import Any, TypeVar

BEAT = 0.25  # seconds; how often whoever waits may look up and give up

Piece = TypeVar("Piece")

_lock = threading.Lock()
_loops: list[asyncio.AbstractEventLoop] = []


def pieces_beside(source: Callable[[], AsyncGenerator[Piece]]) -> Generator[Piece | None]:
    """Give what an async generator gives; None four times a second while nothing comes, so that one can give up.

    Closing this generator cancels the other one at once, wherever it waits: its connection is closed. Raises what it
    raises.
    """
    given: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    async def pump() -> None:
        try:
            async with aclosing(source()) as pieces:
                async for piece in pieces:
                    given.put(("piece", piece))
        except Exception as error:  # noqa: BLE001 raised again where it is waited for
            given.put(("error", error))
        else:
            given.put(("end", None))

    pumping = asyncio.run_coroutine_threadsafe(pump(), _loop())
    try:
        while True:
            try:
                kind, value = given.get(timeout=BEAT)
            except queue.Empty:
                yield None
                continue
            if kind == "error":
                raise value
            if kind == "end":
                return
            yield value
    finally:
        pumping.cancel()


def result_beside(call: Callable[[], Awaitable[Piece]], waiting: Callable[[], None]) -> Piece:
    """Return what an awaitable gives; ``waiting`` is called four times a second, and what it raises gives it up."""

    async def once() -> AsyncGenerator[Piece]:
        yield await call()

    results: list[Piece] = []
    pieces = pieces_beside(once)
    try:
        for piece in pieces:
            if piece is None and not results:
                waiting()
            elif piece is not None:
                results.append(piece)
    finally:
        pieces.close()
    return results[0]


def _loop() -> asyncio.AbstractEventLoop:
    """Return the loop, in a thread that ends with the process."""
    with _lock:
        if not _loops:
            _loops.append(asyncio.new_event_loop())
            threading.Thread(target=_loops[0].run_forever, daemon=True, name="model requests").start()
        return _loops[0]

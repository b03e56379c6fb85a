"""A question from outside, worked on in a thread of its own: the one way for visitors' pages and other programs."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from core.log import log, log_failure
from core.schema import Answer, Hit, Thought, Turn

if TYPE_CHECKING:
    from collections.abc import Generator

PATIENT_SECONDS = 0.7  # so long nobody is told that others come first
BEAT_SECONDS = 15.0  # proxies close a connection that says nothing for a minute or so
ANSWERS_AT_ONCE = 64  # in this process; a thread each, and most of them wait for a model
SEARCHES_AT_ONCE = 2 * (os.cpu_count() or 1)  # the rest of an answer is mostly waiting, a search wants a whole core
Piece = str | Thought | Answer
Event = TypeVar("Event")

# Others wait their turn, first come, first served.
_answers = ThreadPoolExecutor(ANSWERS_AT_ONCE, thread_name_prefix="visitor")
_searches = threading.Semaphore(SEARCHES_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing has come for a while; ``in_line``: others come first, and the work has not begun."""

    in_line: bool


class Work(Generic[Event]):
    """The thread that answers, and the queue through which what it ``show``s of each piece comes out.

    ``asker`` is "visitor" or "key", for what is spent. ``show`` is called in the thread, for each piece that
    ``pipeline.answer`` gives; ``failed`` says what is told of an error. To be made where the event loop runs; whoever
    made it stops it.
    """

    def __init__(
        self,
        assistant_id: str,
        question: str,
        history: Sequence[Turn],
        asker: str,
        show: Callable[[Piece], Iterable[Event]],
        failed: Callable[[Exception], Event],
    ) -> None:
        self._asked, self._asker = (assistant_id, question, tuple(history)), asker
        self._show, self._failed = show, failed
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[tuple[Event] | None] = asyncio.Queue()
        self._stopped = threading.Event()
        self._begun = threading.Event()
        self._future = _answers.submit(self._run)

    def stop(self) -> None:
        """End the answer with its next sign of life; what has not begun never begins."""
        self._stopped.set()
        self._future.cancel()

    async def events(
        self, patience: float = PATIENT_SECONDS, beat: float = BEAT_SECONDS
    ) -> AsyncIterator[Event | Silence]:
        """Give what is shown as it comes, and a Silence where nothing does: after ``patience``, then every ``beat``."""
        while True:
            try:
                event = await asyncio.wait_for(self._queue.get(), patience)
            except TimeoutError:
                yield Silence(in_line=not self._begun.is_set())
                patience = beat
                continue
            if event is None:
                return
            yield event[0]

    def _run(self) -> None:
        while not _searches.acquire(timeout=0.25):
            if self._stopped.is_set():
                return
        released = [False]

        def release() -> None:
            if not released[0]:
                released[0] = True
                _searches.release()

        try:
            self._begun.set()
            self._answer(release)
        except Exception as error:  # noqa: BLE001  whoever asked reads a sentence, whatever went wrong
            log_failure("visitor.unanswered", error, assistant=self._asked[0])
            self._tell((self._failed(error),))
        finally:
            release()
            self._tell(None)

    def _answer(self, searched: Callable[[], None]) -> None:
        from core import pipeline

        assistant_id, question, history = self._asked
        found = pipeline.answer(assistant_id, question, history=history, asker=self._asker)
        with closing(cast("Generator[Piece]", found)) as pieces:
            for piece in pieces:
                searched()  # with its first piece the model is asked, or all is said
                if self._stopped.is_set():
                    log("visitor.left", assistant=assistant_id)
                    return
                for event in self._show(piece):
                    self._tell((event,))

    def _tell(self, event: tuple[Event] | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)


async def found_for(assistant_id: str, question: str, limit: int) -> list[Hit]:
    """Search as an answer does, in turn with all that is asked from outside.

    Raises NotFound, StoreError, ModelError.
    """

    def found() -> list[Hit]:
        from core import pipeline

        with _searches:
            return pipeline.search(assistant_id, question, limit)

    return await asyncio.get_running_loop().run_in_executor(_answers, found)

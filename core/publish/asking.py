"""A visitor's question, answered in a thread and streamed as server-sent events; who leaves ends it."""

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from core.errors import AnswerbookError
from core.log import log, log_failure
from core.publish.answer_html import shown_answer
from core.publish.publications import Publication
from core.publish.requests import Asked
from core.publish.visitors import keep_answer
from core.publish.words import Words
from core.schema import Answer, Thought

if TYPE_CHECKING:
    from collections.abc import Generator

PATIENT_SECONDS = 0.7  # so long a visitor is not told that others come first
BEAT_SECONDS = 15.0  # proxies close a connection that says nothing for a minute or so
ANSWERS_AT_ONCE = 64  # in this process; a thread each, and most of them wait for a model
SEARCHES_AT_ONCE = 2 * (os.cpu_count() or 1)  # the rest of an answer is mostly waiting, a search wants a whole core
Event = tuple[str, dict[str, Any]]

# Others wait their turn, first come, first served.
_answers = ThreadPoolExecutor(ANSWERS_AT_ONCE, thread_name_prefix="visitor")
_searches = threading.Semaphore(SEARCHES_AT_ONCE)


class AnswerStream(StreamingResponse):
    """The events of one answer, as ``text/event-stream``; whatever ends the response ends the work on it."""

    def __init__(self, publication: Publication, asked: Asked, words: Words) -> None:
        self._work = _Work(publication, asked, words, asyncio.get_running_loop())
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(self._work.events(), headers=headers, media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events; a visitor who leaves has the model's request closed."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._work.stop()


class _Work:
    """The thread that answers and the queue through which its events reach the response."""

    def __init__(self, publication: Publication, asked: Asked, words: Words, loop: asyncio.AbstractEventLoop) -> None:
        self._publication, self._asked, self._words, self._loop = publication, asked, words, loop
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._stopped = threading.Event()
        self._begun = threading.Event()
        self._future = _answers.submit(self._run)

    def stop(self) -> None:
        """End the answer with its next sign of life; what has not begun never begins."""
        self._stopped.set()
        self._future.cancel()

    async def events(self) -> AsyncIterator[bytes]:
        """Give the answer's events as they come, each as it stands on the wire."""
        patience = PATIENT_SECONDS
        while True:
            try:
                event = await asyncio.wait_for(self._queue.get(), patience)
            except TimeoutError:
                waits = not self._begun.is_set() and patience == PATIENT_SECONDS
                yield _on_the_wire("wait", {"text": self._words["waiting"]}) if waits else b": still here\n\n"
                patience = BEAT_SECONDS
                continue
            if event is None:
                return
            yield _on_the_wire(*event)

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
        except AnswerbookError as error:
            log_failure("visitor.unanswered", error, assistant=self._publication.assistant_id)
            self._put("error", failed(self._words))
        except Exception as error:  # noqa: BLE001  a visitor reads a sentence, whatever went wrong
            log_failure("visitor.unanswered", error, assistant=self._publication.assistant_id)
            self._put("error", failed(self._words))
        finally:
            release()
            self._tell(None)

    def _answer(self, searched: Callable[[], None]) -> None:
        from core import pipeline

        found = pipeline.answer(self._publication.assistant_id, self._asked.question, history=self._asked.history)
        with closing(cast("Generator[str | Thought | Answer]", found)) as pieces:
            for piece in pieces:
                searched()  # with its first piece the model is asked, or all is said
                if self._stopped.is_set():
                    log("visitor.left", assistant=self._publication.assistant_id)
                    return
                if isinstance(piece, Answer):
                    self._put(
                        "answer", {**shown_answer(piece, self._publication, self._words), "id": self._kept(piece)}
                    )
                elif isinstance(piece, Thought):
                    if piece.all_before:
                        self._put("retract", {})
                elif piece:
                    self._put("piece", {"text": piece})

    def _kept(self, answer: Answer) -> str:
        try:
            return keep_answer(self._publication, self._asked.visitor, self._asked.question, answer)
        except AnswerbookError as error:  # a visitor need not go without the answer for that
            log_failure("visitor.not_kept", error, assistant=self._publication.assistant_id)
            return ""

    def _put(self, name: str, facts: dict[str, Any]) -> None:
        self._tell((name, facts))

    def _tell(self, event: Event | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)


def failed(words: Words) -> dict[str, Any]:
    """Return what a visitor is told where nothing could be answered: not what an owner is told, who can mend it."""
    return {"what": words["failed"], "remedy": words["failed_remedy"]}


def _on_the_wire(name: str, facts: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(facts, ensure_ascii=False)}\n\n".encode()

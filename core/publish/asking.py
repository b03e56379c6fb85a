"""A visitor's question, answered and streamed as server-sent events; who leaves ends it."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from core.errors import AnswerbookError
from core.log import log_failure
from core.publish.answer_html import shown_answer
from core.publish.entrance import Keep
from core.publish.publications import Publication
from core.publish.requests import Asked
from core.publish.words import Words
from core.publish.work import Piece, Silence, Work
from core.schema import Answer, Thought

Event = tuple[str, dict[str, Any]]
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
BEAT = b": still here\n\n"


class AnswerStream(StreamingResponse):
    """The events of one answer, as ``text/event-stream``; whatever ends the response ends the work on it."""

    def __init__(self, publication: Publication, asked: Asked, words: Words, keep: Keep) -> None:
        self._publication, self._asked, self._words, self._keep = publication, asked, words, keep
        self._work: Work[Event] = Work(
            publication.assistant_id,
            asked.question,
            asked.history,
            "visitor",
            self._shown,
            lambda _error: ("error", failed(words)),
        )
        super().__init__(self._on_the_wire(), headers=STREAM_HEADERS, media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events; a visitor who leaves has the model's request closed."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._work.stop()

    async def _on_the_wire(self) -> AsyncIterator[bytes]:
        told = False
        async for event in self._work.events():
            if not isinstance(event, Silence):
                yield _on_the_wire(*event)
            elif event.in_line and not told:
                yield _on_the_wire("wait", {"text": self._words["waiting"]})
            else:
                yield BEAT
            told = told or isinstance(event, Silence)

    def _shown(self, piece: Piece) -> Iterator[Event]:
        if isinstance(piece, Answer):
            yield "answer", {**shown_answer(piece, self._publication, self._words), "id": self._kept(piece)}
        elif isinstance(piece, Thought):
            if piece.all_before:
                yield "retract", {}
        elif piece:
            yield "piece", {"text": piece}

    def _kept(self, answer: Answer) -> str:
        try:
            return self._keep(self._publication, self._asked.visitor, self._asked.question, answer)
        except AnswerbookError as error:  # a visitor need not go without the answer for that
            log_failure("visitor.not_kept", error, assistant=self._publication.assistant_id)
            return ""


def failed(words: Words) -> dict[str, Any]:
    """Return what a visitor is told where nothing could be answered: not what an owner is told, who can mend it."""
    return {"what": words["failed"], "remedy": words["failed_remedy"]}


def _on_the_wire(name: str, facts: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(facts, ensure_ascii=False)}\n\n".encode()

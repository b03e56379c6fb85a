"""An answer for a program: whole, or as OpenAI's stream of chunks. Who leaves, or whose key is revoked, ends it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from core.answer import tokens
from core.database import new_id
from core.errors import AnswerbookError
from core.publish.api.call import Call, begin, viewer_of
from core.publish.api.keys import still_opens
from core.publish.api.reading import AskedInChat, read_chat, read_json, read_question
from core.publish.api.refusals import Refusal, not_found, refusal_of, wrong_key
from core.publish.api.shown import Viewer, beside, citations_as_json, rest_of, shown_answer, without_markers
from core.publish.asking import BEAT, STREAM_HEADERS
from core.publish.work import BEAT_SECONDS, Piece, Silence, Work
from core.schema import Answer, Thought

NO_STORE = {"Cache-Control": "no-store"}
KEY_SECONDS = 1.0  # so often a key is looked at again while an answer comes
NOT_YET = "\n\n---\n\n"  # what stands above was no answer: the model only thought
DONE = b"data: [DONE]\n\n"


class Left(AnswerbookError):
    """The program hung up before its answer was there."""


async def whole_answer(call: Call, work: Work[Piece | Refusal]) -> Answer:
    """Wait for an answer. Raises Refusal where there is none, and Left where the program does not wait."""
    call.request.state.waits_for_a_model = True  # a server that ends does not wait for it: core/operate
    left = asyncio.create_task(_hung_up(call.request))
    answered = asyncio.create_task(_last(work))
    try:
        await asyncio.wait({left, answered}, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            raise Left("The program hung up.")
        if not await run_sync(still_opens, call.key.id):
            raise wrong_key()
        return answered.result()
    finally:
        work.stop()
        for task in (left, answered):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _last(work: Work[Piece | Refusal]) -> Answer:
    async for event in work.events():
        if isinstance(event, Refusal):
            raise event
        if isinstance(event, Answer):
            return event
    raise refusal_of(RuntimeError("no answer"))


async def answers_route(call: Call) -> Response:
    """``POST /v1/assistants/{id}/answers``: the whole answer and all that is known of it."""
    question, history = read_question(await read_json(call.request))
    viewer = await viewer_of(call)
    answer = await whole_answer(call, await begin(call, question, history))
    shown = shown_answer(answer, viewer)
    citations = citations_as_json(shown.citations, viewer)
    return JSONResponse({"text": shown.text, **beside(answer), "citations": citations}, headers=NO_STORE)


async def chat_route(call: Call) -> Response:
    """``POST /v1/chat/completions``: what OpenAI's clients ask; ``model`` is the assistant's address or id."""
    asked, viewer = read_chat(await read_json(call.request)), await viewer_of(call)
    if asked.model not in (viewer.publication.name, call.assistant_id):
        missing = not_found()
        told = f"“{asked.model[:80]}” is not an assistant of this key."
        remedy = f"Set “model” to “{viewer.publication.name}”."
        raise Refusal(told, remedy, status=missing.status, code="model_not_found")
    work = await begin(call, asked.question, asked.history)
    if asked.stream:
        return ChatStream(call, asked, viewer, work)
    answer = await whole_answer(call, work)
    shown = shown_answer(answer, viewer)
    text = "\n\n".join(filter(None, (shown.text, answer.note)))
    message = {"role": "assistant", "content": text, "citations": citations_as_json(shown.citations, viewer)}
    choice = {"index": 0, "message": message, "finish_reason": _finish(answer), "logprobs": None}
    body = {**_head("chat.completion", asked), "choices": [choice], "usage": _usage(asked, text)}
    return JSONResponse({**body, "answerbook": beside(answer)}, headers=NO_STORE)


async def models_route(call: Call) -> Response:
    """``GET /v1/models``: the one assistant of the key, by the name to put into ``model``."""
    return JSONResponse({"object": "list", "data": [await _model(call)]}, headers=NO_STORE)


async def model_route(call: Call) -> Response:
    """``GET /v1/models/{model}``: the same assistant, if it is that one."""
    model = await _model(call)
    if call.request.path_params["model"] not in (model["id"], call.assistant_id):
        raise not_found()
    return JSONResponse(model, headers=NO_STORE)


async def _model(call: Call) -> dict[str, Any]:
    chosen = (await viewer_of(call)).publication
    made = int(call.key.created_at.timestamp())
    return {"id": chosen.name, "object": "model", "created": made, "owned_by": "answerbook", "name": chosen.assistant}


def _head(kind: str, asked: AskedInChat) -> dict[str, Any]:
    return {"id": f"chatcmpl-{new_id()}", "object": kind, "created": int(time.time()), "model": asked.model}


def _finish(answer: Answer) -> str:
    return "length" if answer.stopped_early else "stop"


def _usage(asked: AskedInChat, text: str) -> dict[str, int]:
    """Count what was sent and what came back: an estimate, and not what the assistant's own model read."""
    prompt, completion = sum(map(tokens, asked.characters)), tokens(text)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


class ChatStream(StreamingResponse):
    """An answer as ``chat.completion.chunk`` events; whatever ends the response ends the work on it."""

    def __init__(self, call: Call, asked: AskedInChat, viewer: Viewer, work: Work[Piece | Refusal]) -> None:
        self._call, self._asked, self._viewer, self._work = call, asked, viewer, work
        self._of_all = _head("chat.completion.chunk", asked)
        self._looked = self._spoke = time.monotonic()
        super().__init__(self._chunks(), headers=STREAM_HEADERS, media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the chunks; a program that leaves has the model's request closed."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._work.stop()

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield self._chunk({"role": "assistant", "content": ""})
        sent = all_text = ""
        async for event in self._work.events(KEY_SECONDS, KEY_SECONDS):
            if await self._is_shut(at_once=isinstance(event, Answer)):
                yield _data(wrong_key().as_json())
                return
            if isinstance(event, Refusal):
                yield _data(event.as_json())
                return
            if isinstance(event, Answer):
                async for chunk in self._end(event, sent, all_text):
                    yield chunk
                return
            text = self._text(event, sent)
            sent = "" if text == NOT_YET else sent + text
            all_text += text
            if text:
                yield self._chunk({"content": text})
            elif time.monotonic() - self._spoke > BEAT_SECONDS:
                yield self._noted(BEAT)

    def _text(self, event: Piece | Silence, sent: str) -> str:
        if isinstance(event, str):
            # Which source a marker stands for is known at the end: where some are not named, all wait until then.
            hides = not self._viewer.publication.names_others and "read" not in self._viewer.key.scopes
            return without_markers(event, set()) if hides else event
        return NOT_YET if isinstance(event, Thought) and event.all_before and sent.strip() else ""

    async def _end(self, answer: Answer, sent: str, all_text: str) -> AsyncIterator[bytes]:
        shown = shown_answer(answer, self._viewer)
        rest, citations, corrected = rest_of(sent, shown, answer.note)
        if rest:
            yield self._chunk({"content": rest})
        extra = {"citations": citations_as_json(citations, self._viewer)}
        yield self._chunk({}, _finish(answer), **extra, answerbook={**beside(answer), "corrected": corrected})
        if self._asked.with_usage:
            usage = {"choices": [], "usage": _usage(self._asked, all_text + rest)}
            yield _data({**self._of_all, **usage})
        yield DONE

    async def _is_shut(self, *, at_once: bool) -> bool:
        """Look at the key again, every second at most but for the end."""
        if time.monotonic() - self._looked < KEY_SECONDS and not at_once:
            return False
        self._looked = time.monotonic()
        return not await run_sync(still_opens, self._call.key.id)

    def _chunk(self, delta: dict[str, str], finish: str | None = None, **extra: object) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return self._noted(_data({**self._of_all, "choices": [choice], **extra}))

    def _noted(self, data: bytes) -> bytes:
        self._spoke = time.monotonic()
        return data


def _data(facts: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(facts, ensure_ascii=False)}\n\n".encode()

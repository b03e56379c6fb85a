"""The HTTP client of the chat: what services send, brought into the one form that the OpenAI client can read.

Services that speak this protocol differ in what the client trips over: a whole answer where a stream was asked for, no
content type, a byte order mark, null where a list belongs, two choices, an end without a reason.
"""

import json
import time
import warnings
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any

import httpx2

from core.provider.service import NotModelApi, Patience, timeout_of

# Content in parts is not in the client's types; its warning of that would quote the answer in a log.
warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)

_THOUGHTS = ("reasoning_content", "reasoning", "thinking")
_BOM = b"\xef\xbb\xbf"
# What services call the end at the length limit.
_LENGTH = ("length", "max_tokens", "max_output_tokens", "model_length")


class Tidy:
    """Bytes of one answer in, the same answer as the client reads it out; ``streaming``: it was asked for as a stream.

    Thoughts become parts of the content of the type "reasoning", as LangChain names them.
    """

    def __init__(self, *, streaming: bool) -> None:
        self._streaming = streaming
        self._left = b""
        self._kind = ""  # "events" or "whole" once the first byte told
        self._reason_given = False

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes as they came; return what can be read of them. Raises NotModelApi for a web page."""
        self._left += data
        if not self._kind:
            start = self._left.removeprefix(_BOM).lstrip()
            if not start or _BOM.startswith(self._left):
                return b""
            if start.startswith(b"<"):
                raise NotModelApi
            self._kind = "whole" if start.startswith((b"{", b"[")) or not self._streaming else "events"
            self._left = start
        if self._kind == "whole":
            return b""
        *lines, self._left = self._left.replace(b"\r\n", b"\n").split(b"\n")
        return b"".join(map(self._line, lines))

    def end(self) -> bytes:
        """Return what is left once all has come."""
        if self._kind == "events":
            return self._line(self._left) + b"\n\n" if self._left else b""
        text = self._left.decode("utf-8", "replace")
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            return f"data: {text}\n\n".encode() if self._streaming else self._left
        tidied = _tidied(answer, "delta" if self._streaming else "message")
        if not self._streaming:
            return json.dumps(tidied).encode()
        for choice in tidied.get("choices", []):
            choice["finish_reason"] = choice["finish_reason"] or "stop"
        return _event(tidied) + b"data: [DONE]\n\n"

    def _line(self, line: bytes) -> bytes:
        """Tidy one line of a stream; comments and the names of events are not needed."""
        name, _, value = line.partition(b":")
        text = value.decode("utf-8", "replace").strip()
        if not line.strip():
            return b"\n"
        if name.strip() not in (b"data", b"error"):
            return b""
        if text.startswith("[DONE]"):
            last = b"" if self._reason_given else _event({"choices": [_choice({}, "stop")]})
            return last + b"data: [DONE]\n\n"
        try:
            event = json.loads(text)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            return f"data: {text}\n".encode()
        tidied = _tidied({"error": event} if name.strip() == b"error" else event, "delta")
        self._reason_given = self._reason_given or any(c["finish_reason"] for c in tidied.get("choices", []))
        return _event(tidied)


def _event(content: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(content)}\n\n".encode()


def _choice(part: dict[str, Any], reason: str | None, name: str = "delta") -> dict[str, Any]:
    return {"index": 0, name: part, "finish_reason": reason}


def _tidied(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Bring an answer, or a piece of one, into the protocol's form; ``name`` is that of its part, delta or message."""
    if error := answer.get("error"):
        return {"error": error if isinstance(error, dict) else {"message": str(error)}}
    choices = answer.get("choices")
    if not isinstance(choices, list):
        if "choices" not in answer and any(answer.get(key) for key in ("message", "detail")):
            return {"error": {**answer, "message": str(answer.get("message") or answer.get("detail"))}}
        choices = []
    # Of several answers to one question the first is shown: pieces of two would be mixed else.
    own = [choice for choice in choices if isinstance(choice, dict) and not choice.get("index")][:1]
    kept = {key: answer[key] for key in ("id", "object", "created", "model") if answer.get(key)}
    usage = answer.get("usage")
    if isinstance(usage, dict):
        kept["usage"] = {key: value for key, value in usage.items() if value is not None}
    return {**kept, "choices": [_choice(_part(choice), _reason(choice), name) for choice in own]}


def _reason(choice: dict[str, Any]) -> str | None:
    reason = str(choice.get("finish_reason") or "").lower()
    return "length" if reason in _LENGTH else reason or None


def _part(choice: dict[str, Any]) -> dict[str, Any]:
    """Return who speaks and what is said: words and thoughts; what a model wants to call is not."""
    part: dict[str, Any] = next((choice[key] for key in ("delta", "message") if isinstance(choice.get(key), dict)), {})
    content = part.get("content") or part.get("refusal") or choice.get("text") or ""
    thoughts = "".join(text for key in _THOUGHTS if isinstance(text := part.get(key), str))
    if isinstance(content, dict):
        content = [content]
    if isinstance(content, list):
        content = [item for item in content if isinstance(item, dict)]
    if thoughts:
        words = [{"type": "text", "text": content}] if isinstance(content, str) and content else content or []
        content = [{"type": "reasoning", "reasoning": thoughts}, *words]
    return {"role": "assistant", "content": content}


class TidyStream(httpx2.AsyncByteStream):
    """A response body that is over in time, in the form that the client reads."""

    def __init__(self, stream: httpx2.AsyncByteStream, tidy: Tidy | None, seconds: float) -> None:
        self._stream, self._tidy = stream, tidy
        self._deadline = time.monotonic() + seconds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("The answer took too long.")
            if ready := self._tidy.feed(piece) if self._tidy else piece:
                yield ready
        if self._tidy and (ready := self._tidy.end()):
            yield ready

    async def aclose(self) -> None:
        """Close the connection under it."""
        await self._stream.aclose()


@lru_cache(maxsize=16)
def async_http_client(patience: Patience) -> httpx2.AsyncClient:
    """Return the shared HTTP client of chats: keeps our limits, follows no redirects (they would carry the key away).

    It refuses web pages (NotModelApi) and answers that drip on for longer than ``patience.total``. For one event loop.
    """
    import openai

    async def ask_plainly(request: httpx2.Request) -> None:
        request.headers["accept-encoding"] = "identity"  # a packed stream comes in larger and later pieces

    async def guard(response: httpx2.Response) -> None:
        kind = response.headers.get("content-type", "").lower()
        if "html" in kind and response.status_code in (200, 404, 405):
            raise NotModelApi
        tidy = _tidy_for(response)
        if not kind or (tidy and "event-stream" not in kind):
            response.headers["content-type"] = "application/json"
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = TidyStream(response.stream, tidy, patience.total - patience.silence)

    return openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        timeout=timeout_of(patience),
        event_hooks={"request": [ask_plainly], "response": [guard]},
    )


def _tidy_for(response: httpx2.Response) -> Tidy | None:
    """Return what tidies this answer; None for what is no answer of a chat, or packed although we asked not to."""
    packed = response.headers.get("content-encoding", "identity").lower() != "identity"
    if response.status_code != 200 or packed or not response.request.url.path.endswith("/chat/completions"):
        return None
    try:
        asked = json.loads(response.request.content)
    except ValueError:
        return None
    return Tidy(streaming=isinstance(asked, dict) and asked.get("stream") is True)

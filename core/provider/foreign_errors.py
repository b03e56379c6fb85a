"""What clients other than OpenAI's raise, told by what they have in common: an HTTP status, a response and words.

None of them is imported: which are installed is the owner's choice, and each is loaded only with its model.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# The packages below all of them, whose exceptions say why no answer came.
_TRANSPORTS = ("httpx", "httpcore", "httpx2", "httpcore2")
# Google says in the body when to come back, as "retryDelay": "17s".
_RETRY_DELAY = re.compile(r"retrydelay\W+(\d+(?:\.\d+)?)s")
_LENGTH = ("length", "max_tokens", "model_length", "model_context_window_exceeded")
_TOOLS = ("tool_calls", "function_call", "tool_use")
_FILTERED = (
    *("content_filter", "refusal", "safety", "recitation", "blocklist", "prohibited_content", "spii", "language"),
    *("image_safety", "error_toxic"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a service answered in place of an answer: ``status`` is None where it said so within a stream."""

    status: int | None
    words: str


def refusal_in(error: BaseException) -> Refusal | None:
    """Return what the service said, from an exception of any client or from those under it; None where it is silent.

    The words are in small letters, for telling cases apart, never for showing.
    """
    for cause in causes_of(error):
        status = _status(cause)
        if status is None and not _speaks(cause):
            continue
        # An error that comes within a stream carries the status of the stream, which says nothing.
        return Refusal(status if status and status >= 300 else None, _words(cause))
    return None


def is_transport(error: BaseException) -> bool:
    """Say whether an exception comes from the connection, and not from what was said over it."""
    return any(
        type(cause).__module__.partition(".")[0] in _TRANSPORTS or isinstance(cause, ConnectionError)
        for cause in causes_of(error)
    )


def delay_in(error: BaseException) -> float | None:
    """Return the seconds that the words of a refusal ask to wait, None where they ask for none."""
    refusal = refusal_in(error)
    asked = _RETRY_DELAY.search(refusal.words) if refusal else None
    return float(asked[1]) if asked else None


def foreign_words_code(words: str) -> str:
    """Tell a case from words that only other services than OpenAI use; empty when they say nothing known."""
    for code, signs in (
        ("region", ("location is not supported", "unsupported country")),
        ("key", ("api key not valid", "api_key_invalid", "authentication_error", "invalid api token", "unauthorized")),
        ("too_long", ("exceeds the maximum number of tokens", "too large for model", "request_too_large")),
        ("too_long", ("exceeds the context length", "input token count", "exceed context limit")),
        ("no_model", ("deploymentnotfound", "deployment for this resource does not exist", "invalid_model")),
        ("rate", ("overloaded", "resource_exhausted", "rate_limit")),
        ("forbidden", ("permission_error", "permission_denied")),
    ):
        if any(sign in words for sign in signs):
            return code
    return ""


def finish_reason(metadata: dict[str, Any]) -> str:
    """Return why an answer ended: "stop", "length", "content_filter", "tools"; empty where it did not."""
    told = metadata.get("finish_reason") or metadata.get("stop_reason") or metadata.get("done_reason") or ""
    reason = str(getattr(told, "name", told)).lower()
    if reason in _LENGTH:
        return "length"
    if reason in _FILTERED:
        return "content_filter"
    if reason in _TOOLS:
        return "tools"
    return "stop" if reason else ""


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """Walk down the chain of causes, innermost last; of several addresses tried, each."""
    seen: set[int] = set()
    left = [error]
    while left:
        cause = left.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        left += [cause.__cause__ or cause.__context__, *getattr(cause, "exceptions", ())]


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for number in (
        getattr(error, "status_code", None),
        getattr(error, "code", None),
        getattr(response, "status_code", None),
    ):
        if isinstance(number, int) and 100 <= number < 600:
            return number
    return None


def _speaks(error: BaseException) -> bool:
    """Ollama's and Google's exceptions for an error within a stream have no status, but the attribute."""
    return any(isinstance(getattr(error, name, None), int | str) for name in ("status_code", "code"))


def _words(error: BaseException) -> str:
    body = getattr(error, "body", None)
    response = getattr(error, "response", None)
    try:
        text = str(getattr(response, "text", "") or "")
    except Exception:  # noqa: BLE001  a stream that was not read has no text
        text = ""
    return f"{error} {body or ''} {text}".lower()

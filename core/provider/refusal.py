"""What a service said when it refused: its status, its words, the case they tell of, the wait and window they name.

Only for telling cases apart: a service's own words may repeat the key or the prompt and are never shown.
"""

import email.utils
import re
import time
from dataclasses import dataclass
from typing import Any

from core.provider.foreign_errors import causes_of, delay_in

_MOST_CHARACTERS = 20_000  # of an error's text; a gateway's page can be long


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal. ``status`` is HTTP's, 0 where it came inside a stream; ``words`` are in small letters."""

    status: int
    words: str
    code: str


# The words of services, as they document them or were seen to use them, by the case that they mean. The first that
# fits counts.
_SIGNS: tuple[tuple[str, str], ...] = (
    ("quota", r"insufficient_quota|billing|credit balance|insufficient (?:credit|balance|funds)|more credits"),
    ("quota", r"payment required|out of credits|arrearage|spend(?:ing)? limit|exceeded_current_quota"),
    ("loading", r"loading model|model is (?:currently |still )?(?:being )?load|currently loading|still loading"),
    ("loading", r"model is not (?:yet )?ready|warming up|cold start"),
    ("no_loaded", r"no models? (?:is |are )?(?:currently )?loaded"),
    ("memory", r"requires more system memory|out of memory|insufficient memory|not enough memory|failed to allocate"),
    ("too_long", r"context[ _](?:length|window|size)|maximum context|max_model_len|exceed_context|available context"),
    ("too_long", r"maximum input length|(?:input|prompt) (?:is )?too long|input length exceeds|input token count"),
    ("too_long", r"too many (?:input )?tokens|input tokens? exceeds?|maximum number of (?:input )?tokens"),
    ("too_long", r"reduce the length"),
    ("rate", r"rate_?limit|rate limit|too many requests|tokens per (?:min|day)|requests per (?:min|day)|throttl"),
    ("content_filter", r"content_filter|content_policy|content management policy|responsibleai|flagged|moderation"),
    ("content_filter", r"data_inspection_failed|inappropriate content|guardrail|blocked by .{0,40}safety"),
    ("content_filter", r"prohibited_content"),
    ("no_key", r"did(?:n't| not) provide an api key|no api key|missing api key|no auth credentials"),
    ("no_key", r"missing authentication"),
    ("key", r"api[ _]key (?:is )?not valid|invalid[ _]api[ _-]?key|incorrect api key|api_key_invalid|api key expired"),
    ("key", r"invalid (?:x-)?api-key|invalid[ _]token|invalid authentication|reported as leaked|unauthorized"),
    ("region", r"unsupported_country|country, region|user location is not supported"),
    ("region", r"not available in your (?:country|region)"),
    ("not_chat", r"not a chat model|does not support chat|only supported in v1/(?:responses|completions)"),
    ("retired", r"decommission|end[ -]of[ -]life"),
    ("retired", r"model.{0,120}(?:retired|deprecated|no longer (?:supported|available))"),
    ("no_model", r"model_not_found|model not found|no such model|unknown model|invalid model|deploymentnotfound"),
    ("no_model", r"deployment[^.]{0,60}does not exist|not a valid model|does not have access to (?:the )?model"),
)
_CASES = tuple((code, re.compile(sign)) for code, sign in _SIGNS)
_NO_CREDIT = re.compile(r"insufficient_quota|credit balance|insufficient (?:credit|balance|funds)|out of credits")
_MISSING = ("does not exist", "not found", "not exist", "not available", "not supported")
_HTML = re.compile(r"<!doctype html|<html|<head>|<body")
_BY_STATUS = {401: "key", 402: "quota", 408: "timeout", 504: "timeout", 524: "timeout"}

_WAITS = (
    re.compile(r"(?:try|retry)(?: again)? (?:in|after)\s+((?:\d{1,9}(?:\.\d{1,9})?\s?(?:ms|h|m|s)[a-z]{0,9}\s?){1,5})"),
    re.compile(r"retrydelay[\"']?\s*:\s*[\"']?((?:\d{1,9}(?:\.\d{1,9})?(?:h|m|s)){1,5})"),
    re.compile(r"(?:wait|estimated_time[\"']?\s*:)\s*(\d+(?:\.\d+)?\s?(?:ms|h|m|s)?)"),
)
_PART = re.compile(r"(\d+(?:\.\d+)?)\s?(ms|h|m|s)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_WINDOWS = (
    re.compile(r"n_ctx[\"']?\s*:\s*(\d+)"),
    re.compile(r"(?:maximum |available |model's )?context (?:length|size|window)[^.\d]{0,30}?\(?(\d[\d,]*)"),
    re.compile(r"max_model_len[^.\d]{0,20}(\d[\d,]*)"),
    re.compile(r"maximum number of (?:input )?tokens[^.\d]{0,30}(\d[\d,]*)"),
)


def said_by(error: BaseException | None) -> Said | None:
    """Return what a service said by an exception of any client; None where no service said anything."""
    if error is None or not hasattr(error, "message"):
        return None
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    if not isinstance(status, int):
        status = 0
    if not status and not hasattr(error, "body"):
        return None
    if getattr(error, "status_code", None) is None and error.__cause__ is not None and not getattr(error, "body", None):
        return None  # the connection failed
    parts = [getattr(error, name, None) for name in ("code", "type", "message", "body")]
    words = " ".join(str(part) for part in parts if part)[:_MOST_CHARACTERS].lower()
    return Said(status, words, case_of(status, words, retry_after(error) is not None))


def case_of(status: int, words: str, wait_known: bool) -> str:
    """Tell the case from the HTTP status and the service's words; ``wait_known``: it said when to come back."""
    told = told_by(words)
    if 300 <= status < 400:
        return "redirect"
    if _HTML.search(words):
        return _page(status)
    if told in ("loading", "no_loaded", "memory") or (told == "not_chat" and status < 500):
        return told
    if status in _BY_STATUS:
        return "no_key" if told == "no_key" else _BY_STATUS[status]
    if status == 403:
        return "region" if "country" in words or "region" in words else told or "forbidden"
    if status in (404, 405, 410):
        if told in ("retired", "region"):
            return told
        known = told == "no_model" or (status != 405 and "model" in words)
        return "retired" if known and status == 410 else "no_model" if known else "not_api"
    if status == 413:
        return "too_long"
    if status == 429:  # who may come back later has credit left, and is shown the way to pay for more as well
        out_of_credit = not wait_known and (told == "quota" or "exceeded your current quota" in words)
        return "quota" if out_of_credit or _NO_CREDIT.search(words) else "rate"
    if status >= 500:
        return told if told in ("too_long", "content_filter") else "server"
    if status >= 400:
        return told or ("rate" if status in (409, 425) else "bad_request")
    return told


def told_by(words: str) -> str:
    """Tell a case from the service's own words; empty when they say nothing known."""
    for code, sign in _CASES:
        if sign.search(words):
            return code
    return "no_model" if "model" in words and any(sign in words for sign in _MISSING) else ""


def _page(status: int) -> str:
    """Tell what a web page in the place of an answer means: it is from whatever stands before the service."""
    if status == 413:
        return "too_large"
    if status == 429:
        return "rate"
    if status in (408, 504, 524):
        return "timeout"
    if status >= 500:
        return "gateway_down"
    return "gateway" if status in (401, 403, 407, 451) else "not_api"


def retry_after(error: BaseException | None) -> float | None:
    """Return the seconds the service asked to wait, in a header (as seconds or a date) or in its words; else None."""
    responses = [getattr(cause, "response", None) for cause in causes_of(error)]
    headers: Any = next(filter(None, (getattr(response, "headers", None) for response in responses)), {})
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        if value := headers.get("retry-after"):
            if value.strip().replace(".", "", 1).isdigit():
                return float(value)
            return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
    named = _wait_named(error)
    return delay_in(error) if named is None and error is not None else named


def _wait_named(error: Any) -> float | None:
    words = f"{getattr(error, 'message', '')} {getattr(error, 'body', '')}"[:_MOST_CHARACTERS].lower()
    for sign in _WAITS:
        if found := sign.search(words):
            return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(found[1]))
    return None


def window_named(error: BaseException) -> int | None:
    """Return the model's window in tokens where a refusal because of it names it."""
    said = said_by(error)
    if said is None or said.code != "too_long":
        return None
    for sign in _WINDOWS:
        if (found := sign.search(said.words)) and (tokens := int(found[1].replace(",", ""))) >= 256:
            return tokens
    return None

"""The one seam at which failures of the model client become sentences, and the one rule for trying again."""

import email.utils
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.provider.foreign_errors import causes_of, delay_in, foreign_words_code, is_transport, refusal_in
from core.provider.limits import NotModelApi, Redirected

if TYPE_CHECKING:
    import tenacity

LONGEST_WAIT = 20.0  # seconds; a service that asks for more is said to be busy instead
TRIES = 3
RETRY_WITHIN = 15.0  # seconds; after these no new try is begun

# What parsing raises when an answer is no JSON, or JSON of another shape.
_UNREADABLE = ValueError | KeyError | TypeError | AttributeError | IndexError

# code: (what happened, what to do, whether trying again may help)
_SENTENCES: dict[str, tuple[str, str, bool]] = {
    "key": (
        "The AI service did not accept the key.",
        "Check it for missing characters, or make a new key, and save it again.",
        False,
    ),
    "forbidden": (
        "The key is not allowed to do this.",
        "Give the key the right to use this model at the AI service, or use another key.",
        False,
    ),
    "region": ("The AI service does not serve this country or region.", "Choose another AI service.", False),
    "no_model": ("This model is not available to your key.", "Choose another model.", False),
    "not_api": (
        "No AI service that speaks the OpenAI protocol answers at this address.",
        "Check the address; it often ends in /v1.",
        False,
    ),
    "redirect": (
        "This address sends its callers on to another one.",
        "Enter the final address; check https:// and the host's name.",
        False,
    ),
    "address": ("The address of the AI service cannot be used.", "Copy it from the service's own pages.", False),
    "no_host": (
        "No computer with this name was found.",
        "Check the address for typing errors, and this machine's connection.",
        False,
    ),
    "refused": (
        "Nothing answers at this address.",
        "If the AI service runs on your own machine, start it; else check the address and its port.",
        True,
    ),
    "unreachable": ("The AI service could not be reached.", "Check this machine's connection and try again.", True),
    "tls": (
        "The secure connection to the AI service failed.",
        "Check the address (http:// or https://) and the service's certificate.",
        False,
    ),
    "quota": (
        "Your account at the AI service has no credit left.",
        "Add credit there, then try again. Nothing was lost.",
        False,
    ),
    "rate": ("The AI service is busy: too many requests at once.", "Wait a moment and try again.", True),
    "timeout": ("The AI service did not answer in time.", "Your question is kept. Try again.", True),
    "server": ("The AI service has a fault of its own just now.", "Nothing was lost. Try again in a while.", True),
    "too_long": (
        "The question and its passages are too long for this model.",
        "Use fewer passages per answer, or a model that takes more text.",
        False,
    ),
    "content_filter": ("The AI service declined this question.", "Ask it in other words.", False),
    "length": (
        "The answer was cut short: it reached the model's length limit.",
        "Ask for a shorter answer, or for a part of it.",
        False,
    ),
    "empty": ("The AI service sent an empty answer.", "Try again.", True),
    "bad_answer": ("The AI service sent an answer that cannot be read.", "Try again.", True),
    "bad_request": (
        "The AI service did not accept the request.",
        "Choose another model, or check the address of the service.",
        False,
    ),
    "stopped_early": ("The answer stopped early.", "What came so far is kept. Try again.", True),
}


def sentence(code: str) -> ModelError:
    """Return the ModelError of a code of this module's list."""
    what, remedy, passing = _SENTENCES[code]
    return ModelError(what, remedy, code=code, passing=passing)


def model_error(error: BaseException) -> ModelError:
    """Turn whatever the model client raised into sentences; a ModelError passes through.

    Nothing of the exception's own text is taken over: it may hold the key or the prompt.
    """
    import openai

    if isinstance(error, ModelError):
        return error
    if any(isinstance(cause, NotModelApi) for cause in causes_of(error)):
        return sentence("not_api")
    if any(isinstance(cause, Redirected) for cause in causes_of(error)):
        return sentence("redirect")
    if isinstance(error, openai.APIStatusError):
        return sentence(_status_code_of(error.status_code, _words(error), retry_after(error) is not None))
    if isinstance(error, openai.APIConnectionError):
        return sentence(_connection_code(error))
    if (code := _foreign_code(error)) and not isinstance(error, openai.OpenAIError):
        return sentence(code)
    if isinstance(error, UnicodeEncodeError):
        return sentence("key")
    if isinstance(error, ValueError) and "No build" in str(error):
        return sentence("empty")
    if isinstance(error, _UNREADABLE | openai.APIResponseValidationError):
        return sentence("bad_answer")
    if isinstance(error, openai.APIError):  # told in the middle of a stream, so without a status
        return sentence(_words_code(_words(error)) or "server")
    return ModelError(
        "Something unforeseen happened while asking the AI service.", "Try again.", code="model", passing=False
    )


def _foreign_code(error: BaseException) -> str:
    """Tell a case from what another client than OpenAI's raised; empty when it is none of a service."""
    if refusal := refusal_in(error):
        known = foreign_words_code(refusal.words)
        if refusal.status is None:
            return known or _words_code(refusal.words) or "server"
        waits = retry_after(error) is not None
        # Google names the plan and its billing for every limit; when to come back it names only where that helps.
        code = "rate" if refusal.status == 429 and waits else _status_code_of(refusal.status, refusal.words, waits)
        return known if known and code in ("bad_request", "not_api", "server", "forbidden") else code
    return _connection_code(error) if is_transport(error) else ""


def _words(error: Any) -> str:
    """What the service said, in small letters: for telling cases apart, never for showing."""
    return f"{error.code} {error.type} {error.message}".lower()


def _words_code(words: str) -> str:
    """Tell a case from the service's own words; empty when they say nothing known."""
    for code, signs in (
        ("quota", ("insufficient_quota", "billing", "credit balance", "insufficient credit", "insufficient balance")),
        ("rate", ("rate_limit", "rate limit", "too many requests")),
        ("too_long", ("context_length", "context length", "maximum context", "context window", "prompt is too long")),
        ("too_long", ("maximum input length", "input is too long", "input length exceeds", "too many tokens")),
        ("content_filter", ("content_filter", "content_policy", "content management policy", "responsibleai")),
        ("key", ("api key not valid", "invalid api key", "invalid_api_key", "incorrect api key")),
        ("no_model", ("model_not_found", "model not found", "no such model", "unknown model", "invalid model")),
    ):
        if any(sign in words for sign in signs):
            return code
    missing = ("does not exist", "not found", "not exist", "not available", "not supported")
    return "no_model" if "model" in words and any(sign in words for sign in missing) else ""


def _status_code_of(status: int, words: str, wait_known: bool) -> str:
    """Tell a case from the HTTP status and the service's words; ``wait_known``: it said when to come back."""
    if status in (401, 402, 408):
        return {401: "key", 402: "quota", 408: "timeout"}[status]
    if status == 403:
        return "region" if "country" in words or "region" in words else _words_code(words) or "forbidden"
    if status in (404, 405, 410):
        return "no_model" if status != 405 and ("model" in words or "deployment" in words) else "not_api"
    if status == 413:
        return "too_long"
    if status == 429:
        out_of_credit = not wait_known and "exceeded your current quota" in words
        return "quota" if out_of_credit or _words_code(words) == "quota" else "rate"
    if status >= 500:
        return "timeout" if status == 504 else "server"
    if status >= 400:
        return _words_code(words) or ("rate" if status in (409, 425) else "bad_request")
    return "redirect"


def _connection_code(error: BaseException) -> str:
    """Tell why no answer came from the chain of causes under the client's own exception."""
    causes = list(causes_of(error))
    names = {type(cause).__name__ for cause in causes}
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "no_host"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "tls"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "refused"
    if names & {"ConnectTimeout", "ConnectError", "ProxyError"}:
        return "unreachable"
    if names & {"UnsupportedProtocol", "InvalidURL"}:
        return "address"
    if names & {"ReadTimeout", "WriteTimeout", "PoolTimeout", "APITimeoutError"}:
        return "timeout"
    return "key" if "LocalProtocolError" in names else "server"


def retry_after(error: BaseException | None) -> float | None:
    """Return the seconds the service asked to wait (Retry-After as seconds or as a date), None when it did not."""
    responses = [getattr(cause, "response", None) for cause in causes_of(error)]
    headers: Any = next(filter(None, (getattr(response, "headers", None) for response in responses)), {})
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        if not (value := headers.get("retry-after")):
            return delay_in(error) if error else None
        if value.strip().replace(".", "", 1).isdigit():
            return float(value)
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def worth_retrying(error: BaseException) -> bool:
    """Say whether the same request may go through a little later, within the longest wait."""
    return model_error(error).passing and (retry_after(error) or 0.0) <= LONGEST_WAIT


def retrying(within: float = RETRY_WITHIN) -> "tenacity.Retrying":
    """Return the one rule for trying again: up to 3 tries, the service's own wait or 0.5 s and doubling.

    No new try is begun once ``within`` seconds have passed.
    """
    import tenacity

    backoff = tenacity.wait_exponential_jitter(initial=0.5, max=8.0, jitter=0.25)

    def wait(state: tenacity.RetryCallState) -> float:
        pause = retry_after(state.outcome.exception() if state.outcome else None)
        return backoff(state) if pause is None else pause

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: isinstance(error, Exception) and worth_retrying(error)),
        wait=wait,
        stop=tenacity.stop_after_attempt(TRIES) | tenacity.stop_after_delay(within),
        reraise=True,
    )

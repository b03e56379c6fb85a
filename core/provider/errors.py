"""The one seam at which failures of the model client become sentences, and the one rule for trying again."""

import random
import socket
import ssl
from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.provider.refusal import retry_after, said_by
from core.provider.sentences import sentence
from core.provider.service import NotModelApi

if TYPE_CHECKING:
    import tenacity

LONGEST_WAIT = 20.0  # seconds; a service that asks for more is said to be busy instead
TRIES = 3
RETRY_WITHIN = 15.0  # seconds; after these no new try is begun
LOADING_WITHIN = 90.0  # seconds that a server gets to load its model
LOADING_PAUSE = 1.0

# What parsing raises when an answer is no JSON, or JSON of another shape.
_UNREADABLE = ValueError | KeyError | TypeError | AttributeError | IndexError


def model_error(error: BaseException) -> ModelError:
    """Turn whatever the model client raised into sentences; a ModelError passes through.

    Nothing of the exception's own text is taken over: it may hold the key or the prompt.
    """
    import openai

    if isinstance(error, ModelError):
        return error
    if isinstance(error, NotModelApi):
        return sentence("not_api")
    if isinstance(error, openai.APIConnectionError):
        return sentence(_connection_code(error))
    if isinstance(error, UnicodeEncodeError):
        return sentence("key")
    if isinstance(error, ValueError) and "No generation" in str(error):
        return sentence("empty")
    if isinstance(error, _UNREADABLE | openai.APIResponseValidationError):
        return sentence("bad_answer")
    if said := said_by(error):  # also told in the middle of a stream, so without a status
        return sentence(said.code or "server", retry_after(error))
    return ModelError(
        "Something unforeseen happened while asking the AI service.", "Try again.", code="model", passing=False
    )


def _connection_code(error: BaseException) -> str:
    """Tell why no answer came from the chain of causes under the client's own exception."""
    causes = list(_causes(error))
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


def _causes(error: BaseException | None) -> Any:
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


def pause_before_next_try(
    error: BaseException, tries: int, seconds: float, within: float = RETRY_WITHIN
) -> float | None:
    """Return the seconds to wait before the same request is made again; None where it is not worth it.

    ``tries`` were made in ``seconds``. The service's own wait is kept (up to 20 s), else it is 0.5 s and doubling; up
    to 3 tries, none begun after ``within`` seconds. A server that loads its model is asked every second for 90 s.
    """
    told = model_error(error)
    wait = retry_after(error)
    if told.code == "loading":
        return LOADING_PAUSE if seconds < LOADING_WITHIN else None
    if not told.passing or tries >= TRIES or seconds >= within or (wait or 0.0) > LONGEST_WAIT:
        return None
    return wait if wait is not None else min(8.0, 0.5 * 2 ** (tries - 1) + random.uniform(0, 0.25))


def retrying(within: float = RETRY_WITHIN) -> "tenacity.Retrying":
    """Return the rule of ``pause_before_next_try`` for a call that is made whole."""
    import tenacity

    def pause(state: "tenacity.RetryCallState") -> float | None:
        error = state.outcome.exception() if state.outcome else None
        return (
            pause_before_next_try(error, state.attempt_number, state.seconds_since_start or 0.0, within) if error else 0
        )

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Exception),
        wait=lambda state: pause(state) or 0.0,
        stop=lambda state: pause(state) is None,
        reraise=True,
    )

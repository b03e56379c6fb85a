"""What a program is told where it gets nothing: OpenAI's shape of an error, with our two sentences in it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from core.errors import AnswerbookError, DataFolderError, ModelError, NotFound, StoreError, TooManyQuestions

INVALID = "invalid_request_error"
_SERVER = "server_error"


class Refusal(AnswerbookError):
    """A program's request is not answered: ``status`` is the HTTP status, ``kind`` the error's type as OpenAI has it.

    ``again`` is False where asking again would change nothing.
    """

    def __init__(
        self,
        what: str,
        remedy: str,
        *,
        status: int = 400,
        code: str = "bad_request",
        kind: str = INVALID,
        again: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(what, remedy, code=code)
        self.status, self.kind, self.again, self.headers = status, kind, again, dict(headers or {})

    def as_json(self) -> dict[str, Any]:
        """Return the body: ``message`` for OpenAI's client, ``what`` and ``remedy`` apart for all others."""
        said = {"what": self.what, "remedy": self.remedy}
        return {"error": {"message": str(self), "type": self.kind, "param": None, "code": self.code, **said}}

    def response(self) -> JSONResponse:
        """Return the refusal as a response; OpenAI's client is told whether to try again by itself."""
        again = {"x-should-retry": "true" if self.again else "false"}
        return JSONResponse(self.as_json(), self.status, {"Cache-Control": "no-store", **again, **self.headers})


def refusal_of(error: Exception) -> Refusal:
    """Return what a program is told of an error: never an owner's own sentences, who can mend what it cannot."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, NotFound):
        return not_found()
    if isinstance(error, TooManyQuestions):
        again = {"Retry-After": str(error.seconds)}
        return Refusal(error.what, error.remedy, status=429, code=error.code, kind="rate_limit_error", headers=again)
    passing = isinstance(error, StoreError | ModelError | DataFolderError) and error.passing
    return Refusal(
        "It could not answer just now.",
        "Try again in a moment." if passing else "Its owner can see in Answerbook what is wrong.",
        status=503 if isinstance(error, AnswerbookError) else 500,
        code="unavailable",
        kind=_SERVER,
        again=passing,
    )


def not_found() -> Refusal:
    """Return the answer to whatever is not there for this key: it does not tell what is there for others."""
    return Refusal(
        "There is nothing of this name for your key.",
        "Check the address and the id, and that the key is of this assistant.",
        status=404,
        code="not_found",
    )


def wrong_key() -> Refusal:
    """Return the answer to a key that is missing, wrong or revoked; which of these it is stays untold."""
    return Refusal(
        "The key is missing, wrong or revoked.",
        "Send it as “Authorization: Bearer ab-…”. The assistant's owner makes keys in Answerbook, under Publish.",
        status=401,
        code="invalid_api_key",
        headers={"WWW-Authenticate": "Bearer"},
    )


def not_allowed(scope: str) -> Refusal:
    """Return the answer to a key that may not do this."""
    return Refusal(
        f"This key may not do that: it lacks “{scope}”.",
        "Ask the assistant's owner for a key that may.",
        status=403,
        code="missing_scope",
        kind="permission_error",
    )


def strange_site() -> Refusal:
    """Return the answer to a page of a site that the key's owner did not name."""
    return Refusal(
        "This key may not be used from a page of this site.",
        "The assistant's owner names the sites of a key when making it. Better, ask from your own server.",
        status=403,
        code="origin",
        kind="permission_error",
    )

"""What a form of the gate sent, and whether a page of ours sent it; the cookies that are given."""

import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.errors import AnswerbookError
from core.gate.gate import COOKIE
from core.people import LONGEST

FORM_COOKIE: Final = "answerbook_form"
_TOKEN = re.compile(r"[\w-]{43}")
_LARGEST = 16 * 1024  # bytes of a form: a password of 200 characters, each written with up to twelve


async def read_form(request: Request) -> dict[str, str]:
    """Return a form's fields. Raises AnswerbookError where it is too large, or not from a page that we have given out.

    The front door has looked at the Origin; this also needs the value that only our page and its cookie know.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise AnswerbookError("That was too long.", "Shorten it and try again.", code="form")
    fields = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace"), True).items()}
    is_our_form(request, fields)
    return fields


def is_our_form(request: Request, fields: Mapping[str, str]) -> None:
    """Raise AnswerbookError (code "form") unless a page that this browser was given sent these fields."""
    given, sent = request.cookies.get(FORM_COOKIE, ""), fields.get("form", "")
    if not _TOKEN.fullmatch(given) or not hmac.compare_digest(given.encode(), sent.encode()):
        raise AnswerbookError(
            "This page had been open for too long, or the browser keeps no cookies.",
            "Fill it in once more. If that does not help, allow cookies for this address.",
            code="form",
        )


def form_token(request: Request) -> str:
    """Return the value that the forms of this browser carry: that of its cookie, or a new one."""
    given = request.cookies.get(FORM_COOKIE, "")
    return given if _TOKEN.fullmatch(given) else secrets.token_urlsafe(32)


def with_form_cookie(response: Response, request: Request, token: str) -> Response:
    """Give the browser the cookie that its forms are compared with."""
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=is_https(request))
    return response


def signed_in(request: Request, token: str, wanted: str = "/") -> Response:
    """Send a browser on with the cookie of its new session."""
    response = RedirectResponse(own_address(wanted), 303, {"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )
    return response


def signed_out(address: str) -> Response:
    """Send a browser on without a session."""
    response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response


def is_https(request: Request) -> bool:
    """Say whether the browser came by https, which a proxy may have ended. Who lies here gets a stricter cookie."""
    origin = request.headers.get("origin", "")
    forwarded = request.headers.get("x-forwarded-proto", "")
    return request.url.scheme == "https" or "https" in forwarded or origin.startswith("https:")


def own_address(wanted: str) -> str:
    """Return a path of this Answerbook as it is, and anything else as its first page."""
    plain = wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable()
    return wanted if plain and not wanted.startswith(("/login", "/logout", "/welcome")) else "/"

"""The gate: behind the front door, who is signed in, and whether their role may have what they ask for."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import AnswerbookError, DoorError
from core.gate.sheets import heading, link, sheet
from core.gate.where_from import comes_from_here, is_loopback
from core.operate import turn_away
from core.people import NOBODY, OPEN, Deed, Role, Standing, may, rule_of, standing

COOKIE = "answerbook_session"
# Headers by which proxies and other programs name a person. Nothing here believes them, and nothing behind sees them.
_IDENTITY = (b"x-answerbook-", b"x-ab-", b"x-auth-request-", b"x-forwarded-user", b"x-forwarded-email", b"x-webauth-")
_IDENTITIES = frozenset({b"remote-user", b"x-remote-user", b"x-forwarded-preferred-username", b"x-forwarded-groups"})


class _Stamp(NamedTuple):
    """What a page was drawn for: as long as it is the same, what its window sends is taken as it is."""

    owner: bool
    session_id: str
    role: Role | None


class Gate:
    """ASGI middleware: without a session nothing of the owner's is shown, and with one what its role may have.

    As long as there is no owner it is open to browsers on this computer, where the server listens to nobody else.
    ``listens_at`` returns the address it listens at. ``redraw`` turns a message of a window into one that only draws
    the window anew: what a window says whose session ended, or whose role changed, does nothing else.
    """

    def __init__(self, app: ASGIApp, listens_at: Callable[[], str], redraw: Callable[[bytes], bytes]) -> None:
        self.app = app
        self._listens_at = listens_at
        self._redraw = redraw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, send it to sign in, or say why not."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": [pair for pair in scope["headers"] if not _names_a_person(pair[0].lower())]}
        rule, here = rule_of(scope["path"]), is_loopback(self._listens_at()) and comes_from_here(scope)
        if rule is OPEN:
            await self.app(scope, receive, send)
            return
        try:
            found = None if rule == NOBODY else await look(scope)
            if found is not None and not (here and not found.owner):
                if found.person is None:
                    await _send_to_sign_in(found, scope, receive, send)
                    return
                if isinstance(rule, Deed) and not may(found.person.role, rule):
                    raise not_for(found.person.role)
            if found is None:
                raise DoorError("There is nothing at this address.", "Open Answerbook's first page.", status=404)
        except DoorError as error:
            if error.code == "role" and _is_window(scope):
                page = sheet("Not for you", heading("Not for you", "", error), status=403, after=link("/", "Back"))
                await page(scope, receive, send)
            else:
                await turn_away(error, scope, receive, send)
            return
        except AnswerbookError as error:
            # On this computer the page itself says what ails the database, and offers its copies.
            if not here:
                closed = DoorError(error.what, error.remedy, code=error.code, status=503)
                await turn_away(closed, scope, receive, send)
                return
            found = Standing(owner=False, person=None)
        if scope["type"] == "websocket":
            receive = self._judging(scope, receive, _stamp(found), here=here)
        await self.app(scope, receive, send)

    def _judging(self, scope: Scope, receive: Receive, first: _Stamp, *, here: bool) -> Receive:
        """Return a ``receive`` that looks at each message of a window whether its session still holds."""
        drawn_for = first

        async def judged() -> Message:
            nonlocal drawn_for
            message = await receive()
            if message["type"] != "websocket.receive" or not message.get("bytes"):
                return message
            try:
                now = _stamp(await look(scope))
            except AnswerbookError:
                return {**message, "bytes": self._redraw(message["bytes"])} if drawn_for.owner else message
            if not now.owner and not here:
                return {"type": "websocket.disconnect", "code": 1008}
            if now != drawn_for or (now.owner and now.role is None):
                message = {**message, "bytes": self._redraw(message["bytes"])}
            drawn_for = now
            return message

        return judged


async def look(scope: Scope) -> Standing:
    """Return how whoever asks stands to this Answerbook. Raises DataFolderError where the database cannot say."""
    token = HTTPConnection(scope).cookies.get(COOKIE, "")
    return await anyio.to_thread.run_sync(standing, token)


async def from_an_editor(scope: Scope) -> bool:
    """Say whether somebody asks who may publish: an owner or editor; where there is no owner, whoever sits here.

    For addresses with a rule of their own, which the gate lets pass. Raises DataFolderError.
    """
    found = await look(scope)
    if found.owner:
        return found.person is not None and may(found.person.role, Deed.BUILD)
    return comes_from_here(scope)


def not_for(role: Role) -> DoorError:
    """Return the sentences for what a role may not have."""
    article = "an" if role[0] in "aeiou" else "a"
    return DoorError(
        f"This is not for you: you are here as {article} {role}.",
        "An owner can give you another role on the page People.",
        code="role",
    )


def _stamp(found: Standing) -> _Stamp:
    return _Stamp(found.owner, found.session_id, found.person.role if found.person else None)


def _names_a_person(header: bytes) -> bool:
    return header in _IDENTITIES or header.startswith(_IDENTITY)


def _is_window(scope: Scope) -> bool:
    """Whether a browser's window asks for a page to show."""
    accepts = b",".join(value for name, value in scope["headers"] if name.lower() == b"accept")
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and b"text/html" in accepts


async def _send_to_sign_in(found: Standing, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a browser's window to where it can sign in; tell everything else that nobody is signed in."""
    if _is_window(scope):
        query = scope["query_string"].decode("latin-1")
        wanted = quote(scope["path"] + (f"?{query}" if query else ""), safe="")
        address = ("/login" if wanted == "%2F" else f"/login?next={wanted}") if found.owner else "/welcome"
        await RedirectResponse(address, 303, {"Cache-Control": "no-store"})(scope, receive, send)
        return
    error = DoorError(
        "You are not signed in, or not any more.",
        "Reload the page and sign in.",
        code="signed_out",
        status=403 if scope["type"] == "websocket" else 401,
    )
    await turn_away(error, scope, receive, send)

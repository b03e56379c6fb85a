"""A program's request let in: whose key it is, what it may do, and where the limits are looked at."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from core.publish.api.keys import ApiKey, Scope, key_known_by
from core.publish.api.refusals import Refusal, not_allowed, not_found, refusal_of, strange_site, wrong_key
from core.publish.api.shown import Viewer, base_of
from core.publish.publications import publication
from core.publish.work import Piece, Work
from core.schema import Turn
from core.spending import admit


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose key opens what it asks for."""

    request: Request
    key: ApiKey

    @property
    def assistant_id(self) -> str:
        """The assistant that the key is of."""
        return self.key.assistant_id


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that a program may do, and the scope it needs; None: any key may."""

    method: str
    path: str
    scope: Scope | None
    handle: Callable[[Call], Awaitable[Response]]


async def let_in(request: Request, scope: Scope | None) -> Call:
    """Look at a request's key. Raises Refusal: 401 without a right one, 404 for what is another's, 403 for the rest."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    key = await run_sync(key_known_by, secret.strip()) if kind.lower() == "bearer" else None
    if key is None:
        raise wrong_key()
    origin = request.headers.get("origin")
    if origin is not None and origin not in key.sites:
        raise strange_site()
    request.state.site = origin or ""
    if request.path_params.get("id", key.assistant_id) != key.assistant_id:
        raise not_found()
    if scope is not None and scope not in key.scopes:
        raise not_allowed(scope)
    return Call(request, key)


async def viewer_of(call: Call) -> Viewer:
    """Return who is shown an answer. Raises NotFound."""
    return Viewer(call.key, await run_sync(publication, call.assistant_id), base_of(call.request))


async def begin(call: Call, question: str, history: Sequence[Turn]) -> Work[Piece | Refusal]:
    """Have a question answered: for every program's question the one place where limits are looked at.

    Whoever calls it stops the work. Raises TooManyQuestions.
    """
    await run_sync(partial(admit, call.assistant_id, key=call.key.id))
    return Work(call.assistant_id, question, history, "key", lambda piece: (piece,), refusal_of)

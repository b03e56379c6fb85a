"""The API's addresses: routes made of the table of operations, with the look at keys before each."""

import re
from collections.abc import Awaitable, Callable

from anyio.to_thread import run_sync
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, compile_path

from core.errors import AnswerbookError
from core.log import log_failure
from core.publish.api.answers import Left
from core.publish.api.call import Operation, let_in
from core.publish.api.docs_page import docs_page, docs_style, policy
from core.publish.api.keys import note_use, sites_allowed
from core.publish.api.openapi import document
from core.publish.api.operations import OPERATIONS
from core.publish.api.refusals import Refusal, not_found, refusal_of
from core.publish.api.shown import base_of

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PREFLIGHT_SECONDS = "600"
_HEADER_NAMES = re.compile(r"[a-z0-9, -]{0,2000}", re.IGNORECASE)
_ID = re.compile(r"/v1/assistants/(\w{1,64})(?:/|$)", re.ASCII)


def _endpoint(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    """Let in whoever has a key for it, and answer whatever goes wrong in OpenAI's shape."""

    async def answered(request: Request) -> Response:
        try:
            call = await let_in(request, operation.scope)
            response = await operation.handle(call)
            response.background = BackgroundTask(run_sync, note_use, call.key)
        except (ClientDisconnect, Left):
            response = Response(status_code=408)  # nobody is there to read it
        except AnswerbookError as error:
            refusal = refusal_of(error)
            if refusal is not error:
                log_failure("program.failed", error, path=operation.path)
            response = refusal.response()
        except Exception as error:  # noqa: BLE001  a program reads JSON, whatever went wrong
            log_failure("program.failed", error, path=operation.path)
            response = refusal_of(error).response()
        return _for_site(response, getattr(request.state, "site", ""))

    return answered


def _for_site(response: Response, site: str) -> Response:
    """Let a page of a site that the key's owner named read the response; without one, no page may."""
    if site:
        response.headers["Access-Control-Allow-Origin"] = site
        response.headers["Vary"] = "Origin"
    return response


async def other_route(request: Request) -> Response:
    """Answer a browser's question beforehand, and say what is wrong with any other address below ``/v1``."""
    if request.method == "OPTIONS" and "origin" in request.headers:
        return await _preflight(request)
    allowed = [o.method for o in OPERATIONS if compile_path(o.path)[0].match(request.url.path)]
    if not allowed:
        return not_found().response()
    told = f"{request.method[:20]} is not possible here."
    headers = {"Allow": ", ".join(allowed)}
    remedy = f"Possible: {headers['Allow']}."
    return Refusal(told, remedy, status=405, code="method_not_allowed", headers=headers).response()


async def _preflight(request: Request) -> Response:
    """Say whether a page of this site may ask at all: its key is looked at when it does."""
    origin, match = request.headers["origin"], _ID.match(request.url.path)
    response = Response(status_code=204)
    if origin not in await run_sync(sites_allowed, match[1] if match else ""):
        return response
    wanted = request.headers.get("access-control-request-headers", "")
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
    response.headers["Access-Control-Allow-Headers"] = wanted if _HEADER_NAMES.fullmatch(wanted) else ""
    response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return _for_site(response, origin)


async def schema_route(request: Request) -> Response:
    """``GET /v1/openapi.json``: all that a program may do, for other programs to read."""
    return JSONResponse(document(base_of(request)), headers={"Cache-Control": "no-cache"})


async def docs_route(request: Request) -> Response:
    """``GET /v1/docs``: the same for people, with examples; no script, and nothing of another address."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy()}
    return HTMLResponse(docs_page(document(base_of(request))), headers=headers)


async def style_route(_request: Request) -> Response:
    """``GET /v1/docs.css``: the stylesheet of that page."""
    return Response(docs_style(), media_type="text/css", headers={"Cache-Control": "no-cache"})


routes = [
    *(Route(each.path, _endpoint(each), methods=[each.method]) for each in OPERATIONS),
    Route("/v1/openapi.json", schema_route, methods=["GET"]),
    Route("/v1/docs", docs_route, methods=["GET"]),
    Route("/v1/docs.css", style_route, methods=["GET"]),
    Route("/v1/{rest:path}", other_route, methods=METHODS),
]

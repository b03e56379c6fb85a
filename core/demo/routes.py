"""``/demo/<secret>``: the visitors' page for whoever has the link, behind its password, until its time is over."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.database import DemoLink
from core.demo.visits import (
    Ended,
    forget_viewer,
    has_passed,
    keep_asked,
    link_of,
    note_opened,
    open_with,
    shown_at,
)
from core.errors import AnswerbookError
from core.gate import address_of, is_https
from core.publish import (
    Entrance,
    Publication,
    Turned,
    Words,
    gone_page,
    in_sentences,
    mark_of,
    page_routes,
    policy,
    read_json,
    read_visitor,
    rest_of,
    stylesheet,
    words_for,
)

PREFIX = "/demo"
COOKIE = "answerbook_demo"
FORM_BYTES = 4 * 1024  # a password of 200 characters, each written with up to twelve
NEVER_KEPT = {"Cache-Control": "no-store"}
_ENTER = Path(__file__).parent / "enter.html"
_OPEN = ("/page.css", "/logo")  # the page that asks for the password looks like the one behind it


def _found(request: Request) -> Publication:
    """Return what stands at a link. Raises NotFound, or Turned: it has ended, or its password was not typed yet."""
    row = _living(request)
    shown = shown_at(row, request.path_params["name"])
    tail = request.scope["path"].removeprefix(f"{PREFIX}/{shown.name}")
    if tail not in _OPEN and not has_passed(row, request.cookies.get(COOKIE, "")):
        raise Turned(_password_wanted(request, shown))
    if tail == "" and request.method == "GET" and "own" not in request.query_params:
        note_opened(row.id)
    return shown


def _living(request: Request) -> DemoLink:
    try:
        return link_of(request.path_params["name"])
    except Ended:
        language, words = words_for(request)
        told = {**words, "gone": words["demo_ended"], "gone_remedy": words["demo_ended_remedy"]}
        if _wants_page(request):
            raise Turned(HTMLResponse(gone_page(told, language), 410, _headers())) from None
        said = {"what": f"{words['demo_ended']}.", "remedy": words["demo_ended_remedy"]}
        raise Turned(JSONResponse(said, 410, NEVER_KEPT)) from None


def _password_wanted(request: Request, shown: Publication) -> Response:
    language, words = words_for(request)
    if request.method == "GET" and _wants_page(request):
        return _enter_page(shown, words, language)
    return JSONResponse({"what": words["password_asked"], "remedy": words["unreadable_remedy"]}, 401, NEVER_KEPT)


def _enter_page(shown: Publication, words: Words, language: str, problem: str = "", status: int = 200) -> Response:
    """Return the page that asks for the password; ``problem`` names the words that say what was wrong with the last."""
    texts = {key: escape(text) for key, text in words.items()}
    page = Template(_ENTER.read_text(encoding="utf-8")).substitute(
        texts,
        language=language,
        title=escape(shown.title),
        name=f"{PREFIX}/{escape(shown.name)}",
        style=f"{PREFIX}/{escape(shown.name)}/page.css?v={mark_of(stylesheet(shown))}",
        trouble_hidden="" if problem else "hidden",
        what=texts.get(problem, ""),
        remedy=texts.get(f"{problem}_remedy", ""),
    )
    return HTMLResponse(page, status, _headers())


async def _enter(request: Request) -> Response:
    """``POST /demo/<secret>/enter``: the password; a browser that knows it gets a cookie for this link alone."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM_BYTES:
            body = b""
            break
    password = parse_qs(body.decode("utf-8", "replace")).get("password", [""])[-1]
    return await run_sync(_entered, request, password)


def _entered(request: Request, password: str) -> Response:
    row = _living(request)
    shown = shown_at(row, request.path_params["name"])
    path = f"{PREFIX}/{shown.name}"
    answer = RedirectResponse(path, 303, NEVER_KEPT)
    if not row.password:
        return answer
    try:
        held = open_with(row, password, address_of(request.scope))
    except AnswerbookError as error:
        if error.code not in ("wrong_password", "locked"):
            raise
        language, words = words_for(request)
        locked = error.code == "locked"
        problem = "password_locked" if locked else "password_wrong"
        return _enter_page(shown, words, language, problem, 429 if locked else 403)
    answer.set_cookie(COOKIE, held, path=path, httponly=True, samesite="lax", secure=is_https(request))
    return answer


async def _forget(request: Request) -> Response:
    """``POST /demo/<secret>/forget`` ``{"visitor"}``: what this viewer asked is deleted, as they started again."""
    row, _ = await run_sync(lambda: (_living(request), _found(request)))
    _, words = words_for(request)
    visitor = read_visitor(await read_json(request, words), words)
    return JSONResponse({"deleted": await run_sync(forget_viewer, row, visitor) if visitor else 0})


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _headers() -> dict[str, str]:
    return {"Content-Security-Policy": policy("'none'"), **NEVER_KEPT}


routes = [
    *page_routes(Entrance(PREFIX, _found, keep_asked)),
    Route(f"{PREFIX}/{{name}}/enter", in_sentences(_enter), methods=["POST"]),
    Route(f"{PREFIX}/{{name}}/forget", in_sentences(_forget), methods=["POST"]),
    rest_of(PREFIX),
]

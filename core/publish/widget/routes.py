"""What the widget is served by: its script for every site, and a page of ours on which an owner tries it."""

from html import escape
from pathlib import Path
from string import Template

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.errors import NotFound
from core.gate import from_an_editor
from core.publish.publications import published
from core.publish.widget.script import mark, script
from core.publish.widget.snippet import snippet

HOUR = "public, max-age=3600"  # so long a site may show the version before
_FOLDER = Path(__file__).parent
_TRY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


async def widget_file(request: Request) -> Response:
    """``GET /widget.js``: the bubble. It is the same for every site, and any site may load it."""
    headers = {
        "Cache-Control": HOUR,
        "ETag": mark(),
        "Access-Control-Allow-Origin": "*",  # for sites that load it with crossorigin or as a module
        "Cross-Origin-Resource-Policy": "cross-origin",  # for sites that are isolated from all others
    }
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if mark() in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(script(), media_type="text/javascript", headers=headers)


async def try_page(request: Request) -> Response:
    """``GET /a/<name>/try``: a plain page with the bubble, for whoever may publish it. Raises NotFound."""
    if not await from_an_editor(request.scope):
        raise NotFound("")
    publication = await run_sync(published, request.path_params["name"])
    line = snippet(publication, "../..").replace(" async", " data-test async")
    shown = Template((_FOLDER / "try.html").read_text(encoding="utf-8")).substitute(
        title=escape(publication.title), snippet=line
    )
    return HTMLResponse(shown, headers={"Content-Security-Policy": _TRY_POLICY, "Cache-Control": "no-store"})


async def try_style(_request: Request) -> Response:
    """``GET /a/try.css``: the stylesheet of that page."""
    style = (_FOLDER / "try.css").read_text(encoding="utf-8")
    return Response(style, media_type="text/css", headers={"Cache-Control": "no-cache"})

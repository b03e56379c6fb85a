"""What a visitor's browser asks for: the page, its files, an answer. No Streamlit, no session, no cookie."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.assistants.voices import voice
from core.errors import AnswerbookError, NotFound, TooManyQuestions
from core.gate import address_of
from core.log import log_failure
from core.publish.asking import AnswerStream, failed
from core.publish.entrance import Entrance, Keep, Turned
from core.publish.logo import logo_png
from core.publish.offers import questions_to_begin_with
from core.publish.page_html import file_text, gone_page, gone_stylesheet, proof_script, stylesheet, visitor_page
from core.publish.publications import Publication, published
from core.publish.requests import Refused, read_json, read_message, read_question, text_of
from core.publish.source_page import source_page
from core.publish.sources import place_as_json, place_as_png
from core.publish.visitors import keep_answer, keep_feedback, keep_lead
from core.publish.widget import try_page, try_style, widget_file
from core.publish.words import Words, chosen_language, too_many, words_in
from core.spending import admit, challenge, is_proven, must_prove

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # their address changes with them
NEVER_KEPT = {"Cache-Control": "no-store"}
SOURCE_GONE = ("no_source", "no_version", "no_text", "no_original")  # the page is there, what it cites is not
_ACCEPTED = "accept-language"


def policy(frame_ancestors: str) -> str:
    """Return the Content-Security-Policy of a visitor's page: nothing inline, nothing of another address."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {frame_ancestors}"
    )


def _page_headers(publication: Publication | None, *, preview: bool = False) -> dict[str, str]:
    """Only the owner's sites may frame the page; ``preview``: the owner's own pages, and no other."""
    allowed = " ".join(publication.origins) if publication else ""
    ancestors = "'self'" if preview else allowed or "'none'"
    return {"Content-Security-Policy": policy(ancestors), "Cache-Control": "no-cache"}


def words_for(request: Request) -> tuple[str, Words]:
    """Return the language that a visitor's browser asks for, as far as we have it, and the sentences in it."""
    language = chosen_language(request.headers.get(_ACCEPTED, ""))
    return language, words_in(language)


async def _words_of(request: Request, publication: Publication) -> Words:
    """Return the sentences in the language in which the assistant's page stands before this visitor."""
    spoken = await run_sync(voice, publication.assistant_id)
    return words_in(chosen_language(request.headers.get(_ACCEPTED, ""), spoken.language))


Handler = Callable[[Request], Awaitable[Response]]
PageHandler = Callable[[Request, Publication], Awaitable[Response]]


def in_sentences(handle: Handler) -> Handler:
    """Answer whatever goes wrong with a sentence for a visitor, as a page or as JSON."""

    async def handled(request: Request) -> Response:
        language, words = words_for(request)
        try:
            return await handle(request)
        except Turned as turned:
            return turned.response
        except NotFound as missing:
            if missing.code in SOURCE_GONE:
                return JSONResponse({"what": words["no_source"], "remedy": words["no_source_remedy"]}, 404)
            if "text/html" in request.headers.get("accept", ""):
                return HTMLResponse(gone_page(words, language), 404, _page_headers(None))
            return JSONResponse({"what": f"{words['gone']}.", "remedy": words["gone_remedy"]}, 404)
        except Refused as refused:
            return JSONResponse({"what": refused.what, "remedy": refused.remedy}, refused.status)
        except TooManyQuestions as many:
            return JSONResponse(
                {"what": many.what, "remedy": many.remedy}, 429, {"Retry-After": str(many.seconds), **NEVER_KEPT}
            )
        except AnswerbookError as error:
            log_failure("visitor.failed", error)
            return JSONResponse(failed(words), 503)

    return handled


async def _admitted(request: Request, publication: Publication, words: Words, visitor: str = "") -> None:
    """Count what a visitor sends. Raises TooManyQuestions in their language."""
    address = address_of(request.scope)
    try:
        await run_sync(partial(admit, publication.assistant_id, visitor=visitor, address=address))
    except TooManyQuestions as many:
        raise too_many(words, many) from None


async def _work_to_do(request: Request, publication: Publication, proof: str) -> str:
    """Return the challenge that this visitor's browser has to answer before the question is; "" where there is none."""
    of, address = publication.assistant_id, address_of(request.scope)

    def work() -> str:
        return "" if not must_prove(of, address) or is_proven(of, address, proof) else challenge(of, address)

    return await run_sync(work)


async def page_route(request: Request, publication: Publication) -> Response:
    """``GET /a/<name>``: the visitor's page; ``?frame=1`` as it stands in the widget."""

    def page() -> str:
        spoken = voice(publication.assistant_id)
        # The widget names the language of the site around it; it goes before the browser's.
        accepted = f"{request.query_params.get('language', '')},{request.headers.get(_ACCEPTED, '')}"
        language = chosen_language(accepted, spoken.language)
        suggested = questions_to_begin_with(publication.assistant_id, language)
        frame = request.query_params.get("frame") == "1"
        words = words_in(language)
        return visitor_page(publication, words, language, greeting=spoken.greeting, suggested=suggested, frame=frame)

    preview = request.query_params.get("preview") == "1"
    return HTMLResponse(await run_sync(page), headers=_page_headers(publication, preview=preview))


async def style_route(_request: Request, publication: Publication) -> Response:
    """``GET /a/<name>/page.css``: the stylesheet in the owner's colour."""
    return Response(stylesheet(publication), media_type="text/css", headers=FOREVER)


async def gone_style_route(_request: Request) -> Response:
    """``GET /a/gone.css``: the stylesheet of the page where nothing is."""
    return Response(gone_stylesheet(), media_type="text/css", headers=FOREVER)


async def proof_route(_request: Request) -> Response:
    """``GET /a/proof.js``: the script for the work against bots; a page loads it when it is asked for that."""
    return Response(proof_script(), media_type="text/javascript", headers=FOREVER)


async def script_route(_request: Request) -> Response:
    """``GET /a/page.js``: the script of every visitor's page."""
    return Response(file_text("page.js"), media_type="text/javascript", headers=FOREVER)


async def ask_route(request: Request, publication: Publication, keep: Keep) -> Response:
    """``POST /a/<name>/ask``: an answer as server-sent events; see AnswerStream.

    From an address that asks much, 428 with a ``challenge`` first: the page sends its answer along as ``proof``.
    """
    words = await _words_of(request, publication)
    asked = read_question(await read_json(request, words), words)
    if work := await _work_to_do(request, publication, asked.proof):
        told = {"what": words["unproven"], "remedy": words["unproven_remedy"], "challenge": work}
        return JSONResponse(told, 428, NEVER_KEPT)
    await _admitted(request, publication, words, asked.visitor)
    return AnswerStream(publication, asked, words, keep)


async def place_route(request: Request, publication: Publication) -> Response:
    """``GET /a/<name>/place``: a cited place of a public source, as JSON."""
    place = await run_sync(place_as_json, publication, dict(request.query_params))
    return JSONResponse(place, headers=NEVER_KEPT)


async def source_route(request: Request, publication: Publication) -> Response:
    """``GET /a/<name>/source``: the same place as a page of its own, for links in other programs' answers."""
    language, words = words_for(request)
    headers = {**_page_headers(publication), **NEVER_KEPT}
    try:
        page = await run_sync(source_page, publication, dict(request.query_params), words, language)
    except NotFound:
        told = {**words, "gone": words["no_source"], "gone_remedy": words["no_source_remedy"]}
        return HTMLResponse(gone_page(told, language), 404, headers)
    return HTMLResponse(page, headers=headers)


async def picture_route(request: Request, publication: Publication) -> Response:
    """``GET /a/<name>/picture``: the page of a cited place as PNG."""
    png = await run_sync(place_as_png, publication, dict(request.query_params))
    return Response(png, media_type="image/png", headers=NEVER_KEPT)


async def logo_route(_request: Request, publication: Publication) -> Response:
    """``GET /a/<name>/logo``: the owner's logo."""
    if not publication.look.logo:
        raise NotFound("There is no logo.")
    return Response(logo_png(publication.look.logo), media_type="image/png", headers=FOREVER)


async def feedback_route(request: Request, publication: Publication) -> Response:
    """``POST /a/<name>/feedback`` ``{"answer", "good", "comment", "visitor"}``: kept beside an answer that is kept."""
    words = await _words_of(request, publication)
    sent = await read_json(request, words)
    visitor, answer_id, comment = (text_of(sent, name, words) for name in ("visitor", "answer", "comment"))
    good = sent.get("good") is True
    kept = await run_sync(partial(keep_feedback, publication, visitor, answer_id, good=good, comment=comment))
    return JSONResponse({"kept": kept}, 200 if kept else 404)


async def lead_route(request: Request, publication: Publication) -> Response:
    """``POST /a/<name>/lead`` ``{"name", "contact", "message", "asked"}``: a message to a person."""
    words = await _words_of(request, publication)
    if not publication.handover.form:
        raise NotFound("There is no form.")
    sent = read_message(await read_json(request, words), words)
    await _admitted(request, publication, words)
    try:
        await run_sync(keep_lead, publication.assistant_id, sent.name, sent.contact, sent.message, sent.asked)
    except AnswerbookError as error:
        if error.code != "many_leads":
            raise
        raise Refused(words, "many_leads", 503) from None
    return JSONResponse({"sentence": words["form_sent"]})


async def slash_route(_request: Request, publication: Publication) -> Response:
    """``GET /a/<name>/``: to the page's own address, from which its files are found."""
    return RedirectResponse(f"../{publication.name}", 308)


@in_sentences
async def nothing_route(_request: Request) -> Response:
    """Say what is wrong with any other address below ``/a``."""
    raise NotFound("")


def _route(path: str, handler: Any, *methods: str) -> Route:
    return Route(path, handler, methods=methods or ("GET",))


def _found_by(find: Callable[[Request], Publication], handle: PageHandler) -> Handler:
    async def handled(request: Request) -> Response:
        return await handle(request, await run_sync(find, request))

    return in_sentences(handled)


def page_routes(entrance: Entrance) -> list[Route]:
    """Return what a visitor's page needs at an entrance: itself, its files, answers and places; and nothing else."""
    prefix = entrance.prefix

    def of_page(tail: str, handle: PageHandler, *methods: str) -> Route:
        return _route(f"{prefix}/{{name}}{tail}", _found_by(entrance.find, handle), *methods)

    return [
        _route(f"{prefix}/page.js", script_route),
        _route(f"{prefix}/proof.js", proof_route),
        of_page("", page_route),
        of_page("/", slash_route),
        of_page("/page.css", style_route),
        of_page("/logo", logo_route),
        of_page("/place", place_route),
        of_page("/picture", picture_route),
        of_page("/ask", partial(ask_route, keep=entrance.keep), "POST"),
        of_page("/lead", lead_route, "POST"),
    ]


def rest_of(prefix: str) -> Route:
    """Return what answers at every other address below an entrance: that nothing is there."""
    return _route(f"{prefix}/{{rest:path}}", nothing_route, "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _published(request: Request) -> Publication:
    return published(request.path_params["name"])


routes = [
    _route("/a/gone.css", gone_style_route),
    _route("/a/try.css", try_style),
    _route("/widget.js", widget_file),
    *page_routes(Entrance("/a", _published, keep_answer)),
    _route("/a/{name}/try", in_sentences(try_page)),
    _route("/a/{name}/source", _found_by(_published, source_route)),
    _route("/a/{name}/feedback", _found_by(_published, feedback_route), "POST"),
    rest_of("/a"),
]

"""The gate's own pages, as HTML that works without a script: one card, a form, a sentence where something is wrong."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from core.errors import AnswerbookError

STYLE = (Path(__file__).parent / "sign_in.css").read_text(encoding="utf-8")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "X-Frame-Options": "DENY",
}


def sheet(title: str, *sections: str, status: int = 200, after: str = "") -> HTMLResponse:
    """Return a page of these sections; ``after`` stands below them."""
    cards = "".join(f"<section>{section}</section>" for section in sections)
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Answerbook</title>"
        '<link rel="stylesheet" href="/sign-in.css"></head>'
        f'<body><main><p class="brand">Answerbook</p>{cards}{after}</main></body></html>',
        status,
        HEADERS,
    )


def style() -> Response:
    """Return the stylesheet of these pages."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def heading(title: str, sentence: str = "", error: AnswerbookError | None = None) -> str:
    """The head of a card; what is wrong is read out first by screen readers."""
    said = f'<p class="quiet">{escape(sentence)}</p>' if sentence else ""
    return f"<h1>{escape(title)}</h1>{said}{trouble(error)}"


def trouble(error: AnswerbookError | None) -> str:
    """What went wrong with the last press, and what to do."""
    if error is None:
        return ""
    return f'<p class="bad" role="alert"><strong>{escape(error.what)}</strong>{escape(error.remedy)}</p>'


def form(action: str, token: str, button: str, *fields: str, second: bool = False) -> str:
    """A form of these fields; ``token`` proves that this page sent it."""
    kind = ' class="second"' if second else ""
    hidden = f'<input type="hidden" name="form" value="{escape(token)}">'
    return (
        f'<form method="post" action="{escape(action)}">{hidden}{"".join(fields)}'
        f"<button{kind}>{escape(button)}</button></form>"
    )


def field(
    name: str, label: str, kind: str = "text", value: str = "", fill: str = "", hint: str = "", *more: str
) -> str:
    """A field with its label; ``fill`` is what the browser may fill it with, ``more`` are further attributes."""
    needed = "" if "optional" in more else " required"
    extra = "".join(f" {word}" for word in more if word != "optional")
    told = f'<span class="hint" id="{name}-hint">{escape(hint)}</span>' if hint else ""
    described = f' aria-describedby="{name}-hint"' if hint else ""
    return (
        f'<label>{escape(label)}<input type="{kind}" name="{name}" value="{escape(value)}" '
        f'autocomplete="{fill or "off"}" maxlength="254"{needed}{extra}{described}>{told}</label>'
    )


def hidden(name: str, value: str) -> str:
    """A value that goes along."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def link(address: str, words: str, kind: str = "back") -> str:
    """A link; ``kind`` is its class."""
    return f'<a class="{kind}" href="{escape(address)}">{escape(words)}</a>'


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Short facts, one a line."""
    return f"<p>{'<br>'.join(f'{escape(name)}: <strong>{escape(value)}</strong>' for name, value in pairs)}</p>"

"""The front door: only a page of this Answerbook, asked for under a name the host knows, talks to it."""

import re
from functools import lru_cache
from html import escape
from textwrap import fill
from typing import NamedTuple

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import DoorError
from core.log import log
from core.operate.hosted_at import hosted_at, public_name
from core.settings import settings

# Spelled as browsers send them: 127.1, localhost. and [::ffff:127.0.0.1] come from no browser's address bar.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_AUTHORITY = re.compile(
    r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?)(?::([1-9][0-9]{0,4}))?", re.IGNORECASE
)
_ORIGIN = re.compile(r"(https?)://([^/?#]+)", re.IGNORECASE)
_FORWARDED_HOST = re.compile(r'(?:^|[;,\s])host="?([^";,\s]+)', re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_DIALOG_CHARACTERS = 46  # Streamlit's dialog shows the text as code, whose lines it does not break
_PAGE_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Answerbook</title></head>"
    '<body style="font: 1.1rem/1.6 sans-serif; max-width: 38rem; margin: 4rem auto; padding: 0 1rem">'
)


class Authority(NamedTuple):
    """A name, in lower case, and a port where one is named: what stands between ``//`` and the path."""

    name: str
    port: int | None


class Door:
    """ASGI middleware: turns away who asks under an unknown Host, or from another page, before anything else runs.

    Against DNS rebinding (a stranger's name that points at this machine) and against pages of any other address or
    port. A Host that is neither localhost, nor one of ``settings().hosts``, nor the name that a hosting service gave
    this server gets 421, another page's Origin 403.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say why not."""
        if scope["type"] in ("http", "websocket"):
            try:
                if not _is_probe(scope):
                    judge(scope, named_hosts(f"{settings().hosts},{public_name()}"))
            except DoorError as error:
                await turn_away(error, scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_probe(scope: Scope) -> bool:
    """Say whether a hosting service asks if the process lives, under whatever name: Railway's, or a bare address.

    Without the answer it starts nothing, or starts it anew for ever. What is said is the same for everyone.
    """
    return scope["path"] == "/api/alive" and scope.get("method") in ("GET", "HEAD") and hosted_at() is not None


def judge(scope: Scope, hosts: frozenset[Authority]) -> None:
    """Look whether a request may come in; ``hosts`` are the names besides localhost.

    Raises DoorError: "host" for a name that is not known, "forwarded" where a proxy has put another name in its place,
    "page" for another page.
    """
    host = _host_of(scope, hosts)
    _judge_forwarding(scope, host)
    # Programs come with a key and no cookie: a page can send none that it was not given, and the key names its sites.
    if not (scope["type"] == "http" and scope["path"].startswith("/v1/")):
        _judge_page(scope, host, listed=_is_listed(host, hosts))


@lru_cache(maxsize=4)
def named_hosts(text: str) -> frozenset[Authority]:
    """Read the setting: names by comma, each with or without a port; a pasted address counts as its name.

    A ``*`` or a leading dot is no name and counts for nothing: any name that a stranger points at this machine, or any
    machine below a name, would come in. What counts for nothing is a line in the log.
    """
    hosts = set()
    for entry in filter(None, map(str.strip, text.split(","))):
        plain = entry.rpartition("://")[2].partition("/")[0]
        try:
            authority = read_authority(plain if plain.isascii() else plain.encode("idna").decode())
        except UnicodeError:
            authority = None
        if authority is None:
            log("door.host_unusable", entry=entry)
        else:
            hosts.add(authority)
    return frozenset(hosts)


def read_authority(text: str) -> Authority | None:
    """Read ``name``, ``name:port``, ``[ipv6]`` or ``[ipv6]:port``, strictly; None for anything else."""
    parts = _AUTHORITY.fullmatch(text)
    if parts is None or int(parts[2] or 0) > 65535 or ".." in parts[1]:
        return None
    return Authority(parts[1].lower(), int(parts[2]) if parts[2] else None)


def _host_of(scope: Scope, hosts: frozenset[Authority]) -> Authority:
    """Return the name and port a request asks for. Raises DoorError "host" unless they are known."""
    values = _values(scope, b"host")
    host = read_authority(values[0]) if len(values) == 1 else None
    if host is not None and (host.name in LOCAL_NAMES or _is_listed(host, hosts)):
        return host
    here = f"http://localhost:{(scope.get('server') or ('', 8501))[1]}"
    name = f"the name {_written(host)}" if host else "no name, or one that no browser sends"
    setting = f"ANSWERBOOK_HOSTS={_written(host)}" if host else "ANSWERBOOK_HOSTS to its name"
    raise DoorError(
        f"This Answerbook was asked for under {name}, which it does not know, so it shows nothing.",
        f"On the machine it runs on, open {here}. To let people in under this name, whoever runs it sets {setting} and "
        "starts it again. A proxy in front must pass the Host on as the browser sent it.",
        code="host",
        status=421,
    )


def _is_listed(host: Authority, hosts: frozenset[Authority]) -> bool:
    """Say whether the setting names this host; a name without a port stands for every port."""
    ports = {None, host.port} if host.port else {None, *_DEFAULT_PORTS.values()}
    return any(Authority(host.name, port) in hosts for port in ports)


def _judge_forwarding(scope: Scope, host: Authority) -> None:
    """Raise DoorError "forwarded" where a proxy says that the browser asked for another name than the Host it sends.

    The page's websocket would be refused for its Origin, and all that anyone would see is a page that never ends
    loading. Names only: proxies leave the port out or put their own in.
    """
    names = _values(scope, b"x-forwarded-host")
    names += [part for value in _values(scope, b"forwarded") for part in _FORWARDED_HOST.findall(value)]
    browser = read_authority(names[0].partition(",")[0].strip()) if names else None
    if browser is not None and browser.name != host.name:
        raise _misdirected(browser, host)


def _judge_page(scope: Scope, host: Authority, *, listed: bool) -> None:
    """Raise DoorError "page" unless a page of this Answerbook asks, or no page at all.

    A websocket and whatever changes something must come from our own page: a browser always names the page then. A
    program without an Origin may write (curl, a script): no browser lets a page leave its name out. Reading is refused
    to another page too, save for static files and the widget's script: they are the same for everyone, the page must
    be able to say what is wrong, and a site may load the script in a way that names the site.
    """
    origins = _values(scope, b"origin")
    writes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
    folders = scope["path"].split("/")[1:3]
    if origins and (writes or not {"static", "widget.js"} & set(folders)):
        allowed = len(origins) == 1 and _is_page(origins[0], scope, host, listed=listed)
    elif scope["type"] == "websocket":
        allowed = False
    elif writes:
        allowed = _values(scope, b"sec-fetch-site") in ([], ["same-origin"])
    else:
        _judge_referer(scope, host, folders)
        return
    if not allowed:
        raise DoorError(
            "Another page than this Answerbook's own asked, so it was refused.",
            "Open Answerbook at its own address. A proxy in front must pass Host and Origin on as the browser sent "
            "them, with the port.",
            code="page",
        )


def _judge_referer(scope: Scope, host: Authority, folders: list[str]) -> None:
    """Raise DoorError "forwarded" where our page's own first question shows that a proxy changed the Host on the way.

    Before its websocket the page asks whether the server is well, and shows the text of a refusal. Its Origin is not
    sent with that, its address is; only pages of this very origin send theirs (Referrer-Policy).
    """
    if "_stcore" not in folders or _values(scope, b"sec-fetch-site") not in ([], ["same-origin"]):
        return
    page = _ORIGIN.match("".join(_values(scope, b"referer")))
    browser = read_authority(page[2]) if page else None
    if page is None or browser is None:
        return
    default = _DEFAULT_PORTS[page[1].lower()]
    if (browser.name, browser.port or default) != (host.name, host.port or default):
        raise _misdirected(browser, host)


def _misdirected(browser: Authority, host: Authority) -> DoorError:
    return DoorError(
        f"The browser asked for {_written(browser)}, but the proxy in front of this Answerbook asked for "
        f"{_written(host)}, so nothing can be shown.",
        "Let the proxy pass the Host on as the browser sent it, with its port (nginx: proxy_set_header Host "
        f"$http_host; Apache: ProxyPreserveHost On), set ANSWERBOOK_HOSTS={_written(browser)} and start Answerbook "
        "again.",
        code="forwarded",
        status=421,
    )


def _is_page(origin: str, scope: Scope, host: Authority, *, listed: bool) -> bool:
    """Say whether an Origin is this very address: scheme, name and port.

    Behind a proxy that ends TLS we are asked by http while the page is https. That is believed for a listed host only:
    its name is the proxy's. On localhost another program may answer at https.
    """
    parts = _ORIGIN.fullmatch(origin)
    page = read_authority(parts[2]) if parts else None
    if parts is None or page is None:
        return False
    scheme = parts[1].lower()
    own = "https" if scope["scheme"] in ("https", "wss") else "http"
    if scheme != own and not (scheme == "https" and listed):
        return False
    default = _DEFAULT_PORTS[scheme]
    return (page.name, page.port or default) == (host.name, host.port or default)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _written(authority: Authority) -> str:
    return f"{authority.name}:{authority.port}" if authority.port else authority.name


async def turn_away(error: DoorError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or the opening of a websocket, with the sentences."""
    log("door.refused", code=error.code)
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": error.code})
        return
    await _answer(error, scope)(scope, receive, send)


def _answer(error: DoorError, scope: Scope) -> Response:
    """Return a page for a browser's window, JSON for Streamlit's page (it shows no other), lines for a program."""
    headers = {"Cache-Control": "no-store"}
    lines = f"{error.what}\n{error.remedy}"
    if "text/html" in ",".join(_values(scope, b"accept")):
        paragraphs = f"<p>{escape(error.what)}</p><p>{escape(error.remedy)}</p>"
        return HTMLResponse(f"{_PAGE_HEAD}<h1>Answerbook</h1>{paragraphs}</body></html>", error.status, headers)
    if "/_stcore/" in scope["path"]:
        narrow = "\n\n".join(fill(line, _DIALOG_CHARACTERS, break_on_hyphens=False) for line in lines.splitlines())
        return JSONResponse(narrow, error.status, headers)
    return PlainTextResponse(f"{lines}\n", error.status, headers)

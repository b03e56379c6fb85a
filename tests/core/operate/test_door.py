"""Who may come in: every Host, Origin and forwarding header that a browser, a proxy or a stranger may send."""

import json
from contextlib import suppress
from typing import Any

import pytest

from core.operate import Door
from core.operate.door import Authority, named_hosts
from core.settings import settings

OWN = "localhost:8501"
HOST_ODDITIES = [
    *("evil.example", "evil.example:8501", "localhost.evil.example", "evil-localhost", "xlocalhost", "localhostx"),
    *("localhost.", "localhost.:8501", "127.1", "127.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.2"),
    *("0.0.0.0", "0.0.0.0:8501", "127.0.0.1.", "127.0.0.1.nip.io", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[0:0:0:0:0:0:0:1]", "::1", "[::1", "[::1]x", "[::1%25lo]", "[localhost]", "localhost:", "localhost:0"),
    *("localhost:08501", "localhost:8501:80", "localhost:99999", "localhost:-1", "localhost:80a", "localhost: 8501"),
    *("", " ", "user@localhost", "user:word@localhost:8501", "localhost/", "localhost/x", "localhost?x", "localhost#x"),
    *(
        "http://localhost",
        "localhost,evil.example",
        "localhost evil.example",
        "localhost\t",
        " localhost",
        "localhost\\x",
    ),
    *("l\xf6calhost", "\uff4cocalhost", "localhost\x00", "localhost\n", "loc\u200balhost", "127\u30020.0.1", "*", "."),
]


async def _inside(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"in"})


def knock(
    *headers: tuple[str, str],
    kind: str = "http",
    method: str = "GET",
    path: str = "/",
    scheme: str = "",
    extensions: bool = True,
) -> tuple[int, str]:
    """Ask as a server would hand it on; returns status and body, 101 for a websocket that is let in."""
    scope: dict[str, Any] = {
        "type": kind,
        "path": path,
        "method": method,
        "scheme": scheme or {"http": "http", "websocket": "ws"}[kind],
        "server": ("127.0.0.1", 8501),
        "headers": [(name.encode(), value.encode("utf-8")) for name, value in headers],
        "extensions": {"websocket.http.response": {}} if extensions else {},
    }
    if kind == "websocket":
        del scope["method"]
    messages: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request" if kind == "http" else "websocket.connect"}

    with suppress(StopIteration):  # nothing in it waits: no loop is needed, and a browser test has one running
        Door(_inside)(scope, receive, send).send(None)  # type: ignore[arg-type]
    first = messages[0]
    status = {"websocket.accept": 101, "websocket.close": 403}.get(first["type"]) or first["status"]
    return status, "".join(message.get("body", b"").decode() for message in messages)


def socket(*headers: tuple[str, str], **how: Any) -> int:
    return knock(*headers, kind="websocket", path="/_stcore/stream", **how)[0]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "ANSWERBOOK_HOSTS", "kb.example.com, 192.168.1.20:8501,https://Other.Example/answers , büro.example"
    )
    settings.cache_clear()


@pytest.mark.parametrize(
    "host", ["localhost", OWN, "LOCALHOST", "LocalHost:8501", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:65535"]
)
def test_this_machine_comes_in_under_its_own_names(host: str) -> None:
    assert knock(("host", host)) == (200, "in")
    assert socket(("host", host), ("origin", f"http://{host}")) == 101


@pytest.mark.parametrize("host", HOST_ODDITIES)
def test_any_other_host_is_turned_away_everywhere(host: str) -> None:
    status, body = knock(("host", host))
    assert status == 421
    assert "it does not know" in body
    assert "http://localhost:8501" in body
    assert "ANSWERBOOK_HOSTS" in body
    assert socket(("host", host), ("origin", f"http://{host}")) == 421
    assert socket(("host", host), ("origin", f"http://{host}"), extensions=False) == 403


def test_one_host_and_only_one() -> None:
    assert knock()[0] == 421
    assert knock(("host", OWN), ("host", OWN))[0] == 421
    assert knock(("host", OWN), ("host", "evil.example"))[0] == 421
    assert knock(("host", "evil.example"), ("host", OWN))[0] == 421


def test_a_browser_gets_a_page_and_a_program_a_line_and_neither_a_strangers_markup() -> None:
    browser = ("accept", "text/html,application/xhtml+xml")
    status, page = knock(("host", "evil.example"), browser)
    assert status == 421
    assert page.startswith("<!doctype html>")
    assert "ANSWERBOOK_HOSTS=evil.example" in page
    assert knock(("host", "evil.example"))[1].startswith("This Answerbook was asked for under the name evil.example,")
    status, page = knock(("host", "<script>alert(1)</script>"), browser)
    assert status == 421
    assert "script" not in page


@pytest.mark.usefixtures("named")
def test_the_hosts_that_are_named_come_in_and_no_neighbour_of_theirs() -> None:
    for host in (
        "kb.example.com",
        "KB.example.com:444",
        "192.168.1.20:8501",
        "other.example",
        "xn--bro-hoa.example",
        OWN,
    ):
        assert knock(("host", host))[0] == 200, host
    for host in ("example.com", "a.kb.example.com", "kb.example.com.", "192.168.1.20", "192.168.1.20:8502", "answers"):
        assert knock(("host", host))[0] == 421, host


@pytest.mark.parametrize(
    "text", ["*", ".example.com", "*.example.com", "a b", "user@host", "", ",", " , ", "a..b", "x:0"]
)
def test_what_is_no_name_lets_nobody_in(text: str) -> None:
    assert named_hosts(text) == frozenset()


def test_a_name_with_its_default_port_is_the_name() -> None:
    assert named_hosts("a.example:443,b.example") == {Authority("a.example", 443), Authority("b.example", None)}


@pytest.mark.parametrize(
    "origin",
    [
        *("http://localhost:8502", "http://localhost", "https://localhost:8501", "http://127.0.0.1:8501", "null", ""),
        *(
            "http://evil.example",
            "http://localhost:8501.evil.example",
            "http://evil.example:8501",
            "ws://localhost:8501",
        ),
        *("http://localhost:8501/", "http://localhost:8501/x", "//localhost:8501", "localhost:8501", "file://"),
        *("http://user@localhost:8501", "http://localhost:8501 http://evil.example", "http://localhost.:8501", "*"),
        *(
            "http://localhost:8501,http://evil.example",
            "chrome-extension://abc",
            "http://[::1]:8501",
            "http://localhost:",
        ),
    ],
)
def test_another_page_opens_no_websocket_and_reads_and_writes_nothing(origin: str) -> None:
    assert socket(("host", OWN), ("origin", origin)) == 403
    for method in ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"):
        for path in ("/_stcore/upload_file/a/b", "/media/x", "/api/health", "/knowledge"):
            assert knock(("host", OWN), ("origin", origin), method=method, path=path)[0] == 403
    assert knock(("host", OWN), ("origin", origin), method="PUT", path="/static/x")[0] == 403
    assert knock(("host", OWN), ("origin", origin), path="/static/js/index.js")[0] == 200


def test_a_websocket_names_exactly_one_page() -> None:
    own = ("origin", f"http://{OWN}")
    assert socket(("host", OWN), own) == 101
    assert socket(("host", OWN)) == 403
    assert socket(("host", OWN), own, own) == 403
    assert socket(("host", OWN), own, ("origin", "http://evil.example")) == 403
    assert socket(("host", "localhost"), ("origin", "http://localhost:80")) == 101
    assert socket(("host", "LOCALHOST:8501"), ("origin", "HTTP://localhost:8501")) == 101


@pytest.mark.usefixtures("named")
def test_https_is_believed_where_a_proxy_that_is_named_may_end_it() -> None:
    assert socket(("host", "kb.example.com"), ("origin", "https://kb.example.com")) == 101
    assert socket(("host", "kb.example.com"), ("origin", "http://kb.example.com")) == 101
    assert socket(("host", "kb.example.com:443"), ("origin", "https://kb.example.com")) == 101
    assert socket(("host", "kb.example.com"), ("origin", "https://kb.example.com"), scheme="wss") == 101
    assert socket(("host", "kb.example.com"), ("origin", "http://kb.example.com"), scheme="wss") == 403
    assert socket(("host", "kb.example.com"), ("origin", "https://kb.example.com:8443")) == 403
    assert socket(("host", "kb.example.com"), ("origin", "https://other.example")) == 403
    assert socket(("host", "192.168.1.20:8501"), ("origin", "http://192.168.1.20")) == 403
    assert socket(("host", OWN), ("origin", f"https://{OWN}")) == 403
    assert socket(("host", OWN), ("origin", f"https://{OWN}"), scheme="wss") == 101


def test_our_own_page_and_a_program_without_a_page_write() -> None:
    host = ("host", OWN)
    assert knock(host, ("origin", f"http://{OWN}"), method="PUT")[0] == 200
    assert knock(host, method="POST")[0] == 200
    assert knock(host, ("sec-fetch-site", "same-origin"), method="POST")[0] == 200
    for site in ("cross-site", "same-site", "none", "same-origin, cross-site"):
        assert knock(host, ("sec-fetch-site", site), method="POST")[0] == 403, site
        assert knock(host, ("sec-fetch-site", site))[0] == 200, "a link from elsewhere opens the page"


@pytest.mark.parametrize(
    "header",
    [
        ("x-forwarded-host", "kb.example.com"),
        ("X-Forwarded-Host", "KB.example.com, inner"),
        ("forwarded", "for=192.0.2.1;host=kb.example.com;proto=https"),
        ("forwarded", 'for=192.0.2.1; host="kb.example.com:443", for=10.0.0.1'),
    ],
)
def test_a_proxy_that_puts_another_host_in_is_told_of_on_the_page(header: tuple[str, str]) -> None:
    status, body = knock(("host", "127.0.0.1:8501"), header, ("accept", "text/html"))
    assert status == 421
    assert "proxy_set_header Host $http_host" in body
    assert "ANSWERBOOK_HOSTS=kb.example.com" in body


@pytest.mark.usefixtures("named")
def test_a_proxy_that_passes_the_host_on_is_let_in() -> None:
    for forwarded in ("kb.example.com", "kb.example.com:443", "kb.example.com, inner.example", "", "?"):
        assert knock(("host", "kb.example.com"), ("x-forwarded-host", forwarded))[0] == 200


def test_a_proxy_that_says_nothing_is_noticed_by_the_page_s_first_question() -> None:
    host, question = ("host", "127.0.0.1:8501"), "/_stcore/health"
    referer = ("referer", "https://kb.example.com/knowledge")
    same = ("sec-fetch-site", "same-origin")
    for headers in ((referer,), (referer, same)):
        status, body = knock(host, *headers, path=question)
        assert status == 421
        assert " ".join(json.loads(body).split()).startswith("The browser asked for kb.example.com, but the proxy")
    assert knock(host, ("referer", "http://127.0.0.1:8501/knowledge"), same, path=question)[0] == 200
    assert knock(host, ("referer", "about:blank"), path=question)[0] == 200
    assert knock(host, referer, path="/")[0] == 200, "a link from elsewhere opens the page"
    assert knock(host, path=question)[0] == 200, "a probe has no page"


def test_the_name_that_a_hosting_service_gave_is_let_in_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ("Host", "kb.onrender.com")
    monkeypatch.setenv("RENDER_EXTERNAL_HOSTNAME", "kb.onrender.com")
    assert knock(given)[0] == 421, "anybody may have set that one"
    monkeypatch.setenv("RENDER", "true")
    assert knock(given) == (200, "in")
    assert knock(given, ("Origin", "https://kb.onrender.com"), kind="websocket")[0] == 101
    assert knock(given, ("Origin", "https://other.onrender.com"), kind="websocket")[0] == 403
    assert knock(("Host", "other.onrender.com"))[0] == 421


@pytest.mark.parametrize("host", ["healthcheck.railway.app", "10.0.0.7:8501"])
def test_only_a_hosting_service_s_probe_may_use_any_name(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    probe = ("Host", host)
    assert knock(probe, path="/api/alive")[0] == 421
    monkeypatch.setenv("RAILWAY_PROJECT_ID", "1")
    assert knock(probe, path="/api/alive") == (200, "in")
    for path in ("/", "/api/ready", "/api/alive/", "/api/alivex"):
        assert knock(probe, path=path)[0] == 421, path
    assert knock(probe, path="/api/alive", method="POST")[0] == 421
    assert knock(probe, path="/api/alive", kind="websocket")[0] == 421

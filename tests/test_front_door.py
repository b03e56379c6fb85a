"""The real server on a real port, asked as strangers, proxies and other local pages would ask it."""

import http.client
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import create_connection
from time import sleep

import pytest

from tests.e2e.server import Server
from tests.gate_kit import OWNER, PASSWORD, Client

PATHS = (
    *("/", "/knowledge", "/api/health", "/api/alive", "/api/ready", "/media/x", "/static/x", "/nowhere"),
    *("/_stcore/health", "/_stcore/host-config", "/_stcore/upload_file/a/b"),
)
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("door") / "data", ANSWERBOOK_HOSTS="kb.example.com").start()
    yield started
    started.stop()


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Ask the server on its port, whatever the headers say; returns status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        return answer.status, "" if answer.status == 101 else answer.read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server with an owner, and the header of who is signed in: under a name for others nothing is open."""
    started = Server(tmp_path_factory.mktemp("closed") / "data", ANSWERBOOK_HOSTS="kb.example.com").start()
    owner = Client(started)
    owner.send("/welcome", email=OWNER, name="", password=PASSWORD)
    yield started, {"Cookie": f"answerbook_session={owner.cookies['answerbook_session']}"}
    started.stop()


def open_socket(server: Server, host: str, **headers: str) -> int:
    return ask(server, "/_stcore/stream", Host=host, **UPGRADE, **headers)[0]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "127.1", "localhost.", "user@localhost", "a b"])
def test_a_strange_name_gets_nothing_anywhere(server: Server, host: str) -> None:
    for path in PATHS:
        status, body = ask(server, path, Host=host)
        assert (status, "not know" in body) == (421, True), path
        for method in ("PUT", "POST", "DELETE", "OPTIONS"):
            assert ask(server, path, method, Host=host)[0] == 421, path
    assert open_socket(server, host, Origin=f"http://{host}") == 421


def test_its_own_page_and_no_other_opens_the_websocket(server: Server) -> None:
    own = f"127.0.0.1:{server.port}"
    assert open_socket(server, own, Origin=f"http://{own}") == 101
    assert open_socket(server, f"localhost:{server.port}", Origin=f"http://localhost:{server.port}") == 101
    assert open_socket(server, "kb.example.com", Origin="https://kb.example.com") == 403, "nobody is signed in"
    assert open_socket(server, own) == 403
    for origin in (
        "http://127.0.0.1:18618",
        "http://localhost:18618",
        "http://127.0.0.1",
        "null",
        "http://evil.example",
    ):
        assert open_socket(server, own, Origin=origin) == 403, origin
        assert ask(server, "/_stcore/upload_file/a/b", "PUT", Host=own, Origin=origin)[0] == 403, origin
        assert ask(server, "/_stcore/health", Host=own, Origin=origin)[0] == 403, origin


def test_under_a_listed_name_who_is_signed_in_opens_the_websocket(signed_in: tuple[Server, dict[str, str]]) -> None:
    server, cookie = signed_in
    assert open_socket(server, "kb.example.com", Origin="https://kb.example.com", **cookie) == 101
    assert ask(server, "/", Host="kb.example.com", X_Forwarded_Host="kb.example.com", **cookie)[0] == 200
    assert ask(server, "/", Host="kb.example.com", X_Forwarded_Host="evil.example", **cookie)[0] == 421


def test_a_proxy_that_changes_the_host_is_said_and_the_headers_are_there(server: Server) -> None:
    own = f"127.0.0.1:{server.port}"
    status, body = ask(server, "/", Host=own, X_Forwarded_Host="kb.example.com", Accept="text/html")
    assert (status, "pass the Host on" in body) == (421, True)
    status, body = ask(server, "/_stcore/health", Host=own, Referer="https://kb.example.com/knowledge")
    assert (status, "kb.example.com" in body) == (421, True)
    assert ask(server, "/", Host="kb.example.com", X_Forwarded_Host="kb.example.com")[0] == 401
    assert ask(server, "/_stcore/health", Host=own)[0] == 200


def test_a_page_behind_a_proxy_that_says_nothing_still_loads_its_scripts(server: Server) -> None:
    own = f"127.0.0.1:{server.port}"
    body = ask(server, "/", Host=own)[1]
    script = "/" + body.partition('src="./')[2].partition('"')[0]
    assert ask(server, script, Host=own, Origin="https://kb.example.com")[0] == 200


@pytest.mark.slow
def test_a_connection_without_a_whole_request_is_closed_and_one_at_work_is_not(server: Server) -> None:
    own = f"127.0.0.1:{server.port}"
    head = f"GET /_stcore/health HTTP/1.1\r\nHost: {own}\r\n".encode()
    connections = [create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(40)]
    nothing, half, again, page = connections[:10], connections[10:30], connections[30:39], connections[39]
    for connection in half:
        connection.sendall(head)
    for connection in again:
        connection.sendall(head + b"\r\n" + head)
    upgrade = "".join(f"{name}: {value}\r\n" for name, value in UPGRADE.items())
    page.sendall(f"GET /_stcore/stream HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n{upgrade}\r\n".encode())
    assert page.recv(12) == b"HTTP/1.1 101"
    for connection in (*nothing, *half):
        assert connection.recv(1000) == b""
    for connection in again:
        received = b""
        while piece := connection.recv(1000):
            received += piece
        assert received.count(b"HTTP/1.1 200") == 1
    page.settimeout(0)
    with suppress(BlockingIOError):
        assert page.recv(100_000) != b"", "the page's websocket is left alone"
    for connection in connections:
        connection.close()


def test_alive_says_that_it_answers_and_ready_what_is_away(tmp_path: Path) -> None:
    blocked = tmp_path / "data"
    blocked.write_text("a file, where a folder should be")
    broken = Server(blocked, OPENAI_API_KEY="sk-test-key").start()
    own = f"127.0.0.1:{broken.port}"
    try:
        assert ask(broken, "/api/alive", Host=own) == (200, '{"ok":true}')
        status, body = ask(broken, "/api/ready", Host=own)
        assert (status, json.loads(body)["database"], json.loads(body)["ok"]) == (503, "not_writable", False)
        assert str(tmp_path) not in body
        assert "sk-test-key" not in body
        assert ask(broken, "/api/health", Host=own) == (status, body)
    finally:
        broken.stop()


def test_ready_once_everything_is_there(server: Server) -> None:
    own = f"127.0.0.1:{server.port}"
    for _ in range(100):
        status, body = ask(server, "/api/ready", Host=own)
        if status == 200:
            break
        sleep(0.2)
    assert (status, json.loads(body)["worker"]) == (200, "here")


def test_a_site_may_load_the_widget_but_not_ask(server: Server) -> None:
    site = "https://shop.example"
    assert ask(server, "/widget.js", Origin=site)[0] == 200
    assert ask(server, "/widget.js", "POST", Origin=site)[0] == 403
    for origin in (site, "null", "http://127.0.0.1:1", f"https://127.0.0.1:{server.port}"):
        assert ask(server, "/a/help/ask", "POST", Origin=origin)[0] == 403
        assert ask(server, "/a/help", Origin=origin)[0] == 403
    assert ask(server, "/a/help/ask", "POST", Origin=server.url)[0] == 404  # nothing is published under this name

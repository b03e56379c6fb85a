"""Role by every route, page, media file, upload and websocket of the running server: who gets what, and no hole.

What there is comes from the server's own routes and menu; who may have it is written down here by hand. A new page or
route without a line here fails.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from core.people import ROUTES
from tests.e2e.server import PROJECT, Server
from tests.gate_kit import OWNER, PASSWORD, Client, Window

ROLES = ("nobody", "viewer", "tester", "editor", "owner")
ALL, SIGNED_IN, TESTER, EDITOR, OWNERS, NONE = (ROLES[start:] for start in (0, 1, 2, 3, 4, 5))
EXPECTED_PAGES = {
    "": SIGNED_IN,
    "knowledge": EDITOR,
    "passages": EDITOR,
    "search": EDITOR,
    "voice": EDITOR,
    "chat": TESTER,
    "publish": EDITOR,
    "show": EDITOR,
    "people": OWNERS,
    "settings": EDITOR,
}
MENUS = {
    "viewer": ["Home"],
    "tester": ["Chat"],
    "editor": ["Home", "Knowledge", "Passages", "Search test", "Voice", "Chat", "Publish", "Settings"],
    "owner": ["Home", "Knowledge", "Passages", "Search test", "Voice", "Chat", "Publish", "People", "Settings"],
}
EXPECTED_ROUTES = {
    "/login": ALL,
    "/login/outside": ALL,
    "/login/outside/back": ALL,
    "/logout": ALL,
    "/welcome": ALL,
    "/invite/{code}": ALL,
    "/sign-in.css": ALL,
    "/account": SIGNED_IN,
    "/backup": OWNERS,
    "/backup/assistant/{assistant_id}": EDITOR,
    "/restore": OWNERS,
    "/restore/{ticket}": OWNERS,
    "/assistant-file": EDITOR,
    "/widget.js": ALL,
    "/api/alive": ALL,
    "/api/ready": ALL,
    "/api/health": ALL,
    "/_stcore/health": ALL,
    "/_stcore/metrics": OWNERS,
    "/_stcore/host-config": SIGNED_IN,
    "/_stcore/stream": SIGNED_IN,
    "/media/{file_id:path}": TESTER,
    "/_stcore/upload_file/{session_id}/{file_id}": EDITOR,
    "/component/{path:path}": SIGNED_IN,
    "/_stcore/bidi-components/{path:path}": SIGNED_IN,
    "/auth/login": NONE,
    "/auth/logout": NONE,
    "/oauth2callback": NONE,
    "/_stcore/agent/interact": NONE,
    "/_stcore/agent/openapi.json": NONE,
    "/_stcore/agent/mcp": NONE,
    "": SIGNED_IN,  # Streamlit's page itself, for every address that is none of the others
}
# What has rules of its own, whoever is signed in: tested in tests/core/publish and tests/core/demo, and test_scopes.py.
OWN_RULES = ("/a/", "/demo/", "/v1/")
FOR_VISITORS = (
    "/a/page.js",
    "/a/proof.js",
    "/a/gone.css",
    "/a/try.css",
    "/a/{name}",
    "/a/{name}/",
    "/a/{name}/try",
    "/a/{name}/source",
    "/a/{name}/page.css",
    "/a/{name}/logo",
    "/a/{name}/place",
    "/a/{name}/picture",
    "/a/{name}/ask",
    "/a/{name}/feedback",
    "/a/{name}/lead",
    "/a/{rest:path}",
    "/demo/page.js",
    "/demo/proof.js",
    "/demo/{name}",
    "/demo/{name}/",
    "/demo/{name}/page.css",
    "/demo/{name}/logo",
    "/demo/{name}/place",
    "/demo/{name}/picture",
    "/demo/{name}/ask",
    "/demo/{name}/lead",
    "/demo/{name}/enter",
    "/demo/{name}/forget",
    "/demo/{rest:path}",
)
EXPECTED_ROUTES |= dict.fromkeys(FOR_VISITORS, ALL)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OURS = ("You are not signed in", "This is not for you", "There is nothing at this address")


@dataclass
class House:
    """The running server, a browser for each role, and what an owner's window has of media and uploads."""

    server: Server
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    server = Server(tmp_path_factory.mktemp("matrix") / "data").start()
    clients = {role: Client(server) for role in ROLES}
    assert clients["owner"].send("/welcome", email=OWNER, name="", password=PASSWORD)[0] == 303
    for role in ("viewer", "tester", "editor"):
        code = invited_as(clients["owner"], role)
        answer = clients[role].send(f"/invite/{code}", email=f"{role}@example.com", name="", password=PASSWORD)
        assert answer[0] == 303
        assert f"Here as: <strong>{role}</strong>" in clients[role].ask("/account")[1]
    yield House(server, clients)
    server.stop()


def invited_as(owner: Client, role: str) -> str:
    """The secret part of a link, made on the page People."""
    with owner.window() as window:
        drawn = window.press(window.draw("people"), "make_link", invite_role=role.capitalize())
    code = re.search(r"/invite/([\w-]{32})", drawn)
    assert code is not None
    return code[1]


def routes_of_the_app() -> list[str]:
    """Every path that the server's routes know: Streamlit's and ours."""
    script = (
        "import json, sys, app\n"
        "from streamlit.web.server.starlette.starlette_app import create_streamlit_routes as made\n"
        "routes = [*made(app.app._create_runtime()), *app.app._user_routes]\n"
        "sys.stdout.write('\\n' + json.dumps(sorted({route.path for route in routes})))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    paths: list[str] = json.loads(done.stdout.splitlines()[-1])
    return paths


def refused(status: int, body: str, headers: dict[str, str]) -> bool:
    """Whether the gate turned a request away: by its sentences, or to where one signs in."""
    location = headers.get("location", "")
    to_sign_in = status == 303 and re.match(r"/(login|welcome)(\?|$)", location) is not None
    return to_sign_in or (status in (401, 403, 404) and any(sentence in body for sentence in OURS))


def sample(path: str) -> str:
    return re.sub(r"\{\w+(:path)?\}", "x", path) or "/"


def test_every_route_has_a_line_here_and_a_rule() -> None:
    assert {path for path in routes_of_the_app() if not path.startswith("/v1/")} == set(EXPECTED_ROUTES)
    for path in set(EXPECTED_ROUTES) - {""}:
        assert path in ROUTES or path.startswith(("/_stcore/agent/", *OWN_RULES)), path


@pytest.mark.parametrize("role", ROLES)
def test_routes(house: House, role: str) -> None:
    wrong = []
    for path, allowed in EXPECTED_ROUTES.items():
        got = (0, False)
        for method in METHODS:
            if path == "/logout" and method == "POST":
                continue  # without our form's value it answers with its page: looked at in test_gate
            if method == "HEAD" and path.startswith(OWN_RULES):
                continue  # who refuses is told by the body
            client = Client(house.server)
            client.cookies = dict(house.clients[role].cookies)
            status, body, headers = client.ask(sample(path), method)
            hit = refused(status, body, headers)
            got = (status, hit) if method == "GET" else got
            if method == "HEAD":  # it has no body to tell by
                hit = got[1] if status == got[0] else status in (303, 401, 403) or (status == 404 and allowed == NONE)
            if path in ("/login", "/welcome", "/account", "/login/outside", "/login/outside/back") and status == 303:
                hit = path == "/account"  # these send on by themselves
            if hit == (role in allowed):
                wrong.append(f"{role} {method} {path}: {status} {body[:80]!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_addresses_of_pages(house: House, role: str) -> None:
    client = house.clients[role]
    for page, allowed in EXPECTED_PAGES.items():
        for path in {f"/{page}", f"/{page}/", f"/{page}?assistant=x"}:
            answer = client.ask(path)
            assert refused(*answer) == (role not in allowed), (path, answer[0])
            if role != "nobody" and role not in allowed:
                assert f"you are here as {'an' if role == 'editor' else 'a'} {role}" in answer[1]


@pytest.mark.parametrize("role", ROLES)
def test_pages_in_a_window(house: House, role: str) -> None:
    if role == "nobody":
        with pytest.raises(InvalidStatus), house.clients[role].window():
            pass
        return
    with house.clients[role].window() as window:
        window.draw()
        assert window.shown == MENUS[role]
        assert set(window.pages) == set(EXPECTED_PAGES), "a page without a line here"
        for page, allowed in EXPECTED_PAGES.items():
            drawn = window.draw(page)
            assert ("is not for you" in drawn) == (role not in allowed), page
            assert (OWNER in drawn.replace("help: ", "")) == (page == "people" and role == "owner") or role == "owner"


@pytest.mark.parametrize("role", ROLES[1:])
def test_what_a_page_offers(house: House, role: str) -> None:
    """Buttons that are not drawn cannot be pressed: Streamlit knows no widget that it has not drawn."""
    with house.clients[role].window() as window:
        home, settings, chat = (window.draw(page) for page in ("", "settings", "chat"))
    assert ("-try_sample" in home) == (role in EDITOR)
    assert ("/backup" in settings) == ("/restore" in settings) == (role in OWNERS)
    assert ("Writes the answers" in settings) == (role in OWNERS)
    assert ("-check_passages" in settings or "Check passages" in settings) == (role in EDITOR)
    assert "-earlier" not in chat or role in EDITOR


def test_media_files(house: House) -> None:
    with house.clients["owner"].window() as window:
        window.draw()
        address = window.media[0]
    for role in ROLES:
        status, body, headers = house.clients[role].ask(address)
        assert refused(status, body, headers) == (role not in TESTER), role
        assert (status == 200) == (role in TESTER), role


def test_uploads(house: House) -> None:
    with house.clients["editor"].window() as window:
        window.draw()
        address = upload_address(window)
        for role in ROLES:
            client = Client(house.server)
            client.cookies = dict(house.clients[role].cookies)
            client.ask("/_stcore/health")
            xsrf = {"X-Xsrftoken": client.cookies.get("_streamlit_xsrf", "")}
            body = (
                b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
                b"Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
            )
            kind = {"Content-Type": "multipart/form-data; boundary=b"}
            put = client.ask(address, "PUT", body, {**kind, **xsrf})
            gone = client.ask(address, "DELETE", headers=xsrf)
            assert (put[0], gone[0]) == ((204, 204) if role in EDITOR else (put[0], gone[0])), role
            assert refused(*put) == refused(*gone) == (role not in EDITOR), (role, put[0])


def upload_address(window: Window) -> str:
    said = BackMsg()
    said.file_urls_request.request_id = "r"
    said.file_urls_request.file_names.append("a.txt")
    said.file_urls_request.session_id = window.session_id
    window.socket.send(said.SerializeToString())
    while (message := window.hear()).WhichOneof("type") != "file_urls_response":
        continue
    return str(message.file_urls_response.file_urls[0].upload_url)


def test_a_role_that_was_changed_bites_before_the_next_press(house: House) -> None:
    """The press of a button that the role of before had drawn does nothing any more."""
    owner, second = house.clients["owner"], Client(house.server)
    second.send(f"/invite/{invited_as(owner, 'owner')}", email="second@example.com", name="", password=PASSWORD)
    with owner.window() as mine, second.window() as theirs:
        drawn = theirs.press(theirs.draw("people"), "make_link")
        change(mine, "owner", "tester")
        assert "is not for you" in theirs.press(drawn, "withdraw_")
        drawn = mine.draw("people")
        assert "-withdraw_" in drawn, "taken back by somebody who may not"
        assert "-withdraw_" not in mine.press(drawn, "withdraw_"), "an owner can"


def change(window: Window, before: str, after: str) -> None:
    """Choose another role in the box of the one person who has this one and is not the first owner."""
    drawn = window.draw("people")
    rows = re.findall(rf'id: "(\$\$[^"]*-role_[0-9a-f]{{32}}_{before})"', drawn)
    row = next(row for row in rows if f"{1:032x}" not in row)
    window.draw("people", {row: after.capitalize()})

"""The real server, signed in to and out of as browsers do it: the first owner, locks, forms, sessions, invitations."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.e2e.server import Server
from tests.gate_kit import OWNER, PASSWORD, Client

PROXIED = {"X_Forwarded_For": "203.0.113.9"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an owner; tests sign in from addresses of their own."""
    started = Server(tmp_path_factory.mktemp("gate") / "data", ANSWERBOOK_HOSTS="kb.example.com").start()
    assert Client(started).send("/welcome", email=OWNER, name="The owner", password=PASSWORD)[0] == 303
    yield started
    started.stop()


@pytest.fixture
def owner(server: Server) -> Client:
    client = Client(server)
    assert client.sign_in() == 303
    return client


def test_on_this_computer_it_is_open_until_an_owner_closes_it(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    try:
        anyone, closer = Client(server), Client(server)
        assert anyone.ask("/settings")[0] == 200
        with anyone.window() as window:
            assert "Open to everyone at this computer" in window.draw("people")
            status, _, headers = closer.send("/welcome", email=OWNER, name="", password=PASSWORD)
            assert (status, headers["location"]) == (303, "/")
            assert "You are signed out" in window.draw("people"), "a window that was open before"
        assert anyone.ask("/settings")[2]["location"] == "/login?next=%2Fsettings"
        with closer.window() as window:
            assert "Invite somebody" in window.draw("people")
    finally:
        server.stop()


def test_a_fresh_server_for_others_is_nobodys_until_the_code_of_its_log_is_typed(tmp_path: Path) -> None:
    """Three steps and one form: open the address, copy the code, fill in the form. 30 seconds are plenty."""
    begun = time.monotonic()
    server = Server(tmp_path / "data", address="0.0.0.0", ANSWERBOOK_HOSTS="kb.example.com").start()
    try:
        stranger = Client(server, "kb.example.com", "https", **PROXIED)
        assert stranger.ask("/settings")[2]["location"] == "/welcome"
        with pytest.raises(InvalidStatus), stranger.window():
            pass
        fields = {"email": OWNER, "name": "", "password": PASSWORD}
        status, body, _ = stranger.send("/welcome", code="AAAA-AAAA", **fields)
        assert (status, "not the code in the server" in body) == (400, True)
        said = re.search(r"type this code: (\w{4}-\w{4})", server.log.read_text())
        assert said is not None
        status, _, headers = stranger.send("/welcome", code=said[1].lower(), **fields)
        assert (status, headers["location"]) == (303, "/")
        assert stranger.ask("/settings")[0] == 200
        assert time.monotonic() - begun < 30
        cookie = next(line for line in stranger.cookie_lines if "session" in line)
        assert {"HttpOnly", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    finally:
        server.stop()


def test_even_on_this_computer_a_server_for_others_is_not_open(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", address="0.0.0.0").start()
    try:
        client = Client(server)
        assert client.ask("/")[2]["location"] == "/welcome"
        assert 'name="code"' not in client.ask("/welcome")[1], "who sits here needs no code"
        assert 'name="code"' in Client(server, **PROXIED).ask("/welcome")[1], "a proxy on this computer may be anyone's"
    finally:
        server.stop()


def test_an_owner_cannot_be_made_twice(server: Server) -> None:
    client = Client(server)
    assert client.ask("/welcome")[2]["location"] == "/login"
    token = re.search(r'name="form" value="([\w-]+)"', client.ask("/login")[1])
    assert token is not None
    body = f"form={token[1]}&email=second%40example.com&password=a+long+password".encode()
    assert client.ask("/welcome", "POST", body)[2]["location"] == "/login"
    assert client.ask("/account")[0] == 303


def test_wrong_passwords_are_said_and_lock_with_their_time(server: Server) -> None:
    client = Client(server, "kb.example.com", X_Forwarded_For="203.0.113.20")
    status, body, _ = client.send("/login", email="x@example.com", password="wrong")
    assert (status, "E-mail and password do not fit together." in body) == (400, True)
    for _ in range(9):
        status, body, _ = client.send("/login", email="x@example.com", password="wrong")
    assert (status, "Try again in 15 minutes" in body) == (429, True)
    assert client.sign_in() == 429, "the address is locked"
    assert Client(server, "kb.example.com", X_Forwarded_For="203.0.113.21").sign_in() == 303


def test_a_lock_outlives_a_restart(tmp_path: Path) -> None:
    server = Server(tmp_path / "data").start()
    Client(server).send("/welcome", email=OWNER, name="", password=PASSWORD)
    for _ in range(10):
        Client(server).sign_in(password="wrong")
    server.kill()
    try:
        assert Client(server.start()).sign_in() == 429
    finally:
        server.stop()


def test_two_browsers_at_once_and_a_sign_out_bites_at_the_next_run(server: Server, owner: Client) -> None:
    other = Client(server)
    other.sign_in()
    with owner.window() as mine, other.window() as theirs:
        assert "Invite somebody" in mine.draw("people")
        assert "Invite somebody" in theirs.draw("people")
        assert owner.send("/logout")[2]["location"] == "/login"
        assert "You are signed out" in mine.draw("people")
        assert OWNER not in mine.draw("people")
        assert "Invite somebody" in theirs.draw("people")
    assert owner.ask("/settings")[0] == 303


def test_a_form_must_come_from_our_own_page(server: Server, owner: Client) -> None:
    body = f"email={OWNER}&password={PASSWORD}".encode()
    fresh = Client(server)
    assert fresh.ask("/login", "POST", body)[0] == 400
    assert "answerbook_session" not in fresh.cookies
    token = re.search(r'name="form" value="([\w-]+)"', owner.ask("/account")[1])
    assert token is not None
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        assert owner.ask("/logout", "POST", f"form={token[1]}".encode(), {"Origin": origin})[0] == 403
    assert owner.ask("/logout")[0] == 200
    assert owner.ask("/account")[0] == 200, "a GET changes nothing"


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/login", "x"])
def test_nobody_is_sent_elsewhere_after_signing_in(server: Server, wanted: str) -> None:
    client = Client(server)
    token = re.search(r'name="form" value="([\w-]+)"', client.ask("/login")[1])
    assert token is not None
    fields = f"form={token[1]}&email={OWNER}&password={PASSWORD.replace(' ', '+')}&next={wanted}"
    assert client.ask("/login", "POST", fields.encode())[2]["location"] == "/"


def test_names_in_headers_are_nobodys(server: Server) -> None:
    names = {"X_Answerbook_Person": OWNER, "X_Forwarded_User": OWNER, "Remote_User": OWNER, "X_Ab_Email": OWNER}
    client = Client(server, **names)
    assert client.ask("/settings")[0] == 303
    client.cookies["answerbook_session"] = "guessed"
    assert client.ask("/settings")[0] == 303


def test_an_invitation_is_taken_once(server: Server, owner: Client) -> None:
    with owner.window() as window:
        drawn = window.press(window.draw("people"), "make_link")
    code = re.search(r"/invite/([\w-]{32})", drawn)
    assert code is not None
    address = f"/invite/{code[1]}"
    guest = Client(server)
    assert "here as: editor" in guest.ask(address)[1]
    fields = {"email": "ed@example.com", "name": "Ed", "password": "another long password"}
    assert guest.send(address, **fields)[2]["location"] == "/"
    assert guest.ask("/knowledge")[0] == 200
    assert guest.ask("/people")[0] == 403
    status, body, _ = Client(server).ask(address)
    assert (status, "does not work any more" in body) == (404, True)
    with owner.window() as window:
        assert address not in window.draw("people"), "it is shown once"


def test_the_account_page_changes_the_password_and_signs_out_everywhere(server: Server, owner: Client) -> None:
    other = Client(server)
    other.sign_in()
    assert "not right" in owner.send("/account", old="wrong", password="another long password")[1]
    assert "The password is changed" in owner.send("/account", old=PASSWORD, password="another long password")[1]
    assert other.ask("/account")[0] == 303
    owner.send("/account", old="another long password", password=PASSWORD)
    assert owner.send("/account", do="everywhere")[2]["location"] == "/login"
    assert owner.ask("/account")[0] == 303


def test_pages_of_the_gate_hold_no_script_and_no_secret(server: Server) -> None:
    for path in ("/login", "/invite/x", "/logout"):
        _, body, headers = Client(server).ask(path)
        assert "<script" not in body
        assert "script-src" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"

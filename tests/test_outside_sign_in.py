"""Signing in at a service of the owner's choice, over real HTTP, with a service that tells the truth or lies."""

import http.client
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from tests.e2e.server import Server
from tests.fake_identity import CLIENT, SECRET, FakeIdentity
from tests.gate_kit import OWNER, PASSWORD, Client


@pytest.fixture(scope="module")
def identity() -> Iterator[FakeIdentity]:
    with FakeIdentity() as started:
        yield started


@pytest.fixture(scope="module")
def server(identity: FakeIdentity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose owner has set the service on the page People, as an owner does."""
    started = Server(tmp_path_factory.mktemp("outside") / "data").start()
    owner = Client(started)
    owner.send("/welcome", email=OWNER, name="", password=PASSWORD)
    with owner.window() as window:
        drawn = window.press(window.draw("people"), "make_link", invite_role="Tester", invite_email="new@example.com")
        assert "Copy this link now" in drawn
        drawn = window.open_part(drawn, "service")
        fields = {"service_name": "Company", "service_issuer": identity.issuer, "service_client": CLIENT}
        window.press(drawn, "save_service", **fields, service_secret=SECRET)
        assert SECRET not in window.draw("people")
    yield started
    started.stop()


@pytest.fixture(autouse=True)
def _truthful(identity: FakeIdentity) -> None:
    identity.email, identity.claims, identity.sign_with, identity.refuse_code = OWNER, {}, identity.key, False


def at_the_service(address: str) -> str:
    """Go to the service as a browser does; returns the path that it sends back to."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.netloc), timeout=30)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


def signed_in(client: Client, start: str = "/login/outside") -> tuple[int, str, dict[str, str]]:
    return client.ask(at_the_service(client.ask(start)[2]["location"]))


def test_an_owner_comes_in_by_the_service(server: Server, identity: FakeIdentity) -> None:
    client = Client(server)
    assert "Sign in with Company" in client.ask("/login")[1]
    status, _, headers = signed_in(client, "/login/outside?next=%2Fsettings")
    assert (status, headers["location"]) == (303, "/settings")
    assert f"<strong>{OWNER}</strong>" in client.ask("/account")[1]
    asked = identity.asked[-1]
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert asked["redirect_uri"] == f"http://127.0.0.1:{server.port}/login/outside/back"


def test_who_was_invited_by_e_mail_comes_in_with_that_role(server: Server, identity: FakeIdentity) -> None:
    identity.email, identity.claims = "new@example.com", {"sub": "18"}
    for _ in range(2):
        client = Client(server)
        assert signed_in(client)[0] == 303
        assert "Here as: <strong>tester</strong>" in client.ask("/account")[1]


LIES: dict[str, dict[str, Any]] = {
    "for another program": {"aud": "another"},
    "for several, of which another asked": {"aud": [CLIENT, "another"], "azp": "another"},
    "of another service": {"iss": "http://evil.example"},
    "run out": {"exp": 1_700_000_000},
    "without an end": {"exp": None},
    "of another sign-in": {"nonce": "another"},
    "without a nonce": {"nonce": None},
    "an e-mail nobody checked": {"email_verified": False},
    "an e-mail of which nothing is said": {"email_verified": None},
    "a checked e-mail as a word": {"email_verified": "true"},
    "a stranger": {"email": "stranger@example.com", "sub": "99"},
    "a known e-mail of another account": {"sub": "another"},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_does_not_hold_lets_nobody_in(server: Server, identity: FakeIdentity, lie: str) -> None:
    assert signed_in(Client(server))[0] == 303
    identity.claims = LIES[lie]
    refused(Client(server))


def refused(client: Client) -> None:
    status, body, _ = signed_in(client)
    assert (status, "Not signed in" in body) == (403, True)
    assert "answerbook_session" not in client.cookies
    assert client.ask("/account")[0] == 303


@pytest.mark.parametrize("key", [RSAKey.generate_key(2048, {"kid": "one"}), OctKey.import_key(SECRET * 2)])
def test_a_token_that_the_service_did_not_sign_is_refused(server: Server, identity: FakeIdentity, key: RSAKey) -> None:
    identity.sign_with = key
    refused(Client(server))


def test_a_code_that_the_service_does_not_know_is_refused(server: Server, identity: FakeIdentity) -> None:
    identity.refuse_code = True
    refused(Client(server))


def test_a_sign_in_that_another_browser_began_is_refused(server: Server) -> None:
    """Else somebody could be signed in to a stranger's account by a link."""
    begun, other = Client(server), Client(server)
    back = at_the_service(begun.ask("/login/outside")[2]["location"])
    assert other.ask(back)[0] == 403
    changed = re.sub(r"state=[\w-]+", "state=another", back)
    assert begun.ask(changed)[0] == 403
    assert "answerbook_session" not in {**begun.cookies, **other.cookies}


def test_the_secret_is_in_no_log(server: Server) -> None:
    assert SECRET not in server.log.read_text()

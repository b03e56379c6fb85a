"""Files that come and go by the running server: everything, one assistant, and what is refused; over real HTTP."""

import io
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.e2e.server import Server
from tests.gate_kit import OWNER, PASSWORD, Client

BOUNDARY = "----answerbook"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("doors") / "data").start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def owner(server: Server) -> Client:
    client = Client(server)
    assert client.send("/welcome", email=OWNER, name="", password=PASSWORD)[0] == 303
    return client


def post_file(client: Client, path: str, body: bytes, *, token: str | None = None) -> tuple[int, str, dict[str, str]]:
    """Send a file as the page's form does."""
    found = re.search(r'name="form" value="([\w-]+)"', client.ask(path)[1])
    assert found
    parts = (("form", "", found[1] if token is None else token), ("file", '; filename="x.zip"', body))
    sent = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        + b"\r\n"
        for name, more, value in parts
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return client.ask(path, "POST", sent + f"--{BOUNDARY}--\r\n".encode(), kind)


def download(client: Client, path: str) -> bytes:
    """Return a file's bytes; the kit's own client reads answers as text."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    request = urllib.request.Request(f"http://{client.host}{path}", headers={"Cookie": cookies})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.headers["Content-Type"] == "application/zip"
        assert "attachment" in answer.headers["Content-Disposition"]
        return bytes(answer.read())


def names_in(client: Client) -> str:
    with client.window() as window:
        return window.draw()


def test_everything_goes_out_and_comes_back(server: Server, owner: Client) -> None:
    template = one_assistant("First assistant")
    assert "“First assistant” is here" in post_file(owner, "/assistant-file", template)[1]
    whole = download(owner, "/backup")
    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None
    assert post_file(owner, "/assistant-file", one_assistant("Second assistant"))[0] == 200
    assert "Second assistant" in names_in(owner)

    status, _, headers = post_file(owner, "/restore", whole)
    assert status == 303
    page = headers["location"]
    asked = owner.ask(page)[1]
    for words in ("It holds 1 assistant, 1 person", "Here now: 2 assistants, 1 person", "not lost"):
        assert words in asked
    assert "Second assistant" in names_in(owner), "looking at a file changes nothing"
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):  # a double click restores once; the second may find its session gone
        assert owner.ask(page, "POST", urlencode(fields).encode(), kind)[0] == 303
    until = time.monotonic() + 60
    while owner.ask("/account")[0] == 200:  # until the sessions of before are gone
        assert time.monotonic() < until
        time.sleep(0.1)
    assert owner.sign_in() == 303
    while "Restoring" in (told := owner.ask(page)[1]):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert "What was here is kept as answerbook-replaced-" in told
    drawn = names_in(owner)
    assert "First assistant" in drawn
    assert "Second assistant" not in drawn
    assert len(list((server.data / "backups").glob("answerbook-replaced-*.db"))) == 1
    assert not list((server.data / "restoring").glob("*.zip"))
    with owner.window() as window:
        people = window.draw("people")
        assert "restored a backup" in window.open_part(people, "audit")


def one_assistant(name: str) -> bytes:
    """Make an assistant's file in a process of its own: another Answerbook's."""
    script = (
        "import sys; from core.assistants import lifecycle; from core import backup\n"
        "backup.write_assistant(open(sys.argv[1], 'wb'), lifecycle.create_assistant(sys.argv[2]), documents=True)"
    )
    with tempfile.TemporaryDirectory() as folder:
        where = {**os.environ, "ANSWERBOOK_DATA": f"{folder}/data"}
        subprocess.run([sys.executable, "-c", script, f"{folder}/a.zip", name], check=True, env=where, timeout=60)
        return Path(folder, "a.zip").read_bytes()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "No file was chosen"),
        (b"%PDF-1.7 hello", "no backup of Answerbook"),
        (b"PK\x03\x04 cut", "damaged or was cut off"),
    ],
)
@pytest.mark.parametrize("path", ["/restore", "/assistant-file"])
def test_what_is_refused_is_said_on_the_page(server: Server, owner: Client, path: str, body: bytes, words: str) -> None:
    status, shown, _ = post_file(owner, path, body)
    assert (status, words in shown) == (400, True), shown
    assert not list((server.data / "restoring").glob("*.zip"))


@pytest.mark.parametrize("path", ["/restore", "/assistant-file"])
def test_another_sites_form_changes_nothing(server: Server, owner: Client, path: str) -> None:
    status, shown, _ = post_file(owner, path, b"PK", token="x" * 43)
    assert (status, "open for too long" in shown) == (400, True)
    foreign = Client(server)
    foreign.cookies, foreign.origin = dict(owner.cookies), "https://evil.example"
    assert foreign.ask(path, "POST", b"x", {"Content-Type": "multipart/form-data; boundary=x"})[0] == 403


def test_a_kind_of_file_that_belongs_elsewhere_says_where(owner: Client) -> None:
    assert "not one assistant" in post_file(owner, "/assistant-file", download(owner, "/backup"))[1]
    assert "one assistant, not everything" in post_file(owner, "/restore", one_assistant("Third"))[1]


@pytest.mark.parametrize("ticket", ["x", "..%2f..%2fanswerbook", "aside-answerbook", "0" * 32])
def test_a_ticket_that_is_none(owner: Client, ticket: str) -> None:
    status, shown, _ = owner.ask(f"/restore/{ticket}")
    assert status in (400, 404)
    assert "SQLite" not in shown


def test_an_assistant_that_is_none(owner: Client) -> None:
    status, shown, _ = owner.ask("/backup/assistant/nobody")
    assert (status, "does not exist any more" in shown) == (404, True)

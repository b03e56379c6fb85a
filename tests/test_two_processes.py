"""Two processes behind one address, on one database: sessions, limits and caps hold across both, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import select

from core.assistants import lifecycle, sources
from core.assistants.provider_settings import keep_provider
from core.database import SignInTry, Spent, session
from core.metering import host_of
from core.people import create_owner
from core.publish import create_key, save_publication
from core.schema import ModelTraits, Provider
from core.spending import EURO, save_limits, save_price
from tests.core.backup.machines import Machine, on
from tests.core.backup.test_each_to_each import new_database
from tests.core.postgres import missing_programs, postgres_server
from tests.core.work import work_off
from tests.e2e.server import Server
from tests.fake_provider import FakeProvider
from tests.gate_kit import OWNER, PASSWORD, Client
from tests.needs import need

pytestmark = pytest.mark.slow  # two servers
QUESTION = "How long does a parcel to Norway take?"
NONE_OF_ALL = dict.fromkeys(("visitor_hour", "address_hour", "assistant_day", "key_minute", "euros_day"))


@dataclass
class Address:
    """One address in front of two servers: each request goes to the other one than the last."""

    machine: Machine
    servers: tuple[Server, Server]
    key: str

    def browser(self) -> "Browser":
        return Browser(self)


class Browser(Client):
    """A browser that sees one address, whichever server answers."""

    def __init__(self, address: Address) -> None:
        super().__init__(address.servers[0])
        self._servers, self._turns = address.servers, count()
        self._lock = threading.Lock()

    def ask(self, *arguments: object, **more: object) -> tuple[int, str, dict[str, str]]:
        return self.ask_one(next(self._turns), *arguments, **more)

    def ask_one(self, number: int, *arguments: object, **more: object) -> tuple[int, str, dict[str, str]]:
        """Ask the first server (even numbers) or the second."""
        with self._lock:
            self.port = self._servers[number % 2].port
            return super().ask(*arguments, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    with FakeProvider(pause=0.02) as started:
        yield started


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    need("postgres", missing_programs())
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, provider: FakeProvider
) -> Iterator[Address]:
    url = new_database(request.getfixturevalue("postgres")) if request.param == "postgres" else ""
    machine = Machine(tmp_path_factory.mktemp("two") / "data", url)
    with on(machine):
        made = lifecycle.create_assistant("Help")
        sources.add_files(made, [("times.md", b"# Times\n\nA parcel to Norway takes two days.\n")])
        work_off()
        create_owner(OWNER, "", PASSWORD)
        save_publication(made, name="help", state="link")
        key = create_key(made, "Site", ["ask"])[0]
        traits = ModelTraits(window=128_000)
        model = Provider(provider.base_url, SecretStr("sk-first"), "fake-chat", traits=traits)
        keep_provider(model, 0.1)
        save_price(host_of(model), "fake-chat", (20 * EURO, 20 * EURO))
    servers = [Server(machine.folder, DATABASE_URL=url).start() for _ in range(2)]
    yield Address(machine, (servers[0], servers[1]), key)
    for server in servers:
        server.stop()


def limit(address: Address, **limits: int | None) -> None:
    with on(address.machine):
        save_limits({**NONE_OF_ALL, "euros_month": None, **limits})


def ask(browser: Browser, number: int, visitor: str) -> int:
    """Ask as a visitor; returns the status."""
    sent = json.dumps({"question": QUESTION, "history": [], "visitor": visitor}).encode()
    return browser.ask_one(number, "/a/help/ask", "POST", sent, {"Content-Type": "application/json"})[0]


def asked_at_once(address: Address, visitors: list[str]) -> list[int]:
    """Ask as these visitors at the same time, every other at the other server; returns the statuses."""
    with ThreadPoolExecutor(len(visitors)) as pool:
        return list(pool.map(ask, (address.browser() for _ in visitors), range(len(visitors)), visitors))


def test_a_session_made_at_one_is_honoured_and_ended_at_the_other(address: Address) -> None:
    browser, other = address.browser(), address.browser()
    assert browser.sign_in() == other.sign_in() == 303
    assert [browser.ask("/account")[0] for _ in range(4)] == [200] * 4
    assert browser.send("/logout")[0] == 303
    signed_out = address.browser()
    signed_out.cookies = dict(browser.cookies)
    assert [signed_out.ask("/account")[0] for _ in range(4)] == [303] * 4
    assert [other.ask("/account")[0] for _ in range(2)] == [200] * 2
    kept = dict(other.cookies)
    assert other.send("/account", do="everywhere")[0] == 303
    other.cookies = kept
    assert [other.ask("/account")[0] for _ in range(4)] == [303] * 4


def test_ten_wrong_tries_are_ten_over_both(address: Address) -> None:
    with on(address.machine), session() as db:
        for row in db.exec(select(SignInTry)).all():
            assert row.count >= 0
            db.delete(row)
    browsers = [address.browser() for _ in range(16)]

    def wrong(number: int) -> str:
        browser = browsers[number]
        token = browser.ask_one(number, "/login")[1].split('name="form" value="')[1].split('"')[0]
        body = f"form={token}&email=stranger%40example.com&password=wrong+wrong+{number}".encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, shown, _ = browser.ask_one(number, "/login", "POST", body, kind)
        return "wrong" if status == 400 and "do not fit together" in shown else "locked" if status == 429 else shown

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(wrong, range(16)))
    assert (said.count("wrong"), said.count("locked")) == (9, 7)
    assert [address.browser().sign_in() for _ in range(2)] == [429] * 2, "the address is locked at both"
    with on(address.machine), session() as db:
        for row in db.exec(select(SignInTry)).all():
            db.delete(row)


def test_a_visitors_limit_is_one_over_both(address: Address) -> None:
    limit(address, visitor_hour=4)
    for visitor in ("v1", "v2"):  # an hour may end in the middle: the next has only begun
        began = datetime.now(UTC).hour
        said = asked_at_once(address, [visitor] * 10)
        if datetime.now(UTC).hour == began:
            break
    assert sorted(said) == [200] * 4 + [429] * 6
    assert ask(address.browser(), 0, "another") == ask(address.browser(), 1, "another") == 200


def test_a_keys_limit_is_one_over_both(address: Address) -> None:
    limit(address, key_minute=3)
    sent = {"model": "help", "messages": [{"role": "user", "content": QUESTION}]}
    known = {"Authorization": f"Bearer {address.key}"}
    for _ in range(3):  # a minute may end in the middle: the next has only begun
        began = datetime.now(UTC).minute
        said = []
        for number in range(6):
            url = f"{address.servers[number % 2].url}/v1/chat/completions"
            said.append(httpx.post(url, json=sent, headers=known, timeout=60, trust_env=False).status_code)
        if datetime.now(UTC).minute == began:
            break
    assert said == [200] * 3 + [429] * 3


def test_a_cap_in_euro_is_one_over_both(address: Address, provider: FakeProvider) -> None:
    cap = EURO // 5
    limit(address, euros_month=cap)
    with on(address.machine), session() as db:
        for row in db.exec(select(Spent)).all():
            db.delete(row)
    before = len(provider.seen())
    said = asked_at_once(address, [f"c{number}" for number in range(24)])
    assert said == [200] * 24, "who gets no written answer gets quotes"
    with on(address.machine), session() as db:
        rows = db.exec(select(Spent)).all()
    assert 2 <= len(rows) == len(provider.seen()) - before < 24
    assert {row.state for row in rows} == {"settled"}
    assert sum(row.micro_euros for row in rows) <= cap

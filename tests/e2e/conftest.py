"""Real Chromium against the real server. Screens that are worth looking at are kept under build/screens."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.e2e.server import PROJECT, Server
from tests.needs import need

# The names under which the Makefile finds one, too.
PROGRAMS = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
CHROMIUM = os.environ.get("ANSWERBOOK_CHROMIUM") or next(filter(None, PROGRAMS), "")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = Path(os.environ.get("ANSWERBOOK_SCREENS") or PROJECT / "build" / "screens")
WAIT_MILLISECONDS = 30_000
expect.set_options(timeout=WAIT_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


def missing_chromium() -> str:
    """Return "" where there is a Chromium, else the sentence to skip with."""
    return "" if CHROMIUM else "Chromium is not on this machine"


def pytest_runtest_setup() -> None:
    """For the tests of this folder."""
    need("browser", missing_chromium())


@pytest.fixture(scope="session")
def playwright_started() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright_started: Playwright) -> Iterator[Browser]:
    opened = playwright_started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser window; it fails the test where the page asks any other machine for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT_MILLISECONDS)
    strangers: list[str] = []
    context.on("request", lambda request: _note_stranger(request.url, strangers))
    yield context.new_page()
    context.close()
    assert strangers == []


def _note_stranger(url: str, strangers: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
        strangers.append(url)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with an empty data folder."""
    started = Server(tmp_path / "data").start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def screens() -> Path:
    SCREENS.mkdir(parents=True, exist_ok=True)
    return SCREENS

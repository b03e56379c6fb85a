"""A key made by an owner in a browser, used by a program, taken back by a click; the page for whoever programs it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai import APIConnectionError, AuthenticationError, OpenAI
from playwright.sync_api import Browser, Page, expect

from core.sample import SUGGESTED
from tests.core.work import wait_until
from tests.e2e import steps
from tests.e2e.server import Server
from tests.e2e.test_visitors import filled, with_model
from tests.fake_provider import FakeProvider, Reply

SIZES = {"wide": (1280, 900), "phone": (360, 740)}


@pytest.fixture(scope="module")
def shipit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(filled(tmp_path_factory.mktemp("keys"))).start()
    yield server
    server.stop()


def test_from_the_publish_page_to_an_answer_and_back(shipit: Server, page: Page, screens: Path) -> None:
    steps.visit(page, shipit, "publish")
    page.get_by_role("tab", name="Programs").click()
    page.get_by_label("Which program is it for?").fill("Our shop")
    page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("the only time that it is shown")).to_be_visible()
    key, address, model = dialog.locator("code").all_inner_texts()
    page.screenshot(path=screens / "key_shown_once.png")
    client = OpenAI(base_url=address, api_key=key, max_retries=0)
    asked = [{"role": "user", "content": SUGGESTED[0]}]
    answer = client.chat.completions.create(model=model, messages=asked)  # type: ignore[arg-type]
    assert "[1]" in (answer.choices[0].message.content or "")
    [place, *_] = answer.choices[0].message.citations  # type: ignore[attr-defined]
    dialog.get_by_role("button", name="I have copied it").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("tab", name="Programs").click()
    expect(page.get_by_text(f"ends in {key[-4:]}")).to_be_visible()
    assert key not in page.content()
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("taken back")).to_be_visible()
    with pytest.raises(AuthenticationError):
        client.models.list()
    page.goto(place["url"])
    expect(page.get_by_role("heading", level=1)).to_contain_text(place["source"])
    expect(page.locator("mark, img")).to_be_visible()
    page.screenshot(path=screens / "place_of_its_own.png")


def test_the_server_ends_though_a_whole_answer_still_waits_for_its_model(tmp_path: Path) -> None:
    with FakeProvider() as provider:
        provider.behave = lambda _request: Reply(pieces=(b"",), kind="text/event-stream", silence=100.0)
        data = filled(tmp_path, key=True)
        key = (data / "key.txt").read_text()
        server = Server(data, **with_model(provider)).start()
        client = OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0, timeout=100)
        asked = [{"role": "user", "content": SUGGESTED[0]}]
        failures: list[Exception] = []

        def ask() -> None:
            try:
                client.chat.completions.create(model="help", messages=asked)  # type: ignore[arg-type]
            except APIConnectionError as error:
                failures.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        wait_until(lambda: bool(provider.seen()))
        server.interrupt()
        assert server.ended(60)
        asking.join(60)
        assert len(failures) == 1
        assert provider.hung_up == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_the_page_for_programmers_fits_and_asks_no_other_machine(
    shipit: Server, browser: Browser, screens: Path, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{shipit.url}/v1/docs")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert {httpx.URL(url).path for url in asked} <= {"/v1/docs", "/v1/docs.css", "/favicon.ico"}
        assert not [error for error in errors if "favicon" not in error]
        page.screenshot(path=screens / f"docs_{size}_{scheme}.png")
        page.get_by_role("link", name="Add files").click()
        page.screenshot(path=screens / f"docs_operation_{size}_{scheme}.png")
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_the_keys_fit_on_every_screen(shipit: Server, browser: Browser, screens: Path, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    try:
        page = context.new_page()
        steps.visit(page, shipit, "publish")
        page.get_by_role("tab", name="Programs").click()
        page.get_by_label("Which program is it for?").fill(f"A program of the {size} {scheme} window")
        page.get_by_label("Read the sources").check(force=True)
        page.get_by_role("button", name="Make a key").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("the only time that it is shown")).to_be_visible()
        page.screenshot(path=screens / f"key_{size}_{scheme}.png")
        dialog.get_by_role("button", name="I have copied it").click()
        page.get_by_role("tab", name="Programs").click()
        expect(page.get_by_role("button", name="Take back").first).to_be_visible()
        page.get_by_label("Which program is it for?").scroll_into_view_if_needed()
        page.screenshot(path=screens / f"keys_{size}_{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        context.close()

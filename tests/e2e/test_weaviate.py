"""Passages in a real Weaviate, seen in the browser: working, frozen, gone, with a wrong key; moved there and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.core.index.faults_kit import environment_of
from tests.core.store.weaviate_server import WeaviateServer, missing_server
from tests.e2e import steps
from tests.e2e.server import Server
from tests.needs import need

QUESTION = "Who pays the import duty?"
BODY = b"# Depot\n\nThe depot opens at eight.\n"
NOTE: FilePayload = {"name": "note.md", "mimeType": "text/markdown", "buffer": BODY}
SEEN_MILLISECONDS = 10_000


@pytest.fixture
def weaviate(tmp_path: Path) -> Iterator[WeaviateServer]:
    need("weaviate", missing_server())
    with WeaviateServer(tmp_path / "weaviate") as started:
        yield started


@pytest.fixture
def hosted(tmp_path: Path, weaviate: WeaviateServer) -> Iterator[Server]:
    started = Server(tmp_path / "data", **environment_of(weaviate)).start()
    yield started
    started.stop()


def expect_search(page: Page, words: str) -> None:
    """The line in the sidebar that says whether passages can be searched, true within ten seconds."""
    line = page.get_by_test_id("stSidebar").get_by_text(re.compile(f"Search: {words}"))
    expect(line).to_be_visible(timeout=SEEN_MILLISECONDS)


def test_a_frozen_server_is_said_everywhere_and_all_goes_on_by_itself(
    page: Page, hosted: Server, weaviate: WeaviateServer, screens: Path
) -> None:
    steps.try_sample(page, hosted)
    steps.ask(page, QUESTION)
    expect_search(page, "ready")
    weaviate.freeze()
    expect_search(page, "Weaviate has trouble since")
    page.get_by_placeholder("Ask a question").fill("What does a customs declaration need?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Search is away for the moment: Weaviate does not answer.")).to_be_visible(timeout=10_000)
    page.screenshot(path=screens / "weaviate-frozen-chat.png")
    steps.open_page(page, "Knowledge")
    steps.add_files(page, [NOTE])
    expect(steps.row(page, "note.md")).to_contain_text("It goes on by itself once that is back.")
    page.screenshot(path=screens / "weaviate-frozen-knowledge.png", full_page=True)
    steps.open_page(page, "Settings")
    expect(page.get_by_role("alert").filter(has_text="Weaviate does not answer")).to_be_visible()
    page.screenshot(path=screens / "weaviate-frozen-settings.png", full_page=True)
    weaviate.resume()
    expect_search(page, "ready")
    steps.open_page(page, "Knowledge")
    steps.expect_ready(page, "note.md")
    steps.open_page(page, "Chat")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_test_id("stFeedback")).to_have_count(2)


def test_a_server_that_is_gone_is_named_and_passages_move_back(
    page: Page, hosted: Server, weaviate: WeaviateServer, screens: Path
) -> None:
    steps.try_sample(page, hosted)
    weaviate.kill()
    expect_search(page, "Weaviate has trouble since")
    steps.open_page(page, "Settings")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text(f"Nothing listens at 127.0.0.1:{weaviate.port}.").first).to_be_visible()
    page.screenshot(path=screens / "weaviate-gone-settings.png", full_page=True)
    page.get_by_role("button", name="Move back").click()
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(page.get_by_text(re.compile("built-in store works · .*1 assistant"))).to_be_visible(timeout=60_000)
    steps.open_page(page, "Chat")
    steps.ask(page, QUESTION)


def test_passages_move_to_weaviate_and_the_way_back_is_offered(
    page: Page, tmp_path: Path, weaviate: WeaviateServer, screens: Path
) -> None:
    alone = Server(tmp_path / "data").start()
    try:
        steps.try_sample(page, alone)
    finally:
        alone.stop()
    hosted = Server(tmp_path / "data", **environment_of(weaviate)).start()
    try:
        steps.visit(page, hosted, "settings")
        page.get_by_role("button", name="Move to Weaviate").click()
        page.screenshot(path=screens / "weaviate-move-asked.png")
        page.get_by_role("dialog").get_by_role("button", name="Move").click()
        expect(page.get_by_text(re.compile("Weaviate on .* works · .*1 assistant"))).to_be_visible(timeout=60_000)
        expect(page.get_by_text("kept in the built-in store")).to_be_visible()
        page.screenshot(path=screens / "weaviate-moved.png", full_page=True)
        page.get_by_role("button", name="Go back").click()
        page.get_by_role("dialog").get_by_role("button", name="Go back").click()
        expect(page.get_by_text(re.compile("built-in store works · .*1 assistant"))).to_be_visible(timeout=60_000)
        steps.open_page(page, "Chat")
        steps.ask(page, QUESTION)
    finally:
        hosted.stop()


def test_a_wrong_key_is_said_in_words_from_the_start(page: Page, tmp_path: Path, weaviate: WeaviateServer) -> None:
    hosted = Server(tmp_path / "data", **{**environment_of(weaviate), "WEAVIATE_API_KEY": "not-this-one"}).start()
    try:
        steps.new_assistant(page, hosted, "Help")
        expect_search(page, "Weaviate has trouble since")
        steps.add_files(page, [NOTE])
        expect(steps.row(page, "note.md")).to_contain_text("did not accept the API key")
        steps.open_page(page, "Settings")
        expect(page.get_by_role("alert").filter(has_text="Weaviate did not accept the API key")).to_be_visible()
        assert "not-this-one" not in hosted.log.read_text()
    finally:
        hosted.stop()

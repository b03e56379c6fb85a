"""What a person does, in words the tests can use."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.server import Server

READ_MILLISECONDS = 120_000


def settled(page: Page) -> None:
    """Wait until the page has been drawn."""
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute("data-test-script-state", "notRunning")


def visit(page: Page, server: Server, path: str = "") -> None:
    page.goto(f"{server.url}/{path}")
    settled(page)


def open_page(page: Page, name: str) -> None:
    """Go to a page by the navigation, on a phone through its menu."""
    link = page.get_by_test_id("stSidebarNavLink").filter(has_text=re.compile(f"{name}$"))
    menu = page.get_by_test_id("stExpandSidebarButton")
    if menu.is_visible():
        menu.click()
    link.click()
    settled(page)


def new_assistant(page: Page, server: Server, name: str) -> None:
    visit(page, server)
    page.get_by_role("button", name=re.compile("Start with my documents|New assistant")).click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Knowledge")).to_be_visible()


def try_sample(page: Page, server: Server) -> None:
    visit(page, server)
    page.get_by_role("button", name="Try the ShipIt sample").click()
    expect(page.get_by_placeholder("Ask a question")).to_be_visible()
    expect(page.get_by_text(re.compile("^Reading \\d"))).to_have_count(0, timeout=READ_MILLISECONDS)


def add_files(page: Page, files: Sequence[Path | FilePayload]) -> None:
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(list(files))  # type: ignore[arg-type]


def row(page: Page, name: str) -> Locator:
    """The row of a source on the Knowledge page."""
    return page.locator('[class*="st-key-row_"]').filter(has_text=name)


def expect_ready(page: Page, name: str) -> None:
    expect(row(page, name)).to_contain_text("Ready", timeout=READ_MILLISECONDS)


def ask(page: Page, question: str) -> Locator:
    """Ask in the chat and return the answer when it is whole."""
    before = page.get_by_test_id("stFeedback").count()
    page.get_by_placeholder("Ask a question").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stFeedback")).to_have_count(before + 1)
    settled(page)
    return page.get_by_test_id("stChatMessage").last


def open_citation(page: Page, answer: Locator, number: int = 1) -> Locator:
    """Open a citation and return the drawer with its source."""
    answer.get_by_role("button", name=re.compile(f"{number} · ")).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_be_visible()
    return drawer


def add_provider(page: Page, address: str, key: str, model: str) -> None:
    """Type a provider into Settings and save it."""
    open_page(page, "Settings")
    page.get_by_role("textbox", name="Address").fill(address)
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("textbox", name="Model", exact=True).fill(model)
    page.get_by_role("button", name="Test and save").click()
    settled(page)


def no_sideways_scroll(page: Page) -> None:
    """No part of the page that scrolls is wider than the screen, tables and other boxes that scroll alone apart."""
    wide = page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('.stMain, .stMainBlockContainer')]
            .map((part) => part.scrollWidth - part.clientWidth)"""
    )
    assert max(wide) <= 0, f"the page is {max(wide)} pixels too wide"

"""Sources in order, in the browser: one replaces another, one is preferred, one has its days, folders and tags."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e import steps
from tests.e2e.server import Server

QUESTION = "What does a parcel to Norway cost?"


def price_list(year: int, euros: int) -> FilePayload:
    body = f"# Prices of {year}\n\nA parcel to Norway costs {euros} euros.\n"
    return {"name": f"prices-{year}.md", "mimeType": "text/markdown", "buffer": body.encode()}


def choose(page: Page, name: str, action: str) -> Locator:
    """Choose something in the menu of a source's row and return the dialog that asks for more."""
    steps.row(page, name).get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=action).click()
    return page.get_by_role("dialog")


def saved(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def option(page: Page, dialog: Locator, label: str, words: str) -> None:
    """Choose an option of a box by typing it."""
    box = dialog.get_by_role("combobox", name=label)
    box.click()
    box.fill(words)
    page.get_by_role("option", name=words).first.click()
    page.keyboard.press("Tab")


def row_with(page: Page, words: str) -> Locator:
    """The one row with these words."""
    return page.locator('[class*="st-key-row_"]').filter(has_text=words)


@pytest.mark.slow
def test_an_owner_puts_sources_in_order(page: Page, server: Server, screens: Path) -> None:
    steps.new_assistant(page, server, "Prices")
    steps.add_files(page, [price_list(2024, 24), price_list(2025, 25)])
    for year in (2024, 2025):
        steps.expect_ready(page, f"prices-{year}.md")
    choose(page, "prices-2024.md", "Prefer this source")
    expect(row_with(page, "prices-2024.md")).to_contain_text("Preferred: quoted first")
    steps.open_page(page, "Chat")
    expect(steps.ask(page, QUESTION)).to_contain_text(re.compile("24 euros.*25 euros", re.DOTALL))

    steps.open_page(page, "Knowledge")
    dialog = choose(page, "prices-2025.md", "Replaces other sources")
    option(page, dialog, "Replaces", "prices-2024")
    saved(dialog)
    expect(row_with(page, "Kept back")).to_contain_text("No question finds it: prices-2025.md replaces it.")
    expect(row_with(page, "Ready")).to_contain_text("Replaces prices-2024.md.")
    steps.open_page(page, "Chat")
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.get_by_test_id("stFeedback")).to_have_count(0)
    answer = steps.ask(page, QUESTION)
    expect(answer).to_contain_text("25 euros")
    expect(answer).not_to_contain_text("24 euros")

    steps.open_page(page, "Knowledge")
    dialog = choose(page, "Ready", "Folder and tags")
    option(page, dialog, "Folder", "Lists/2025")
    option(page, dialog, "Tags", "public")
    saved(dialog)
    expect(row_with(page, "Ready")).to_contain_text(re.compile("Lists/2025 .*public"))
    page.screenshot(path=screens / "knowledge-in-order.png", full_page=True)
    page.get_by_role("button", name="Filter").click()
    option(page, page.get_by_test_id("stPopoverBody"), "Folder", "Lists")
    expect(page.get_by_text("1 source of these.")).to_be_visible()
    expect(page.locator('[class*="st-key-row_"]')).to_have_count(1)
    expect(row_with(page, "Replaces prices-2024.md.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    steps.open_page(page, "Chat")
    steps.open_page(page, "Knowledge")
    expect(page.get_by_text("1 source of these.")).to_be_visible()
    page.get_by_role("button", name="Filter (1)").click()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator('[class*="st-key-row_"]')).to_have_count(2)

"""The cut on the page, in a real browser: both sides light up, click and keyboard choose, words lead to their page."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from core.sample import sample_files
from tests.e2e import steps
from tests.e2e.server import Server

FAQ = "delivery-and-tracking.md"
GUIDE = "customs-and-import-tax-guide.pdf"


def opened(page: Page, server: Server, *names: str) -> None:
    """Passages, with an assistant that has these files of the sample."""
    steps.new_assistant(page, server, "Help")
    steps.add_files(page, [path for path in sample_files() if path.name in names])
    for name in names:
        steps.expect_ready(page, name)
    steps.open_page(page, "Passages")
    expect(page.locator(".card").first).to_be_visible()


def number(page: Page, passage: int) -> Locator:
    """The button with a passage's number, on the page."""
    return page.locator(".sheet .number", has_text=re.compile(f"^{passage}$"))


def card(page: Page, passage: int) -> Locator:
    return page.locator(".card").filter(has=page.locator(".badge", has_text=re.compile(f"^{passage}$")))


def test_a_text_and_its_passages_light_each_other_and_a_click_chooses(
    page: Page, server: Server, screens: Path
) -> None:
    opened(page, server, FAQ)
    card(page, 3).hover()
    expect(number(page, 3)).to_have_class(re.compile(r"\blit\b"))
    number(page, 2).hover()
    expect(card(page, 2)).to_have_class(re.compile(r"\blit\b"))
    expect(card(page, 3)).not_to_have_class(re.compile(r"\blit\b"))
    number(page, 2).click()
    expect(card(page, 2)).to_have_attribute("aria-current", "true")
    expect(page.locator(".heard")).to_contain_text("Passage 2")
    expect(page.get_by_text("The chosen passage")).to_be_visible()
    page.screenshot(path=screens / "cut-of-a-text.png")


def test_the_keyboard_goes_from_passage_to_passage_and_chooses(page: Page, server: Server) -> None:
    opened(page, server, FAQ)
    number(page, 1).focus()
    page.keyboard.press("ArrowDown")
    expect(number(page, 2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, 2)).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("The chosen passage")).to_be_visible()
    expect(number(page, 2)).to_be_focused()  # the place is not lost by being drawn again
    page.keyboard.press("Tab")
    expect(card(page, 2)).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(".card").last).to_be_focused()


def test_words_lead_to_the_page_where_they_stand(page: Page, server: Server) -> None:
    opened(page, server, GUIDE)
    page.get_by_label("Find in this source").fill("Norway")
    expect(page.get_by_text(re.compile(r"1 of \d+ with these words"))).to_be_visible()
    expect(page.locator(".card.chosen mark").first).to_have_text("Norway")
    page.get_by_test_id("stButton").get_by_role("button", name=re.compile("Next$")).click()
    expect(page.get_by_text(re.compile(r"2 of \d+ with these words"))).to_be_visible()
    expect(page.locator(".card.chosen mark").first).to_have_text("Norway")


def test_on_a_phone_the_page_stands_over_its_passages_and_nothing_is_cut_off(page: Page, server: Server) -> None:
    opened(page, server, FAQ)
    page.set_viewport_size({"width": 360, "height": 740})
    sheet, first = page.locator(".sheet").bounding_box(), page.locator(".card").first.bounding_box()
    assert sheet is not None
    assert first is not None
    assert first["y"] >= sheet["y"] + sheet["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

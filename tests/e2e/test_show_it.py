"""A demo in seven steps in a browser, without a model: each step is ticked when it has happened."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e import steps
from tests.e2e.test_visitors import filled, running

OLD = {"terms.md": "# Terms\n\nWe deliver on weekdays."}
OFFER = FilePayload(
    name="offer.md", mimeType="text/markdown", buffer=b"# Warranty period\n\nThe pump has a warranty of 36 months.\n"
)
TITLES = ("Their file", "An answer with its source", "The plain model beside it", "A question it must refuse")
TITLES += ("The source, opened at the place", "A changed price, answered right", "What it cost")


def step(page: Page, title: str) -> Locator:
    return page.get_by_test_id("stExpander").filter(has_text=title)


def count_is(page: Page, done: int) -> None:
    expect(page.get_by_text(f"{done} of 7 done")).to_be_visible(timeout=steps.READ_MILLISECONDS)
    steps.settled(page)


@pytest.mark.slow
def test_seven_steps_without_a_model(page: Page, tmp_path: Path, screens: Path) -> None:
    with running(filled(tmp_path, documents=OLD)) as server:
        steps.visit(page, server)
        steps.open_page(page, "Publish")
        page.get_by_role("button", name="In seven steps").click()
        expect(page.get_by_role("heading", name="Show it in seven steps")).to_be_visible()
        page.screenshot(path=screens / "show-begin.png")
        page.get_by_role("button", name="Begin").click()
        count_is(page, 0)
        steps.add_files(page, [OFFER])
        count_is(page, 1)
        page.screenshot(path=screens / "show-1.png", full_page=True)
        expect(page.get_by_label("Question").first).to_have_value(re.compile("Warranty period"))
        step(page, TITLES[1]).get_by_role("button", name="Ask", exact=True).click()
        count_is(page, 2)  # what cannot happen without a model is not ticked
        expect(step(page, TITLES[2])).to_contain_text("There is no model set")
        expect(step(page, TITLES[1])).to_contain_text("36 months")
        step(page, TITLES[3]).get_by_role("button", name="Ask", exact=True).click()
        count_is(page, 3)
        step(page, TITLES[4]).get_by_role("button", name=re.compile("offer.md")).click()
        drawer = page.get_by_role("dialog")
        expect(drawer.locator("mark")).to_contain_text("36 months")
        drawer.get_by_role("button", name="Close").click()
        count_is(page, 4)
        page.screenshot(path=screens / "show-5.png", full_page=True)
        a_price_changes(page)
        expect(step(page, TITLES[6])).to_contain_text("Nothing")
        page.screenshot(path=screens / "show-7.png", full_page=True)
        page.reload()
        count_is(page, 6)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 360, "height": 740})
        page.reload()
        count_is(page, 6)
        steps.no_sideways_scroll(page)
        page.screenshot(path=screens / "show-phone.png", full_page=True)


def a_price_changes(page: Page) -> None:
    price = step(page, TITLES[5])
    price.get_by_role("button", name="add ours").click()
    expect(price.get_by_label("Question")).to_have_value(
        "What does the sample box cost?", timeout=steps.READ_MILLISECONDS
    )
    price.get_by_role("button", name="Ask", exact=True).click()
    expect(price).to_contain_text("12.50", timeout=steps.READ_MILLISECONDS)
    steps.settled(page)
    price.get_by_role("button", name="Change the price").click()
    price.get_by_role("button", name="Ask again").click(timeout=steps.READ_MILLISECONDS)
    count_is(page, 6)
    expect(price).to_contain_text("14.90")
    expect(price).to_contain_text("12.50")

"""A demo link in a browser: made in two clicks, behind its password, cleared for the next viewer, over in its time."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import steps
from tests.e2e.server import Server
from tests.e2e.test_visitors import answers, filled, running, type_question

DOCUMENTS = {"returns.md": "# Returns\n\nParcels can be sent back within 30 days of delivery."}
PASSWORD = "open sesame"


def link_on(page: Page) -> str:
    """The address of the newest link on the page Publish."""
    code = page.get_by_test_id("stCode").filter(has_text="/demo/").first
    expect(code).to_be_visible()
    return re.sub(r"\s", "", code.inner_text())


@pytest.mark.slow
def test_a_demo_from_two_clicks_to_its_end(page: Page, browser: Browser, tmp_path: Path, screens: Path) -> None:
    with running(filled(tmp_path, documents=DOCUMENTS)) as server:
        steps.visit(page, server)
        steps.open_page(page, "Publish")
        page.get_by_role("button", name="Demo link").click()
        page.get_by_role("textbox", name="What stands above it").fill("Demo for the board")
        page.locator("input[aria-label=Password]").fill("short")
        page.get_by_role("button", name="Make the link").click()
        expect(page.get_by_role("dialog")).to_contain_text("A password of 5 characters is not taken.")
        page.locator("input[aria-label=Password]").fill(PASSWORD)
        page.get_by_text("Keep what they ask for me").click()
        page.screenshot(path=screens / "demo-link-form.png")
        page.get_by_role("button", name="Make the link").click()
        address = link_on(page)
        viewer_sees_it_to_its_end(browser, server, address, screens)
        page.reload()
        expect(page.get_by_text(re.compile("1 question kept · last opened"))).to_be_visible()
        page.screenshot(path=screens / "demo-links.png", full_page=True)


def viewer_sees_it_to_its_end(browser: Browser, server: Server, address: str, screens: Path) -> None:
    """In a browser of their own, which knows nothing of the owner's."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark")
    viewer = context.new_page()
    wrong: list[str] = []
    viewer.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    viewer.goto(address)
    expect(viewer.get_by_text("This demo has a password.")).to_be_visible()
    viewer.get_by_label("Password").fill("not this")
    viewer.get_by_role("button", name="Open").click()
    expect(viewer.get_by_role("alert")).to_contain_text("This is not the password.")
    viewer.screenshot(path=screens / "demo-password.png")
    viewer.get_by_label("Password").fill(PASSWORD)
    viewer.keyboard.press("Enter")
    expect(viewer.get_by_text(re.compile(r"^Demo for the board · shown until \d{4}-\d\d-\d\d$"))).to_be_visible()
    expect(type_question(viewer, "When can parcels be sent back?")).to_contain_text("within 30 days")
    viewer.screenshot(path=screens / "demo-answer.png")
    with viewer.expect_response(re.compile("/forget$")) as forgotten:
        viewer.get_by_role("button", name="Start again").click()
    assert forgotten.value.json() == {"deleted": 1}
    expect(answers(viewer)).to_have_count(0)
    viewer.reload()
    expect(answers(viewer)).to_have_count(0)
    type_question(viewer, "Within how many days can parcels be sent back?")
    end(server)
    expect(type_question(viewer, "When?")).to_contain_text("This demo has ended.")
    viewer.reload()
    expect(viewer.get_by_role("heading", name="This demo has ended")).to_be_visible()
    viewer.screenshot(path=screens / "demo-ended.png")
    context.close()
    assert wrong == []


def end(server: Server) -> None:
    """Let every link's time be over, but the look of the owner's page at it comes later than its making."""
    with closing(sqlite3.connect(server.data / "answerbook.db")) as db, db:
        assert db.execute("UPDATE demo_link SET expires_at = '2026-01-01 00:00:00.000000'").rowcount == 1

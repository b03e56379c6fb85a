"""The owner's words in the browser: proposed from a question that found nothing, searched as both, deleted again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.core.explain.test_sureness import CLEAR, FEES, HOURS, LIKELY
from tests.e2e import steps
from tests.e2e.server import Server

BADGES = "# Badges\n\nA lost access badge costs 15 euros. The access badge opens every door of the depot.\n"
FILE: FilePayload = {"name": "badges.md", "mimeType": "text/markdown", "buffer": BADGES.encode()}
QUESTION = "What does a gizmo open?"


def your_words(page: Page) -> None:
    steps.open_page(page, "Search test")
    page.get_by_role("radio", name=re.compile("Your words")).click()


@pytest.mark.slow
def test_a_word_that_found_nothing_finds_what_the_documents_call_it(page: Page, server: Server, screens: Path) -> None:
    steps.new_assistant(page, server, "Badges")
    steps.add_files(page, [FILE])
    steps.expect_ready(page, "badges.md")
    steps.open_page(page, "Chat")
    expect(steps.ask(page, QUESTION)).not_to_contain_text("opens every door")

    your_words(page)
    page.get_by_label("The documents call “gizmo”").fill("access badge")
    page.screenshot(path=screens / "own-words-proposed.png", full_page=True)
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator(".st-key-own_words")).to_contain_text("gizmo is called “access badge”")
    expect(page.get_by_text("What do the documents call this?")).to_have_count(0)
    page.get_by_label("People say").fill("the")
    page.get_by_label("The documents call it").fill("access badge")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("stands in many questions")).to_be_visible()
    page.screenshot(path=screens / "own-words.png", full_page=True)

    steps.open_page(page, "Chat")
    answer = steps.ask(page, "What do GIZMOS open?")
    expect(answer).to_contain_text("opens every door")
    expect(answer).not_to_contain_text("Showing answers for")

    your_words(page)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".st-key-own_words")).to_have_count(0)


@pytest.mark.slow
def test_the_slider_says_in_words_what_it_does_and_stays(page: Page, server: Server, screens: Path) -> None:
    steps.new_assistant(page, server, "Doors")
    texts = {"fees.md": FEES, "hours.md": HOURS}
    files: list[FilePayload] = [
        {"name": name, "mimeType": "text/markdown", "buffer": text.encode()} for name, text in texts.items()
    ]
    steps.add_files(page, files)
    for name in texts:
        steps.expect_ready(page, name)
    steps.open_page(page, "Search test")
    for question in (CLEAR, LIKELY):
        page.get_by_role("radio", name="One question").click()
        page.get_by_label("Question", exact=True).fill(question)
        page.get_by_role("button", name="Search", exact=True).click()
        expect(page.get_by_text("Used for the answer")).to_be_visible()
        expect(page.get_by_role("button", name="Save as a test question")).to_have_count(0)
        page.get_by_label("The words that answer").fill("open from 8 to 18")
        page.get_by_role("button", name="Where is it?").click()
        page.get_by_role("button", name="Save as a test question").click()
        expect(page.get_by_text("Kept among the test questions.")).to_be_visible()
        expect(page.get_by_text("Kept among the test questions.")).to_have_count(0)
        page.get_by_role("radio", name=re.compile("Test questions")).click()
        expect(page.locator('[class*="st-key-question_"]').filter(has_text=question)).to_be_visible()
    page.get_by_role("button", name="Run all 2").click()
    card = page.locator(".st-key-sureness_card")
    expect(card).to_contain_text("Answered of 2 test questions", timeout=60_000)
    slider = card.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(card).to_contain_text("It shows only what clearly answers.")
    expect(card).to_contain_text("It answers (1)")
    page.screenshot(path=screens / "sureness.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    expect(card).to_contain_text("It shows only what clearly answers.")
    card.scroll_into_view_if_needed()
    page.screenshot(path=screens / "sureness-phone.png", full_page=True)
    page.get_by_role("radio", name=re.compile("Your words")).click()
    expect(page.get_by_label("People say")).to_be_visible()
    page.screenshot(path=screens / "own-words-phone.png", full_page=True)

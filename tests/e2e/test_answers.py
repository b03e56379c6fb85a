"""Asking in the browser: quotes without a key, a written answer with one, and what goes wrong said in words."""

import re
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.sample import SUGGESTED
from tests.e2e import steps
from tests.e2e.server import PROJECT, Server, free_port
from tests.fake_provider import FakeProvider

PHONE = {"width": 360, "height": 740}
QUESTION = SUGGESTED[0]
KEY = "sk-test-lighthouse-7391"


@pytest.mark.slow
def test_sample_to_a_cited_answer_with_the_words_highlighted(page: Page, server: Server, screens: Path) -> None:
    steps.visit(page, server)
    page.screenshot(path=screens / "home-first-visit.png")
    steps.try_sample(page, server)
    page.get_by_text(SUGGESTED[0], exact=True).click()
    answer = page.get_by_test_id("stChatMessage").last
    expect(answer.get_by_role("button", name=re.compile("1 · "))).to_be_visible()
    expect(answer).to_contain_text("Word for word from your sources")
    answer = steps.ask(page, "By when must I report a damaged parcel?")
    drawer = steps.open_citation(page, answer)
    expect(drawer).to_contain_text(re.compile("Page \\d+ of \\d+|Under “"))
    page.screenshot(path=screens / "chat-source.png")


@pytest.mark.slow
def test_a_question_that_a_table_answers_by_itself_takes_nothing_of_the_topic(page: Page, server: Server) -> None:
    steps.try_sample(page, server)
    steps.ask(page, "my parcel never turned up what now")
    answer = steps.ask(page, "how long until it reaches canada with express")
    expect(answer).to_contain_text("Zone: Zone 5 · Standard: 6 to 9 working days · Express: 2 to 4 working days")


@pytest.mark.slow
def test_a_question_asked_before_the_files_are_read_waits_for_them(page: Page, server: Server) -> None:
    steps.visit(page, server)
    page.get_by_role("button", name="Try the ShipIt sample").click()
    page.get_by_placeholder("Ask a question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stFeedback")).to_have_count(1)
    expect(page.get_by_test_id("stChatMessage").last).to_contain_text("the recipient pays import tax")


@pytest.mark.slow
def test_a_highlight_lies_on_the_page_picture(page: Page, server: Server, screens: Path) -> None:
    steps.try_sample(page, server)
    answer = steps.ask(page, QUESTION)
    answer.get_by_role("button", name=re.compile(r"\.pdf, page \d")).first.click()
    picture = page.get_by_role("dialog").get_by_role("img", name=re.compile("highlighted"))
    expect(picture).to_be_visible()
    yellow = picture.evaluate(
        """async (image) => {
            await image.decode();
            const canvas = document.createElement('canvas');
            canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
            const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);
            const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let i = 0; i < dots.length; i += 4)
                if (dots[i] > 220 && dots[i + 1] > 200 && dots[i + 2] < 190) count++;
            return count;
        }"""
    )
    assert yellow > 500
    page.screenshot(path=screens / "chat-highlight.png")


@pytest.mark.slow
def test_everything_is_still_there_after_a_restart(page: Page, server: Server) -> None:
    steps.try_sample(page, server)
    steps.ask(page, QUESTION)
    address = page.url
    server.kill()
    server.start()
    page.goto(address)
    steps.settled(page)
    expect(page.get_by_text(QUESTION)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("1 · "))).to_be_visible()
    page.get_by_role("button", name="New").click()
    page.get_by_role("button", name="Earlier").click()
    page.get_by_label("Find a conversation").fill("who pays import tax")
    page.get_by_role("button", name=re.compile("Who pays")).click()
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)


@pytest.mark.slow
def test_a_key_turns_quotes_into_a_written_streamed_answer(page: Page, server: Server, screens: Path) -> None:
    with FakeProvider(pause=0.03) as provider:
        steps.try_sample(page, server)
        steps.add_provider(page, provider.base_url, KEY, "fake-chat")
        expect(page.get_by_text(re.compile("works · checked")).first).to_be_visible()
        page.screenshot(path=screens / "settings.png", full_page=True)
        steps.open_page(page, "Chat")
        answer = steps.ask(page, QUESTION)
        expect(answer).not_to_contain_text("Word for word")
        expect(answer.get_by_role("button", name=re.compile("1 · "))).to_be_visible()
        page.screenshot(path=screens / "chat.png")
    assert KEY not in page.content()
    assert KEY not in server.log.read_text()
    assert KEY.encode() not in (server.data / "answerbook.db").read_bytes()


@pytest.mark.slow
def test_an_answer_can_be_stopped_and_what_was_said_is_kept(page: Page, server: Server) -> None:
    with FakeProvider(pause=1.5) as provider:
        steps.try_sample(page, server)
        steps.add_provider(page, provider.base_url, KEY, "fake-chat")
        expect(page.get_by_text(re.compile("works · checked")).first).to_be_visible()
        steps.open_page(page, "Chat")
        page.get_by_placeholder("Ask a question").fill(QUESTION)
        page.keyboard.press("Enter")
        wait_for_words(page)
        stop = page.get_by_role("button", name="Stop", exact=True)
        stop.click()  # it takes effect, and is written down, with the provider's next piece
        expect(page.get_by_text("This answer was stopped")).to_be_visible()
        expect(stop).to_have_count(0)
        page.reload()
        expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
        expect(page.get_by_text("This answer was stopped")).to_be_visible()


@pytest.mark.slow
def test_an_answer_that_a_reload_stops_appears_by_itself_with_a_sentence(page: Page, server: Server) -> None:
    with FakeProvider(pause=1.5) as provider:
        steps.try_sample(page, server)
        steps.add_provider(page, provider.base_url, KEY, "fake-chat")
        expect(page.get_by_text(re.compile("works · checked")).first).to_be_visible()
        steps.open_page(page, "Chat")
        page.get_by_placeholder("Ask a question").fill(QUESTION)
        page.keyboard.press("Enter")
        wait_for_words(page)
        page.reload()
        expect(page.get_by_text("because the page was left or reloaded")).to_be_visible()
        expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
        expect(page.get_by_role("button", name="Ask again")).to_have_count(0)


def wait_for_words(page: Page) -> None:
    """Wait for the first words of a streamed answer to the first question of a conversation."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        said = page.get_by_test_id("stChatMessage").all_inner_texts()
        if len(said) == 2 and "Looking in your sources" not in said[1] and len(said[1]) > 25:
            return
        page.wait_for_timeout(200)
    raise AssertionError("no words came")


@pytest.mark.slow
def test_a_wrong_key_is_said_in_words_and_nothing_is_saved(page: Page, server: Server, screens: Path) -> None:
    with FakeProvider() as provider:
        steps.try_sample(page, server)
        steps.add_provider(page, provider.base_url, "fail-401", "fake-chat")
        alert = page.get_by_role("alert").first
        expect(alert).to_contain_text("key")
        page.screenshot(path=screens / "settings-wrong-key.png", full_page=True)
        assert "fail-401" not in server.log.read_text()
    steps.open_page(page, "Chat")
    expect(steps.ask(page, QUESTION)).to_contain_text("Word for word")


@pytest.mark.slow
def test_a_dead_provider_keeps_the_question_and_can_be_asked_again(page: Page, server: Server, screens: Path) -> None:
    port = free_port()
    provider = start_provider(port)
    steps.try_sample(page, server)
    steps.add_provider(page, f"http://127.0.0.1:{port}/v1", KEY, "fake-chat")
    expect(page.get_by_text(re.compile("works · checked")).first).to_be_visible()
    provider.kill()
    provider.wait()
    steps.open_page(page, "Chat")
    page.get_by_placeholder("Ask a question").fill(QUESTION)
    page.keyboard.press("Enter")
    again = page.get_by_role("button", name="Ask again")
    expect(again).to_be_visible(timeout=steps.READ_MILLISECONDS)
    expect(page.get_by_role("alert").first).to_be_visible()
    page.screenshot(path=screens / "chat-failed.png")
    page.reload()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    provider = start_provider(port)
    again.click()
    expect(page.get_by_role("button", name=re.compile("1 · "))).to_be_visible()
    provider.kill()


def start_provider(port: int) -> "subprocess.Popen[bytes]":
    """The provider as a process of its own, which can be killed as a real one can die."""
    started = subprocess.Popen([sys.executable, "-m", "tests.fake_provider", "--port", str(port)], cwd=PROJECT)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return started
        time.sleep(0.1)
    raise AssertionError("the provider did not start")


@pytest.mark.slow
def test_a_phone_shows_every_page_without_sideways_scroll(browser: Browser, server: Server, screens: Path) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    steps.try_sample(page, server)
    answer = steps.ask(page, QUESTION)
    steps.no_sideways_scroll(page)
    steps.open_citation(page, answer)
    page.screenshot(path=screens / "phone-source.png")
    page.keyboard.press("Escape")
    for name in ("home", "knowledge", "passages", "voice", "settings", "chat"):
        steps.visit(page, server, "" if name == "home" else name)
        steps.no_sideways_scroll(page)
        page.screenshot(path=screens / f"phone-{name}.png", full_page=True)
    context.close()

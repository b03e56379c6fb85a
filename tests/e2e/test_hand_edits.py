"""An owner edits a passage by hand in a browser: it stays over another cut and version, or waits to be decided."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e import steps
from tests.e2e.server import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("edits") / "data").start()
    yield started
    started.stop()


def file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def answered(page: Page, question: str, words: str) -> Locator:
    """Ask until what was saved a moment ago answers: it is prepared in the background."""
    steps.open_page(page, "Chat")
    for _ in range(5):
        answer = steps.ask(page, question)
        if words in answer.inner_text():
            return answer
        page.wait_for_timeout(2000)
    raise AssertionError(f"{words} is in no answer: {answer.inner_text()}")


def test_questions_and_answers_are_typed_in_and_answer(page: Page, office: Server) -> None:
    steps.new_assistant(page, office, "Questions")
    page.get_by_role("button", name="Add questions and answers").click()
    dialog = page.get_by_role("dialog")
    sheet = dialog.get_by_test_id("stDataFrame")
    expect(sheet).to_be_visible()
    box = sheet.bounding_box()
    assert box is not None
    for _ in range(4):  # a grid that is still being drawn lets go of what is typed; what it has is saved
        for across, words in ((150, "Do you deliver to my door?"), (600, "Yes, by bicycle, inside the town.")):
            page.mouse.dblclick(box["x"] + across, box["y"] + 52)
            editor = page.locator(".gdg-input").last
            expect(editor).to_be_visible()
            editor.fill(words)
            page.keyboard.press("Enter")
            page.wait_for_timeout(1000)
        dialog.get_by_role("button", name="Save").click()
        page.wait_for_timeout(3000)
        if not dialog.count():
            break
    expect(dialog).to_have_count(0)
    steps.expect_ready(page, "Questions and answers")
    answered(page, "Is a delivery to the door possible?", "Yes, by bicycle, inside the town.")

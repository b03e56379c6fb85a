"""Files dropped in the browser: read while one watches, reloads, kills and deletes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from core.sample import sample_files
from tests.e2e import steps
from tests.e2e.server import Server

HANDBOOK = "\n\n".join(
    f"## Section {number}\n\n"
    + " ".join(
        f"Rule {number}.{line} of the parcel handbook says that a clerk checks item {line}." for line in range(40)
    )
    for number in range(150)
)


def handbook(number: int) -> FilePayload:
    """A file of half a megabyte, so that a dozen of them take a while to read."""
    body = (
        f"# Handbook {number}\n\n{HANDBOOK}\n\n## Code word\n\nThe code word of handbook {number} is lantern{number}.\n"
    )
    return {"name": f"handbook-{number}.md", "mimeType": "text/markdown", "buffer": body.encode()}


def sample_file(ending: str) -> Path:
    return next(path for path in sample_files() if path.suffix == ending)


@pytest.mark.slow
def test_a_pdf_and_a_word_file_are_read_and_answer(page: Page, server: Server, screens: Path) -> None:
    steps.new_assistant(page, server, "My parcels")
    pdf, docx = sample_file(".pdf"), sample_file(".docx")
    steps.add_files(page, [pdf, docx])
    for path in (pdf, docx):
        steps.expect_ready(page, path.name)
    expect(page.get_by_text(re.compile(r"^2 sources · \d+ passages"))).to_be_visible()
    page.screenshot(path=screens / "knowledge.png")
    steps.open_page(page, "Chat")
    answer = steps.ask(page, "Who pays the import duty?")
    expect(answer.get_by_role("button", name=re.compile("1 · "))).to_be_visible()


@pytest.mark.slow
def test_bad_files_say_what_is_wrong_and_keep_nobody_waiting(page: Page, server: Server, screens: Path) -> None:
    steps.new_assistant(page, server, "Odd files")
    steps.add_files(
        page,
        [
            {"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b" "},
            {"name": "broken.docx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 not really"},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"The office opens at nine."},
        ],
    )
    steps.expect_ready(page, "notes.txt")
    for name in ("empty.pdf", "broken.docx"):
        expect(steps.row(page, name).get_by_role("alert")).to_be_visible()
        expect(steps.row(page, name).get_by_role("button", name="Retry")).to_be_visible()
    page.screenshot(path=screens / "knowledge-failed.png", full_page=True)
    page.reload()
    expect(steps.row(page, "empty.pdf").get_by_role("alert")).to_be_visible()


@pytest.mark.slow
def test_reload_in_the_middle_of_an_import_loses_nothing(page: Page, server: Server, screens: Path) -> None:
    steps.new_assistant(page, server, "Handbooks")
    steps.add_files(page, [handbook(number) for number in range(6)])
    expect(page.get_by_text("You can leave this page")).to_be_visible()
    page.screenshot(path=screens / "knowledge-busy.png")
    page.reload()
    for number in range(6):
        steps.expect_ready(page, f"handbook-{number}.md")


@pytest.mark.slow
def test_kill_in_the_middle_of_an_import_and_it_goes_on_by_itself(page: Page, server: Server) -> None:
    steps.new_assistant(page, server, "Handbooks")
    steps.add_files(page, [handbook(number) for number in range(12)])
    expect(steps.row(page, "Ready").first).to_be_visible(timeout=steps.READ_MILLISECONDS)
    server.kill()
    server.start()
    steps.visit(page, server, "knowledge")
    for number in range(12):
        steps.expect_ready(page, f"handbook-{number}.md")
    steps.open_page(page, "Chat")
    answer = steps.ask(page, "What is the code word of handbook 11?")
    expect(answer).to_contain_text("lantern11")


@pytest.mark.slow
def test_a_new_version_answers_instead_of_the_old_one(page: Page, server: Server) -> None:
    steps.new_assistant(page, server, "Opening hours")
    for hour in ("nine", "ten"):
        body = f"The ticket office opens at {hour} in the morning.".encode()
        steps.add_files(page, [{"name": "hours.txt", "mimeType": "text/plain", "buffer": body}])
        if hour == "ten":
            expect(page.get_by_text("replaces its earlier version")).to_be_visible()
        steps.expect_ready(page, "hours.txt")
    expect(page.get_by_text("Reading 1 file")).to_have_count(0)
    expect(page.locator('[class*="st-key-row_"]')).to_have_count(1)
    steps.open_page(page, "Chat")
    answer = steps.ask(page, "When does the ticket office open?")
    expect(answer).to_contain_text("ten in the morning")
    expect(answer).not_to_contain_text("nine")


@pytest.mark.slow
def test_a_deleted_file_is_proven_gone(page: Page, server: Server) -> None:
    steps.new_assistant(page, server, "Opening hours")
    body = b"The ticket office opens at nine in the morning."
    steps.add_files(page, [{"name": "hours.txt", "mimeType": "text/plain", "buffer": body}])
    steps.expect_ready(page, "hours.txt")
    steps.row(page, "hours.txt").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("0 passages left")).to_be_visible()


@pytest.mark.slow
def test_too_many_files_at_once_are_refused_in_words(page: Page, tmp_path: Path, screens: Path) -> None:
    small = Server(tmp_path / "data", ANSWERBOOK_FILE_MEGABYTES="1").start()
    try:
        steps.new_assistant(page, small, "Heaps")
        body = b"The depot opens at eight.\n" * 38_000
        names = [f"{number}.txt" for number in range(20)]
        steps.add_files(page, [{"name": n, "mimeType": "text/plain", "buffer": n.encode() + body} for n in names])
        alert = page.get_by_role("alert").filter(has_text="More than 5 MB at once")
        expect(alert).to_contain_text("add the rest again")
        page.screenshot(path=screens / "knowledge-too-many.png")
        page.get_by_role("button", name="Understood").first.click()
        expect(alert).to_have_count(0)
    finally:
        small.stop()


@pytest.mark.parametrize("name", ["2022_Q3_AAPL.pdf"])
@pytest.mark.slow
def test_a_real_report_from_the_shared_corpora(page: Page, server: Server, shared_data: Path, name: str) -> None:
    steps.new_assistant(page, server, "Reports")
    steps.add_files(page, [shared_data / "sec_10q" / "documents" / name])
    steps.expect_ready(page, name)
    steps.open_page(page, "Chat")
    answer = steps.ask(page, "How did iPhone net sales change in the third quarter?")
    drawer = steps.open_citation(page, answer)
    expect(drawer.get_by_role("img", name=re.compile("highlighted"))).to_be_visible()

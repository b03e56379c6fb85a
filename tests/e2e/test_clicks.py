"""On a slow machine no click goes astray: what is made, chosen and dropped lands where it was meant to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.e2e import steps
from tests.e2e.server import Server

SLOWER = 4
CREATIONS = 4
LINE = {"offline": False, "latency": 20, "downloadThroughput": 2_000_000, "uploadThroughput": 400_000}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of this file; each makes assistants of its own."""
    started = Server(tmp_path_factory.mktemp("office") / "data").start()
    yield started
    started.stop()


@pytest.fixture
def slow_page(page: Page) -> Page:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def chosen(page: Page) -> str:
    """The name that the picker in the sidebar shows."""
    return page.get_by_test_id("stSidebar").get_by_role("combobox").input_value()


def choose(page: Page, name: str) -> None:
    """Choose an assistant in the sidebar."""
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name=name).click()


@pytest.mark.slow
def test_every_new_assistant_is_the_one_its_maker_stands_on(slow_page: Page, office: Server) -> None:
    for number in range(CREATIONS):
        name = f"Number {number} of all"
        steps.new_assistant(slow_page, office, name)
        expect(slow_page.get_by_text(f"Everything {name} knows")).to_be_visible()
        slow_page.wait_for_timeout(1000)  # what the browser still sends must not undo the choice
        assert chosen(slow_page) == name
        expect(slow_page.get_by_text(f"Everything {name} knows")).to_be_visible()


@pytest.mark.slow
def test_the_picker_and_the_cards_choose_one_assistant_for_all_pages(slow_page: Page, office: Server) -> None:
    names = ("Left hand", "Right hand")
    for name in names:
        steps.new_assistant(slow_page, office, name)
    for turn in range(2):
        name = names[turn % 2]
        choose(slow_page, name)
        expect(slow_page.get_by_text(f"Everything {name} knows")).to_be_visible()
        other = names[(turn + 1) % 2]
        steps.open_page(slow_page, "Home")
        card = slow_page.get_by_test_id("stVerticalBlock").filter(has=slow_page.get_by_role("heading", name=other))
        card.last.get_by_role("button", name="Open").click()
        expect(slow_page.get_by_text(f"Everything {other} knows")).to_be_visible()
        slow_page.wait_for_timeout(500)
        assert chosen(slow_page) == other


def note(name: str, words: str = "") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": f"{words or name}: the office opens at nine.".encode()}


def expect_sources(page: Page, count: int) -> None:
    expect(page.locator('[class*="st-key-row_"]')).to_have_count(count, timeout=60_000)


@pytest.mark.slow
def test_files_dropped_one_after_the_other_all_arrive(slow_page: Page, office: Server) -> None:
    steps.new_assistant(slow_page, office, "Three drops")
    for number, pause in enumerate((30, 300, 1000, 30, 0)):
        steps.add_files(slow_page, [note(f"note-{number}.txt")])
        slow_page.wait_for_timeout(pause)
    expect_sources(slow_page, 5)
    steps.add_files(slow_page, [note("note-0.txt"), note("copy.txt", "note-1.txt")])
    steps.add_files(slow_page, [note("note-2.txt", "other words")])
    for sentence in ("note-0.txt is already here, unchanged", "copy.txt has the same content", "note-2.txt replaces"):
        expect(slow_page.get_by_text(sentence)).to_be_visible()
    slow_page.get_by_role("button", name="Understood").click()
    expect(slow_page.get_by_text("note-2.txt replaces")).to_have_count(0)
    expect_sources(slow_page, 5)


@pytest.mark.slow
def test_a_large_upload_and_what_is_dropped_meanwhile_arrive_even_if_the_page_is_left(
    page: Page, office: Server, screens: Path
) -> None:
    steps.new_assistant(page, office, "Slow line")
    line = page.context.new_cdp_session(page)
    line.send("Network.emulateNetworkConditions", LINE)
    large = b"The depot opens at eight.\n" * 150_000
    steps.add_files(page, [{"name": "large.txt", "mimeType": "text/plain", "buffer": large}])
    expect(page.get_by_role("button", name="Cancel upload of large.txt")).to_be_visible()
    steps.add_files(page, [note("small.txt")])
    page.screenshot(path=screens / "knowledge-uploading.png")
    steps.open_page(page, "Voice")
    expect(page.get_by_text("1 file added").first).to_be_visible(timeout=60_000)
    steps.open_page(page, "Knowledge")
    expect_sources(page, 2)


@pytest.mark.slow
def test_a_file_on_its_way_never_lands_in_another_assistant(page: Page, office: Server) -> None:
    steps.new_assistant(page, office, "Other one")
    steps.new_assistant(page, office, "Right one")
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINE)
    large = b"The depot opens at eight.\n" * 60_000
    steps.add_files(page, [{"name": "late.txt", "mimeType": "text/plain", "buffer": large}])
    expect(page.get_by_role("button", name="Cancel upload of late.txt")).to_be_visible()
    choose(page, "Other one")
    expect(page.get_by_text("Everything Other one knows")).to_be_visible()
    page.wait_for_timeout(5000)
    expect_sources(page, 0)
    steps.open_page(page, "Voice")
    expect(page.get_by_role("alert").filter(has_text="late.txt")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Understood").click()
    expect(page.get_by_role("alert").filter(has_text="late.txt")).to_have_count(0)


@pytest.mark.slow
def test_the_menu_leaves_the_page_that_was_chosen_in_it(browser: Browser, office: Server, screens: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    menu = page.get_by_test_id("stSidebar")
    for name in ("Upper floor", "Lower floor"):
        steps.new_assistant(page, office, name)
    steps.open_page(page, "Voice")
    expect(menu).to_have_attribute("data-collapsed", "true")
    expect(page.get_by_role("heading", name="Voice", exact=True)).to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").click()
    choose(page, "Upper floor")
    expect(page.get_by_text("How Upper floor speaks")).to_be_visible()
    expect(menu).to_have_attribute("data-collapsed", "true")
    page.screenshot(path=screens / "phone-menu-closed.png")
    page.reload()
    steps.settled(page)
    expect(menu).to_have_attribute("data-collapsed", "true")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(menu).to_have_attribute("data-collapsed", "false")
    steps.open_page(page, "Knowledge")
    expect(menu).to_have_attribute("data-collapsed", "false")
    context.close()


def test_a_second_click_for_a_page_that_was_left_draws_nothing_more(page: Page, office: Server) -> None:
    """Drawn right behind the new page, the part that the second click asks for would empty it, now and then."""
    asked: list[BackMsg] = []
    drawn: list[tuple[str, list[str]]] = []

    def twice(window: WebSocketRoute) -> None:
        behind = window.connect_to_server()

        def to_server(sent: str | bytes) -> None:
            behind.send(sent)
            wish = BackMsg.FromString(sent if isinstance(sent, bytes) else sent.encode())
            widgets = wish.rerun_script.widget_states.widgets
            if any(widget.trigger_value and "create_assistant" in widget.id for widget in widgets):
                asked.append(wish)

        def to_browser(got: str | bytes) -> None:
            message = ForwardMsg.FromString(got if isinstance(got, bytes) else got.encode())
            if message.WhichOneof("type") == "new_session":
                drawn.append((message.new_session.page_script_hash, list(message.metadata.run.fragment_ids)))
                if asked and not drawn[-1][1]:  # the dialog has been left, and its page will be
                    behind.send(asked[-1].SerializeToString())
            window.send(got)

        window.on_message(to_server)
        behind.on_message(to_browser)

    page.route_web_socket(re.compile(".*"), twice)
    for number in range(CREATIONS):  # whether the second click comes in time for the new page is not in our hands
        asked.clear()
        drawn.clear()
        steps.new_assistant(page, office, f"Twice {number}")
        steps.settled(page)
        (dialog,) = {wish.rerun_script.fragment_id for wish in asked}
        whole = [index for index, (_, parts) in enumerate(drawn) if not parts]
        assert len({drawn[index][0] for index in whole[-2:]}) == 2  # the page that was left, and the new one
        assert [parts for _, parts in drawn[whole[-1] :] if dialog in parts] == []
        expect(page.get_by_role("heading", name="Knowledge")).to_be_visible()

"""The visitor's page in a browser: asked, streamed, cited and opened by keyboard alone, on a phone, under attack."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from core.sample import SUGGESTED
from tests.core.answer.test_safe_markdown import LEAKS
from tests.core.work import wait_until
from tests.e2e import steps
from tests.e2e.server import PROJECT, Server
from tests.fake_provider import FakeProvider, Reply

STORED = """async () => [
    localStorage.length, sessionStorage.length, document.cookie.length,
    (await indexedDB.databases()).length, (await caches.keys()).length,
    (await navigator.serviceWorker.getRegistrations()).length,
]"""
# As a phone's keyboard does it: the window stays, what is seen of it gets smaller.
KEYBOARD = """() => {
    const view = Object.assign(new EventTarget(), { height: 740, width: 360, offsetTop: 0, scale: 1 });
    Object.defineProperty(window, 'visualViewport', { value: view });
    window.keyboard = (height) => { view.height = height; view.dispatchEvent(new Event('resize')); };
}"""
FIRST_MILLISECONDS = 120_000  # a fresh server loads its models with the first question


def filled(folder: Path, **wanted: object) -> Path:
    """A data folder with an assistant that is online."""
    order = folder / "wanted.json"
    order.write_text(json.dumps(wanted), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "tests.e2e.published", str(folder / "data"), str(order)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    return folder / "data"


@contextmanager
def running(data: Path, **environment: str) -> Iterator[Server]:
    server = Server(data, **environment).start()
    try:
        yield server
    finally:
        server.stop()


def with_model(provider: FakeProvider) -> dict[str, str]:
    return {"OPENAI_API_KEY": "key-1", "OPENAI_BASE_URL": provider.base_url, "OPENAI_MODEL": "fake-chat"}


@pytest.fixture(scope="module")
def shipit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample, online, answering with quotes."""
    with running(filled(tmp_path_factory.mktemp("shipit"))) as server:
        yield server


@pytest.fixture
def visitor(page: Page) -> Iterator[Page]:
    """A visitor's window; what the policy refuses, a script's error, or a window that pops up fails the test."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield page
    assert wrong == []


def answers(page: Page) -> Locator:
    return page.locator("#turns .answer")


def type_question(page: Page, question: str) -> Locator:
    """Ask by keyboard and return the answer when it is whole."""
    count = answers(page).count()
    page.get_by_label("Ask a question").press_sequentially(question)
    page.keyboard.press("Enter")
    answer = answers(page).nth(count)
    expect(answer.locator("[aria-busy=false]")).to_be_attached(timeout=FIRST_MILLISECONDS)
    return answer


@pytest.mark.slow
def test_before_the_first_question_it_says_what_it_is_and_stores_and_asks_nothing(
    visitor: Page, shipit: Server, screens: Path
) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url.removeprefix(shipit.url).partition("?")[0]))
    visitor.goto(f"{shipit.url}/a/help")
    expect(visitor.get_by_text("You are talking to an AI, not a person.")).to_be_visible()
    expect(visitor.get_by_text("AI assistant", exact=True)).to_be_visible()
    expect(visitor.get_by_role("button", name=SUGGESTED[0])).to_be_visible()
    visitor.screenshot(path=screens / "visitor-first.png")
    assert visitor.evaluate(STORED) == [0] * 6
    assert set(asked) <= {"/a/help", "/a/help/page.css", "/a/page.js", "/favicon.ico"}
    visitor.get_by_role("button", name=SUGGESTED[0]).click()
    expect(answers(visitor).first).to_contain_text("the recipient pays import tax", timeout=FIRST_MILLISECONDS)
    assert visitor.evaluate(STORED) == [0] * 6
    assert visitor.context.cookies() == []


@pytest.mark.slow
def test_a_whole_conversation_by_keyboard_alone(visitor: Page, shipit: Server, screens: Path) -> None:
    visitor.goto(f"{shipit.url}/a/help")
    for _ in range(10):
        visitor.keyboard.press("Tab")
        if visitor.evaluate("document.activeElement.id") == "question":
            break
    visitor.keyboard.type("By when must I report a damaged parcel?")
    visitor.keyboard.press("Enter")
    answer = answers(visitor).first
    expect(answer.get_by_role("button", name="Source 1: ").first).to_be_visible()
    expect(visitor.get_by_label("Ask a question")).to_be_focused()
    for _ in range(40):
        visitor.keyboard.press("Shift+Tab")
        if "cite" in visitor.evaluate("document.activeElement.className"):
            break
    visitor.keyboard.press("Enter")
    dialog = visitor.get_by_role("dialog")
    expect(dialog.locator("mark")).to_be_in_viewport()
    visitor.screenshot(path=screens / "visitor-source.png")
    visitor.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert "cite" in visitor.evaluate("document.activeElement.className")
    visitor.get_by_role("button", name="Start again").press("Enter")
    expect(answers(visitor)).to_have_count(0)
    expect(visitor.get_by_role("button", name=SUGGESTED[0])).to_be_visible()


@pytest.mark.slow
def test_the_newest_answer_alone_is_announced_once_it_is_whole(visitor: Page, shipit: Server) -> None:
    visitor.goto(f"{shipit.url}/a/help")
    type_question(visitor, SUGGESTED[0])
    second = type_question(visitor, SUGGESTED[1])
    live = visitor.locator("[aria-live]")
    expect(live).to_have_count(1)
    assert live.inner_text() in second.inner_text()
    assert live.get_by_role("button", name="This helped").count() == 0


@pytest.mark.slow
def test_what_is_not_known_leads_to_a_person_and_the_form_is_sent(visitor: Page, shipit: Server) -> None:
    visitor.goto(f"{shipit.url}/a/help")
    answer = type_question(visitor, "What does the pilot of the moon rocket earn?")
    answer.get_by_role("button", name="Talk to a person").click()
    dialog = visitor.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="help@shipit.example")).to_have_attribute(
        "href", "mailto:help@shipit.example"
    )
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Please say how you can be reached")
    dialog.get_by_label("E-mail or telephone").fill("ann@example.com")
    dialog.get_by_label("What is it about?").fill("The pilot.")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status")).to_contain_text("Somebody will get in touch")


@pytest.mark.slow
def test_a_phone_with_its_keyboard_up_still_shows_the_field_and_the_answer(
    browser: Browser, shipit: Server, screens: Path
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.add_init_script(f"({KEYBOARD})()")
    page.goto(f"{shipit.url}/a/help")
    page.evaluate("keyboard(400)")
    answer = type_question(page, SUGGESTED[0])
    steps.no_sideways_scroll(page)
    for part in (page.locator("#send"), page.locator("#question"), answer.locator(".words")):
        box = part.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 400, part
    send = page.locator("#send").bounding_box()
    assert send is not None
    assert send["y"] + send["height"] <= 400
    page.screenshot(path=screens / "visitor-phone-keyboard.png")
    page.evaluate("keyboard(740)")
    answer.get_by_role("button", name="Source 1: ").first.tap()
    expect(page.get_by_role("dialog").locator("mark")).to_be_visible()
    steps.no_sideways_scroll(page)
    page.screenshot(path=screens / "visitor-phone-source.png")
    context.close()


@pytest.mark.slow
def test_where_nothing_is_a_friendly_page_says_so(visitor: Page, shipit: Server) -> None:
    answer = visitor.goto(f"{shipit.url}/a/nothing-here")
    assert answer is not None
    assert answer.status == 404
    expect(visitor.get_by_role("heading", name="There is no assistant here")).to_be_visible()


@pytest.mark.slow
def test_an_answer_is_seen_as_it_is_written_and_can_be_stopped(visitor: Page, tmp_path: Path) -> None:
    with FakeProvider(pause=0.4) as provider, running(filled(tmp_path), **with_model(provider)) as server:
        visitor.goto(f"{server.url}/a/help")
        visitor.get_by_role("button", name=SUGGESTED[0]).click()
        coming = visitor.locator(".words.coming")
        expect(coming).to_contain_text("pay", timeout=FIRST_MILLISECONDS)
        expect(visitor.locator("[aria-busy=true]")).to_have_count(1)
        visitor.get_by_role("button", name="Stop").click()
        expect(answers(visitor).first).to_contain_text("You stopped this answer.")
        provider.pause = 0.0
        answer = type_question(visitor, SUGGESTED[1])
        expect(answer.locator("button.cite").first).to_be_visible()
        assert visitor.locator("#turns .answer").first.locator("[aria-busy=true]").count() == 0
        provider.script(["401"])
        failed = type_question(visitor, SUGGESTED[2])
        expect(failed).to_contain_text("This could not be answered just now.")
        failed.get_by_role("button", name="Try again").click()
        expect(answers(visitor).last.locator("button.cite").first).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("written", [False, True])
def test_hostile_documents_and_questions_do_nothing_to_a_visitor(visitor: Page, tmp_path: Path, written: bool) -> None:
    attacks = [
        *LEAKS,
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<form action=/x><button>Go</button>",
    ]
    rules = [f"Rule {number} on returns: {' '.join(attack.split())} applies." for number, attack in enumerate(attacks)]
    text = "# Returns <img src=x onerror=alert(1)>\n\n" + "\n\n".join(rules)
    with FakeProvider() as provider:
        data = filled(tmp_path, documents={"<b>returns.md": text}, set={"keep_days": 1})
        with running(data, **(with_model(provider) if written else {})) as server:
            visitor.goto(f"{server.url}/a/help")
            for attack in attacks[::8]:
                number = attacks.index(attack)
                type_question(visitor, f"What does rule {number} on returns say?")
                type_question(visitor, f"returns rule {number} {' '.join(attack.split())}")
            shown = visitor.locator("#turns *").evaluate_all("(all) => all.map((one) => one.tagName)")
            assert not {"IMG", "SCRIPT", "STYLE", "FORM", "IFRAME", "INPUT", "LINK", "OBJECT"} & set(shown)
            links = visitor.locator("#turns a").evaluate_all("(all) => all.map((a) => [a.protocol, a.target])")
            assert all(protocol in ("http:", "https:") and target == "_blank" for protocol, target in links)
            assert visitor.locator("button.cite").count() > 0
            visitor.locator("button.cite").first.click()
            expect(visitor.get_by_role("dialog").locator("mark")).to_be_visible()
            assert visitor.locator("dialog#source img").count() == 0


@pytest.mark.slow
def test_an_owner_publishes_with_one_click_and_sees_what_visitors_see(
    page: Page, server: Server, screens: Path
) -> None:
    steps.try_sample(page, server)
    steps.open_page(page, "Publish")
    page.get_by_role("button", name="Put it online").click()
    expect(page.get_by_text("Whoever has this address can ask")).to_be_visible()
    expect(page.get_by_text(f"{server.url}/a/shipit-help", exact=True)).to_be_visible()
    preview = page.frame_locator('iframe[title="The visitors\' page"]')
    expect(preview.get_by_role("button", name=SUGGESTED[0])).to_be_visible()
    page.screenshot(path=screens / "publish.png")
    preview.get_by_role("button", name=SUGGESTED[0]).click()
    cited = preview.locator("sup.cite").first  # no source is open to visitors yet
    expect(cited).to_be_visible(timeout=FIRST_MILLISECONDS)
    page.get_by_role("tab", name="Sources").click()
    page.get_by_role("button", name="Open all").click()
    preview.get_by_role("button", name=SUGGESTED[0]).click()
    expect(preview.locator("button.cite").first).to_be_visible()
    page.get_by_role("button", name="Take it offline").click()
    page.get_by_role("dialog").get_by_role("button", name="Take it offline").click()
    expect(page.get_by_text("Only you can ask")).to_be_visible()
    answer = page.goto(f"{server.url}/a/shipit-help")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.slow
def test_the_server_ends_though_a_visitors_answer_still_waits_for_its_model(tmp_path: Path) -> None:
    with FakeProvider() as provider:
        provider.behave = lambda _request: Reply(pieces=(b"",), kind="text/event-stream", silence=100.0)
        server = Server(filled(tmp_path), **with_model(provider)).start()
        body = {"question": SUGGESTED[0]}
        with httpx.stream("POST", f"{server.url}/a/help/ask", json=body, timeout=60, trust_env=False):
            wait_until(lambda: bool(provider.seen()))
            server.interrupt()
            assert server.ended(60)
        assert provider.hung_up == 1
        assert "Traceback" not in server.log.read_text()


@pytest.mark.slow
def test_feedback_is_offered_where_it_is_kept_and_kept_once_given(
    visitor: Page, shipit: Server, tmp_path: Path
) -> None:
    visitor.goto(f"{shipit.url}/a/help")
    assert type_question(visitor, SUGGESTED[0]).get_by_role("button", name="This helped").count() == 0
    with running(filled(tmp_path, set={"keep_days": 7})) as server:
        visitor.goto(f"{server.url}/a/help")
        expect(visitor.get_by_text("Conversations are kept for 7 days")).to_be_visible()
        answer = type_question(visitor, SUGGESTED[0])
        with visitor.expect_response("**/feedback") as told:
            answer.get_by_role("button", name="This did not help").press("Enter")
        assert told.value.json() == {"kept": True}
        expect(answer.get_by_label("What was wrong or missing? (optional)")).to_be_focused()
        visitor.keyboard.type("Which date?")
        with visitor.expect_response("**/feedback") as commented:
            visitor.keyboard.press("Enter")
        assert commented.value.request.post_data_json["comment"] == "Which date?"
        assert commented.value.json() == {"kept": True}
        expect(answer).to_contain_text("Thank you.")


@pytest.mark.slow
def test_who_asks_much_waits_a_moment_and_at_the_limit_keeps_what_was_typed(
    visitor: Page, tmp_path: Path, screens: Path
) -> None:
    held: list[Route] = []
    visitor.route("**/a/proof.js*", lambda route: held.append(route))
    with running(filled(tmp_path, limits={"address_hour": 4})) as server:
        visitor.goto(f"{server.url}/a/help")
        for question in (*SUGGESTED[:2], SUGGESTED[0]):
            type_question(visitor, question)
        assert held == [], "nobody loads what nobody needs"
        visitor.get_by_label("Ask a question").fill(SUGGESTED[1])
        visitor.keyboard.press("Enter")
        expect(answers(visitor).last.locator(".waiting")).to_have_text("One moment…")
        visitor.screenshot(path=screens / "visitor-moment.png")
        held[0].continue_()
        expect(answers(visitor).last.locator("button.cite").first).to_be_visible()
        refused = type_question(visitor, SUGGESTED[2])
        expect(refused).to_contain_text("As many questions have come from this internet connection")
        expect(refused).to_contain_text("What you typed is still here. Please try again in")
        expect(visitor.get_by_label("Ask a question")).to_have_value(SUGGESTED[2])
        visitor.screenshot(path=screens / "visitor-limit.png")
        assert len(held) == 1

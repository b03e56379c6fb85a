"""The bubble on sites of other origins, in a real browser: before it is pressed, open, by keyboard, on a phone."""

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FrameLocator, Page, expect

from core.publish import Look, save_publication
from tests.conftest import _let_go
from tests.core.publish.serving import QUESTION, published_assistant, source_of
from tests.e2e.conftest import WAIT_MILLISECONDS
from tests.e2e.server import Server
from tests.e2e.sites import STRICT, Site, document

ASK = "Ask a question"
# As careless as sites are: rules for everything, and a sticky head.
SITE_STYLE = """
body { margin: 0; font: 18px/1.6 serif; background: #faf8f4; }
header { position: sticky; top: 0; background: #fff; z-index: 900; }
* { transition: all .3s; letter-spacing: 1px; } div { display: none; } main, section { display: block; }
button { background: hotpink !important; font-size: 40px !important; width: 300px !important; }
html > * { opacity: .99; left: 0; right: auto; position: static; }
"""
TEXT = "<header><b>The Paper Shop</b></header><main><h1>Good paper</h1><a href='#prices'>Prices</a>"
BODY = TEXT + "<p>Letters and parcels, sent across the continent.</p>" * 60 + "</main>"


@dataclass(frozen=True)
class World:
    """An Answerbook with two assistants online, a site that both name, the same site with a strict policy, another."""

    server: Server
    shop: Site
    strict: Site
    stranger: Site

    def line(self, name: str = "shipit", more: str = "") -> str:
        return f'<script src="{self.server.url}/widget.js" data-assistant="{name}" {more} async></script>'

    def show(self, page: Page, head: str | None = None, body: str = BODY, site: Site | None = None) -> None:
        """Open a page of a site with what stands in its head."""
        site = site or self.shop
        site.pages["/"] = document(body, self.line() if head is None else head)
        page.goto(site.url)
        page.wait_for_load_state("load")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("widget") / "data"
    with ExitStack() as stack:
        shop, strict, stranger = (stack.enter_context(Site()) for _ in range(3))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ANSWERBOOK_DATA", str(folder))
            _let_go()
            for name in ("ShipIt", "Returns"):
                made = published_assistant(name, origins=[shop.url, strict.url])
                save_publication(made.assistant_id, public_sources=[source_of(made)], look=Look(owner="ShipIt GmbH"))
            _let_go()
        server = Server(folder).start()
        stack.callback(server.stop)
        for site in (shop, strict, stranger):
            site.pages["/site.css"] = SITE_STYLE
        strict.policy = STRICT.format(host=server.url)
        yield World(server, shop, strict, stranger)


def window(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", **options})
    context.set_default_timeout(WAIT_MILLISECONDS)
    return context


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = window(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = window(browser, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


def complaints(page: Page) -> list[str]:
    """What the browser says against the page from now on, save for icons that the little sites do not have."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "favicon" not in str(message.location):
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def opened(page: Page, name: str = ASK, number: int = 0) -> FrameLocator:
    """Press a bubble and return what it shows."""
    page.get_by_role("button", name=name, exact=True).click()
    frame = page.locator("answerbook-bubble").nth(number).frame_locator("iframe")
    expect(frame.get_by_role("textbox", name=ASK)).to_be_visible()
    return frame


def focused(page: Page) -> str:
    """Where the keyboard is: the tag in the page, and within a bubble."""
    return str(
        page.evaluate("""() => { let at = document.activeElement, path = at.tagName;
            while (at.shadowRoot?.activeElement) { at = at.shadowRoot.activeElement; path += " " + at.tagName; }
            return path; }""")
    )


STORED = """async () => {
    const counts = [() => localStorage.length, () => sessionStorage.length, () => document.cookie.length,
        async () => (await indexedDB.databases()).length, async () => (await caches.keys()).length];
    const counted = [];
    for (const count of counts) {
        try { counted.push(await count()); } catch (error) { counted.push(0); } // forbidden within another site
    }
    return counted;
}"""


def test_before_it_is_pressed_nothing_is_stored_and_nothing_but_the_script_is_asked_for(
    world: World, page: Page, screens: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    world.show(page, "")
    names, body = page.evaluate("[Object.getOwnPropertyNames(window).sort(), document.body.outerHTML]")
    asked.clear()
    world.show(page)
    bubble = page.get_by_role("button", name=ASK)
    expect(bubble).to_be_visible()
    page.wait_for_load_state("networkidle")
    script = f"{world.server.url}/widget.js"
    assert [url for url in asked if "favicon" not in url] == [
        f"{world.shop.url}/",
        f"{world.shop.url}/site.css",
        script,
    ]
    assert page.evaluate("Object.getOwnPropertyNames(window).sort()") == names
    assert page.evaluate("document.body.outerHTML") == body
    assert bubble.bounding_box() == {"x": 1204, "y": 784, "width": 56, "height": 56}  # whatever the site's rules are
    page.screenshot(path=screens / "widget-closed.png")
    frame = opened(page)
    frame.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(frame.get_by_text("within 30 days")).to_be_visible()
    page.screenshot(path=screens / "widget-open.png")
    assert page.evaluate(STORED) == [0, 0, 0, 0, 0]
    assert page.frames[1].evaluate(STORED) == [0, 0, 0, 0, 0]
    assert page.context.cookies() == []
    others = (world.shop.url, world.server.url)
    assert [url for url in asked if not url.startswith(others)] == []


def test_it_is_light(world: World, page: Page) -> None:
    bodies: dict[str, bytes] = {}
    encodings: dict[str, str] = {}

    def note(response: Any) -> None:
        if response.url.startswith(world.server.url):
            bodies[response.url] = response.body()
            encodings[response.url] = response.headers.get("content-encoding", "")

    page.on("requestfinished", lambda request: note(request.response()))
    world.show(page)
    expect(page.get_by_role("button", name=ASK)).to_be_visible()
    page.wait_for_load_state("networkidle")
    before = sum(len(gzip.compress(body)) for body in bodies.values())
    assert 0 < before <= 6 * 1024
    opened(page)
    page.wait_for_load_state("networkidle")
    assert len(bodies) >= 4
    assert sum(len(gzip.compress(body)) for body in bodies.values()) <= 45 * 1024
    assert encodings[f"{world.server.url}/widget.js"] == "gzip"


def test_a_strict_policy_has_nothing_against_it(world: World, page: Page) -> None:
    said = complaints(page)
    page.add_init_script("addEventListener('securitypolicyviolation', event => console.error(event.blockedURI))")
    for policy in (world.strict.policy, f"script-src 'self' {world.server.url}; style-src 'self'"):
        world.strict.policy = policy
        world.show(page, site=world.strict)
        frame = opened(page)
        frame.get_by_role("textbox").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(frame.get_by_text("within 30 days")).to_be_visible()
        assert page.get_by_role("button", name=ASK).bounding_box() == {"x": 1204, "y": 784, "width": 56, "height": 56}
    assert said == []


def test_a_policy_that_forbids_the_frame_is_named_to_whoever_looks(world: World, page: Page) -> None:
    said = complaints(page)
    world.stranger.policy = f"default-src 'self'; script-src 'self' {world.server.url}"
    world.show(page, site=world.stranger)
    page.get_by_role("button", name=ASK).click()
    expect(page.locator("answerbook-bubble")).to_be_hidden()
    assert any(f"must allow “frame-src {world.server.url}”" in sentence for sentence in said)
    world.stranger.policy = ""


SINGLE_PAGE = """async (kind) => {
    const line = document.querySelector("script[data-assistant]");
    for (let number = 0; number < 20; number += 1) {
        history.pushState({}, "", `/step/${number}`);
        const again = document.createElement("script");
        again.src = line.src;
        again.dataset.assistant = "shipit";
        if (kind === "turbo") {
            const body = document.createElement("body");
            body.innerHTML = `<main><h1>Step ${number}</h1></main>`;
            document.body.replaceWith(body);
            body.append(again);
        } else if (kind === "everything") {
            document.documentElement.replaceChildren(document.createElement("head"), document.createElement("body"));
            document.body.append(again);
        } else {
            document.querySelector("main").innerHTML = `<h1>Step ${number}</h1>`;
            document.head.append(again);
        }
        await new Promise((done) => { again.onload = done; });
    }
    return document.querySelectorAll("answerbook-bubble").length;
}"""


@pytest.mark.parametrize("kind", ["router", "turbo", "everything"])
def test_twenty_navigations_of_a_single_page_leave_one_bubble(world: World, page: Page, kind: str) -> None:
    said = complaints(page)
    world.show(page)
    frame = opened(page)
    frame.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(frame.get_by_text("within 30 days")).to_be_visible()
    assert page.evaluate(SINGLE_PAGE, kind) == 1
    expect(page.get_by_role("button", name=ASK)).to_have_count(1)
    if kind == "everything":  # taken away with all else, it comes back closed
        frame = opened(page)
        expect(frame.get_by_role("button", name="Start again")).to_be_hidden()
    else:
        expect(frame.get_by_text("within 30 days")).to_be_visible()  # the conversation goes on
    assert said == []


def test_two_assistants_stand_beside_each_other(world: World, page: Page, screens: Path) -> None:
    two = world.line() + world.line("returns", 'data-colour="#ffd84d" data-label="Returns"')
    world.show(page, two)
    expect(page.locator("answerbook-bubble")).to_have_count(2)
    shipit, returns = page.get_by_role("button", name=ASK), page.get_by_role("button", name="Returns", exact=True)
    first, second = shipit.bounding_box(), returns.bounding_box()
    assert first is not None
    assert second is not None
    assert first["x"] + first["width"] == 1260  # in the order of their lines, whichever script ran first
    assert second["x"] + second["width"] == first["x"] - 12
    assert second["y"] == first["y"]
    frame = opened(page)
    frame.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(frame.get_by_text("within 30 days")).to_be_visible()
    other = opened(page, "Returns", 1)
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(other.get_by_role("heading", name="Returns")).to_be_visible()
    expect(other.get_by_text("within 30 days")).to_have_count(0)
    page.screenshot(path=screens / "widget-two.png")
    world.show(page, world.line() + world.line("returns"))
    for name in (ASK, f"{ASK} (2)"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(1)
    page.set_viewport_size({"width": 360, "height": 740})
    world.show(
        page, world.line(more='data-label="Ask us about parcels"') + world.line("returns", 'data-label="Returns"')
    )
    boxes = [bubble.bounding_box() for bubble in page.locator("answerbook-bubble").all()]
    assert all(box and box["x"] >= 20 and box["x"] + box["width"] <= 340 for box in boxes), boxes
    assert abs(boxes[0]["y"] - boxes[1]["y"]) == 68  # type: ignore[index]


def test_by_keyboard_from_the_site_into_the_conversation_and_back(world: World, page: Page) -> None:
    world.show(page, body=BODY.replace("<main>", "<main onkeydown='window.heard = 1'>"))
    page.evaluate("addEventListener('keydown', event => { if (event.key === 'Escape') window.escaped = 1; })")
    page.keyboard.press("Tab")
    assert focused(page) == "A"
    page.keyboard.press("Tab")
    assert focused(page) == "ANSWERBOOK-BUBBLE BUTTON"
    bubble = page.get_by_role("button", name=ASK)
    assert bubble.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("textbox", name=ASK)).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(frame.get_by_text("within 30 days")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Escape")
        assert page.evaluate("window.escaped") is None  # it was for the conversation, not for the site
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert focused(page) == "ANSWERBOOK-BUBBLE BUTTON"
        expect(bubble).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("Space")
        expect(frame.get_by_role("textbox", name=ASK)).to_be_focused()
        expect(bubble).to_have_attribute("aria-expanded", "true")
        expect(frame.get_by_text("within 30 days")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    for _ in range(12):  # back through the conversation to the bubble
        if focused(page) == "ANSWERBOOK-BUBBLE BUTTON":
            break
        page.keyboard.press("Shift+Tab")
    assert focused(page) == "ANSWERBOOK-BUBBLE BUTTON"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "A"


def test_what_a_screen_reader_is_told(world: World, page: Page) -> None:
    def told() -> list[tuple[str, str]]:
        session = page.context.new_cdp_session(page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        shown = [node for node in nodes if not node["ignored"]]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in shown]

    world.show(page)
    expect(page.get_by_role("button", name=ASK)).to_be_visible()
    assert {("region", ASK), ("button", ASK)} <= set(told())
    assert ("dialog", ASK) not in told()
    frame = opened(page)
    assert {("dialog", ASK), ("Iframe", ASK)} <= set(told())
    expect(frame.get_by_role("textbox", name=ASK)).to_have_accessible_description(
        "You are talking to an AI, not a person. It answers from documents of ShipIt GmbH and can be wrong: check what "
        "matters."
    )
    frame.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(frame.locator("[aria-live=polite]")).to_contain_text("within 30 days")


def test_a_site_that_the_owner_did_not_name_gets_neither_frame_nor_answer(world: World, page: Page) -> None:
    said = complaints(page)
    world.show(page, site=world.stranger)
    page.get_by_role("button", name=ASK).click()
    expect(page.locator("answerbook-bubble")).to_be_hidden()
    expect(page.locator("iframe")).to_have_count(0)
    assert any("frame-ancestors" in sentence for sentence in said)
    assert any(f"does not open on {world.stranger.url}." in sentence for sentence in said)
    world.show(page, world.line(more="data-test"), site=world.stranger)
    page.get_by_role("button", name=ASK).click()
    expect(page.get_by_role("status")).to_contain_text("whether “Your website” names this site")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status) if "/ask" in response.url else None)
    for site in (world.stranger, world.shop):  # answers go to our own page alone, wherever that is framed
        world.show(page, "", site=site)
        asked = """address => fetch(address, {method: "POST", mode: "no-cors", body: '{"question": "Parcels?"}'})"""
        page.evaluate(f"async address => {{ await ({asked})(address); }}", f"{world.server.url}/a/shipit/ask")
    assert statuses == [403, 403]


def test_only_the_page_that_was_opened_is_listened_to(world: World, page: Page) -> None:
    world.show(page)
    opened(page)
    page.evaluate("postMessage({answerbook: 'close'}, '*')")
    world.stranger.pages["/evil"] = "<script>parent.postMessage({answerbook: 'close'}, '*')</script>"
    page.evaluate(
        """address => new Promise(done => { const frame = document.createElement("iframe"); frame.src = address;
        frame.onload = () => setTimeout(done, 100); document.body.append(frame); })""",
        f"{world.stranger.url}/evil",
    )
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.frame_locator("answerbook-bubble iframe").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert focused(page) == "ANSWERBOOK-BUBBLE BUTTON"


KEYBOARD = """() => { for (const name of ["height", "offsetTop"]) {
    const real = Object.getOwnPropertyDescriptor(VisualViewport.prototype, name).get;
    const get = function () { return window.keyboard?.[name] ?? real.call(this); };
    Object.defineProperty(VisualViewport.prototype, name, {get});
} }"""


def test_on_a_phone_it_fills_the_screen_above_the_keyboard_and_holds_the_site_still(
    world: World, phone: Page, screens: Path
) -> None:
    phone.add_init_script(f"({KEYBOARD})()")
    world.show(phone)
    phone.evaluate("document.documentElement.style.setProperty('overflow', 'visible'); scrollTo(0, 300)")
    phone.get_by_role("button", name=ASK).tap()
    dialog, frame = phone.get_by_role("dialog"), phone.frame_locator("iframe")
    expect(frame.get_by_role("textbox", name=ASK)).to_be_visible()
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    expect(dialog).to_have_attribute("aria-modal", "true")
    phone.screenshot(path=screens / "widget-phone.png")
    assert phone.evaluate("[document.body.inert, getComputedStyle(document.documentElement).overflow]") == [
        True,
        "hidden",
    ]
    phone.mouse.move(180, 20)
    phone.mouse.wheel(0, 500)
    assert phone.evaluate("scrollY") == 300
    # A keyboard as iOS has it: what is seen gets smaller and is moved down, the page stays as it is.
    keyboard = """height => { window.keyboard = height && {height, offsetTop: 60};
        visualViewport.dispatchEvent(new Event('resize')); }"""
    phone.evaluate(keyboard, 380)
    assert dialog.bounding_box() == {"x": 0, "y": 60, "width": 360, "height": 380}
    field = frame.get_by_role("textbox", name=ASK).bounding_box()
    assert field is not None
    assert field["y"] + field["height"] <= 440
    frame.get_by_role("textbox").fill(QUESTION)
    phone.keyboard.press("Enter")
    expect(frame.get_by_text("within 30 days")).to_be_in_viewport()
    phone.screenshot(path=screens / "widget-phone-keyboard.png")
    phone.evaluate(keyboard, None)
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    phone.set_viewport_size({"width": 360, "height": 400})  # as Android has it where the site asks for that
    expect(frame.get_by_role("textbox", name=ASK)).to_be_in_viewport()
    phone.set_viewport_size({"width": 360, "height": 740})
    frame.get_by_role("button", name="Close").tap()
    expect(dialog).to_have_count(0)
    state = "[document.body.inert, document.documentElement.style.overflow, scrollY]"
    assert phone.evaluate(state) == [False, "visible", 300]


def test_a_tablets_keyboard_does_not_cover_it(world: World, page: Page) -> None:
    page.add_init_script(f"({KEYBOARD})()")
    world.show(page)
    opened(page)
    page.evaluate("window.keyboard = {height: 500, offsetTop: 0}; visualViewport.dispatchEvent(new Event('resize'))")
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["y"] >= 0, box["y"] + box["height"] <= 500) == (True, True), box


HOSTILE = (
    'data-colour="red;}*{display:none}"',
    "data-colour=\"url('//127.0.0.1:9/x')\"",
    'data-position="left;}" data-bottom="1e999" data-label="  "',
    'data-bottom="-99999999"',
    'data-language="__proto__" data-label="<img src=x onerror=window.ran=1>"',
    f'data-label="{"W" * 3000}" data-language="constructor"',
    'data-label="\u202e\u0000&#10;x" data-open data-style="a" data-page="b" data-side="c" data-gone',
)


@pytest.mark.parametrize("attributes", HOSTILE)
def test_whatever_the_attributes_hold_it_is_a_button_that_opens(world: World, page: Page, attributes: str) -> None:
    said = complaints(page)
    world.show(page, world.line(more=attributes))
    bubble = page.locator("answerbook-bubble").get_by_role("button").first
    expect(bubble).to_be_visible()
    box = bubble.bounding_box()
    assert box is not None
    assert (box["height"], box["width"] <= 280, 380 <= box["y"] <= 800) == (56, True, True), box
    bubble.click()
    expect(page.frame_locator("iframe").get_by_role("textbox")).to_be_visible()
    assert (page.evaluate("window.ran"), said) == (None, [])


@pytest.mark.parametrize("name", ["", "../settings", "a/b", "shipit?preview=1", "https://x.example/", "SHIPIT"])
def test_a_name_that_is_none_makes_no_bubble(world: World, page: Page, name: str) -> None:
    said = complaints(page)
    world.show(page, world.line(name))
    assert said == ["Answerbook: this script needs data-assistant with a name."]
    expect(page.locator("answerbook-bubble")).to_have_count(0)


@pytest.mark.parametrize(
    "line",
    [
        '<script type="module" src="{url}/widget.js" data-assistant="shipit"></script>',
        '<script crossorigin src="{url}/widget.js" data-assistant="shipit" async></script>',
        '<script src="{url}/widget.js?assistant=shipit"></script>',
    ],
)
def test_however_a_site_loads_it(world: World, page: Page, line: str) -> None:
    world.show(page, line.format(url=world.server.url))
    opened(page)
    assert page.evaluate("[...document.documentElement.children].map(part => part.localName)") == [
        *("head", "body", "answerbook-bubble")
    ]


def test_it_speaks_the_sites_language_keeps_still_and_is_dark_where_that_is_wished(
    world: World, browser: Browser, screens: Path
) -> None:
    context = window(browser, reduced_motion="reduce", color_scheme="dark", locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(WAIT_MILLISECONDS)
    world.show(page, world.line(more='data-language="de" data-position="left" data-colour="#fd4"'))
    bubble = page.get_by_role("button", name="Frage stellen")
    assert bubble.bounding_box() == {"x": 20, "y": 784, "width": 56, "height": 56}
    assert bubble.evaluate("button => getComputedStyle(button).color") == "rgb(18, 21, 16)"
    bubble.click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Hier antwortet eine KI")).to_be_visible()
    dialog = page.get_by_role("dialog")
    style = "panel => [getComputedStyle(panel).animationName, getComputedStyle(panel).backgroundColor]"
    assert dialog.evaluate(style) == ["none", "rgb(21, 25, 24)"]
    page.screenshot(path=screens / "widget-dark.png")
    context.close()
    context = window(browser)
    page = context.new_page()
    world.show(page)
    opened(page)
    assert page.get_by_role("dialog").evaluate(style) == ["rise", "rgb(255, 255, 255)"]
    context.close()


def test_an_owner_tries_it_on_a_page_of_ours(world: World, page: Page, screens: Path) -> None:
    said = complaints(page)
    page.goto(f"{world.server.url}/a/shipit/try")
    frame = opened(page)
    frame.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(frame.get_by_text("within 30 days")).to_be_visible()
    page.screenshot(path=screens / "widget-try.png")
    assert said == []


def test_a_site_of_the_old_days_shows_it_in_the_same_place(world: World, page: Page) -> None:
    world.shop.pages["/old"] = f"<title>Shop</title>{world.line()}<body>{'<p>Paper.' * 200}"  # no doctype
    page.goto(f"{world.shop.url}/old")
    opened(page)
    assert page.evaluate("document.compatMode") == "BackCompat"
    page.evaluate("visualViewport.dispatchEvent(new Event('resize'))")
    page.get_by_role("dialog").evaluate("panel => Promise.all(panel.getAnimations().map(moving => moving.finished))")
    assert page.get_by_role("dialog").bounding_box() == {"x": 860, "y": 132, "width": 400, "height": 640}


def test_who_may_frame_a_page_is_said_in_one_voice(world: World, page: Page) -> None:
    shown = page.request.get(f"{world.server.url}/a/shipit?frame=1").headers
    assert f"frame-ancestors {world.shop.url} {world.strict.url}" in shown["content-security-policy"]
    assert "x-frame-options" not in shown
    assert page.request.get(f"{world.server.url}/api/alive").headers["x-frame-options"] == "SAMEORIGIN"

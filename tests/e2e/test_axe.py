"""axe finds no fault on any page, light and dark, wide and narrow; what is known is named here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from core.assistants import conversations, lifecycle, sources
from core.publish import save_publication
from tests.core.backup.machines import FILES, Machine, on
from tests.core.work import work_off
from tests.e2e.server import Server
from tests.e2e.steps import settled

pytestmark = pytest.mark.slow
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
PAGES = ("", "knowledge", "passages", "voice", "chat", "publish", "people", "settings")
PLAIN = ("welcome", "restore", "assistant-file", "restore/x", "a/help")
# Faults that are there and known, by rule: what of the page they are told of. Each is to go; none may be added lightly.
KNOWN: dict[str, tuple[str, ...]] = {
    "heading-order": ("<h3 ",),  # Streamlit's subheader is a third level, right below a page's title
    "presentation-role-conflict": ("stFileUploaderDropzone",),  # Streamlit's uploader
    "color-contrast": (
        "stCaptionContainer",  # Streamlit dims a caption as a whole, a green word in it, too
        "data-selected",  # the chosen one of a row of choices in the dark
    ),
}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("axe") / "data"
    with on(Machine(folder)):
        made = lifecycle.create_assistant("Help")
        sources.add_files(made, FILES)
        work_off()
        conversations.add_question(conversations.start_conversation(made), "What does a letter to Norway cost?")
        save_publication(made, name="help", state="link")
    started = Server(folder).start()
    yield started
    started.stop()


def faults(page: Page) -> list[str]:
    """What axe finds, without what is known."""
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {iframes: false}).then(told => told.violations)")
    return [
        f"{rule['id']} ({rule['impact']}): {node['target'][0]} {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
        if not any(part in f"{node['target'][0]} {node['html']}" for part in KNOWN.get(rule["id"], ()))
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_fault_on_any_page(furnished: Server, browser: Browser, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]  # one of the words that it takes
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    page, found = context.new_page(), {}
    for name in (*PAGES, *PLAIN):
        page.goto(f"{furnished.url}/{name}")
        if name in PAGES:
            settled(page)
        if wrong := faults(page):
            found[name] = wrong
    context.close()
    assert not found, "\n".join(f"/{name}: {fault}" for name, wrong in found.items() for fault in wrong)

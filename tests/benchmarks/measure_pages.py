"""How long it takes from a click to a drawn page, in a real Chromium, with an assistant that has sources."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.measure_memory import held
from tests.benchmarks.measured import SAMPLES, Line, Skipped, report_pdfs
from tests.benchmarks.running import Running, running_server
from tests.benchmarks.throwaway import import_files, percentile, throwaway_data

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
WAIT_MILLISECONDS = 30_000
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'

# Clicks a link of the navigation and resolves with the milliseconds until the page behind it is drawn: its address,
# another heading than before, and a script that has ended. Looked at before each frame the browser draws.
CLICK = """
([place, limit]) => new Promise((resolve) => {
  const main = '[data-testid="stMainBlockContainer"]';
  const heading = () => document.querySelector(`${main} [data-testid="stHeading"]`);
  const before = heading(), words = before ? before.innerText : '';
  const link = document.querySelectorAll('[data-testid="stSidebarNavLink"]')[place];
  const path = new URL(link.href).pathname;
  const began = performance.now();
  let ran = false;
  link.click();
  const look = () => {
    const now = performance.now() - began;
    const state = document.querySelector('[data-testid="stApp"]').getAttribute('data-test-script-state');
    ran = ran || state !== 'notRunning';
    const shown = heading();
    const fresh = ran || (shown && shown !== before && shown.innerText !== words);
    const stale = document.querySelector(`${main} [data-stale="true"]`);
    const drawn = shown && shown.checkVisibility() && state === 'notRunning' && !stale;
    if (location.pathname === path && fresh && drawn) { resolve(now); return; }
    if (now > limit) { resolve(-1); return; }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""


def click_to_page(quick: bool) -> list[Line]:
    """Go round the navigation several times; median and p95 over all pages, and each page's median."""
    with throwaway_data() as data:
        files = [*sorted(SAMPLES.glob("*")), *report_pdfs(2 if quick else None)]
        import_files((path.name, path) for path in dict.fromkeys(files))
        with browser_at(data) as (page, server):
            return _tour(page, server, 3 if quick else 8)


@contextmanager
def browser_at(data: Path) -> Iterator[tuple[Any, Running]]:
    """A window of a real Chromium on the first page of a server with this data folder. Raises Skipped without one."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Skipped("Playwright is not installed.") from error
    chromium = os.environ.get("ANSWERBOOK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        raise Skipped("Chromium is not on this machine.")
    with running_server(data) as server, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(server.url)
            page.wait_for_selector(SETTLED, timeout=WAIT_MILLISECONDS)
            page.get_by_test_id("stSidebarNavLink").first.wait_for(timeout=WAIT_MILLISECONDS)
            yield page, server
        finally:
            browser.close()


def _tour(page: Any, server: Running, rounds: int) -> list[Line]:
    links = page.get_by_test_id("stSidebarNavLink")
    names = [name.split("\n")[-1].strip() for name in links.all_inner_texts()]
    first = {name: _click(page, place, name) for place, name in _order(names)}
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for place, name in _order(names):
            taken[name].append(_click(page, place, name))
    every = [milliseconds for times in taken.values() for milliseconds in times]
    resting = held(server.process_id)
    return [
        Line("click to page, median", percentile(every, 0.5), "ms", note=f"{len(every)} clicks on {len(names)} pages"),
        Line("click to page, p95", percentile(every, 0.95), "ms"),
        *(Line(f"  {name}", percentile(times, 0.5), "ms", note=f"first time {first[name]:.0f} ms")
          for name, times in taken.items()),
        Line("memory with a page open", resting.resident, "MB", note="the server's, after the tour"),
    ]  # fmt: skip


def _order(names: list[str]) -> list[tuple[int, str]]:
    """Begin with the second page: the first is the one that is open."""
    places = list(enumerate(names))
    return places[1:] + places[:1]


def _click(page: Any, place: int, name: str) -> float:
    milliseconds = float(page.evaluate(CLICK, [place, WAIT_MILLISECONDS]))
    if milliseconds < 0:
        raise Skipped(f"The page {name} was not drawn within {WAIT_MILLISECONDS // 1000} s.")
    page.wait_for_timeout(300)  # what a page asks for behind its drawing must not count to the next click
    return milliseconds

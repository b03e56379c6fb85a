"""How long it takes from a click to a page of a very long source, drawn with its passages, in a real Chromium."""

from typing import Any

from tests.benchmarks.measure_pages import SETTLED, WAIT_MILLISECONDS, browser_at
from tests.benchmarks.measured import SAMPLES, Line, Skipped, shared_data
from tests.benchmarks.throwaway import import_files, percentile, throwaway_data

# What the real files hold that is long: a book of 1,225 pages as text, a PDF of 400 pages and one of 619, one of 2.
LONG = {
    "book of 1,225 pages, text": "office-book-war-and-peace-1225p.txt",
    "PDF of 400 pages": "office-pdf_pdf2image-memory-error-test-400p.pdf",
    "PDF of 619 pages": "office-pdf_DA-619p.pdf",
    "PDF of 2 pages": "office-pdf_copy-protected.pdf",
}
MOST = 1000.0
SHORT = "returns-policy.docx"  # stands on the page before

# Presses what was marked before, and resolves with the milliseconds until the page named is drawn with its passages.
# The page with its passages lies in a shadow tree of its own; an empty page has a picture, but none.
UNTIL_DRAWN = """
([label, limit]) => new Promise((resolve) => {
  const within = (root) => [...root.querySelectorAll('*')].flatMap((each) =>
    each.shadowRoot ? [each.shadowRoot, ...within(each.shadowRoot)] : []);
  const is = (root) => (root.querySelector('.sheet')?.getAttribute('aria-label') || '').includes(label)
    && root.querySelector('.card, .sheet img');
  const began = performance.now();
  document.querySelector('[data-press-me]').click();
  const look = () => {
    const now = performance.now() - began;
    if ([document, ...within(document)].some(is)) { resolve(now); return; }
    if (now > limit) { resolve(-1); return; }
    setTimeout(look, 10);
  };
  look();
})
"""


def long_sources(quick: bool) -> list[Line]:
    """Open each long source on Passages for the first time in the server's life, then turn to other pages of it."""
    shared = shared_data()
    if shared is None:
        raise Skipped("The shared corpora are not on this machine.")
    chosen = dict(list(LONG.items())[-2:]) if quick else LONG
    with throwaway_data() as data:
        from core.assistants import source_rows

        files = [(SHORT, next(path for path in SAMPLES.glob(SHORT)))]
        files += [(name, shared / "real_files" / name) for name in chosen.values()]
        imported = import_files(files)
        short = next(row.id for row in source_rows.source_names(imported.assistant_id) if row.name == SHORT)
        lines: list[Line] = []
        with browser_at(data) as (page, server):
            page.goto(f"{server.url.rstrip('/')}/passages?source={short}")
            page.wait_for_selector(SETTLED, timeout=WAIT_MILLISECONDS)
            page.get_by_role("combobox", name="Source").wait_for(timeout=WAIT_MILLISECONDS)
            for label, name in chosen.items():
                lines += _opened(page, label, name)
        return lines


def _opened(page: Any, label: str, name: str) -> list[Line]:
    """One source: its first drawing, and the median of four turns to the next page."""
    page.get_by_role("combobox", name="Source").click()
    first = _pressed(page, page.get_by_role("option", name=name), name)
    turns = (
        [_pressed(page, page.get_by_role("button", name="Next page"), f" {number} of {name}") for number in range(2, 6)]
        if "2 pages" not in label
        else []
    )
    lines = [Line(f"{label}: first drawing", first, "ms", most=MOST)]
    if turns:
        lines.append(Line(f"{label}: next page", percentile(turns, 0.5), "ms", most=MOST, note=f"{len(turns)} turns"))
    return lines


def _pressed(page: Any, target: Any, label: str) -> float:
    target.evaluate("(pressed) => pressed.setAttribute('data-press-me', '')")
    milliseconds = float(page.evaluate(UNTIL_DRAWN, [label, WAIT_MILLISECONDS]))
    page.evaluate("document.querySelector('[data-press-me]')?.removeAttribute('data-press-me')")
    if milliseconds < 0:
        raise Skipped(f"{label} was not drawn within {WAIT_MILLISECONDS // 1000} s.")
    page.wait_for_timeout(300)  # what a page asks for behind its drawing must not count to the next click
    return milliseconds

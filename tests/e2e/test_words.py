"""What Streamlit makes of our words in a real browser: letter for letter, and nothing that leads out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.parts.words import plain
from tests.e2e import steps
from tests.e2e.server import Server

WORDS = [
    "costs $12 … A_B*C … (#4) [1] 1. item ~x~ `code` <b> & &amp; $a$ :smile:",
    "www.evil.example.txt",
    "mail a@b.example.md",
    "http://evil.example",
    "(https://evil.example/x?y=z&a=b) and HTTPS://EVIL.example, www.evil.example/?q=secret.",
    "![x](http://evil.example/x.png)",
    "[x](http://evil.example) [y]: http://evil.example",
    ":material/delete: :material_delete: :smile: :red[x] :red-badge[x] $x$ :streamlit: :+1: :100:",
    "$a$ and $$b$$ and $5 to $6",
    "a -> b <- c <-> d -- e >= f <= g ~= h ->",
    "1. not a list",
    "12) not a list",
    "- not a list",
    "# no heading",
    "> no quote",
    "    no code, led by blanks",
    "| a | b |",
    "~~struck~~ **bold** __bold__ *i* _i_ ^up^ ==mark==",
    "back\\slash \\* \\\\ &lt; &#58; &copy;",
    "<script>alert(1)</script> <!-- c --> <https://evil.example> <a@b.example>",
    "https\\://evil.example https&#58;//evil.example www&#46;evil.example a&#64;b.example",
    "mailto:a@b.example xmpp:a@b.example/c ftp://evil.example //evil.example",
    "::leaf :::container ::name[x]{a=b} :note[hidden words] 10:30:45",
    "[^1] [^1]: note",
    "snake_case_name C:\\temp\\new {curly} {{double}} ---",
    "日本語 www.evil.example、http://evil.example。",
    ".www.evil.example -a@b.example _a@b.example +a@b.example a.b@c.d.example",
    'it\'s "quoted" 100% ok; really, yes!? a/b = c',
]


@contextmanager
def draw(page: Page, folder: Path, markdown: list[str], **environment: str) -> Iterator[None]:
    """Open a page on which Streamlit has drawn each Markdown."""
    (folder / "markdown.json").write_text(json.dumps(markdown), encoding="utf-8")
    environment["MARKDOWN_FILE"] = str(folder / "markdown.json")
    server = Server(folder / "data", script="tests/e2e/drawn.py", **environment).start()
    try:
        steps.visit(page, server)
        page.locator(f".st-key-markdown_{len(markdown) - 1}").wait_for()
        page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
        yield
    finally:
        server.stop()


def test_words_are_shown_letter_for_letter_and_nothing_of_them_is_alive(page: Page, tmp_path: Path) -> None:
    with draw(page, tmp_path, [plain(words) for words in WORDS], ELEMENTS="all"):
        expected = [" ".join(words.split()) for words in WORDS]
        for element in ("markdown", "caption", "title", "button"):
            places = [page.locator(f".st-key-{element}_{number}") for number in range(len(WORDS))]
            assert [place.inner_text() for place in places] == expected, element
        for number, words in enumerate(expected):
            assert page.locator(f".st-key-error_{number}").inner_text().split("\n\n") == [words, words]
        alive = ":is(a, img, code, em, strong, li, h1, del, table, .katex, [role=img])"
        assert page.locator(f'[class*="st-key-"] [data-testid="stMarkdownContainer"] {alive}').count() == 0


@pytest.mark.slow
def test_a_quote_shows_the_words_of_its_source(page: Page, server: Server) -> None:
    words = f"The star fee {WORDS[0].replace('…', ',')} ![i](http://fee.example/i.png) www.fee.example a -> b"
    steps.new_assistant(page, server, "Help")
    steps.add_files(page, [{"name": "fees.txt", "mimeType": "text/plain", "buffer": words.encode()}])
    steps.expect_ready(page, "fees.txt")
    steps.open_page(page, "Chat")
    answer = steps.ask(page, "What is the star fee?")
    quote = answer.get_by_test_id("stMarkdownContainer").first
    assert quote.inner_text() == f"“{words}” 1"
    assert quote.locator("a, img, code, .katex").count() == 0
    drawer = steps.open_citation(page, answer)
    expect(drawer.locator("blockquote")).to_have_text(words)
    assert drawer.locator("blockquote").locator("a, img, code, .katex").count() == 0

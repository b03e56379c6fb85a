"""What Streamlit makes of our words in a real browser: letter for letter, and nothing that leads out."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.answer.safe_markdown import safe_markdown
from core.provider import KNOWN_PROVIDERS
from pages.parts.words import answer_markdown, plain
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


SOURCES = "See https://ok.example/page or help@ok.example."
ADDRESSES = [
    *("https://evil.example/x", "http://evil.example", "www.evil.example/x", "ftp://evil.example", "//evil.example/x"),
    *(
        "mailto:a@evil.example",
        "xmpp:a@evil.example/b",
        "a@evil.example",
        "a_b.c+d@sub.evil-x.example",
        "HTTPS://EVIL.EXAMPLE",
    ),
    *(
        "https://ok.example/page?d=x",
        "https://ok.example/page'x",
        "https://ok.example/page“x",
        "help@ok.example.evil.example",
    ),
]
FORMS = [
    *(
        "{}",
        "<{}>",
        "({})",
        "“{}”",
        "**{}**",
        "_{}_",
        "~{}~",
        "1{}",
        "é{}",
        "|{}|",
        "# {}",
        "> {}",
        "[x]({})",
        "[x](<{}>)",
    ),
    *('[x]({} "t")', "![x]({})", "[![x]({})]({})", "[x]\n\n[x]: {}", "- [1]: {}\n\n[1]", "![x]\n\n[x]: {}"),
    *("[x][y]\n\n> [y]:\n{}", "x[^1]\n\n[^1]: {}", '<a href="{}">x</a>', "<img src={}>", "w![](x)ww.evil.example {}"),
    "| a |\n|-|\n| {} |",
]
DRESSED: list[Callable[[str], str]] = [
    lambda address: "".join(sign if sign.isalnum() else f"\\{sign}" for sign in address),
    lambda address: "".join(sign if sign.isalnum() else f"&#{ord(sign)};" for sign in address),
    lambda address: "".join(f"&#x{ord(sign):x};" for sign in address),
    lambda address: (
        address.replace(":", "&colon;").replace(".", "&period;").replace("@", "&commat;").replace("/", "&sol;")
    ),
    lambda address: address.replace("e", "&#&#49;01;").replace(":", "&#5![](x)8;"),
    lambda address: f"{address[:3]}![](x){address[3:]}",
    lambda address: f"{address[:3]}<https://evil.example>{address[3:]}",
    lambda address: address.replace("/", "/\u200b").replace("@", "\u2060@"),
]


@pytest.mark.slow
def test_nothing_of_a_written_answer_leads_where_its_sources_do_not(page: Page, tmp_path: Path) -> None:
    leaks = [form.replace("{}", address) for address in ADDRESSES for form in FORMS]
    leaks += [dress(address) for address in ADDRESSES for dress in DRESSED]
    leaks += ["[f](https://ok.example/page) and https://ok.example/page, “https://ok.example/page”, help@ok.example."]
    answers = [answer_markdown(safe_markdown(f"Yes {leak} [1].", SOURCES), "written") for leak in leaks]
    with draw(page, tmp_path, answers):
        links = page.locator('[class*="st-key-markdown"] a').evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        assert set(links) == {"https://ok.example/page", "mailto:help@ok.example"}
        assert page.locator(f".st-key-markdown_{len(leaks) - 1} a").count() == 4
        assert page.locator('[class*="st-key-markdown"] img').count() == 0


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


FILE_NAMES = [
    "www.evil.example.txt",
    "mail a@b.example.md",
    "![x](http:evil.example).txt",
    "1. -material-delete- :material_delete: :smile: :red[x] $x$.txt",
    "a -> b -- c.txt",
]


# Where keys are made and what they cost.
KNOWN_PAGES = {page for known in KNOWN_PROVIDERS for page in (known.key_page, known.price_page)}


def nothing_alive(page: Page) -> None:
    """No link or picture but those of the program itself."""
    for part in (
        "[data-testid=stMainBlockContainer]",
        "[role=dialog]",
        "[data-testid=stSidebarUserContent]",
        "[data-testid=stPopoverBody]",
    ):
        links = page.locator(f"{part} a:not([data-testid=stPageLink-NavLink])")
        assert {link.get_attribute("href") for link in links.all()} <= KNOWN_PAGES, part
        assert page.locator(f"{part} :is(img, em, .katex)").count() == 0, part


@pytest.mark.slow
def test_no_name_and_no_question_is_alive_on_any_page(page: Page, server: Server) -> None:
    name = "http://evil.example ![x](http://evil.example/x.png) :material/delete:"
    steps.new_assistant(page, server, name)
    body = b"# Fees at www.evil.example now\n\nThe star fee is 4 EUR a day, says a@b.example in "
    files = [{"name": file, "mimeType": "text/plain", "buffer": body + file.encode()} for file in FILE_NAMES]
    steps.add_files(page, files)
    for file in FILE_NAMES:
        steps.expect_ready(page, file)
    for page_name in ("Knowledge", "Passages", "Voice", "Settings", "Home", "Chat"):
        steps.open_page(page, page_name)
        if page_name in ("Voice", "Home", "Chat"):
            expect(page.get_by_test_id("stMainBlockContainer")).to_contain_text(name)
        nothing_alive(page)
        if page_name == "Home":
            page.get_by_role("button", name="More").click()
            page.get_by_text("Delete", exact=True).click()
            expect(page.get_by_role("dialog")).to_contain_text(f"Delete {name}?")
            nothing_alive(page)
            page.get_by_role("button", name="Keep it").click()
    question = "What is the star fee at www.evil.example, a@b.example or :smile: 1?"
    answer = steps.ask(page, question)
    assert page.get_by_test_id("stChatMessage").nth(-2).inner_text().endswith(question)
    answer.get_by_role("button", name="Why this answer").click()
    page.get_by_role("button", name="Earlier").click()
    expect(page.get_by_test_id("stPopoverBody").get_by_role("button", name=question)).to_be_visible()
    nothing_alive(page)

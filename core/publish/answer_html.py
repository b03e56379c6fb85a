"""An Answer in, what a visitor is shown of it out: harmless HTML, and the sources that may be named or opened."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from core.answer import words_around
from core.markdown import quote_and_number
from core.publish.publications import Publication
from core.publish.words import Words, named_place
from core.schema import Answer, Citation
from core.text import foreign_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MARKER = re.compile(r"\[(\d{1,3})\](?!\()")
# All that an answer may consist of: nothing in it loads, runs, or looks like a part of the page.
_TAGS = {
    *("p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "h3", "h4", "h5", "h6"),
    *("a", "table", "thead", "tbody", "tr", "th", "td", "sup", "button"),
}
_SCHEMES = {"https", "http"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href"},
    "ol": {"start"},
    "button": {"type", "class", "data-citation"},
    "sup": {"class"},
}


def shown_answer(answer: Answer, publication: Publication, words: Words) -> dict[str, Any]:
    """Return an answer as its event has it: ``text`` is HTML that may be put into the page as it is.

    Only sources that the owner marked public have a link in ``open``; others are named, or left out with their markers.
    """
    citations = [c for c in answer.citations if publication.names_others or _is_public(c, publication)]
    markers = {str(c.number): _marker(c, publication) for c in citations}
    around = words_around(answer.language)
    notes = (answer.note, _foreign(answer), words["incomplete"] if answer.stopped_early else "")
    return {
        "text": answer_html(answer, markers),
        "kind": answer.kind,
        "note": " ".join(filter(None, notes)),
        "understood": words["understood"].format(words=", ".join(answer.understood)) if answer.understood else "",
        "looked_for": f"{around.looked_for} {', '.join(answer.looked_for)}" if answer.looked_for else "",
        "near": list(answer.near),
        "near_words": around.instead if answer.kind == "unknown" else "",
        "language": answer.language,
        "citations": [_shown_citation(c, publication, words) for c in citations],
    }


def answer_html(answer: Answer, markers: Mapping[str, str]) -> str:
    """Return an answer's text as HTML, each marker ``[n]`` as ``markers`` have it, and gone where they have none."""
    import nh3

    made = _written(answer.text, markers) if answer.kind == "written" else _quoted(answer, markers)
    return nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="noopener nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},  # a link never takes the place of the conversation
    )


def _is_public(citation: Citation, publication: Publication) -> bool:
    return citation.source_id in publication.public_sources


def _marker(citation: Citation, publication: Publication) -> str:
    number = citation.number
    if not _is_public(citation, publication):
        return f'<sup class="cite">{number}</sup>'
    return f'<button type="button" class="cite" data-citation="{number}">{number}</button>'


def _shown_citation(citation: Citation, publication: Publication, words: Words) -> dict[str, Any]:
    page = citation.page if _is_public(citation, publication) else None
    place = {"source": citation.source_id, "version": citation.version_id, "start": citation.start, "end": citation.end}
    if citation.page:
        place["page"] = citation.page
    name = named_place(words, citation.source_name, page)
    return {
        "number": citation.number,
        "name": f"{name} · {words['edited']}" if citation.edited else name,
        "quote": " ".join(citation.quote.split()) if _is_public(citation, publication) else "",
        "open": urlencode(place) if _is_public(citation, publication) else "",
    }


def _foreign(answer: Answer) -> str:
    """Say that quotes stand in another language than the question."""
    asked_in = next((citation.asked_in for citation in answer.citations if citation.asked_in), "")
    return foreign_note(asked_in, [citation.language for citation in answer.citations])


# --- Quotes, small talk and the owner's own sentence: letter for letter ----------------------------------------------


def _quoted(answer: Answer, markers: Mapping[str, str]) -> str:
    spans = {str(citation.number): citation.spans for citation in answer.citations}
    return "".join(_paragraph(text, markers, spans) for text in answer.text.split("\n\n") if text.strip())


def _paragraph(text: str, markers: Mapping[str, str], spans: "Mapping[str, Sequence[tuple[int, int]]]") -> str:
    words, number = quote_and_number(text)
    if not number:
        return f"<p>{_lines(words)}</p>"
    return f"<blockquote><p>{_with_bold(words, spans.get(number, ()))} {markers.get(number, '')}</p></blockquote>"


def _with_bold(words: str, spans: "Sequence[tuple[int, int]]") -> str:
    shown, position = "", 0
    for start, end in spans:
        if position <= start < end <= len(words):
            shown += f"{_lines(words[position:start])}<strong>{_lines(words[start:end])}</strong>"
            position = end
    return shown + _lines(words[position:])


def _lines(words: str) -> str:
    return escape(words).replace("\n", "<br>")


# --- What a model has written: Markdown, of which the answer stage left nothing that loads ----------------------------


def _written(text: str, markers: Mapping[str, str]) -> str:
    reader = _reader()
    tokens = reader.parse(text, {"markers": markers})
    for token in tokens:
        if token.tag in ("h1", "h2", "h3", "h4"):  # below the page's own headings
            token.tag = f"h{int(token.tag[1]) + 2}"
    rendered: str = reader.renderer.render(tokens, reader.options, {"markers": markers})
    return rendered


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    reader.disable(["image", "html_block", "html_inline"])
    reader.inline.ruler.before("link", "marker", _read_marker)
    reader.add_render_rule("marker", _render_marker)
    return reader


def _read_marker(state: "StateInline", silent: bool) -> bool:
    match = MARKER.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("marker", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _render_marker(_self: "RendererHTML", tokens: "Sequence[Token]", index: int, _options: Any, env: Any) -> str:
    shown: str = env["markers"].get(tokens[index].content, "")
    return shown

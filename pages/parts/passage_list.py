"""Passages one below the other: where each stands, its words, and what is put in front of it for search."""

import html
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.schema import Document, Passage
from core.text import counted
from core.viewer import is_hard_to_read, pieces_of
from pages.parts import state
from pages.parts.words import plain

Menu = Callable[[Passage, str, str], None]
"""Draws what can be done with a passage: given the passage, the name of its list and a label."""
SHOWN = 25
PARAGRAPH = "white-space:pre-wrap;margin:0 0 0.6em"
CELL = (
    "border:1px solid rgba(128,128,128,0.35);padding:0.25rem 0.6rem;text-align:left;vertical-align:top;min-width:4rem"
)
MARK = "background:#ffe58a;color:#20241f;border-radius:3px;padding:0 2px"


def passage_facts(document: Document, passage: Passage) -> str:
    """Return page, length and kind in a few words, and whether it was hard to read."""
    where = f"{document.page_word or 'page'} {passage.page}" if passage.page else ""
    kind = "table" if passage.kind == "table" else ""
    doubt = "hard to read, check it" if is_hard_to_read(document, passage.start, passage.end) else ""
    own = "written by you" if passage.origin == "added" else "edited by you" if passage.patches else ""
    return " · ".join(filter(None, (where, counted(len(passage.text), "character"), kind, own, doubt)))


def card_of(document: Document, passage: Passage, remark: str = "") -> dict[str, Any]:
    """Return a passage as plain texts, for a component; ``remark`` says what looks wrong with it."""
    return {
        "number": str(passage.ordinal + 1),
        "heading": " › ".join(passage.headings),
        "facts": passage_facts(document, passage),
        "flaws": remark,
        "pieces": [{"text": piece.text, "rows": piece.rows} for piece in pieces_of(document, passage)],
        "front": f"In front for search: {passage.context}" if passage.context else "",
    }


def draw_passages(
    document: Document,
    passages: Sequence[Passage],
    name: str,
    words: str = "",
    remarks: Mapping[int, str] | None = None,
    menu: Menu | None = None,
) -> None:
    """Draw passages, 25 at a time; ``name`` tells this list from others, ``words`` are marked, ``menu`` is on each.

    ``remarks`` say by ordinal what looks wrong.
    """
    pages = max(1, math.ceil(len(passages) / SHOWN))
    turned = state.list_page(name)
    if turned.get() > pages:
        turned.set(pages)
    first = (turned.get() - 1) * SHOWN
    for passage in passages[first : first + SHOWN]:
        draw_passage(document, passage, name, words, (remarks or {}).get(passage.ordinal, ""), menu)
    if pages > 1:
        st.pagination(pages, key=turned.key)


def draw_passage(
    document: Document, passage: Passage, name: str, words: str, remark: str = "", menu: Menu | None = None
) -> None:
    """One passage, and what looks wrong with it."""
    with st.container(border=True, key=f"passage_{name}_{passage.ordinal}", gap="xsmall"):
        heading = f" **{plain(' › '.join(passage.headings))}**" if passage.headings else ""
        facts = f":green-badge[{passage.ordinal + 1}]{heading} :small[:gray[{passage_facts(document, passage)}]]"
        if menu is None:
            st.markdown(facts)
        else:
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                st.markdown(facts, width="stretch")
                menu(passage, name, "Change")
        if remark:
            st.caption(f":orange[:material/report: {plain(remark)}]")
        for piece in pieces_of(document, passage):
            st.html(table_html(piece.rows, words) if piece.rows else marked(piece.text, words))
        for question in filter(None, passage.asked.split("\n")):
            st.caption(f":material/forum: People ask this as: {plain(question)}")
        if passage.context:
            st.caption(f"In front for search: {plain(passage.context)}")


def table_html(rows: Sequence[Sequence[str]], words: str) -> str:
    """Return rows as an HTML table that scrolls sideways by itself, the first row its header where it says anything."""
    header, *body = rows
    lines = [_cells(header, "th", words)] if any(header) else []
    lines += [_cells(row, "td", words) for row in body]
    table = f'<table style="border-collapse:collapse;font-size:0.875rem;line-height:1.45">{"".join(lines)}</table>'
    return f'<div style="overflow-x:auto;margin:0 0 0.6em">{table}</div>'


def _cells(row: Sequence[str], tag: str, words: str) -> str:
    return "<tr>" + "".join(f'<{tag} style="{CELL}">{_with_marks(cell, words)}</{tag}>' for cell in row) + "</tr>"


def marked(text: str, words: str) -> str:
    """Return a passage's text as HTML: everything escaped, the words looked for in a mark."""
    paragraphs = [f'<p style="{PARAGRAPH}">{_with_marks(part, words)}</p>' for part in re.split(r"\n\s*\n", text)]
    return f'<div style="overflow-wrap:anywhere;line-height:1.6">{"".join(paragraphs)}</div>'


def _with_marks(text: str, words: str) -> str:
    wanted = sorted({re.escape(word) for word in words.split()}, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(wanted)})", text, flags=re.IGNORECASE) if wanted else [text]
    shown = [
        f'<mark style="{MARK}">{html.escape(piece)}</mark>' if number % 2 else html.escape(piece)
        for number, piece in enumerate(pieces)
    ]
    return "".join(shown)

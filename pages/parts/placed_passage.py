"""One passage of a search test: its matching words lit, the quoted sentence, what brought it to its place."""

import html
from collections.abc import Mapping, Sequence
from itertools import pairwise

import streamlit as st

from core.explain import Placed, Read, Reason
from pages.parts.passage_list import MARK
from pages.parts.words import name_and_page, plain

EXCERPT = 360  # characters shown at once
BEFORE = 90  # of them, before the words that matter
QUOTED = "border-bottom:3px solid #2f8f76;padding-bottom:1px"
GRID = (
    "display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:2px 1.5rem;margin:2px 0 6px;"
    "font-size:0.8125rem;line-height:1.4"
)
LABEL_WIDTH = "5.2rem"
BAR, TRACK = "#2f8f76", "rgba(128,128,128,0.22)"
LABELS = {"words": "Words", "meaning": "Meaning", "source": "Source", "named": "Codes, dates", "reader": "Reader"}
READ_WORDS = {
    Read.ANSWERS: "finds an answer in it",
    Read.MAY: "finds what may answer",
    Read.NOTHING: "finds no answer in it",
    Read.UNREAD: "did not look at it",
}
NUMBER_WORDS = {
    "score": "score, by which passages are put in order",
    "coverage": "share of the question's words in it",
    "bm25": "BM25, by words",
    "cosine": "cosine, by meaning",
    "reader": "probability that something in it answers, as the reader sees it",
}
LITTLE, MUCH = 0.15, 0.5  # of the largest share


def draw_placed(placed: Placed, most: float, limit: int) -> None:
    """Draw a passage; ``most`` is the largest share of all that are drawn, ``limit`` how many are used."""
    with st.container(border=True, key=f"placed_{placed.place}", gap="xsmall"):
        badge = "green" if placed.reason is None else "gray"
        quoted = " :green-badge[:material/format_quote: quoted]" if placed.sentence else ""
        st.markdown(
            f":{badge}-badge[{placed.place}] **{name_and_page(placed.source_name, placed.passage.page)}**{quoted}"
        )
        if placed.reason is not None:
            st.caption(f":material/content_cut: {reason_words(placed, limit)}")
        st.html(bars(placed, most))
        st.html(lit_passage(placed))
        with st.popover("Numbers", type="tertiary", key=f"numbers_{placed.place}"):
            st.markdown(numbers_of(placed))


def reason_words(placed: Placed, limit: int) -> str:
    """Return why a passage was cut off; escaped for Markdown."""
    return {
        None: "",
        Reason.LIMIT: f"Others came first, and {limit} are used.",
        Reason.NOT_READ: "By words and meaning it came too far down for the reader to look at it.",
        Reason.READER: "The reader found nothing in it that answers; without that it would be used.",
        Reason.SOURCE: f"Another source is meant more: {plain(placed.before)}."
        if placed.before
        else "Another source is meant more.",
        Reason.SPREAD: "The question asks about several sources, and each of them got its places.",
    }[placed.reason]


def numbers_of(placed: Placed) -> str:
    """Return the raw values as Markdown."""
    lines = [f"- {placed.numbers[name]:.3f} {words}" for name, words in NUMBER_WORDS.items() if name in placed.numbers]
    if placed.shares:
        lines.append("\nWhat the score is the sum of:\n")
        lines += [f"- {share:.3f} {LABELS[name].lower()}" for name, share in placed.shares.items()]
    return "\n".join([f"Passage {placed.passage.ordinal + 1} of its source\n", *lines])


def bars(placed: Placed, most: float) -> str:
    """Return small bars with words beside them as HTML; no text of a source stands in it unescaped."""
    if not placed.shares:
        said = f"Found by its meaning, in another language than the question's. The reader {READ_WORDS[placed.read]}."
        return f'<p style="margin:0;font-size:0.875rem">{html.escape(said)}</p>'
    shown = {name: share for name, share in placed.shares.items() if name != "named" or share > 0}
    if placed.read == Read.UNREAD:
        shown.pop("reader", None)
    lines = "".join(
        _bar(LABELS[name], share / most if most else 0.0, _said(name, placed, most)) for name, share in shown.items()
    )
    return f'<div style="{GRID}">{lines}</div>'


def _bar(label: str, share: float, said: str) -> str:
    width = round(100 * min(1.0, max(0.0, share)))
    track = (
        f'<span aria-hidden="true" style="flex:0 0 4rem;height:7px;border-radius:4px;background:{TRACK}">'
        f'<span style="display:block;height:7px;border-radius:4px;width:{width}%;background:{BAR}"></span></span>'
    )
    name = f'<span style="flex:0 0 {LABEL_WIDTH}">{html.escape(label)}</span>'
    words = f'<span style="flex:1 1 0;min-width:0;overflow-wrap:anywhere">{html.escape(said)}</span>'
    return f'<div style="display:flex;gap:0.5rem;align-items:center">{name}{track}{words}</div>'


def _said(name: str, placed: Placed, most: float) -> str:
    if name == "words":
        return _words_said(placed.held, placed.lacking)
    if name == "reader":
        return READ_WORDS[Read.ANSWERS if placed.sentence else placed.read]
    share = placed.shares[name] / most if most else 0.0
    much = "much" if share >= MUCH else "some" if share >= LITTLE else "little" if share > 0.01 else "none"
    said: Mapping[str, Mapping[str, str]] = {
        "meaning": {"much": "close", "some": "rather close", "little": "far", "none": "far"},
        "source": {
            "much": "clearly meant",
            "some": "meant",
            "little": "hardly meant",
            "none": "not meant more than others",
        },
        "named": {"much": "stand in it", "some": "stand in it", "little": "stand in it", "none": ""},
    }
    return said[name][much]


def _words_said(held: Sequence[str], lacking: Sequence[str]) -> str:
    if not lacking:
        return "all words of the question"
    count = f"{len(held)} of {len(held) + len(lacking)}"
    return f"{count}; not in it: {', '.join(lacking[:6])}{' …' if len(lacking) > 6 else ''}"


def lit_passage(placed: Placed) -> str:
    """Return a passage's text as HTML: an excerpt, the whole of it to be opened; everything escaped."""
    text = placed.passage.text
    first = placed.sentence[0] if placed.sentence else _densest(placed)
    start = max(0, first - BEFORE)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = min(len(text), max(start + EXCERPT, placed.sentence[1] if placed.sentence else 0))
    end = end if end == len(text) else max(text.rfind(" ", start, end), start + EXCERPT // 2)
    body = _lit(placed, start, end)
    dots = ("… " if start else "", " …" if end < len(text) else "")
    style = "overflow-wrap:anywhere;line-height:1.6;margin:0"
    shown = f'<p style="{style}">{dots[0]}{body}{dots[1]}</p>'
    if not any(dots):
        return f"<div>{shown}</div>"
    whole = f'<p style="{style};white-space:pre-wrap;margin-top:0.4em">{_lit(placed, 0, len(text))}</p>'
    return (
        f'<div>{shown}<details style="margin-top:0.3em"><summary style="cursor:pointer;font-size:0.8125rem">'
        f"The whole passage</summary>{whole}</details></div>"
    )


def _densest(placed: Placed) -> int:
    """Return where the excerpt with the most words that matched begins."""
    starts = [start for start, _ in placed.lit]
    return max(starts, key=lambda start: sum(start <= other < start + EXCERPT - BEFORE for other in starts), default=0)


def _lit(placed: Placed, start: int, end: int) -> str:
    """Return a part of a passage with its words lit and the quoted sentence underlined."""
    text, sentence = placed.passage.text, placed.sentence or (0, 0)
    cuts = {start, end}
    cuts.update(place for span in (*placed.lit, sentence) for place in span if start < place < end)
    order = sorted(cuts)
    pieces = []
    for begin, stop in pairwise(order):
        piece = html.escape(text[begin:stop])
        if any(first <= begin and stop <= last for first, last in placed.lit):
            piece = f'<mark style="{MARK}">{piece}</mark>'
        if sentence[0] <= begin and stop <= sentence[1]:
            piece = f'<span style="{QUOTED}">{piece}</span>'
        pieces.append(piece)
    return "".join(pieces)

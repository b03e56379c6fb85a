"""The citation viewer: a drawer beside the conversation, open at the page with the words highlighted."""

import html
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.demo import note_opened_place
from core.errors import AnswerbookError
from core.schema import Citation
from core.viewer import PagePicture, PageText, open_place
from pages.parts import state
from pages.parts.screen import show_error
from pages.parts.words import name_and_page, plain

EDITED = {"changed": "edited by you", "added": "written by you"}
ORIGINAL = {
    "changed": "Edited by you. The document's own words are marked below.",
    "added": "Written by you: these words stand in no document. This is where you added them.",
}

VIEWER: Any = {"width": "medium", "position": "right", "icon": ":material/find_in_page:"}


def draw_citations(
    assistant_id: str, citations: Sequence[Citation], name: str, show: Callable[[str, Citation], None] | None = None
) -> None:
    """The places an answer stands on, each opening beside it; ``name`` tells this answer from others.

    ``show`` is the dialog that one opens in, by default ``show_citation``.
    """
    if not citations:
        return
    with st.container(horizontal=True, gap="small"):
        for citation in citations:
            doubt = "" if citation.supported else " :material/help:"
            edited = f" · {EDITED[citation.edited]}" if citation.edited else ""
            label = f"{citation.number} · {name_and_page(citation.source_name, citation.page)}{edited}{doubt}"
            advice = advice_on(citation)
            key = f"cite_{name}_{citation.number}"
            if st.button(label, key=key, help=advice, icon=":material/find_in_page:", wrap=True):
                state.viewer_page.forget()
                (show or show_citation)(assistant_id, citation)


def advice_on(citation: Citation) -> str | None:
    """What is to be known of a place before it is opened; None where the model named it, and it says so."""
    if not citation.supported:
        return "These words do not clearly say what the answer says. Check them."
    return "Found by Answerbook: the model named no source for this." if citation.added else None


@st.dialog("Source", **VIEWER)
def show_citation(assistant_id: str, citation: Citation) -> None:
    """Open a citation's source at its place."""
    draw_place(assistant_id, citation)


def draw_place(assistant_id: str, citation: Citation) -> None:
    """A source at the place that is cited, its words lit; that it was opened counts in a demo."""
    page = state.viewer_page.get()
    try:
        place = open_place(
            assistant_id, citation.source_id, citation.version_id, citation.start, citation.end, page or citation.page
        )
    except AnswerbookError as error:
        show_error(error)
        return
    note_opened_place(assistant_id, citation)
    st.markdown(f"**{plain(citation.source_name)}**")
    if advice := advice_on(citation):
        st.caption(advice)
    if citation.edited:
        st.caption(f":material/edit: {ORIGINAL[citation.edited]}")
    st.markdown(f"> {plain(' '.join(citation.quote.split()))}")
    if isinstance(place, PagePicture):
        _draw_picture(place, citation)
    else:
        _draw_text(place)


def _draw_picture(place: PagePicture, citation: Citation) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Page before", icon=":material/chevron_left:", disabled=place.page <= 1, key="viewer_before"):
            state.viewer_page.set(place.page - 1)
            st.rerun(scope="fragment")
        st.caption(f"Page {place.page} of {place.page_count}", width="content")
        last = place.page >= place.page_count
        if st.button("Page after", icon=":material/chevron_right:", disabled=last, key="viewer_after"):
            state.viewer_page.set(place.page + 1)
            st.rerun(scope="fragment")
        whole = place.lower and st.toggle("Whole page", key="viewer_whole")
    alt = f"Page {place.page} of {citation.source_name}, with the cited words highlighted"
    st.image(place.png if whole or not place.lower else place.lower, width="stretch", alt=alt)


def _draw_text(place: PageText) -> None:
    if place.heading:
        st.caption(f"Under “{plain(place.heading)}”")
    st.html(marked_text(place))


def marked_text(place: PageText) -> str:
    """Return the text around a citation as HTML: everything escaped, the cited words in a mark."""
    before, words, after = (html.escape(part) for part in (place.before, place.words, place.after))
    style = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.6"
    mark = "background:#ffe58a;color:#20241f;border-radius:3px;padding:0 2px"
    return f'<div style="{style}">{before}<mark style="{mark}">{words}</mark>{after}</div>'

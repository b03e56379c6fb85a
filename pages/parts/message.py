"""One turn of a conversation as it was kept: the answer, the places it stands on, was it right, and why."""

import streamlit as st

from core.assistants import conversations
from core.assistants.conversations import citations_of
from core.database import Message
from pages.parts.source_view import show_citation
from pages.parts.words import answer_markdown, plain

FACE = ":material/auto_stories:"


def draw_message(assistant_id: str, message: Message) -> None:
    """One turn as it was kept."""
    if message.role == "user":
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(plain(message.text))
        return
    with st.chat_message("assistant", avatar=FACE):
        st.markdown(answer_markdown(message.text, word_for_word=message.kind == "quotes"))
        if message.stopped_early:
            st.warning(plain(message.stopped_early), icon=":material/pause_circle:")
        draw_citations(assistant_id, message)
        draw_actions(message)


def draw_citations(assistant_id: str, message: Message) -> None:
    """The places an answer stands on, each opening beside the conversation."""
    cited = citations_of(message)
    if not cited:
        return
    if message.kind == "quotes":
        st.caption("Word for word from your sources:")
    with st.container(horizontal=True, gap="small"):
        for citation in cited:
            where = f", page {citation.page}" if citation.page else ""
            doubt = "" if citation.supported else " :material/help:"
            label = f"{citation.number} · {plain(citation.source_name)}{where}{doubt}"
            advice = None if citation.supported else "These words do not clearly say what the answer says. Check them."
            if st.button(
                label, key=f"cite_{message.id}_{citation.number}", help=advice, icon=":material/find_in_page:"
            ):
                st.session_state.viewer_page = None
                show_citation(assistant_id, citation)


def keep_feedback(message: Message) -> None:
    """Write down a thumb up or down."""
    thumb = st.session_state[f"thumb_{message.id}"]
    conversations.set_feedback(message.id, {0: -1, 1: 1}.get(thumb, 0), message.comment)


def draw_actions(message: Message) -> None:
    """Right or wrong, what it should have said, and why it said what it said."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.feedback(
            "thumbs",
            key=f"thumb_{message.id}",
            default={1: 1, -1: 0}.get(message.feedback),
            on_change=keep_feedback,
            args=(message,),
        )
        if message.found:
            why = st.popover("Why this answer", type="tertiary", key=f"why_{message.id}", on_change="rerun")
            if why.open:
                with why:
                    draw_why(message)
    if message.feedback == -1:
        draw_correction(message)


def draw_correction(message: Message) -> None:
    """Keep what the answer should have been."""
    comment = st.text_input(
        "What should it say?", value=message.comment, key=f"comment_{message.id}", placeholder="In your own words"
    )
    if comment != message.comment:
        conversations.set_feedback(message.id, -1, comment or "")
        st.caption(":green[:material/check:] Kept with this answer.")


def draw_why(message: Message) -> None:
    """The passages that were found for the question, best first, and how long it took."""
    st.markdown("**Passages found for this question, best first**")
    for number, passage in enumerate(message.found, 1):
        where = f", page {passage['page']}" if passage.get("page") else ""
        st.markdown(f"{number}. {plain(str(passage['source_name']))}{where}")
        st.caption(plain(" ".join(str(passage["text"]).split())[:240]) + "…")
    if seconds := message.seconds.get("total"):
        st.caption(f"Answered in {seconds:.1f} s, of which searching took {message.seconds.get('search', 0):.2f} s.")

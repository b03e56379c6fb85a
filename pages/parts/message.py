"""One turn of a conversation as it was kept: the answer, the places it stands on, was it right, and why."""

from collections.abc import Callable

import streamlit as st

from core.answer import words_around
from core.assistants import conversations
from core.assistants.conversations import SavedMessage
from core.schema import Answer
from core.spending import in_euros
from core.text import foreign_note
from pages.parts import state
from pages.parts.screen import pressed
from pages.parts.source_view import draw_citations
from pages.parts.words import answer_markdown, name_and_page, plain

FACE = ":material/auto_stories:"


def draw_question(text: str) -> None:
    """A question as it was typed."""
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(plain(text))


def draw_message(assistant_id: str, message: SavedMessage) -> None:
    """One turn as it was kept."""
    if message.role == "user":
        draw_question(message.text)
        return
    with st.chat_message("assistant", avatar=FACE):
        if message.understood:
            st.caption(f"Showing answers for *{plain(', '.join(message.understood))}*")
        st.markdown(answer_markdown(message.text, message.kind, message.citations))
        if message.note:
            st.info(plain(message.note), icon=":material/help:")
        if message.stopped_early:
            st.warning(plain(message.stopped_early), icon=":material/pause_circle:")
        if note := foreign_note(
            next((each.asked_in for each in message.citations if each.asked_in), ""),
            [each.language for each in message.citations],
        ):
            st.caption(note)
        if message.kind == "quotes" and message.citations:
            st.caption("Word for word from your sources:")
        draw_citations(assistant_id, message.citations, message.id)
        draw_near(message, message.id, state.near_question.set)
        draw_actions(message)


def draw_near(answer: Answer | SavedMessage, place: str, ask: Callable[[str], None]) -> None:
    """What was looked for where nothing fits, and questions that can be answered: a click on one is ``ask`` with it."""
    around = words_around(answer.language)
    if answer.looked_for:
        st.caption(f"{around.looked_for} {plain(', '.join(answer.looked_for))}")
    if not answer.near:
        return
    if answer.kind == "unknown":
        st.caption(around.instead)
    with st.container(horizontal=True, gap="small", key=f"near_{place}"):
        for number, question in enumerate(answer.near):
            st.button(
                plain(question),
                key=f"near_{place}_{number}",
                wrap=True,
                on_click=pressed(ask),
                args=(question,),
            )


def keep_feedback(message_id: str) -> None:
    """Write down a thumb up or down."""
    thumb = state.thumb(message_id).get()
    conversations.set_feedback(message_id, 0 if thumb is None else 1 if thumb else -1)


def keep_comment(message_id: str) -> None:
    """Write down what the owner has typed, and nothing else: what was drawn before may be older than what is kept."""
    conversations.set_comment(message_id, state.comment(message_id).get())


def draw_actions(message: SavedMessage) -> None:
    """Right or wrong, what it should have said, and why it said what it said."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.feedback(
            "thumbs",
            key=state.thumb(message.id).key,
            default={1: 1, -1: 0}.get(message.feedback),
            on_change=pressed(keep_feedback),
            args=(message.id,),
        )
        if message.passages or message.thoughts:
            why = st.popover("Why this answer", type="tertiary", key=f"why_{message.id}", on_change="rerun")
            if why.open:
                with why:
                    draw_why(message)
    if message.feedback == -1:
        draw_correction(message)


def draw_correction(message: SavedMessage) -> None:
    """What the answer should have been, in the owner's words."""
    st.text_input(
        "What should it say?",
        value=message.comment,
        key=state.comment(message.id).key,
        placeholder="In your own words",
        on_change=pressed(keep_comment),
        args=(message.id,),
    )
    if message.comment:
        st.caption(":green[:material/check:] Kept with this answer.")


def draw_why(message: SavedMessage) -> None:
    """What the model thought, the passages that were found, best first, what the answer cost and how long it took."""
    if message.thoughts:
        st.markdown("**What the model thought before it answered**")
        st.caption("\n\n".join(plain(" ".join(part.split())) for part in message.thoughts.split("\n") if part.strip()))
    if message.passages:
        st.markdown("**Passages found for this question, best first**")
    for number, passage in enumerate(message.passages, 1):
        st.markdown(f"{number}. {name_and_page(passage.source_name, passage.page)}")
        st.caption(plain(" ".join(passage.text.split())[:240]) + "…")
    if message.spent is not None:
        cost = f"about {in_euros(message.spent)}" if message.spent else "nothing: its model runs here"
        st.caption(f"This answer cost {cost}.")
    if seconds := message.seconds.get("total"):
        st.caption(f"Answered in {seconds:.1f} s, of which searching took {message.seconds.get('search', 0):.2f} s.")

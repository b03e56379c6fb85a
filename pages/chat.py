"""Chat: ask, read the answer, open the place it came from, say whether it was right."""

import threading
import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import jobs
from core.assistants import conversations, source_rows
from core.assistants.conversations import ConversationRow, SavedMessage
from core.errors import AnswerbookError, NotFound
from core.people import Deed
from core.schema import Answer
from core.text import counted
from pages.parts import state
from pages.parts.live_answer import LOOKING, LiveAnswer
from pages.parts.message import FACE, draw_message, draw_question
from pages.parts.person import may_here
from pages.parts.screen import chosen_assistant, confirm, in_words, show_error
from pages.parts.words import ago, plain

MEASURE = 760
QUESTION_CHARACTERS = 2000
FEW_FILES = 10
READING_SECONDS = 20.0
STOP_SECONDS = 3.0
STOPPED = "This answer was stopped before its end: by “Stop”, or because the page was left or reloaded."

assistant = chosen_assistant()


def current_conversation() -> str | None:
    """The conversation in the address (so that a reload comes back to it), if it is this assistant's."""
    wanted = st.query_params.get("conversation") or state.conversation(assistant.id).get()
    if not wanted:
        return None
    try:
        return conversations.conversation(assistant.id, wanted)
    except NotFound:
        return None


def go_to_conversation(conversation_id: str | None) -> None:
    """Stand in another conversation, or at the beginning of a new one."""
    state.conversation(assistant.id).set(conversation_id)
    if conversation_id:
        st.query_params["conversation"] = conversation_id
    elif "conversation" in st.query_params:
        del st.query_params["conversation"]


def draw_bar(messages: list[SavedMessage]) -> None:
    """The title, a new conversation, earlier ones, and the conversation as a file."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(assistant.name), anchor=False, width="stretch")
        if st.button("New", icon=":material/add_comment:", key="new_conversation", disabled=not messages):
            go_to_conversation(None)
            st.rerun()
        if may_here(Deed.BUILD):  # the conversations of all: who only tests sees none but the one that is open
            earlier = st.popover("Earlier", icon=":material/history:", key="earlier", on_change="rerun")
            if earlier.open:
                with earlier:
                    draw_earlier()
        st.download_button(
            "Export",
            data=lambda: conversations.as_markdown(assistant.name, messages).encode(),
            file_name="conversation.md",
            mime="text/markdown",
            icon=":material/download:",
            on_click="ignore",
            disabled=not messages,
            key="export_conversation",
        )


def draw_earlier() -> None:
    """The conversations that are kept, found by words said in them."""
    words = st.text_input("Find a conversation", key="conversation_words", icon=":material/search:", live=True)
    rows = conversations.conversations(assistant.id, words or "")
    if not rows:
        st.caption("No conversation has these words in it." if words else "None yet. Each one is kept here.")
    for row in rows[:30]:
        with st.container(horizontal=True, vertical_alignment="center"):
            label = f"{plain(row.title)}  \n:small[:gray[{ago(row.updated_at)} · {counted(row.questions, 'question')}]]"
            if st.button(label, key=f"conversation_{row.id}", type="tertiary", width="stretch"):
                go_to_conversation(row.id)
                st.rerun()
            if st.button("Delete", key=f"forget_{row.id}", icon=":material/delete:", type="tertiary"):
                ask_to_forget(row)


def ask_to_forget(row: ConversationRow) -> None:
    """Ask once before a conversation is deleted: a second press would else hit the one that has moved up."""
    confirm(
        "Delete this conversation?",
        f"“{row.title}” with {counted(row.questions, 'question')} and the answers. It cannot be brought back.",
        "Delete",
        lambda: conversations.delete_conversation(assistant.id, row.id),
    )


def wait_for_reading(slot: DeltaGenerator) -> None:
    """Let the last few files be read first: whoever asks right after adding them must not hear "I don't know"."""
    until = time.monotonic() + READING_SECONDS
    while 0 < (left := jobs.reading_count(assistant.id)) <= FEW_FILES and time.monotonic() < until:
        slot.markdown(f":gray[:material/hourglass_top: Reading {counted(left, 'file')} first…]")
        time.sleep(0.2)


def respond(conversation_id: str, question: str, before: list[SavedMessage]) -> None:
    """Answer a question; whatever comes (an end, a stop, a failure, a closed tab), what is there is kept."""
    from core import pipeline

    live, answer = LiveAnswer(), None
    state.chat_error.forget()
    ended = threading.Event()
    state.answer_ended.set(ended)
    with st.chat_message("assistant", avatar=FACE):
        slot = st.empty()
        # Our own: Streamlit's stop button in the input is lost when a fragment ran while the question was sent.
        st.button("Stop", key="stop_answer", icon=":material/stop_circle:", type="tertiary")
        wait_for_reading(slot)
        slot.markdown(LOOKING)
        said = conversations.history(before)
        try:
            for piece in pipeline.answer(assistant.id, question, history=said, retried=live.heard):
                if isinstance(piece, Answer):
                    answer = piece
                else:
                    slot.markdown(live.take(piece))
        except AnswerbookError as error:
            state.chat_error.set(error)
        finally:
            if answer is None and live.text:
                answer = Answer(text=live.text, kind="written", question=question, stopped_early=STOPPED)
            if answer is not None:
                conversations.add_answer(conversation_id, answer)
            ended.set()
    st.rerun()


def wait_for_stopped_answer() -> None:
    """Let the run that a click has just ended write down what was said; it sees the end with the next piece."""
    if ended := state.answer_ended.take():
        ended.wait(STOP_SECONDS)


@st.fragment(run_every=1.0)
@in_words
def watch_for_answer(conversation_id: str, count: int) -> None:
    """Draw the page once more when there are not ``count`` messages any more.

    An answer may be written down that another window, or this one before it was reloaded, has begun.
    """
    if len(conversations.messages(conversation_id)) != count:
        st.rerun(scope="app")


def draw_welcome() -> str | None:
    """The greeting and questions this assistant can answer; returns the one that was clicked."""
    from core.assistants.suggested_questions import suggested_questions
    from core.assistants.voices import voice

    with st.chat_message("assistant", avatar=FACE):
        st.markdown(plain(voice(assistant.id).greeting))
    questions = suggested_questions(assistant.id)
    if not questions:
        return None
    return st.pills(
        "Questions to begin with",
        questions,
        format_func=plain,
        key="suggested",
        label_visibility="collapsed",
        wrap=True,
    )


@st.fragment(run_every=1.0)
@in_words
def draw_reading() -> None:
    """Say that files are being read; when the last one ends the page is drawn once more."""
    left = jobs.reading_count(assistant.id)
    if not left:
        st.rerun(scope="app")
    st.info(
        f"Reading {counted(left, 'file')}. You can ask already; answers get better as they arrive.",
        icon=":material/hourglass_top:",
    )


def draw_without_sources() -> None:
    """What to do before there is anything to ask about."""
    st.title("Nothing to ask about yet", anchor=False)
    if not may_here(Deed.BUILD):
        st.write(f"**{plain(assistant.name)}** has no documents yet.")
        st.stop()
    st.write(f"**{plain(assistant.name)}** has no documents. Add some, and ask as soon as the first one is read.")
    if st.button("Add documents", type="primary", icon=":material/upload_file:", key="go_to_knowledge"):
        st.switch_page("knowledge.py")
    st.stop()


if not source_rows.has_sources(assistant.id):
    draw_without_sources()

conversation = current_conversation()
go_to_conversation(conversation)
# A key of its own for each assistant: a question never goes to another one because its own was deleted meanwhile.
typed = st.chat_input(
    "Ask a question", key=f"question_{assistant.id}", max_chars=QUESTION_CHARACTERS, submit_mode="disable"
)
wait_for_stopped_answer()
messages = conversations.messages(conversation) if conversation else []
with st.container(horizontal_alignment="center"), st.container(width=MEASURE):
    draw_bar(messages)
    if jobs.reading_count(assistant.id):
        draw_reading()
    for message in messages:
        draw_message(assistant.id, message)
    welcome = st.empty()
    with welcome.container():
        picked = draw_welcome() if not messages else None
    waiting = messages[-1] if messages and messages[-1].role == "user" else None
    question = typed or picked or state.near_question.take()
    again = False
    if waiting and not question:
        if error := state.chat_error.get():
            show_error(error)
        again = st.button("Ask again", icon=":material/refresh:", key="ask_again")
    if question:
        welcome.empty()
        if conversation is None:
            conversation = conversations.start_conversation(assistant.id)
            go_to_conversation(conversation)
        conversations.add_question(conversation, question)
        draw_question(question)
        respond(conversation, question, messages)
    elif again and waiting and conversation:
        respond(conversation, waiting.text, messages[:-1])
    elif waiting and conversation:
        watch_for_answer(conversation, len(messages))

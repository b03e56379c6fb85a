"""Search test: a question searched as the chat does, why each passage came where it did, and what should have come."""

import streamlit as st

from core.assistants import own_words, saved_questions, source_rows
from core.assistants.asked_questions import AskedQuestion, asked_questions
from core.assistants.suggested_questions import suggested_questions
from core.errors import AnswerbookError
from core.explain import SearchTest, expected, search_test
from core.text import counted
from pages.parts import search_state
from pages.parts.expected_words import draw_expected, draw_save
from pages.parts.own_words import draw_own_words
from pages.parts.passage_list import MARK
from pages.parts.placed_passage import QUOTED, draw_placed
from pages.parts.question_list import draw_questions
from pages.parts.screen import chosen_assistant, show_error
from pages.parts.sureness import draw_sureness
from pages.parts.words import ago, answer_markdown, name_and_page, plain

QUESTION_CHARACTERS = 2_000
WORDS_CHARACTERS = 4_000
CUT_OFF_SHOWN = 24

assistant = chosen_assistant()


def choose(question: str) -> None:
    """Have a question searched for that was chosen and not typed."""
    search_state.wanted(assistant.id).set(question[:QUESTION_CHARACTERS])


def draw_choice(asked: AskedQuestion) -> None:
    """One question that people asked."""
    who = "a visitor" if asked.by_visitor else "later in a conversation" if asked.later else "in the chat"
    answer = "" if asked.answered else " · :red[found nothing]"
    label = f"{plain(asked.text[:160])}  \n:small[:gray[{ago(asked.asked_at)}, {who}]{answer}]"
    st.button(label, key=f"asked_{asked.id}", type="tertiary", on_click=choose, args=(asked.text,), wrap=True)


def draw_asked() -> None:
    """What people asked, and what the assistant offers to begin with."""
    asked = asked_questions(assistant.id)
    for each in asked:
        draw_choice(each)
    if asked and not all(each.answered for each in asked):
        st.caption("What nothing was found for comes first.")
    offered = [question for question in suggested_questions(assistant.id) if question]
    if offered:
        st.caption("Questions it offers to begin with")
    for number, question in enumerate(offered):
        st.button(plain(question), key=f"offered_{number}", type="tertiary", on_click=choose, args=(question,))
    if not asked and not offered:
        st.caption("Nobody has asked anything yet.")


def ask() -> None:
    """The question: typed, or one that people asked; searches where one was given."""
    chosen = search_state.wanted(assistant.id).take()
    field = search_state.question(assistant.id)
    if chosen:
        field.set(chosen)
    with st.form("search_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            "Question",
            key=field.key,
            max_chars=QUESTION_CHARACTERS,
            placeholder="As your customers ask it",
            persist_state="session",
        )
        pressed = st.form_submit_button("Search", type="primary", icon=":material/search:", key="search_now")
    asked = st.popover("Questions people asked", icon=":material/history:", key="asked_before", on_change="rerun")
    if asked.open:
        with asked:
            draw_asked()
    question = chosen or (typed if pressed else "")
    if question and question.strip():
        look_for(question)
    elif pressed:
        st.caption(":red[Type a question first.]")


def look_for(question: str) -> None:
    """Search, and keep what was found for as long as this window is open."""
    for entry in (search_state.found, search_state.expected, search_state.trouble):
        entry(assistant.id).forget()
    search_state.cut_off_shown(assistant.id).forget()
    with st.spinner("Searching as the chat does…"):
        try:
            search_state.found(assistant.id).set(search_test(assistant.id, question))
        except AnswerbookError as error:
            search_state.trouble(assistant.id).set(error)


def draw_answer(test: SearchTest) -> None:
    """What the answer would be made of, and what was understood of the question."""
    answer = test.answer
    with st.container(border=True, key="search_answer", gap="xsmall"):
        if test.by_model and test.hits:
            st.markdown(
                f":material/smart_toy: A model writes the answer from the first {len(test.hits)} passages. Without one "
                "it would be this:"
            )
        if answer.kind == "quotes":
            if not test.by_model:
                st.markdown(":material/format_quote: **The answer quotes**")
            st.markdown(answer_markdown(answer.text, answer.kind, answer.citations))
            places = [f"[{each.number}] {name_and_page(each.source_name, each.page)}" for each in answer.citations]
            st.caption(" · ".join(places))
        elif answer.kind == "talk":
            st.markdown(":material/waving_hand: This is small talk: it is answered without a search.")
        else:
            st.markdown(":material/help: **It says that it does not know**: nothing that was found answers this.")
            st.markdown(f"“{plain(answer.text)}”")
        if test.understood:
            taken = ", ".join(f"“{plain(typed)}” as “{plain(meant)}”" for typed, meant in test.understood.items())
            st.caption(f"Taken: {taken}.")
        if test.own_words:
            taken = ", ".join(f"“{plain(said)}” as “{plain(meant)}”" for said, meant in test.own_words.items())
            st.caption(f"Taken by your words: {taken}.")
        if test.meant:
            names = ", ".join(plain(name) for name in test.meant[:5])
            st.caption(f"The question is taken to mean {names}{' and others' if len(test.meant) > 5 else ''}.")


def draw_found(test: SearchTest) -> None:
    """The hits in the chat's order, what was cut off, and the settings in use."""
    if not test.hits:
        if test.answer.kind != "talk":
            st.caption("No passage was found. Is any source read yet?")
        return
    looked = f"{counted(len(test.order), 'passage')} looked at"
    read = f", {test.read} of them read closely" if test.read else ""
    st.subheader(f"Used for the answer: the first {len(test.hits)}", anchor=False)
    st.html(
        f'<p style="margin:0;font-size:0.875rem;opacity:0.85">{looked}{read}. <mark style="{MARK}">Lit</mark> words '
        f'matched; <span style="{QUOTED}">underlined</span> is what the answer quotes.</p>'
    )
    drawn = (*test.hits, *test.cut_off)
    most = max((share for placed in drawn for share in placed.shares.values()), default=0.0)
    for placed in test.hits:
        draw_placed(placed, most, len(test.hits))
    if test.cut_off:
        label = f"Show what was cut off ({len(test.cut_off):,})"
        if st.toggle(label, key=search_state.cut_off_shown(assistant.id).key):
            for placed in test.cut_off[:CUT_OFF_SHOWN]:
                draw_placed(placed, most, len(test.hits))
            if more := len(test.cut_off[CUT_OFF_SHOWN:]):
                st.caption(f"{counted(more, 'more passage')} came after these.")
    st.caption(settings_words(test))


def settings_words(test: SearchTest) -> str:
    """Say which settings were in use, in words."""
    meaning = round(100 * test.dense_weight)
    reader = "looks through what was found" if test.settings.reader else "is off: the model reads all itself"
    if not test.settings.reader and not test.by_model:
        reader = "is off"
    return (
        f"Settings in use, the chat's: {counted(test.settings.passages, 'passage')} an answer; words count "
        f"{100 - meaning} %, meaning {meaning} %; the reader {reader}."
    )


def draw_should_have(test: SearchTest) -> None:
    """The words that should have been found: where they are and what kept them back."""
    st.subheader("It should have found …", anchor=False)
    entry = search_state.words(assistant.id)
    with st.form("expected_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "The words that answer",
            key=entry.key,
            max_chars=WORDS_CHARACTERS,
            placeholder="Type or paste some of them",
            persist_state="session",
        )
        pressed = st.form_submit_button("Where is it?", icon=":material/location_searching:", key="find_words")
    if pressed:
        search_state.trouble(assistant.id).forget()
        with st.spinner("Looking through the sources…"):
            try:
                told = expected(assistant.id, test, words or "")
            except AnswerbookError as error:
                search_state.trouble(assistant.id).set(error)
                told = None
            else:
                if told is None:
                    st.caption(":red[Type a few words more: so few stand everywhere.]")
            search_state.expected(assistant.id).set(told)
    if trouble := search_state.trouble(assistant.id).get():
        show_error(trouble)
    if told := search_state.expected(assistant.id).get():
        draw_expected(assistant.id, test, told)
        draw_save(assistant.id, test, told)


def draw_one() -> None:
    """One question: what it found and what it should have found."""
    ask()
    test = search_state.found(assistant.id).get()
    if test is None:
        if trouble := search_state.trouble(assistant.id).get():
            show_error(trouble)
        else:
            st.caption(
                "See which passages a question finds, in the chat's order, what brought each to its place, and what "
                "was left out. Nothing is sent to a model."
            )
        return
    draw_answer(test)
    if test.hits:
        draw_should_have(test)
    draw_found(test)


st.title("Search test", anchor=False)
if not source_rows.has_sources(assistant.id):
    st.write(
        f"**{plain(assistant.name)}** has no sources yet. Add one, and see here what a question finds in it, and why."
    )
    if st.button("Add documents", type="primary", icon=":material/library_books:", key="to_knowledge"):
        st.switch_page("pages/knowledge.py")
    st.stop()
views = {
    "one": "One question",
    "all": f"Test questions ({saved_questions.question_count(assistant.id):,})",
    "words": f"Your words ({own_words.own_word_count(assistant.id):,})",
}
search_state.search_view.begin("one")
view = st.segmented_control(
    "View",
    list(views),
    required=True,
    format_func=lambda name: views[name],
    key=search_state.search_view.key,
    label_visibility="collapsed",
    persist_state="session",
)
if view == "all":
    draw_questions(assistant.id)
    draw_sureness(assistant.id)
elif view == "words":
    draw_own_words(assistant.id)
else:
    draw_one()

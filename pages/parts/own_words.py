"""The owner's words: what people say and what the documents call it, typed in or for a word that found nothing."""

import math
from functools import partial

import streamlit as st

from core.assistants import own_words
from core.assistants.own_words import MEANT_LENGTH, SAID_LENGTH, OwnWordRow
from core.errors import AnswerbookError
from core.explain import UnknownWord, add_own_word, proposed_words
from core.text import counted
from pages.parts import search_state, state
from pages.parts.screen import confirm, pressed, show_error
from pages.parts.words import plain

SHOWN = 20


def draw_own_words(assistant_id: str) -> None:
    """The list, a form for one more, and words of questions that found nothing."""
    st.caption(
        "People say “fob”, your documents say “access badge”: a question about a fob is then searched as both, in the "
        "chat, for visitors and for programs."
    )
    _draw_form(assistant_id)
    _draw_proposed(assistant_id)
    _draw_list(assistant_id, own_words.own_words(assistant_id))


def _draw_form(assistant_id: str) -> None:
    said, meant = search_state.said(assistant_id), search_state.meant(assistant_id)
    with st.form("own_word_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("People say", key=said.key, max_chars=SAID_LENGTH, placeholder="A word or abbreviation")
        st.text_input("The documents call it", key=meant.key, max_chars=MEANT_LENGTH, placeholder="As it stands there")
        st.form_submit_button(
            "Save",
            key="save_own_word",
            icon=":material/add:",
            type="primary",
            on_click=pressed(_save_typed),
            args=(assistant_id,),
        )


def _draw_proposed(assistant_id: str) -> None:
    try:
        proposed = proposed_words(assistant_id)
    except AnswerbookError as error:
        show_error(error)
        return
    if not proposed:
        return
    st.subheader("What do the documents call this?", anchor=False)
    st.caption("These words stand in questions that found nothing or little, and in none of your documents.")
    for each in proposed:
        _draw_one_proposed(assistant_id, each)


def _draw_one_proposed(assistant_id: str, unknown: UnknownWord) -> None:
    key = unknown.word.casefold()
    with st.form(f"proposed_{key}", border=True), st.container(horizontal=True, vertical_alignment="bottom"):
        found = "found nothing" if unknown.found_nothing else "found little"
        asked = f"in {counted(unknown.questions, 'question')} that {found}"
        st.markdown(
            f"**{plain(unknown.word)}**  \n:small[:gray[{asked}: “{plain(unknown.example[:160])}”]]", width="stretch"
        )
        st.text_input(
            f"The documents call “{unknown.word}”",
            key=search_state.meant_by(assistant_id, key).key,
            max_chars=MEANT_LENGTH,
            placeholder="The documents call it",
            label_visibility="collapsed",
            width=320,
        )
        st.form_submit_button(
            "Save", key=f"save_proposed_{key}", on_click=pressed(_save_proposed), args=(assistant_id, unknown.word)
        )


def _draw_list(assistant_id: str, rows: list[OwnWordRow]) -> None:
    if not rows:
        return
    pages = max(1, math.ceil(len(rows) / SHOWN))
    turned = search_state.own_words_page
    if turned.get() > pages:
        turned.set(pages)
    first = (turned.get() - 1) * SHOWN
    with st.container(border=True, gap="xsmall", key="own_words"):
        for row in rows[first : first + SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                who = f" :small[:gray[{plain(row.made_by)}]]" if row.made_by else ""
                st.markdown(f"**{plain(row.said)}** is called “{plain(row.meant)}”{who}", width="stretch")
                if st.button("Delete", key=f"delete_own_word_{row.id}", icon=":material/delete:", type="tertiary"):
                    confirm(
                        f"Delete “{row.said}”?",
                        f"A question with it is searched as it is typed then, and not as “{row.meant}”.",
                        "Delete",
                        partial(own_words.delete_own_word, assistant_id, row.id),
                    )
    if pages > 1:
        st.pagination(pages, key=turned.key)


def _save_typed(assistant_id: str) -> None:
    """Save what is typed; the fields stay as they are where that cannot be saved."""
    said, meant = search_state.said(assistant_id), search_state.meant(assistant_id)
    _save(assistant_id, said.get(), meant.get())
    said.set("")
    meant.set("")


def _save_proposed(assistant_id: str, word: str) -> None:
    meant = search_state.meant_by(assistant_id, word.casefold())
    _save(assistant_id, word, meant.get())
    meant.forget()


def _save(assistant_id: str, said: str, meant: str) -> None:
    person = state.person.get()
    add_own_word(assistant_id, said, meant, person.email if person else "")
    state.remember_toast("Saved. It holds from the next question on.", ":material/check:")

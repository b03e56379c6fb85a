"""The copies of the database: in Settings, and on the page that says that the database cannot be used."""

import streamlit as st

from core.errors import AnswerbookError
from core.operate import Copy, bring_back, came_since, copies, copy_trouble, database_is_file, state_of_database
from core.text import counted
from pages.parts import state
from pages.parts.screen import confirm, show_error
from pages.parts.status import clock
from pages.parts.words import file_size

# What a copy can help against.
DAMAGE = ("damaged", "lost", "foreign", "too_new")
REASONS = {
    "day": "copy of the day",
    "update": "before an update of Answerbook",
    "replaced": "before another copy was brought back",
}


def draw_closed(error: AnswerbookError) -> None:
    """Say why nothing can be shown, and offer what helps: a copy where the database is at fault, else another try."""
    at_fault = error.code in DAMAGE
    with st.container(width=760):
        st.title("The database cannot be used" if at_fault else "Answerbook cannot open its data folder", anchor=False)
        show_error(error)
        if not at_fault:
            st.button("Try again", type="primary")
            return
        kept = copies()
        if kept:
            st.subheader("Bring a copy back", anchor=False)
            st.caption(
                "You go on from that moment. What is in its place now is kept beside it in the data folder, and the "
                "passages are checked against it."
            )
            if refusal := state.copy_error.take():
                show_error(refusal)
            with st.container(border=True):
                database = state_of_database()
                for copy in kept:
                    if _draw_copy(copy, database, main=copy is kept[0]):
                        _bring_back(copy, database)
        else:
            st.write("There is no copy here. If you have one elsewhere, put it into the data folder as answerbook.db.")
        st.button("Try again", icon=":material/refresh:")


def draw_copies() -> None:
    """The copies of a database that works, and the way back to one of them."""
    st.subheader("Copies of the database", anchor=False)
    with st.container(border=True):
        if not database_is_file():
            st.caption("This database is on a server: its host makes the copies.")
            return
        st.caption("One for each of the last seven days, fewer where the disk is small, in the folder “backups”.")
        if trouble := copy_trouble():
            st.warning(trouble.remedy, title=trouble.what, icon=":material/warning:")
        kept, database = copies(), state_of_database()
        if not kept:
            st.caption("None yet. The first is made within the hour.")
        for copy in kept:
            if _draw_copy(copy, database, main=False):
                state.copy_wanted.set(state.CopyWanted(copy, database))
    if wanted := state.copy_wanted.get():
        _ask(wanted.copy, wanted.database)


def _draw_copy(copy: Copy, database: str, *, main: bool) -> bool:
    """One copy: when it was made, why, and how large it is; True when the owner wants it back.

    ``database``: its state; a click on a list that was drawn before another state counts no more.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        facts = f":small[:gray[{REASONS[copy.reason]} · {file_size(copy.size)}]]"
        st.markdown(f"**{_moment(copy)}**  \n{facts}", width="stretch")
        key, icon = f"bring_back_{copy.name}_{database}", ":material/history:"
        return st.button("Bring back", key=key, icon=icon, type="primary" if main else "secondary")


def _moment(copy: Copy) -> str:
    shown = clock(copy.made_at)
    return shown if "," in shown else f"Today, {shown}"


def _bring_back(copy: Copy, database: str) -> None:
    """Bring a copy back and draw the page anew, with what became of it."""
    try:
        with st.spinner("Bringing the copy back…"):
            bring_back(copy, database)
    except AnswerbookError as error:
        if error.code != "done_already":  # the first click of a double click did it
            state.copy_error.set(error)
    else:
        state.remember_toast("The copy is back. Passages are being checked.")
    st.rerun()


def _ask(copy: Copy, database: str) -> None:
    """Ask once, and say what is not in the copy."""
    try:
        news = [counted(count, what) for what, count in came_since(copy).items() if count]
    except AnswerbookError as error:
        state.copy_wanted.forget()
        show_error(error)
        return
    lost = f"Not in it: {', '.join(news)} that came since. " if news else "Nothing new came since. "
    sentence = f"{lost}The database of now becomes a copy first, so that you can return to it."

    def do() -> None:
        bring_back(copy, database)
        state.remember_toast("The copy is back. Passages are being checked.")

    confirm(
        f"Go back to the copy of {_moment(copy).replace('Today', 'today')}?",
        sentence,
        "Bring back",
        do,
        state.copy_wanted.forget,
    )

"""The people of an Answerbook: their roles, links that invite, and closing it with a first password."""

import streamlit as st

from core.errors import AnswerbookError
from core.people import (
    ROLE_WORDS,
    Invited,
    Person,
    Role,
    activate,
    deactivate,
    invite,
    invite_to_new_password,
    open_invitations,
    people,
    set_role,
    withdraw,
)
from pages.parts import state
from pages.parts.person import leave_for
from pages.parts.screen import confirm, pressed, show_error
from pages.parts.status import clock
from pages.parts.words import ago, plain

_INVITED = (Role.EDITOR, Role.TESTER, Role.VIEWER, Role.OWNER)


def draw_open() -> None:
    """That everyone at this computer may do everything, and the one press that ends it."""
    with st.container(border=True):
        st.markdown(":orange[:material/lock_open:] **Open to everyone at this computer**")
        st.write(
            "Nobody has to sign in, and nobody at another computer can come in. Set a password to close it, or to "
            "invite others."
        )
        if st.button("Set a password", type="primary", icon=":material/lock:", key="set_password"):
            leave_for("/welcome")


def draw_people(owner: Person) -> None:
    """One row each: who it is, when they were last here, their role, and what else can be done."""
    with st.container(border=True):
        for person in people():
            _draw_person(owner, person)
    _draw_link("new_password")


def _draw_person(owner: Person, person: Person) -> None:
    own = " (you)" if person.id == owner.id else ""
    seen = f"here {ago(person.seen_at)}" if person.seen_at else "not here yet"
    name = f"**{plain(person.called)}**{own}  \n:small[:gray[{plain(person.email)} · {seen}]]"
    with st.container(horizontal=True, vertical_alignment="center", key=f"person_{person.id}"):
        if not person.active:
            st.markdown(f":gray[{name} · :small[not let in]]", width="stretch")
            st.button("Let in again", key=f"activate_{person.id}", on_click=pressed(activate), args=(owner, person.id))
            return
        st.markdown(name, width="stretch")
        _draw_role(owner, person)
        chosen = st.menu_button(
            "More",
            ["New password", "Let in no more"],
            icon=":material/more_horiz:",
            type="tertiary",
            key=f"more_{person.id}",
        )
    if chosen == "New password":
        _make_link("new_password", invite_to_new_password(owner, person.id))
    elif chosen == "Let in no more":
        confirm(
            f"Let {person.called} in no more?",
            "What they have open is closed. What they made stays, and you can let them in again.",
            "Close",
            lambda: deactivate(owner, person.id),
        )


def _draw_role(owner: Person, person: Person) -> None:
    # The key holds the role: after a change that was refused, or made elsewhere, the box stands on what is true.
    key = f"role_{person.id}_{person.role}"
    st.selectbox(
        f"Role of {plain(person.called)}",
        list(Role),
        index=list(Role).index(person.role),
        format_func=str.capitalize,
        key=key,
        label_visibility="collapsed",
        width=130,
        on_change=pressed(_change_role),
        args=(owner, person.id, key),
    )


def _change_role(owner: Person, person_id: str, key: str) -> None:
    chosen = state.Entry(key, "")
    try:
        set_role(owner, person_id, Role(chosen.get()))
    except AnswerbookError:
        chosen.forget()
        raise


def draw_invite(owner: Person) -> None:
    """A link for somebody new, shown once; and those that nobody has used yet."""
    st.subheader("Invite somebody", anchor=False)
    with st.container(border=True):
        with st.form("invite", border=False):
            role = st.radio(
                "As",
                _INVITED,
                format_func=str.capitalize,
                captions=[ROLE_WORDS[role] for role in _INVITED],
                key="invite_role",
            )
            email = st.text_input("E-mail (optional)", key="invite_email", help="The link then works for it alone.")
            if st.form_submit_button("Make a link", type="primary", icon=":material/link:", key="make_link"):
                try:
                    _make_link("invitation", invite(owner, role, email))
                except AnswerbookError as error:
                    show_error(error)
        _draw_link("invitation")
        for invited in open_invitations():
            _draw_invitation(owner, invited)


def _draw_invitation(owner: Person, invited: Invited) -> None:
    whom = plain(invited.email) or "whoever has the link"
    what = "a new password" if invited.for_password else str(invited.role)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/link: {whom} · {what} · :gray[until {clock(invited.expires_at)}]", width="stretch")
        st.button(
            "Take back",
            key=f"withdraw_{invited.id}",
            icon=":material/link_off:",
            type="tertiary",
            on_click=pressed(withdraw),
            args=(owner, invited.id),
        )


def _make_link(place: str, code: str) -> None:
    state.invitation_link.set(f"{place} {code}")


def _draw_link(place: str) -> None:
    """The link that was just made, where it was asked for, until it is put away: no other run may take it."""
    made_for, _, code = state.invitation_link.get().partition(" ")
    if made_for != place:
        return
    address = "/".join((st.context.url or "").split("/")[:3])
    st.success("It works once, for seven days, and is not shown again. Send it yourself.", title="Copy this link now")
    st.code(f"{address}/invite/{code}", language=None, wrap_lines=True)
    st.button("I have it", key=f"put_away_{place}", icon=":material/done:", on_click=state.invitation_link.forget)

"""Who sits at this browser window, looked up at each run, and what their role may."""

from urllib.parse import quote

import streamlit as st
import streamlit.runtime

from core.gate import COOKIE
from core.people import Deed, Person, Role, Standing, may, person_of, sign_out, standing
from pages.parts import state

_LEAVE_JS = """
export default function ({ data }) {
  if (!data.address) return;
  const here = window.location.pathname + window.location.search;
  window.location.assign(data.address + (data.back ? "?next=" + encodeURIComponent(here) : ""));
}
"""
_LEAVER = st.components.v2.component("answerbook_leaver", js=_LEAVE_JS)


def _cookie() -> str:
    value = st.context.cookies.get(COOKIE, "") if streamlit.runtime.exists() else ""
    return value if isinstance(value, str) else ""  # Streamlit's AppTest has a stand-in for the server


def take_seat() -> Standing:
    """Look up who is here and remember it for this run; a window that was somebody else's forgets what it held.

    Without an owner everyone here is one: the gate lets only this computer's browsers in. Raises DataFolderError.
    """
    found = standing(_cookie())
    before, now = state.person_id.get(), found.person.id if found.person else ""
    if before is not None and before != now:
        state.forget_everything()
    state.person_id.set(now)
    state.person.set(found.person)
    state.role.set(found.person.role if found.person else Role.VIEWER if found.owner else Role.OWNER)
    return found


def may_here(deed: Deed) -> bool:
    """Say whether whoever sits here may do this."""
    return may(state.role.get(), deed)


def who_acts() -> Person | None:
    """Return who is signed in at the window whose run this thread is; None in any other thread."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    token = _cookie()
    return person_of(token) if token else None


def leave_for(address: str, *, back: bool = False) -> None:
    """Send the whole browser window to one of the gate's own pages; ``back``: it comes back to where it was."""
    _LEAVER(key=f"leave_for_{quote(address)}", data={"address": address, "back": back}, height=1)


def draw_signed_out() -> None:
    """What a window shows whose session ended: nothing of the owner's, and the way in again."""
    st.title("You are signed out", anchor=False)
    st.write("What was saved is kept. Sign in to go on where you were.")
    leave_for("/login", back=True)


def draw_seat() -> None:
    """Who is signed in, in the sidebar, with the way to their account and out; nothing as long as nobody must."""
    person = state.person.get()
    if person is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Account", key="account", icon=":material/account_circle:", type="tertiary", help=person.email):
            leave_for("/account")
        if st.button("Sign out", key="sign_out", icon=":material/logout:", type="tertiary"):
            sign_out(_cookie())
            st.rerun()


def draw_not_for_you(page: str) -> None:
    """What stands in the place of a page that this role may not have."""
    role = state.role.get()
    article = "an" if role[0] in "aeiou" else "a"
    st.title(f"{page} is not for you", anchor=False)
    st.write(f"You are here as {article} {role}. An owner can give you another role on the page People.")

"""Keys with which other programs ask an assistant: made, shown once, listed, taken back."""

import streamlit as st

from core.errors import AnswerbookError
from core.publish import KEY_NAME_LENGTH, SCOPES, ApiKey, Publication, create_key, keys_of, revoke_key
from pages.parts import state
from pages.parts.screen import confirm, show_error
from pages.parts.words import ago, plain

MAY = {
    "ask": "Ask questions",
    "read": "Read the sources: list them, search them, see every cited word",
    "write": "Change the sources: add files, delete them",
}
MAY_SHORT = {"ask": "asks", "read": "reads the sources", "write": "changes the sources"}
REVOKED = 5


def draw_programs(shown: Publication, base: str) -> None:
    """The keys of an assistant, and a form for a new one; ``base`` is the address of this Answerbook, with a slash."""
    st.caption(
        "Your shop, an app or a chat program can ask this assistant by itself, also while it is offline for visitors. "
        "Each program gets a key of its own, which you can take back. Nothing that programs ask is kept."
    )
    st.link_button("How to connect a program", f"{base}v1/docs", icon=":material/menu_book:")
    keys = keys_of(shown.assistant_id)
    for key in (key for key in keys if key.revoked_at is None):
        _draw_key(key)
    if not keys:
        st.caption("No program has a key yet.")
    _draw_form(shown, base, len(keys))
    for key in [key for key in keys if key.revoked_at is not None][:REVOKED]:
        when = ago(key.revoked_at) if key.revoked_at else ""
        st.caption(f":material/block: {plain(key.name)} (…{plain(key.hint)}), taken back {when}")


def _draw_key(key: ApiKey) -> None:
    """One key: who has it, what it may do, when it was used last."""
    used = f"last used {ago(key.used_at)}" if key.used_at else "never used"
    facts = [f"ends in {plain(key.hint)}", ", ".join(MAY_SHORT[scope] for scope in key.scopes), used]
    if key.sites:
        facts.append(f"from pages of {plain(', '.join(key.sites))}")
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(key.name)}**  \n:small[:gray[{' · '.join(facts)}]]", width="stretch")
        if st.button("Take back", key=f"revoke_{key.id}", icon=":material/key_off:"):
            _ask_to_revoke(key)


def _ask_to_revoke(key: ApiKey) -> None:
    """Ask once before a program is shut out."""

    def revoke() -> None:
        revoke_key(key.assistant_id, key.id)
        state.remember_toast(f"The key “{key.name}” opens nothing any more.")

    confirm(
        f"Take back the key “{key.name}”?",
        "The program that has it is refused at once, and an answer that is on its way ends. The key cannot be given "
        "back: the program would need a new one.",
        "Take it back",
        revoke,
    )


def _draw_form(shown: Publication, base: str, made_before: int) -> None:
    """The form for a new key: an empty one after each that was made, and as it was typed where none could be."""
    of = f"{shown.assistant_id}_{made_before}"
    with st.form(f"key_{of}", border=True):
        st.markdown("**A new key**")
        name = st.text_input("Which program is it for?", "", KEY_NAME_LENGTH, f"key_name_{of}", placeholder="Our shop")
        st.caption("What may it do?")
        chosen = [scope for scope in SCOPES if st.checkbox(MAY[scope], scope == "ask", f"key_{scope}_{of}")]
        sites = st.text_area(
            "Websites whose pages may use it, one a line",
            key=f"key_sites_{of}",
            placeholder="None: only from a server",
            height=68,
            help="Leave this empty if you can. A key in a web page can be read by everyone who opens the page, and "
            "used by programs that say they are that page.",
        )
        if st.form_submit_button("Make a key", type="primary", key=f"make_key_{of}"):
            try:
                key, made = create_key(shown.assistant_id, name, chosen, sites.splitlines())
            except AnswerbookError as error:
                show_error(error)
            else:
                _show_once(key, made, shown.name, base)


@st.dialog("Copy this key now", on_dismiss="rerun", width="medium")
def _show_once(key: str, made: ApiKey, model: str, base: str) -> None:
    """Show a key, which nobody can do again."""
    st.write(f"It is for “{plain(made.name)}”. This is the only time that it is shown: keep it like a password.")
    st.code(key, language=None, wrap_lines=True)
    st.caption("What the program asks for besides:")
    st.markdown("Address")
    st.code(f"{base}v1", language=None, wrap_lines=True)
    st.markdown("Model")
    st.code(model, language=None, wrap_lines=True)
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("I have copied it", type="primary", key="key_copied"):
            st.rerun()

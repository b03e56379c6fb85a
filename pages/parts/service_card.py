"""The sign-in service of the owner's choice: set, looked at, removed."""

import streamlit as st
from pydantic import SecretStr

from core.errors import AnswerbookError
from core.people import Person, Service, remove_service, service, set_service
from pages.parts import state
from pages.parts.screen import confirm, show_error
from pages.parts.words import plain


def draw_service(owner: Person) -> None:
    """Sign in with the accounts that a company has already; folded away until it is wanted."""
    try:
        current = service()
    except AnswerbookError as error:
        show_error(error)
        current = None
    words = f"Sign in with {plain(current.name)}: on" if current else "Sign in with your company's accounts"
    with st.expander(words, expanded=False, key="service", on_change="rerun") as folded:
        if folded.open:
            _draw_form(owner, current)


def _fields(current: Service | None) -> tuple[str, str, str, str]:
    """The four fields; what is kept of the secret is not put into its own."""
    kept = "Kept. Fill in to change it." if current and current.secret.get_secret_value() else ""
    known = (current.name, current.issuer, current.client_id) if current else ("", "", "")
    return (
        st.text_input("Its name", known[0], max_chars=60, placeholder="Google", key="service_name"),
        st.text_input("Its address", known[1], placeholder="https://accounts.google.com", key="service_issuer"),
        st.text_input("Client id", known[2], key="service_client"),
        st.text_input("Client secret", type="password", placeholder=kept, autocomplete="off", key="service_secret"),
    )


def _draw_form(owner: Person, current: Service | None) -> None:
    address = "/".join((st.context.url or "").split("/")[:3])
    st.caption(
        "For Google, Microsoft and any other service that speaks OpenID Connect. Register Answerbook there with this "
        "address to come back to. Only people who are here already, or were invited by e-mail, come in."
    )
    st.code(f"{address}/login/outside/back", language=None)
    with st.form("service", border=False):
        name, issuer, client_id, secret = _fields(current)
        if st.form_submit_button("Save", type="primary", key="save_service"):
            wanted = SecretStr(secret) if secret or current is None else current.secret
            try:
                set_service(owner, Service(name, issuer, client_id, wanted))
            except AnswerbookError as error:
                show_error(error)
            else:
                state.remember_toast("Saved. The page where people sign in has its button.")
                st.rerun()
    if current and st.button("Remove", key="remove_service", icon=":material/delete:"):
        confirm(
            f"Remove {current.name}?",
            "Nobody signs in by it any more. Who has no password needs a link to one.",
            "Remove",
            lambda: remove_service(owner),
        )

"""Settings: the model that writes answers, search by meaning, where things are kept, and the bin."""

import streamlit as st
from pydantic import SecretStr

from core import model_connection
from core.assistants import provider_settings
from core.embed import embeddings_on_offer
from core.errors import AnswerbookError
from core.index import rebuilds
from core.provider import KNOWN_PROVIDERS
from core.schema import Provider
from core.text import counted
from pages.parts import state
from pages.parts.check_card import draw_check
from pages.parts.copies_card import draw_copies
from pages.parts.screen import confirm, show_error
from pages.parts.search_choice import draw_search
from pages.parts.storage_card import draw_bin, draw_places
from pages.parts.store_card import draw_store
from pages.parts.way_back import draw_ways_back
from pages.parts.words import ago, plain

OWN_ADDRESS = len(KNOWN_PROVIDERS) - 1

saved = provider_settings.saved_provider()
trouble: AnswerbookError | None = None
current: Provider | None = None
try:
    current = provider_settings.provider()
except AnswerbookError as error:
    trouble = error


def fill_fields() -> None:
    """Put what is in use into the form's fields where they hold nothing yet, or after it has changed."""
    if state.provider_changed.take():
        for field in (state.preset, state.model_address, state.chat_model, state.embedding_model):
            field.forget()
    address = saved.base_url if saved else current.base_url if current else KNOWN_PROVIDERS[0].base_url
    chat_model = saved.chat_model if saved else current.chat_model if current else KNOWN_PROVIDERS[0].chat_model
    embedding_model = saved.embedding_model if saved else current.embedding_model if current else ""
    known = next((n for n, p in enumerate(KNOWN_PROVIDERS) if p.base_url == address), OWN_ADDRESS)
    state.preset.begin(known)
    state.model_address.begin(address)
    state.chat_model.begin(chat_model)
    state.embedding_model.begin(embedding_model)


def take_preset() -> None:
    """Fill the form with what is known about the chosen service; its embedding model stays the owner's choice."""
    chosen = KNOWN_PROVIDERS[state.preset.get()]
    state.model_address.set(chosen.base_url)
    state.chat_model.set(chosen.chat_model)
    state.embedding_model.set("")
    state.offered_models.forget()


def draw_provider_state() -> None:
    """Not set, works, or fails: with why and what to do."""
    if trouble:
        show_error(trouble)
    elif current is None:
        st.markdown(":gray[:material/radio_button_unchecked:] **Not set.** Answers are quotes, word for word.")
    elif saved is None:
        st.markdown(f":green[:material/check_circle:] **{plain(current.chat_model)}**, set by the host of this server.")
    elif saved.check_error:
        st.error(plain(saved.check_remedy), title=plain(saved.check_error), icon=":material/error:")
    else:
        checked = f"checked {ago(saved.checked_at)}, {saved.check_seconds:.1f} s" if saved.checked_at else "not checked"
        st.markdown(f":green[:material/check_circle:] **{plain(saved.chat_model)}** works · :gray[{checked}]")
    for warning in state.provider_warnings.take():
        st.warning(plain(warning), icon=":material/warning:")
    if error := state.provider_error.take():
        show_error(error)


def model_field(label: str, field: state.Entry[str], help_text: str, empty: str = "") -> str:
    """A model's name: chosen from what the service offers where that is known, else typed; ``empty``: what none is."""
    offered, now = state.offered_models.get(), field.get()
    if not offered:
        return st.text_input(label, key=field.key, help=help_text, placeholder=empty) or ""
    options = list(dict.fromkeys([*([now] if now else []), *([""] if empty else []), *offered]))
    return str(
        st.selectbox(
            label,
            options,
            key=field.key,
            help=help_text,
            accept_new_options=True,
            format_func=lambda name: str(name) or "None: the built-in search",
        )
        or ""
    )


def draw_form() -> None:
    """The service, its address, the key and the models; tested before anything is saved."""
    preset = st.selectbox(
        "Service",
        range(len(KNOWN_PROVIDERS)),
        format_func=lambda number: KNOWN_PROVIDERS[number].name,
        key=state.preset.key,
        on_change=take_preset,
    )
    page = KNOWN_PROVIDERS[preset].key_page
    has_key = current is not None and bool(current.api_key.get_secret_value())
    ending = provider_settings.key_ending(current) if current and has_key else ""
    key_words = f"saved, ends in {ending}" if ending else "saved" if has_key else ""
    with st.form("provider", border=False):
        st.text_input("Address", key=state.model_address.key, help="The base URL of an OpenAI-compatible service.")
        typed = st.text_input(
            "Key",
            type="password",
            key=f"model_key_{state.key_round.get()}",
            autocomplete="off",
            placeholder=key_words or ("Not needed on this machine" if not page else "Paste it here"),
            help="Kept encrypted, never shown again, and sent to this address only. Leave it empty to keep the saved "
            "one." + (f" A key is made at {page}." if page else ""),
        )
        chat_model = model_field("Model", state.chat_model, "Writes the answers (the chat model).")
        embedding_model = model_field(
            "Search model",
            state.embedding_model,
            "Optional: prepares passages for search by meaning (the embedding model). Empty: the built-in one.",
            empty="Built-in",
        )
        if st.form_submit_button("Test and save", type="primary", key="save_provider"):
            key = SecretStr(typed or "")
            save(Provider(state.model_address.get(), key, chat_model.strip(), embedding_model.strip()))


def save(wanted: Provider) -> None:
    """Test what was typed and save it; where the test fails, what was typed stays and nothing is saved."""
    try:
        with st.spinner("Asking the service for one word…"):
            check = model_connection.save_provider(model_connection.with_saved_key(wanted))
    except AnswerbookError as error:
        show_error(error)
        st.caption("Nothing was saved." + (" What was saved before is still in use." if saved else ""))
        return
    state.provider_warnings.set(check.warnings)
    state.remember_toast("Saved. Answers are written by this model from now on.")
    state.offered_models.set(check.models)
    state.key_round.set(state.key_round.get() + 1)
    state.provider_changed.set(True)
    st.rerun()


def test_again() -> None:
    """Test the provider in use; the outcome of a saved one is on its row, and so in the state above."""
    try:
        with st.spinner("Asking the service for one word…"):
            model_connection.retest_provider()
    except AnswerbookError as error:
        if saved is None:
            state.provider_error.set(error)
    else:
        state.remember_toast("The service answered.")
    st.rerun()


def remove() -> None:
    """Forget the provider and its key, and empty the form."""
    provider_settings.remove_provider()
    state.offered_models.forget()
    state.provider_changed.set(True)


def ask_remove() -> None:
    """Ask once, and say which assistants could not be searched any more."""
    own = [info.name for info in embeddings_on_offer(current)[1:]]
    used = sum(r.embedding in own for r in rebuilds())
    lost = f" {counted(used, 'assistant')} cannot be searched until you choose the built-in search." if used else ""
    sentence = f"The key is erased. Answers are quotes from then on; sources and voices stay as they are.{lost}"
    confirm("Remove the model?", sentence, "Remove", remove)


def draw_models() -> None:
    """The card of the model provider."""
    st.subheader("Models and keys", anchor=False)
    with st.container(border=True):
        draw_provider_state()
        if current or saved:
            with st.container(horizontal=True):
                again = st.button("Test again", key="test_provider", icon=":material/refresh:")
                if saved and st.button("Remove", key="remove_provider", icon=":material/delete:"):
                    ask_remove()
            if again:
                test_again()
        draw_form()


fill_fields()
st.title("Settings", anchor=False)
with st.container(width=760):
    draw_models()
    draw_search(current)
    draw_store()
    draw_ways_back()
    draw_check()
    draw_places()
    draw_copies()
    draw_bin()

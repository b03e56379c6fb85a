"""The form of a provider, for any role: which service, where a key is made and what it costs, key and model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from pydantic import SecretStr

from core import model_connection
from core.assistants import provider_settings
from core.assistants.provider_settings import SEARCHES, ProviderCard
from core.errors import AnswerbookError
from core.operate import EXTRAS, PROVIDERS, installation, start_extra
from core.provider import (
    KNOWN_PROVIDERS,
    KnownProvider,
    known_provider,
    list_models,
    make_is_here,
    model_cost,
    suggested_model,
)
from core.schema import Provider
from pages.parts import state
from pages.parts.provider_fields import ProviderFields, fields_of
from pages.parts.screen import in_words, show_error
from pages.parts.words import plain

HELP = {
    SEARCHES: ("Search model", "Prepares passages for search by meaning (the embedding model)."),
    "": ("Model", "Writes the answers (the chat model)."),
}


def offered_for(role: str) -> list[int]:
    """Which of the known providers a role may be given: for search, those that have a search model or may have."""
    return [n for n, known in enumerate(KNOWN_PROVIDERS) if role != SEARCHES or known.make != "anthropic"]


def model_of(role: str, known: KnownProvider) -> str:
    """The model that is filled in for a known provider."""
    return known.embedding_model if role == SEARCHES else known.chat_model


def fill_fields(role: str, saved: ProviderCard | None, current: Provider | None) -> None:
    """Put what is in use into the form's fields where they hold nothing yet, or after it has changed."""
    fields = fields_of(role)
    if fields.changed.take():
        for field in (fields.preset, fields.address, fields.model):
            field.forget()
    if suggestion := fields.suggested.take():
        fields.model.set(suggestion)
    used = saved or current
    known = known_provider(used.make, used.base_url) if used else KNOWN_PROVIDERS[0]
    in_use = (used.embedding_model if role == SEARCHES else used.chat_model) if used else model_of(role, known)
    fields.preset.begin(KNOWN_PROVIDERS.index(known))
    fields.address.begin(used.base_url if used else known.address)
    fields.model.begin(in_use)


def take_preset(role: str) -> None:
    """Fill the form with what is known about the chosen service."""
    fields = fields_of(role)
    chosen = KNOWN_PROVIDERS[fields.known()]
    fields.address.set(chosen.address)
    fields.model.set(model_of(role, chosen))
    fields.offered.forget()


def draw_form(role: str, saved: ProviderCard | None, current: Provider | None) -> None:
    """The service, what it needs and costs, its key and model; tested before anything is saved."""
    fill_fields(role, saved, current)
    fields = fields_of(role)
    st.selectbox(
        "Service",
        offered_for(role),
        format_func=lambda number: KNOWN_PROVIDERS[number].name,
        key=fields.preset.key,
        on_change=take_preset,
        args=(role,),
    )
    known = KNOWN_PROVIDERS[fields.known()]
    if saved is None or known != known_provider(saved.make, saved.base_url):  # else its key and price are told above
        filled_in = Provider(fields.address.get(), SecretStr(""), str(fields.model.get() or ""), make=known.make)
        draw_what_it_takes(known, role, filled_in)
    if role != SEARCHES and not make_is_here(known.make):
        running = installation(PROVIDERS).running
        st.fragment(in_words(draw_installation), run_every=1.0 if running else None)(role)
        return
    has_key = current is not None and bool(current.api_key.get_secret_value())
    ending = provider_settings.key_ending(current) if current and has_key else ""
    kept = f"saved, ends in {ending}" if ending else "saved" if has_key else ""
    with st.form(f"provider{fields.buttons}", border=False):
        key = st.text_input(
            "Key",
            type="password",
            key=fields.key,
            autocomplete="off",
            placeholder=kept or ("Paste it here" if known.key_page else "Not needed on this computer"),
            help="Kept encrypted, never shown again, and sent to this address only. Leave it empty to keep the saved "
            "one.",
        )
        draw_model_field(role, fields)
        if known.make == "azure_openai":
            where = "The endpoint of your resource, from the Azure portal; the model is the name of your deployment."
        else:
            where = "Filled in by the service that is chosen above. Change it only where its own pages say so."
        st.text_input("Address", key=fields.address.key, help=where)
        with st.container(horizontal=True):
            saving = st.form_submit_button("Test and save", type="primary", key=f"save_provider{fields.buttons}")
            listing = st.form_submit_button(
                "List its models",
                key=f"list_models{fields.buttons}",
                help="Asks the service what there is to choose.",
            )
    if saving:
        save(role, known, key or "")
    elif listing:
        list_offered(role, Provider(fields.address.get(), SecretStr(key or ""), "", make=known.make), known)


def draw_what_it_takes(known: KnownProvider, role: str, filled_in: Provider) -> None:
    """Where a key is made, and what the model that is filled in costs, for whoever has never seen either."""
    if known.here:
        st.caption("It runs on this computer: no key, nothing to pay, and nothing leaves it. It must be started first.")
        return
    if not known.key_page:
        st.caption(
            "Any service that speaks OpenAI's protocol. Its own pages say where a key is made and what it costs."
        )
        return
    cost = plain(model_cost(filled_in, answers=role != SEARCHES))
    # No caption: that would pale the links, of which whoever has no key yet needs the first.
    st.markdown(
        f":small[:gray[:material/key: A key is a long password that lets Answerbook use your account there.] [Get a "
        f"key at {plain(known.name)}]({known.key_page}):gray[: sign up, add a way to pay, create a key and copy it.]]"
        f"  \n:small[:gray[:material/payments: {cost} ·] [current prices]({known.price_page})]"
    )


def draw_model_field(role: str, fields: ProviderFields) -> None:
    """A model's name: chosen from what the service offers where that is known, else typed."""
    label, help_text = HELP.get(role, HELP[""])
    offered, now = fields.offered.get(), fields.model.get()
    if not offered:
        st.text_input(label, key=fields.model.key, help=help_text)
        return
    options = list(dict.fromkeys([*([now] if now else []), *offered]))
    st.selectbox(label, options, key=fields.model.key, help=help_text, accept_new_options=True)


def draw_installation(role: str) -> None:
    """The button that adds what speaks to a service, and how far that is; the page is drawn again once it is there."""
    adding = installation(PROVIDERS)
    if adding.running:
        st.markdown(f":gray[:material/hourglass_top: Adding what speaks to this service, once: {plain(adding.doing)}]")
        st.caption("It goes on when you leave this page.")
        return
    if EXTRAS[PROVIDERS].here():
        st.rerun(scope="app")
    if adding.error:
        show_error(adding.error)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Add it", key=f"add_providers_{role}", icon=":material/download:", type="primary"):
            start_extra(PROVIDERS)
            st.rerun(scope="app")
        st.caption(
            f"What speaks to this service is not installed yet: about {EXTRAS[PROVIDERS].megabytes} MB, once.",
            width="content",
        )


def list_offered(role: str, wanted: Provider, known: KnownProvider) -> None:
    """Ask a service which models it has, before anything is saved."""
    fields = fields_of(role)
    try:
        with st.spinner("Asking the service for its models…"):
            models = list_models(model_connection.with_saved_key(wanted))
    except AnswerbookError as error:
        show_error(error)
        return
    if not models:
        st.caption("This service does not say which models it has. Type the name of yours.")
        return
    fields.offered.set(models)
    if fields.model.get() not in models and role != SEARCHES:
        fields.suggested.set(suggested_model(known, models))
    st.rerun()


def save(role: str, known: KnownProvider, key: str) -> None:
    """Test what was typed and save it; where the test fails, what was typed stays and nothing is saved."""
    fields = fields_of(role)
    address, name = fields.address.get(), str(fields.model.get() or "").strip()
    before = provider_settings.saved_provider(role)
    # One that was set up for both before search had a card of its own stays both.
    both = before.embedding_model if before and before.base_url == address else ""
    chat, embedding = ("", name) if role == SEARCHES else (name, both)
    keep(role, Provider(address, SecretStr(key), chat, embedding, known.make))


def keep(role: str, wanted: Provider) -> None:
    """Test a provider and save it for a role, and say how that went."""
    fields, before = fields_of(role), provider_settings.saved_provider(role)
    try:
        with testing(fields) as say:
            check = model_connection.save_provider(model_connection.with_saved_key(wanted), role, say)
    except AnswerbookError as error:
        show_error(error)
        st.caption("Nothing was saved." + (" What was saved before is still in use." if before else ""))
        return
    fields.warnings.set(check.warnings)
    fields.offered.set(check.models)
    fields.round.set(fields.round.get() + 1)
    fields.changed.set(True)
    state.remember_toast(saved_words(role, wanted))
    st.rerun()


@contextmanager
def testing(fields: ProviderFields) -> Iterator[Callable[[str], None]]:
    """Show what a test waits for, and a button that ends it: drawing is where Streamlit notices the press."""
    place, stop = st.empty(), st.empty()
    stop.button("Stop", key=f"stop_test{fields.buttons}", icon=":material/stop_circle:", type="tertiary")

    def say(words: str) -> None:
        place.markdown(f":gray[:material/hourglass_top: {plain(words)}]")

    try:
        yield say
    finally:
        place.empty()
        stop.empty()


def saved_words(role: str, saved: Provider) -> str:
    """What is different from now on."""
    if role == SEARCHES:
        return "Saved. Choose it below to have all passages prepared with it."
    if not saved.chat_model.strip():
        return "Saved for search only: answers are quotes."
    if role == provider_settings.FALLBACK:
        return "Saved. It answers when the first one fails."
    return "Saved. Answers are written by this model from now on."

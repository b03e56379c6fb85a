"""The cards of the providers that write answers: the first, and the one that stands in for it."""

from dataclasses import replace

import streamlit as st

from core import model_connection
from core.assistants import provider_settings
from core.assistants.provider_settings import FALLBACK, SEARCHES, WRITES, ProviderCard
from core.embed import embeddings_on_offer
from core.errors import AnswerbookError
from core.index import rebuilds
from core.provider import answers_cost, known_provider, model_cost
from core.schema import Provider
from core.text import counted
from pages.parts import state
from pages.parts.provider_fields import fields_of
from pages.parts.provider_form import draw_form, testing
from pages.parts.screen import confirm, show_error
from pages.parts.words import ago, plain

NONE_SET = ":gray[:material/radio_button_unchecked:] **Not set.** Answers are quotes, word for word."


def in_use(role: str) -> tuple[Provider | None, AnswerbookError | None]:
    """The provider of a role, and why its key cannot be read."""
    try:
        return provider_settings.provider(role), None
    except AnswerbookError as error:
        return None, error


def draw_answers() -> None:
    """The card of the model that writes the answers."""
    st.subheader("Writes the answers", anchor=False)
    with st.container(border=True):
        draw_card(WRITES, NONE_SET)


def draw_fallback() -> None:
    """The card of the model that answers where the first one fails; folded away until it is wanted."""
    saved = provider_settings.saved_provider(FALLBACK)
    words = f"If it fails: {plain(saved.chat_model)} answers" if saved else "If it fails: choose a second model"
    with st.expander(words, expanded=False, key="fallback", on_change="rerun") as folded:
        if not folded.open:
            return
        st.caption(
            "Asked when the first model gives no word: its service is down, busy, or out of credit. The answer says "
            "then who wrote it. Best at another service than the first."
        )
        draw_card(FALLBACK, ":gray[:material/radio_button_unchecked:] **Not set.** An error is shown then.")


def draw_card(role: str, none_set: str) -> None:
    """How a provider stands, its buttons, and its form."""
    saved = provider_settings.saved_provider(role)
    current, trouble = in_use(role)
    draw_state(role, saved, current, trouble, none_set)
    if current or saved:
        fields = fields_of(role)
        with st.container(horizontal=True):
            again = st.button("Test again", key=f"test_provider{fields.buttons}", icon=":material/refresh:")
            if saved and st.button("Remove", key=f"remove_provider{fields.buttons}", icon=":material/delete:"):
                ask_remove(role, current)
        if again:
            test_again(role, saved)
    draw_form(role, saved, current)


def draw_state(
    role: str, saved: ProviderCard | None, current: Provider | None, trouble: AnswerbookError | None, none_set: str
) -> None:
    """Not set, works, or fails: with why and what to do."""
    fields = fields_of(role)
    if trouble:
        show_error(trouble)
    elif current is None:
        st.markdown(none_set)
    elif saved is None:
        st.markdown(f":green[:material/check_circle:] **{plain(current.chat_model)}**, set by the host of this server.")
    elif saved.check_error:
        st.error(plain(saved.check_remedy), title=plain(saved.check_error), icon=":material/error:")
    else:
        price = price_line(role, saved, current)
        st.markdown(f":green[:material/check_circle:] {works(role, saved)}" + (f"  \n{price}" if price else ""))
    for warning in fields.warnings.take():
        st.warning(plain(warning), icon=":material/warning:")
    if error := fields.error.take():
        show_error(error)


def works(role: str, saved: ProviderCard) -> str:
    """What a saved provider does, and when it was tested."""
    checked = f"checked {ago(saved.checked_at)}, {saved.check_seconds:.1f} s" if saved.checked_at else "not checked"
    where = known_provider(saved.make, saved.base_url).name if saved.make != "openai" else ""
    at = f" at {plain(where)}" if where else ""
    if saved.chat_model:
        return f"**{plain(saved.chat_model)}**{at} works · :gray[{checked}]"
    if role == WRITES:
        return f"Used for search only; answers are quotes. · :gray[{checked}]"
    return f"**{plain(saved.embedding_model)}**{at} works · :gray[{checked}]"


def price_line(role: str, saved: ProviderCard, current: Provider) -> str:
    """What a saved model costs, with where its service says so; empty for what runs here."""
    answers = role != SEARCHES and bool(saved.chat_model)
    priced = current if answers else replace(current, chat_model=current.embedding_model)
    page = known_provider(saved.make, saved.base_url).price_page
    cost = model_cost(priced, answers=answers) if answers_cost(priced) else ""
    link = f" [current prices]({page})" if page else ""
    return f":small[:gray[:material/payments: {plain(cost)}{' ·' if link else ''}]{link}]" if cost else ""


def test_again(role: str, saved: ProviderCard | None) -> None:
    """Test the provider in use; the outcome of a saved one is on its row, and so in the state above."""
    try:
        with testing(fields_of(role)) as say:
            model_connection.retest_provider(role, say)
    except AnswerbookError as error:
        if saved is None:
            fields_of(role).error.set(error)
    else:
        state.remember_toast("The service answered.")
    st.rerun()


def ask_remove(role: str, current: Provider | None) -> None:
    """Ask once, and say which assistants could not be searched any more."""

    def remove() -> None:
        provider_settings.remove_provider(role)
        fields_of(role).offered.forget()
        fields_of(role).changed.set(True)

    own = [info.name for info in embeddings_on_offer(current)[1:]]
    used = sum(r.embedding in own for r in rebuilds())
    lost = f" {counted(used, 'assistant')} cannot be searched until you choose the built-in search." if used else ""
    after = {
        WRITES: " Answers are quotes from then on; sources and voices stay as they are.",
        FALLBACK: " An error is shown from then on where the first model fails.",
    }
    confirm("Remove the model?", f"The key is erased.{after.get(role, '')}{lost}", "Remove", remove)

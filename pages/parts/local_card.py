"""On this computer: model servers found at their usual ports, on the owner's click; one more click connects."""

import streamlit as st
from pydantic import SecretStr

from core.assistants.provider_settings import WRITES
from core.provider import LocalService, Offered, look_on_this_computer, may_chat
from core.schema import Provider
from core.text import counted
from pages.parts import state
from pages.parts.provider_form import keep
from pages.parts.words import plain

SHOWN = 12


def draw_local() -> None:
    """The button, and what it found."""
    st.subheader("On this computer", anchor=False)
    with st.container(border=True):
        st.caption(
            "Models can run on the computer that Answerbook runs on: no key, no cost, and nothing leaves it. "
            "Ollama, LM Studio, llama.cpp and vLLM are looked for."
        )
        if st.button("Look on this computer", key="look_here", icon=":material/search:"):
            with st.spinner("Looking…"):
                state.found_here.set(look_on_this_computer())
        found = state.found_here.get()
        if found is not None and not found:
            st.markdown(
                ":gray[:material/radio_button_unchecked:] **Nothing runs here.** Start one of these programs and look "
                "again. Where Answerbook runs in a container, only the container is looked in."
            )
        for service in found or ():
            draw_service(service)


def draw_service(service: LocalService) -> None:
    """One program with its models."""
    st.markdown(f":green[:material/check_circle:] **{service.name}** · {counted(len(service.models), 'model')}")
    if not service.models:
        st.caption("It has no model yet. Its own window or command line adds one.")
    for model in service.models[:SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center"):
            size = f" · {model.size / 1e9:.1f} GB" if model.size else ""
            chats = may_chat(model.name)
            st.markdown(
                f"{plain(model.name)}:gray[{size}{'' if chats else ' · for search, not for answers'}]", width="stretch"
            )
            if chats and st.button("Use it", key=f"use_{service.name}_{model.name}"):
                connect(service, model)
    if len(service.models) > SHOWN:
        st.caption(f"And {len(service.models) - SHOWN} more: choose the service above and type the name.")


def connect(service: LocalService, model: Offered) -> None:
    """Test the model and let it write the answers."""
    keep(WRITES, Provider(service.address, SecretStr(""), model.name, make=service.make))

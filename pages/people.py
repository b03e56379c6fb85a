"""People: who may come in and as what, links that invite, the sign-in service, and who did what."""

import streamlit as st

from core.people import people
from pages.parts import state
from pages.parts.audit_card import draw_audit
from pages.parts.people_card import draw_invite, draw_open, draw_people
from pages.parts.service_card import draw_service

st.title("People", anchor=False)
with st.container(width=760):
    if not people():
        draw_open()
    elif owner := state.person.get():
        draw_people(owner)
        draw_invite(owner)
        draw_service(owner)
        draw_audit()

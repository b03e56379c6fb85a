"""Settings: the models that write answers, search by meaning, where things are kept, and the bin."""

import streamlit as st

from core.people import Deed
from pages.parts.check_card import draw_check
from pages.parts.copies_card import draw_copies
from pages.parts.cost_card import draw_costs
from pages.parts.local_card import draw_local
from pages.parts.person import may_here
from pages.parts.provider_card import draw_answers, draw_fallback
from pages.parts.search_choice import draw_search
from pages.parts.storage_card import draw_bin, draw_places
from pages.parts.store_card import draw_store
from pages.parts.way_back import draw_ways_back

st.title("Settings", anchor=False)
with st.container(width=760):
    if may_here(Deed.RULE):
        draw_answers()
        draw_fallback()
        draw_costs()
        draw_local()
        draw_search()
        draw_store()
    draw_ways_back()
    draw_check()
    if may_here(Deed.RULE):
        draw_places()  # with the whole database to take away
        draw_copies()
    draw_bin()

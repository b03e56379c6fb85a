"""What an owner chooses for the visitors' page, one form a subject; each is saved by itself."""

from dataclasses import replace
from typing import Any, get_args

import streamlit as st

from core.assistants import source_rows
from core.errors import AnswerbookError
from core.publish import (
    MOST_DAYS,
    NAME_LENGTH,
    NOTICE_LENGTH,
    Corner,
    Handover,
    Publication,
    delete_lead,
    forget_visitors,
    kept_count,
    leads,
    leads_as_csv,
    logo_from,
    save_publication,
    snippet,
    usual_notice,
)
from core.text import counted
from pages.parts import state
from pages.parts.screen import confirm, show_error
from pages.parts.words import ago, plain

LEADS = 20


def save(shown: Publication, **changes: Any) -> None:
    """Keep what was changed and draw the page anew with it, or say why it cannot be kept."""
    try:
        save_publication(shown.assistant_id, **changes)
        forget_visitors()  # fewer days count at once
    except AnswerbookError as error:
        show_error(error)
        return
    state.remember_toast("Saved." if shown.state == "off" else "Saved. Visitors see it from now on.")
    st.rerun()


def draw_look(shown: Publication) -> None:
    """Name, colour, logo, the notice, and the address."""
    look, of = shown.look, shown.assistant_id
    with st.form(f"look_{of}", border=False):
        title = st.text_input("Name on the page", look.title, 80, f"look_title_{of}", placeholder=shown.assistant)
        owner = st.text_input("Who runs it", look.owner, 80, f"look_owner_{of}", placeholder="For example: Acme GmbH")
        colour = st.color_picker(
            "Colour",
            look.colour,
            f"look_colour_{of}",
            help="Text on it is made black or white, so that it can be read.",
        )
        picture = st.file_uploader(
            "Logo", ["png", "jpg", "jpeg", "webp", "gif"], key=f"look_logo_{of}", help="Shown small, beside the name."
        )
        no_logo = bool(look.logo) and st.checkbox("Remove the logo", key=f"look_no_logo_{of}")
        notice = st.text_area(
            "What it says of itself before the first question",
            shown.notice,
            max_chars=NOTICE_LENGTH,
            key=f"look_notice_{of}",
            placeholder=usual_notice(owner),
            help="The law of the EU (AI Act, Article 50) wants visitors to know that they talk to an AI. Word it as "
            "you like; empty, our own words stand there. “AI assistant” stays below the name in any case.",
        )
        name = st.text_input(
            "Address", shown.name, NAME_LENGTH, f"look_name_{of}", help="The last part. Links to the old one end."
        )
        if st.form_submit_button("Save", type="primary", key=f"save_look_{of}"):
            try:
                logo = logo_from(picture.getvalue()) if picture else "" if no_logo else look.logo
            except AnswerbookError as error:
                show_error(error)
                return
            changed = replace(look, title=title, owner=owner, colour=colour, logo=logo)
            save(shown, look=changed, notice=notice, name=name)


def draw_sources(shown: Publication) -> None:
    """Which sources visitors may open, and whether they read the names of the others."""
    names = {source.id: source.name for source in source_rows.source_names(shown.assistant_id)}
    of = shown.assistant_id
    st.caption(
        "Answers come from all sources, and quote them. A source that visitors may open is shown as it is, with the "
        "words of the answer lit: whoever opens one can read around them."
    )
    with st.container(horizontal=True):
        if st.button("Open all", key=f"open_all_{of}", disabled=set(names) <= set(shown.public_sources)):
            save(shown, public_sources=list(names))
        if st.button("Open none", key=f"open_none_{of}", disabled=not shown.public_sources):
            save(shown, public_sources=[])
    with st.form(f"sources_{of}", border=False):
        public = st.multiselect(
            "Visitors may open",
            list(names),
            [source for source in shown.public_sources if source in names],
            format_func=lambda source: names.get(source, ""),
            key=f"public_{of}_{shown.updated_at}",  # what was saved last, also by the buttons above
            placeholder="None",
        )
        named = st.radio(
            "All others",
            [True, False],
            0 if shown.names_others else 1,
            format_func=lambda named: "are named below the answer" if named else "are not mentioned",
            key=f"names_others_{of}",
        )
        if st.form_submit_button("Save", type="primary", key=f"save_sources_{of}"):
            save(shown, public_sources=public, names_others=named)


def draw_person(shown: Publication) -> None:
    """The ways from the assistant to a person."""
    handover, of = shown.handover, shown.assistant_id
    st.caption(
        "Offered below every conversation, and where the assistant does not know. Leave empty what you do not want."
    )
    with st.form(f"person_{of}", border=False):
        mail = st.text_input("E-mail", handover.mail, 200, f"mail_{of}", placeholder="help@example.com")
        phone = st.text_input("Telephone", handover.phone, 40, f"phone_{of}", placeholder="+49 30 123456")
        form = st.checkbox("A form: messages are listed under “Visitors”", handover.form, f"form_{of}")
        days = st.number_input(
            "Messages are deleted after … days", 1, MOST_DAYS, handover.days, key=f"form_days_{of}", width=240
        )
        if st.form_submit_button("Save", type="primary", key=f"save_person_{of}"):
            save(shown, handover=Handover(mail, phone, form, int(days)))


def draw_website(shown: Publication, base: str) -> None:
    """The line for the owner's website, and which sites may show it."""
    look, of = shown.look, shown.assistant_id
    st.caption("A button in the corner of your website that opens this assistant. Put this line into its pages:")
    st.code(snippet(shown, base.removesuffix("/a/")), language="html", wrap_lines=True)
    st.caption(
        'Copy it again after you changed colour or corner. With `data-label="Ask us"` in it, it shows these words.'
    )
    if shown.state == "link":
        st.link_button("Try it on a page", f"{base}{shown.name}/try", icon=":material/open_in_new:")
    with st.form(f"website_{of}", border=False):
        origins = st.text_area(
            "Websites that may show it, one a line",
            "\n".join(shown.origins),
            key=f"origins_{of}",
            placeholder="https://www.example.com",
            help="On any other website it stays closed. “https://*.example.com” stands for all names below that one.",
        )
        corners = get_args(Corner)
        position = st.radio(
            "Corner", corners, corners.index(look.position), str.capitalize, key=f"position_{of}", horizontal=True
        )
        if st.form_submit_button("Save", type="primary", key=f"save_website_{of}"):
            save(shown, origins=origins.splitlines(), look=replace(look, position=position))
    if not shown.origins:
        st.caption(":material/info: No website is named yet, so the button would not open anywhere.")


def draw_visitors(shown: Publication) -> None:
    """How long conversations are kept, and the messages that visitors left."""
    of = shown.assistant_id
    with st.form(f"visitors_{of}", border=False):
        days = st.number_input(
            "Conversations are kept for … days",
            0,
            MOST_DAYS,
            shown.keep_days,
            key=f"keep_days_{of}",
            width=240,
            help="0: nothing of a visitor is kept, and they cannot say whether an answer helped. The page tells them.",
        )
        kept = kept_count(of)
        st.caption(f"{counted(kept, 'answer')} kept now." if kept else "None is kept now.")
        if st.form_submit_button("Save", type="primary", key=f"save_visitors_{of}"):
            save(shown, keep_days=int(days))
    st.subheader("Messages", anchor=False)
    rows = leads(of)
    if not rows:
        offered = "None yet." if shown.handover.form else "The form is switched off: see “A person”."
        st.caption(offered)
        return
    st.download_button(
        "Download as a table",
        data=lambda: leads_as_csv(rows),
        file_name="messages.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"download_leads_{of}",
    )
    for lead in rows[:LEADS]:
        with st.container(border=True):
            st.markdown(f"**{plain(lead.name or 'No name')}** · {plain(lead.contact)} · :gray[{ago(lead.created_at)}]")
            st.markdown(plain(lead.message))
            for question in lead.asked:
                st.caption(f"Asked before: {plain(question)}")
            if st.button("Delete", key=f"delete_lead_{lead.id}", icon=":material/delete:", type="tertiary"):
                ask_to_delete(of, lead.id)
    if len(rows) > LEADS:
        st.caption(f"and {len(rows) - LEADS} older ones: they are in the table.")


def ask_to_delete(assistant_id: str, lead_id: str) -> None:
    """Ask once before a message goes for good."""
    confirm("Delete this message?", "It cannot be brought back.", "Delete", lambda: delete_lead(assistant_id, lead_id))

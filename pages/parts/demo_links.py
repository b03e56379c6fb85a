"""Demo links on the page Publish: made in two clicks, listed with when they were last opened, closed with one."""

import streamlit as st

from core.assistants import source_rows
from core.demo import (
    BANNER_LENGTH,
    DAYS,
    SHORTEST_PASSWORD,
    Link,
    close_link,
    delete_link,
    links,
    make_link,
    open_link_again,
    report_of_link,
)
from core.errors import AnswerbookError
from core.publish import Publication
from core.text import counted
from pages.parts import state
from pages.parts.demo_report import draw_report
from pages.parts.screen import confirm, pressed, show_error
from pages.parts.words import ago, plain

LASTS = {1: "A day", 7: "A week", 30: "30 days"}
SHOWN = 5


def draw_demo_links(shown: Publication, base: str) -> None:
    """The button that makes one, and the links that there are; ``base`` is this server's address without a path."""
    of = shown.assistant_id
    with st.container(border=True, key="demo_links"):
        st.markdown(":material/co_present: **Show it to somebody.** A link for one demo, also while it is offline.")
        with st.container(horizontal=True):
            if st.button("Demo link", icon=":material/add_link:", key="new_demo_link"):
                ask_for_link(of, len(shown.public_sources))
            if st.button("In seven steps", icon=":material/checklist:", key="show_in_steps"):
                st.switch_page("show.py")
        made = links(of)
        for link in made[:SHOWN]:
            _draw_link(of, link, base)
        if len(made) > SHOWN:
            with st.expander(
                f"{len(made) - SHOWN} earlier ones", key="earlier_demo_links", on_change="rerun"
            ) as folded:
                if folded.open:
                    for link in made[SHOWN:]:
                        _draw_link(of, link, base)


@st.dialog("A demo link")
def ask_for_link(assistant_id: str, opened: int) -> None:
    """What can be chosen of a link; all of it may be left as it is. ``opened``: how many sources all visitors open."""
    sources = len(source_rows.source_names(assistant_id))
    with st.form("demo_link", border=False):
        days = st.radio("It ends after", DAYS, 1, format_func=LASTS.__getitem__, key="demo_days", horizontal=True)
        banner = st.text_input(
            "What stands above it",
            max_chars=BANNER_LENGTH,
            key="demo_banner",
            placeholder="Demo for …",
            help="The day of its end is put behind it.",
        )
        password = st.text_input(
            "Password",
            type="password",
            max_chars=200,
            key="demo_password",
            autocomplete="new-password",
            placeholder="None: who has the link can look",
            help=f"At least {SHORTEST_PASSWORD} characters. Tell it to them another way than the link.",
        )
        opens_all = st.checkbox(
            f"They may open all sources ({sources})",
            key="demo_opens_all",
            help=f"With the page and the words of an answer lit. Else only those that you chose below: {opened}.",
        )
        keeps = st.checkbox(
            "Keep what they ask for me, without who asked",
            key="demo_keeps",
            help="For the page to leave behind. They are told so, and can delete it. Gone 30 days after the link ends.",
        )
        if st.form_submit_button("Make the link", type="primary", key="make_demo_link"):
            try:
                make_link(assistant_id, days, banner=banner, password=password, opens_all=opens_all, keeps=keeps)
            except AnswerbookError as error:
                show_error(error)
                return
            state.remember_toast("The link is made. Copy it and send it.")
            st.rerun()


def _draw_link(of: str, link: Link, base: str) -> None:
    """One link: what stands above it, how it is, its address, and what can be done."""
    with st.container(border=True, key=f"demo_link_{link.id}"):
        st.markdown(f"**{plain(link.banner or 'Demo')}** · {state_line(link)}")
        st.caption(facts_line(link))
        if link.state == "open" and link.secret:
            st.code(f"{base}/demo/{link.secret}", language=None, wrap_lines=True)
        elif link.state == "open":
            st.caption(
                ":material/info: Its address cannot be shown again: the secret that locks saved keys has changed. "
                "Whoever has it can still look."
            )
        if link.questions:
            with st.expander("What was asked", key=f"demo_asked_{link.id}", on_change="rerun") as folded:
                if folded.open:
                    draw_report(report_of_link(of, link.id), link.id)
        with st.container(horizontal=True):
            if link.state == "open":
                if link.secret:
                    look = f"{base}/demo/{link.secret}?own=1"  # not counted as opened by somebody
                    st.link_button("Open", look, icon=":material/open_in_new:")
                st.button(
                    "Close", icon=":material/link_off:", key=f"close_demo_{link.id}", on_click=_close, args=(of, link)
                )
            elif link.state == "closed":
                st.button(
                    "Open it again",
                    icon=":material/undo:",
                    key=f"reopen_demo_{link.id}",
                    on_click=_open_again,
                    args=(of, link),
                )
            if link.state != "open" and st.button(
                "Delete", icon=":material/delete:", type="tertiary", key=f"delete_demo_{link.id}"
            ):
                ask_to_delete(of, link)


def state_line(link: Link) -> str:
    """Whether it can be looked at, and until when."""
    day = f"{link.expires_at.day} {link.expires_at:%B %Y}"
    if link.state == "ended":
        return f":gray[ended on {day}]"
    return ":gray[closed]" if link.state == "closed" else f":green[open] until {day}"


def facts_line(link: Link) -> str:
    """What it lets its viewers do, and when one opened it last."""
    opened = (
        f"last opened {ago(link.opened_at)}, {counted(link.opens, 'time')} in all"
        if link.opened_at
        else "not opened yet"
    )
    return " · ".join(
        (
            "with a password" if link.has_password else "without a password",
            "opens all sources" if link.opens_all else "opens the sources chosen below",
            f"{counted(link.questions, 'question')} kept" if link.keeps else "keeps nothing",
            opened,
        )
    )


@pressed
def _close(of: str, link: Link) -> None:
    close_link(of, link.id)
    state.remember_toast("Closed. Whoever opens the link reads that the demo has ended.")


@pressed
def _open_again(of: str, link: Link) -> None:
    open_link_again(of, link.id)
    state.remember_toast("Open again, under the same address.")


def ask_to_delete(of: str, link: Link) -> None:
    """Ask once before a link goes for good, with what was asked there."""
    kept = f" with {counted(link.questions, 'question')} that were asked there" if link.questions else ""
    confirm(
        "Delete this demo link?",
        f"It goes{kept}. It cannot be brought back.",
        "Delete",
        lambda: delete_link(of, link.id),
    )

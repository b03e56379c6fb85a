"""The small line in the sidebar: what writes the answers, and whether passages can be searched."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core import jobs
from core.assistants.provider_settings import provider
from core.errors import AnswerbookError, DataFolderError
from core.operate import stores_seen, worker_at_work
from core.worker import HERE, WAITING, worker_state
from pages.parts.uploads import note_refusal, take_late
from pages.parts.words import STORES, plain

SECONDS = 3


@st.fragment(run_every=SECONDS)
def draw_status(page: str) -> None:
    """Draw the status lines; looked at anew every three seconds, and so are files that landed late."""
    take_late(on_knowledge=page == "knowledge")
    note_refusal()
    try:
        model = provider()
        answers = f"Answers: {plain(model.chat_model)}" if model and model.chat_model else "Answers: quotes only"
    except DataFolderError as error:
        answers = plain(error.what)
    except AnswerbookError:
        answers = "Answers: the saved key cannot be read"
    st.caption(f":material/edit_note: {answers}")
    draw_search_state()
    draw_reading_state()


def draw_reading_state() -> None:
    """That nobody does what waits, and why; nothing while all goes as it should."""
    state = worker_state()
    if state == HERE or worker_at_work():
        return
    try:
        waiting = jobs.active_count()
    except AnswerbookError:
        waiting = 0
    if state == WAITING or waiting:
        why = (
            "The database does not answer. Reading goes on by itself once it does."
            if state == WAITING
            else "Nothing is lost: files that wait are read once Answerbook is started again."
        )
        st.caption(":red[:material/error:] Reading is stopped", help=why)


def draw_search_state() -> None:
    """Whether passages can be searched: which store is away, and since when."""
    looks = stores_seen()
    troubled = [(name, look.trouble, look.since) for name, look in looks.items() if look.trouble]
    if not looks:
        st.caption(":material/hourglass_top: Search: starting")
    elif not troubled:
        st.caption(":green[:material/check_circle:] Search: ready")
    for name, trouble, since in troubled:
        st.caption(
            f":red[:material/error:] Search: {STORES[name]} has trouble since {clock(since)}",
            help=plain(f"{trouble.what} {trouble.remedy}"),
        )


def clock(moment: datetime) -> str:
    """A moment of today as the reader's clock shows it, else with its date."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = moment.astimezone(zone)
    today = local.date() == datetime.now(zone).date()
    return local.strftime("%H:%M" if today else "%d %b, %H:%M")

"""What an owner says of sources, asked in dialogs: on which days one answers, what it replaces, where it lies."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from core.assistants import source_filter, source_folders, source_order
from core.assistants.source_order import YEARS, Days
from core.assistants.source_rows import SourceRow
from core.errors import AnswerbookError
from core.text import counted
from pages.parts import source_state
from pages.parts.screen import show_error
from pages.parts.words import plain

MOST_OFFERED = 100
KEEP, NONE = "Leave where they are", "No folder"
FIRST_DAY, LAST_DAY = date(YEARS[0], 1, 1), date(YEARS[1], 12, 31)


def choose_days(assistant_id: str, row: SourceRow, close: Callable[[], None]) -> None:
    """Ask on which days a source answers."""

    @st.dialog("Only between two days", on_dismiss=close)
    def _ask() -> None:
        zone = st.context.timezone or "UTC"
        days = row.standing.days
        st.write(f"Questions find {plain(row.name)} on these days alone. Leave one empty where there is no such day.")
        with st.container(horizontal=True):
            first = _day("First day", days.first, f"first_day_{row.id}")
            last = _day("Last day", days.last, f"last_day_{row.id}")
        st.caption(f"Days begin and end at midnight, {plain(zone)}. Nothing is deleted, before or after.")
        with st.container(horizontal=True, horizontal_alignment="right"):
            every = st.button("Answer on all days", key=f"all_days_{row.id}") if days != Days() else False
            save = st.button("Save", type="primary", key=f"save_days_{row.id}")
        if every or save:
            chosen = Days() if every else Days(first, last)
            _do(lambda: source_order.set_days(assistant_id, [row.id], chosen, zone), close)

    _ask()


def _day(label: str, value: date | None, key: str) -> date | None:
    return st.date_input(label, value=value, min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD", key=key)


def choose_replaced(assistant_id: str, row: SourceRow, close: Callable[[], None]) -> None:
    """Ask which sources one stands in place of."""

    @st.dialog("Replaces other sources", on_dismiss=close)
    def _ask() -> None:
        now = source_order.replaces(assistant_id, row.id)
        chosen = source_state.replaced_sources(row.id)
        chosen.begin(list(now))
        st.write(
            f"No question finds what {plain(row.name)} replaces. It is kept, and answers again once this source is "
            "deleted, or no longer replaces it."
        )
        words = st.text_input("Find a source", key=f"replaced_words_{row.id}", icon=":material/search:", live=True)
        offered = source_filter.replaceable(assistant_id, row.id, words or "", MOST_OFFERED)
        names = now | offered | source_order.names(assistant_id, chosen.get())
        chosen.set([key for key in chosen.get() if key in names])  # one of them may have been deleted meanwhile
        st.multiselect("Replaces", list(names), format_func=lambda key: names[key], key=chosen.key)
        if len(offered) == MOST_OFFERED:
            st.caption(f"The first {MOST_OFFERED} are offered. Type a part of a name above to find others.")
        with st.container(horizontal=True, horizontal_alignment="right"):
            save = st.button("Save", type="primary", key=f"save_replaced_{row.id}")
        if save:
            _do(lambda: source_order.set_replaces(assistant_id, row.id, chosen.get()), close)

    _ask()


def sort_away(assistant_id: str, ids: Sequence[str], row: SourceRow, close: Callable[[], None]) -> None:
    """Ask in which folder sources lie and which tags they have: of one as they are, of several what changes."""
    several = len(ids) > 1

    @st.dialog("Folder and tags", on_dismiss=close)
    def _ask() -> None:
        st.write(f"{counted(len(ids), 'source')} chosen." if several else plain(row.name))
        folders = list(source_folders.folders(assistant_id))
        options = [*([KEEP] if several else []), NONE, *folders]
        own = KEEP if several else row.folder or NONE
        folder = st.selectbox(
            "Folder",
            options,
            index=options.index(own) if own in options else 0,
            accept_new_options=True,
            help="Choose one, or type a new one. “Prices/2026” is a folder in a folder.",
            key=f"folder_{row.id}_{len(ids)}",
        )
        tags = list(source_folders.tags(assistant_id))
        label = "Add tags" if several else "Tags"
        given = st.multiselect(
            label,
            tags,
            default=[] if several else list(row.tags),
            accept_new_options=True,
            placeholder="Choose tags, or type new ones",
            key=f"tags_{row.id}_{len(ids)}",
        )
        taken = st.multiselect("Take tags away", tags, key=f"untag_{row.id}_{len(ids)}") if several else []
        st.caption("Folders and tags are for you: they change no answer.")
        with st.container(horizontal=True, horizontal_alignment="right"):
            save = st.button("Save", type="primary", key=f"save_folder_{row.id}_{len(ids)}")
        if save:
            gone = taken if several else [tag for tag in row.tags if tag not in given]
            _do(lambda: _sort(assistant_id, ids, folder or KEEP, given, gone), close)

    _ask()


def _sort(assistant_id: str, ids: Sequence[str], folder: str, given: Sequence[str], gone: Sequence[str]) -> None:
    if folder != KEEP:
        source_folders.move_sources(assistant_id, ids, "" if folder == NONE else folder)
    source_folders.tag_sources(assistant_id, ids, given, gone)


def _do(act: Callable[[], None], close: Callable[[], None]) -> None:
    """Do what was asked for, and close; or say why it cannot be, and stay."""
    try:
        act()
    except AnswerbookError as error:
        show_error(error)
    else:
        close()
        st.rerun()
